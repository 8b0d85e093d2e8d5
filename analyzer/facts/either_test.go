package facts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

// Behind web stand a, c and, if nothing answers for b, b and d: 0.999·0.98 = 0.97902 of the requests succeed if something
// does, 0.97902·0.99·0.97 = 0.940152906 if nothing does.
const maybeHard = `
system "s" {}
client "web" {
  kind = "web"
  rps  = 10
  slo  = { availability = "%s" }
  call "api" { to = service.a }
}
service "a" {
  availability = "99.9%%"
  call "b" {
    to       = service.b
    fallback = unknown
  }
  call "c" { to = service.c }
}
service "b" {
  availability = "99%%"
  call "d" { to = service.d }
}
service "c" { availability = "98%%" }
service "d" { availability = "97%%" }
`

func TestAnUnknownFallbackIsBoth(t *testing.T) {
	const place = "service.a.call.b.fallback"
	f := load(t, fmt.Sprintf(maybeHard, "99%"))
	between := func(what string, got Num, lo, hi float64, needs ...string) {
		t.Helper()
		if got.HasValue() || got.State != model.Unknown || math.Abs(got.Lo-lo) > 1e-12 || math.Abs(got.Hi-hi) > 1e-12 || !slices.Equal(got.Needs(), needs) {
			t.Errorf("%s = %v [%v, %v] (%v, needs %v), want no value, [%v, %v], needs %v", what, got.V, got.Lo, got.Hi, got.State, got.Needs(), lo, hi, needs)
		}
	}
	for _, c := range []struct {
		addr   model.Addr
		lo, hi float64
	}{{"service.a", 1, 1}, {"service.b", 0, 1}, {"service.c", 1, 1}, {"service.d", 0, 1}} {
		n := f.document(t, "node", c.addr).(*NodeFacts)
		if got := n.Blast; got.Lo != c.lo || got.Hi != c.hi || got.Certain() != (c.lo == c.hi) {
			t.Errorf("losing %s fails [%v, %v], want [%v, %v]", c.addr, got.Lo, got.Hi, c.lo, c.hi)
		}
		if got := f.Loss(c.addr); got.Lo != c.lo || got.Hi != c.hi {
			t.Errorf("Loss(%s) = [%v, %v]", c.addr, got.Lo, got.Hi)
		}
		if c.lo != c.hi {
			between("loss of "+string(c.addr), n.Blast, c.lo, c.hi, place)
		}
	}
	for _, c := range f.Documents("call") {
		switch x := c.Subject.(*CallFacts); c.Addr {
		case "client.web.call.api":
			between("hard callees of a", c.To.HardCalls, 1, 2, place)
			between("depth below a", x.DepthBelow, 1, 2, place)
			if in := x.Inner; len(in) != 2 || in[0].Addr != "service.a.call.b" || in[0].Hard.State != model.Unknown || !in[1].Hard.V {
				t.Errorf("inner calls %+v", in)
			}
		case "service.a.call.b":
			if x.Hard.State != model.Unknown || !slices.Equal(x.Hard.Needs(), []string{place}) || !x.Criticality.IsUnknown() {
				t.Errorf("hard %+v, criticality %v", x.Hard, x.Criticality.State)
			}
		case "service.a.call.c", "service.b.call.d":
			if !x.Hard.V || !x.Hard.State.HasValue() {
				t.Errorf("%s: hard %+v", c.Addr, x.Hard)
			}
		}
	}
	j := f.document(t, "journey", "journey.web.api").(*JourneyFacts)
	between("depth", j.Depth, 1, 2, place)
}

