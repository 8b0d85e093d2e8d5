package facts

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

// The known answers of rules.md §1.2: mails.
func TestShopMessages(t *testing.T) {
	f := shop(t)
	c := subject[*ConsumeFacts](t, f, "consume", "service.notifications.consume.emails")
	valued(t, "rate", c.Rate, 80, 1e-9)
	valued(t, "μ at the assumed mean", c.ServiceRate, 0.67, 0.005)
	valued(t, "μ at p99", Exact(c.ServiceRate.Lo), 0.33, 0.005)
	if c.ServiceRate.Assumes != AssumeMeanShare {
		t.Errorf("assumes %v", c.ServiceRate.Assumes.Keys())
	}
	valued(t, "growth", c.Growth, 80-2.0/3, 1e-9)
	valued(t, "time of a batch at most", c.NeededTime, 60_000, 0)
	valued(t, "time of a batch at least", Exact(c.NeededTime.Lo), 10_000, 1e-6)
	certain(t, "visibility", c.RecVisibility, 120_000, 0)
	if c.RecVisibility.Text() != "2m" || !c.UserFacing.V || c.Delivery.V != "at-least-once" || !math.IsInf(c.Drain.V, 1) {
		t.Errorf("%q %v %v %v", c.RecVisibility.Text(), c.UserFacing.V, c.Delivery.V, c.Drain.V)
	}
	q := subject[*QueueFacts](t, f, "queue", "queue.emails")
	if !q.UserFacing.V || q.ServiceCount.V != 1 || q.Loss.V != "intolerable" || q.Loss.State != model.Default {
		t.Errorf("%+v", q.Channel)
	}
}

const consumerOf = `
system "s" {}
client "c" {
  kind = "web"
  rps  = %v
  call "a" { to = service.a }
}
service "a" {
  publish "t" { to = %s }
}
service "b" {
  scale = { replicas = %d }
  consume "t" {
    from    = %s
%s
  }
}
`

// Q5's known answers of consumers.
func TestConsumers(t *testing.T) {
	// 200/s, one hour of outage, 300/s: 720 000 behind, two hours to catch up.
	f := load(t, fmt.Sprintf(consumerOf, 200, "topic.t", 3, "topic.t", "    latency = { p50 = \"10ms\", p99 = \"10ms\" }")+
		"broker \"k\" {}\ntopic \"t\" {\n  broker = broker.k\n  partitions = 6\n}")
	c := subject[*ConsumeFacts](t, f, "consume", "service.b.consume.t")
	certain(t, "μ", c.ServiceRate, 300, 1e-9)
	certain(t, "drain", c.Drain, 2*3600*1000, 1e-3)
	certain(t, "slots needed", c.NeededSlots, 3, 0) // 1.3 · 200 · 10 ms = 2.6
	certain(t, "partitions", c.RecPartitions, 3, 0) // 1.5 · 200 / 100
	certain(t, "what six partitions carry", c.PartitionRate, 600, 1e-9)
	// A batch latency is that of the whole batch: 2 replicas, 10 messages in 500 ms each.
	f = load(t, fmt.Sprintf(consumerOf, 10, "queue.q", 2, "queue.q", "    batch = 10\n    batch_latency = { p50 = \"500ms\", p99 = \"500ms\" }\n    retry = { max_attempts = 3 }")+
		"queue \"q\" {\n  engine = \"sqs\"\n  visibility_timeout = \"5m\"\n  max_receives = 5\n  max_age = \"1h\"\n}")
	c = subject[*ConsumeFacts](t, f, "consume", "service.b.consume.t")
	certain(t, "μ of batches", c.ServiceRate, 40, 1e-9)
	certain(t, "time of a batch", c.NeededTime, 500, 0)
	certain(t, "horizon", c.Horizon, 25*60*1000, 0)
	certain(t, "executions", c.Executions, 15, 0)
	// More arrive than are worked off: after t seconds the newest waits for a backlog of (λ−μ)·t.
	f = load(t, fmt.Sprintf(consumerOf, 100, "queue.q", 1, "queue.q", "    latency = { p50 = \"20ms\", p99 = \"20ms\" }")+
		"queue \"q\" {\n  engine = \"sqs\"\n  max_age = \"1h\"\n}")
	c = subject[*ConsumeFacts](t, f, "consume", "service.b.consume.t")
	certain(t, "too old after", c.TooOldIn, 3600*1000, 1e-6) // μ = 50, λ−μ = 50: the wait grows as fast as time passes
}

