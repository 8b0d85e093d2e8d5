package facts

import (
	"math"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

const listenersModel = `
system "s" {}
broker "bus" {}
client "web" {
  rps = 50
  call "a" { to = service.a }
}
service "a" {
  publish "t" { to = topic.t }
  call "one" {
    to    = service.one
    reply = false
  }
  call "two" {
    to       = service.two
    fallback = "queue"
  }
  call "three" {
    to       = service.three
    fallback = "default"
  }
  call "four" { to = service.four }
  call "five" {
    to       = service.five
    access   = "write"
    fallback = service.four
  }
  call "six" {
    to    = service.six
    reply = false
  }
  call "seven" {
    to     = service.seven
    access = "read"
    reply  = false
  }
  call "eight" {
    to    = service.one
    reply = false
  }
}
service "one" { availability = "99%" }
service "two" {}
service "three" {}
service "four" {}
service "five" {}
service "six" {
  consume "t" { from = topic.t }
}
service "seven" {}
topic "t" { broker = broker.bus }
`

// One and two certainly write, three may. Four is waited for, five has a stand-in, six takes the event, seven only reads,
// and eight tells one a second time.
func TestListeners(t *testing.T) {
	f := load(t, listenersModel)
	a := subject[*ServiceFacts](t, f, "service", "service.a")
	n := a.ListenerCount
	if n.State != model.Unknown || n.Lo != 2 || n.Hi != 3 || !math.IsNaN(n.V) || strings.Join(n.Needs(), " ") != "service.a.call.three.access" {
		t.Errorf("%+v", n)
	}
	if len(a.Listeners) != 4 || a.OnlyBroker != "broker.bus" {
		t.Errorf("%+v", a.Listeners)
	}
	certain(t, "the only hard listener", a.ListenersUp, 0.99, 1e-12)
	if n := subject[*ServiceFacts](t, f, "service", "service.one").ListenerCount; !n.Certain() || n.V != 0 {
		t.Errorf("%+v", n)
	}
}

// Two consumers ask the publisher for 40 messages a second, one of them twice for each and with every second answer from
// a cache: 40 + 40 · 2 · ½ = 80 calls a second.
func TestCallbacksOfAllConsumers(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  rps = 40
  call "a" {
    to = service.a
    op = "order"
  }
}
service "a" {
  publish "t" {
    to = topic.t
    on = ["order"]
  }
}
service "b" {
  consume "t" { from = topic.t }
  call "a" {
    to = service.a
    op = "read"
  }
}
service "c" {
  consume "t" { from = topic.t }
  call "a" {
    to          = service.a
    op          = "read"
    per_request = 2
    cache_hit   = "50%"
    access      = "write"
  }
}
topic "t" {}
`)
	b := subject[*ConsumeFacts](t, f, "consume", "service.b.consume.t")
	c := subject[*ConsumeFacts](t, f, "consume", "service.c.consume.t")
	for _, x := range []*ConsumeFacts{b, c} {
		if len(x.Callbacks) != 1 || x.Payload.State != model.Unknown || strings.Join(x.Payload.Needs(), " ") != "topic.t.payload" {
			t.Fatalf("%+v", x)
		}
		certain(t, "calls of both", x.Callbacks[0].OfAll, 80, 1e-9)
		certain(t, "consumers", x.Callbacks[0].Consumers, 2, 0)
	}
	certain(t, "calls of b", b.Callbacks[0].Rate, 40, 1e-9)
	certain(t, "cached for c", c.Callbacks[0].Cached, 0.5, 0)
	if b.Callbacks[0].Writes.V || !c.Callbacks[0].Writes.V {
		t.Error("only c states that it writes")
	}
}

// A queue's failed messages go where the queue says, else where all of its consumers say.
func TestFailedMessagesOfAQueue(t *testing.T) {
	for _, c := range []struct{ queue, one, two, want string }{
		{"", "", "", "absent"},
		{"dead_letter = queue.dead", "", "", "queue.dead"},
		{"", "dead_letter = queue.dead", "", "absent"},
		{"", "dead_letter = queue.dead", "dead_letter = queue.dead", "queue.dead"},
		{"dead_letter = none", "dead_letter = queue.dead", "dead_letter = queue.dead", "queue.dead"},
		{"dead_letter = none", "", "", "none"},
		{"", "dead_letter = unknown", "dead_letter = queue.dead", "unknown: service.one.consume.q.dead_letter"},
		{"", "dead_letter = unknown", "", "absent"},
		{"dead_letter = unknown", "", "", "unknown: queue.q.dead_letter"},
		{"dead_letter = unknown", "dead_letter = queue.dead", "dead_letter = queue.dead", "queue.dead"},
	} {
		f := load(t, `
system "s" {}
queue "q" {
  engine = "sqs"
  `+c.queue+`
}
queue "dead" { engine = "sqs" }
service "one" {
  consume "q" {
    from = queue.q
    `+c.one+`
  }
}
service "two" {
  consume "q" {
    from = queue.q
    `+c.two+`
  }
}
`)
		w := subject[*QueueFacts](t, f, "queue", "queue.q").GivesUpTo
		got := w.State.String()
		switch {
		case w.State.HasValue():
			got = w.V
		case w.State == model.Unknown:
			got += ": " + strings.Join(w.Needs(), " ")
		}
		if got != c.want {
			t.Errorf("%q, %q, %q: %s, want %s", c.queue, c.one, c.two, got, c.want)
		}
	}
}