// The objective decides whether an unknown fallback matters: 98 and 99 % are missed with it too, 94 % is met without it.
func TestAnObjectiveBetweenTheTwo(t *testing.T) {
	const answered, fails = 0.97902, 0.940152906
	for _, c := range []struct {
		slo   string
		value float64 // 0 for none
		parts float64
		text  string
	}{
		{"99%", answered, 2, "at most 97.902 %"},
		{"98%", answered, 2, "at most 97.902 %"},
		{"97.902%", 0, 0, "94.015 % to 97.902 %"},
		{"95%", 0, 0, "94.015 % to 97.902 %"},
		{"94%", fails, 4, "at least 94.015 %"},
	} {
		j := load(t, fmt.Sprintf(maybeHard, c.slo)).document(t, "journey", "journey.web.api").(*JourneyFacts)
		a := j.Availability
		if math.Abs(a.Lo-fails) > 1e-12 || math.Abs(a.Hi-answered) > 1e-12 {
			t.Errorf("%s: [%v, %v]", c.slo, a.Lo, a.Hi)
		}
		if a.HasValue() != (c.value > 0) || c.value > 0 && math.Abs(a.V-c.value) > 1e-12 || a.Text() != c.text {
			t.Errorf("%s: %v %q, want %v %q", c.slo, a.V, a.Text(), c.value, c.text)
		}
		if c.value > 0 && j.Components.V != c.parts {
			t.Errorf("%s: %v parts, want %v", c.slo, j.Components.V, c.parts)
		}
		if loss := j.LossMinutes; math.Abs(loss.Lo-(1-answered)*43200) > 1e-6 || math.Abs(loss.Hi-(1-fails)*43200) > 1e-6 {
			t.Errorf("%s: loses [%v, %v] min", c.slo, loss.Lo, loss.Hi)
		}
		if !slices.Equal(a.Needs(), []string{"service.a.call.b.fallback"}) {
			t.Errorf("%s: needs %v", c.slo, a.Needs())
		}
	}
}

// What else reads a fallback: callers that may answer from a cache, requests that a queue may hold back, what a gateway does.
func TestWhatAnUnknownFallbackMayBe(t *testing.T) {
	f := load(t, `
system "s" {}
policy "open" { fallback = unknown }
client "web" {
  rps = 10
  call "g" { to = gateway.g }
}
gateway "g" {
  call "a" {
    to       = service.a
    fallback = "fail"
  }
}
service "a" {
  policy = policy.open
  call "b" { to = service.b }
  call "psp" { to = external.psp }
}
service "c" {
  call "b" {
    to       = service.b
    fallback = "cache"
  }
}
service "b" {}
external "psp" { rps_limit = 5 }
`)
	place := []string{"policy.open.fallback"}
	if n := f.document(t, "node", "service.b").(*NodeFacts).CachedBy; n.HasValue() || n.Lo != 1 || n.Hi != 2 || !slices.Equal(n.Needs(), place) {
		t.Errorf("cached callers of b: %v [%v, %v] needs %v, want [1, 2]", n.V, n.Lo, n.Hi, n.Needs())
	}
	if l := f.callLimit(f.edgeAt("service.a.call.psp")); l.known() || l.absent() || !slices.Equal(l.needs, place) {
		t.Errorf("what reaches the psp is limited to %+v: nobody knows", l)
	}
	if w := f.offloads(f.g.ent("gateway.g"), f.m.Gateways[0]); slices.Contains(w, "fallbacks") {
		t.Errorf("a gateway that passes failures on does %v", w)
	}
}

// When d fails, a sees it only if nothing answers for it at b: then a's three tries multiply b's three, else they do not.
func TestRetriesAboveAnUnknownFallback(t *testing.T) {
	f := load(t, `
system "s" {}
policy "open" { fallback = unknown }
client "web" {
  rps = 10
  call "api" { to = service.a }
}
service "a" {
  call "b" {
    to    = service.b
    retry = { max_attempts = 3 }
  }
}
service "b" {
  policy = policy.open
  call "d" {
    to    = service.d
    retry = { max_attempts = 3 }
  }
}
service "d" {}
`)
	n := f.document(t, "node", "service.d").(*NodeFacts)
	if a := n.Amplification; a.HasValue() || a.Lo != 3 || a.Hi != 9 || !slices.Equal(a.Needs(), []string{"policy.open.fallback"}) {
		t.Errorf("amplification %v [%v, %v] needs %v, want [3, 9]", a.V, a.Lo, a.Hi, a.Needs())
	}
	if l := n.RetryLayers; l.HasValue() || l.Lo != 1 || l.Hi != 2 {
		t.Errorf("layers %v [%v, %v], want [1, 2]", l.V, l.Lo, l.Hi)
	}
}