// A consumer that keeps up drains, one that does not never does; and more slots never make it worse.
func TestDrainProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, m := rapid.Float64Range(0.1, 1000).Draw(t, "rate"), rapid.Float64Range(0.1, 1000).Draw(t, "service rate")
		d := drainOf(point(l), point(m)).v
		if (d < inf) != (m > l) || drainOf(point(l), point(m*1.1)).v > d {
			t.Fatalf("drain of %v at %v: %v", l, m, d)
		}
		if m > l && math.Abs(d/1000*(m-l)-3600*l) > 1e-6*3600*l { // in that time the surplus is what one hour left
			t.Fatalf("drain of %v at %v: %v", l, m, d)
		}
	})
}

func TestChannels(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  kind     = "web"
  rps      = 80
  deadline = "3s"
  call "a" {
    to = service.a
    op = "order"
  }
}
service "a" {
  team     = "one"
  scale    = { replicas = 2, capacity = 100 }
  call "db" { to = datastore.d }
  publish "t1" {
    to     = topic.t1
    on     = ["order"]
    outbox = { store = datastore.d, relay = "polling", batch = 100, poll = "1s" }
  }
}
service "b" {
  team = "two"
  consume "t1" {
    from     = topic.t1
    ordering = true
  }
  call "back" {
    to = service.a
    op = "read"
  }
  publish "t2" { to = queue.q2 }
}
service "e" {
  consume "q2" { from = queue.q2 }
  call "mail" { to = external.mail }
  publish "t3" { to = topic.t3 }
}
service "f" {
  consume "t3" { from = topic.t3 }
}
external "mail" {}
datastore "d" {
  kind = "relational"
  schema_change "drop" {
    kind         = "breaking"
    with_release = true
  }
}
broker "k" { engine = "kafka" }
topic "t1" {
  broker     = broker.k
  partitions = 4
}
topic "t3" { broker = broker.k }
queue "q2" {
  engine      = "sqs"
  dead_letter = queue.dead
}
queue "dead" { engine = "sqs" }`)
	t1 := subject[*TopicFacts](t, f, "topic", "topic.t1")
	certain(t, "chain", t1.PathLength, 3, 0)
	if !t1.TeamsDiffer.V || t1.OneTeam.V || t1.BreakingChange != "datastore.d.schema_change.drop" || t1.BrokerEngine.V != "kafka" || !t1.Ordered.V {
		t.Errorf("%+v", t1)
	}
	dead := subject[*QueueFacts](t, f, "queue", "queue.dead")
	if strings.Join(dead.DeadLetterFor, " ") != "queue.q2" || dead.PathLength.V != 1 {
		t.Errorf("%+v", dead.Channel)
	}
	c := subject[*ConsumeFacts](t, f, "consume", "service.b.consume.t1")
	certain(t, "callbacks", c.CallbackRate, 80, 1e-9)
	if len(c.Callbacks) != 1 || c.Callbacks[0].To != "service.a" || math.Abs(c.Callbacks[0].Utilisation.V-0.8) > 1e-9 || !c.Ordered.State.HasValue() || c.Ordered.V {
		t.Errorf("%+v", c.ConsumeEffect)
	}
	if e := subject[*ConsumeFacts](t, f, "consume", "service.e.consume.q2"); strings.Join(e.OutsideBroker, " ") != "external.mail topic.t3" {
		t.Errorf("outside: %v", e.OutsideBroker)
	}
}