// A broker whose outbox nobody states is needed or not, like a call's callee.
func TestAnUnknownOutboxIsBoth(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  rps = 10
  call "api" { to = service.a }
}
service "a" {
  availability = "99%"
  publish "placed" {
    to     = topic.placed
    outbox = unknown
  }
  publish "seen" {
    to     = topic.seen
    outbox = unknown
    loss   = "tolerable"
  }
}
broker "k" { availability = "98%" }
broker "l" { availability = "97%" }
topic "placed" { broker = broker.k }
topic "seen" { broker = broker.l }
`)
	j := f.document(t, "journey", "journey.web.api").(*JourneyFacts).Availability
	if j.HasValue() || math.Abs(j.Lo-0.99*0.98) > 1e-12 || math.Abs(j.Hi-0.99) > 1e-12 || !slices.Equal(j.Needs(), []string{"service.a.publish.placed.outbox"}) {
		t.Errorf("availability %v [%v, %v] needs %v", j.V, j.Lo, j.Hi, j.Needs())
	}
	if k, l := f.Loss("broker.k"), f.Loss("broker.l"); k.Lo != 0 || k.Hi != 1 || l.Hi != 0 {
		t.Errorf("losing k fails [%v, %v], l [%v, %v]", k.Lo, k.Hi, l.Lo, l.Hi)
	}
}

func (f *Facts) document(t testing.TB, kind string, addr model.Addr) any {
	t.Helper()
	for _, d := range f.Documents(kind) {
		if d.Addr == addr {
			return d.Subject
		}
	}
	t.Fatalf("no %s %s", kind, addr)
	return nil
}

// maybeSystem is a random system in which § stands for fallbacks that nobody states.
func maybeSystem(t *rapid.T) string {
	var b strings.Builder
	n := rapid.IntRange(2, 7).Draw(t, "services")
	slo := rapid.IntRange(50, 99).Draw(t, "objective")
	fmt.Fprintf(&b, "system \"s\" {\n  slo = { availability = \"%d%%\", latency_p99 = \"900ms\" }\n}\n", slo)
	b.WriteString("client \"web\" {\n  kind = \"web\"\n  rps = 60\n  deadline = \"2s\"\n  call \"g\" {\n    to = gateway.g\n  }\n}\n")
	b.WriteString("gateway \"g\" {\n")
	for i := range rapid.IntRange(1, 2).Draw(t, "routes") {
		fmt.Fprintf(&b, "  call \"r%d\" {\n    to = service.s%d\n    timeout = \"1500ms\"\n%s  }\n", i, i, fallbackOf(t))
	}
	b.WriteString("}\n")
	for i := range n {
		fmt.Fprintf(&b, "service \"s%d\" {\n  scale = { replicas = %d, concurrency = 20, capacity = %d }\n", i, rapid.IntRange(1, 3).Draw(t, "replicas"), 50*rapid.IntRange(1, 4).Draw(t, "capacity"))
		if rapid.Bool().Draw(t, "latency") {
			fmt.Fprintf(&b, "  latency = { p50 = \"%dms\", p99 = \"%dms\" }\n", rapid.IntRange(1, 50).Draw(t, "p50"), rapid.IntRange(60, 400).Draw(t, "p99"))
		}
		if rapid.Bool().Draw(t, "stated") {
			fmt.Fprintf(&b, "  availability = \"%d%%\"\n", rapid.IntRange(80, 99).Draw(t, "availability"))
		}
		for k := range rapid.IntRange(0, 3).Draw(t, "calls") {
			to := rapid.IntRange(0, n-1).Draw(t, "to")
			if to <= i && rapid.IntRange(0, 3).Draw(t, "back") > 0 {
				continue
			}
			fmt.Fprintf(&b, "  call \"c%d\" {\n    to = service.s%d\n    idempotent = true\n%s", k, to, fallbackOf(t))
			if rapid.Bool().Draw(t, "limit") {
				fmt.Fprintf(&b, "    timeout = \"%dms\"\n", 100*rapid.IntRange(1, 20).Draw(t, "timeout"))
			}
			if m := rapid.IntRange(1, 3).Draw(t, "tries"); m > 1 {
				fmt.Fprintf(&b, "    retry = { max_attempts = %d }\n", m)
			}
			if rapid.IntRange(0, 3).Draw(t, "group") == 0 {
				b.WriteString("    parallel = \"p\"\n")
			}
			if rapid.IntRange(0, 3).Draw(t, "alternative") == 0 {
				b.WriteString("    any_of = \"o\"\n")
			}
			b.WriteString("    access = \"read\"\n  }\n")
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func fallbackOf(t *rapid.T) string {
	return []string{"", "    fallback = §\n", "    fallback = §\n", "    fallback = \"default\"\n"}[rapid.IntRange(0, 3).Draw(t, "fallback")]
}

// Whatever turns out to hold: what the facts with unknown fallbacks say was true of it.
func TestUnknownFallbacksHoldWhatEitherGives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := maybeSystem(rt)
		settled := text
		for strings.Contains(settled, "§") {
			settled = strings.Replace(settled, "§", rapid.SampledFrom([]string{`"fail"`, `"default"`}).Draw(rt, "settled"), 1)
		}
		open, known := load(t, strings.ReplaceAll(text, "§", "unknown")), load(t, settled)
		for _, kind := range []string{"call", "node", "journey", "workload", "service", "gateway", "failure_set", "system"} {
			is := map[model.Addr]Document{}
			for _, d := range known.Documents(kind) {
				is[d.Addr] = d
			}
			for _, d := range open.Documents(kind) {
				k, ok := is[d.Addr]
				if !ok {
					rt.Fatalf("%s is only there while fallbacks are unknown", d.Addr)
				}
				holds(rt, string(d.Addr), Fields(d.Subject), Fields(k.Subject))
				if d.From != nil {
					holds(rt, string(d.Addr)+" from", Fields(d.From), Fields(k.From))
					holds(rt, string(d.Addr)+" to", Fields(d.To), Fields(k.To))
				}
			}
		}
	})
}

// holds fails unless what a document says in ignorance allows what another says in knowledge. Recommendations are advice
// for what is known, the attributes are the author's, what is settled is so by what is certain alone, which target speaks
// for others is a choice, and budgets neither rise nor fall with each call that is hard: see either.go.
func holds(t *rapid.T, at string, open, known Obj) {
	for _, f := range open {
		if slices.Contains([]string{"fallback", "criticality", "rec", "settled", "covered_by", "budget", "rtt_share", "serial_limit", "serial_share"}, f.Name) {
			continue
		}
		switch x := f.Node.(type) {
		case *Leaf:
			y := child(known, f.Name).(*Leaf)
			switch {
			case isList(x.Val): // what is certain
			case !x.Number && x.State.HasValue():
				if y.State.HasValue() && fmt.Sprint(x.Val) != fmt.Sprint(y.Val) || !y.State.HasValue() {
					t.Fatalf("%s.%s is %v, and in truth %v (%v)", at, f.Name, x.Val, y.Val, y.State)
				}
			case x.Number && y.Number:
				if slack := 1e-9 * math.Abs(y.Lo); y.Lo < x.Lo-slack || y.Hi > x.Hi+1e-9*math.Abs(y.Hi) {
					t.Fatalf("%s.%s is in [%v, %v], and in truth [%v, %v]", at, f.Name, x.Lo, x.Hi, y.Lo, y.Hi)
				}
			case x.State == model.Absent && y.State != model.Absent:
				t.Fatalf("%s.%s is absent, and in truth %v", at, f.Name, y.Val)
			}
		case Obj:
			if y, ok := child(known, f.Name).(Obj); ok {
				holds(t, at+"."+f.Name, x, y)
			}
		}
	}
}

func child(o Obj, name string) Node {
	i := slices.IndexFunc(o, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return &Leaf{}
	}
	return o[i].Node
}

func isList(v any) bool {
	_, yes := v.([]string)
	return yes
}
