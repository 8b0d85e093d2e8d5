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

// Q3's known answers that need a graph: stated availabilities, worked by hand.
func TestJourneyAvailability(t *testing.T) {
	const head = `
system "s" { slo = { availability = "99.9%" } }
client "c" {
  kind = "web"
  rps  = 100
  call "api" { to = service.a }
}
`
	for _, c := range []struct {
		name, hcl string
		want      float64
		lost      string // entities whose loss fails everything
	}{
		{"two 99.99 %", `
service "a" {
  availability = "99.99%"
  call "b" { to = service.b }
}
service "b" { availability = "99.99%" }`, 0.9999 * 0.9999, "a b"},
		{"own 99.95 % with three 99.9 %", `
service "a" {
  availability = "99.95%"
  call "b" { to = external.b }
  call "c" { to = external.c }
  call "d" { to = external.d }
}
external "b" { availability = "99.9%" }
external "c" { availability = "99.9%" }
external "d" { availability = "99.9%" }`, 0.9995 * 0.999 * 0.999 * 0.999, "a b c d"},
		{"two 99 % of which one suffices", `
service "a" {
  availability = "100%"
  call "b" {
    to     = external.b
    any_of = "psp"
  }
  call "c" {
    to     = external.c
    any_of = "psp"
  }
}
external "b" { availability = "99%" }
external "c" { availability = "99%" }`, 0.9999, "a"},
		{"alternatives on one database", `
service "a" {
  availability = "100%"
  call "b" {
    to     = service.b
    any_of = "x"
  }
  call "c" {
    to     = service.c
    any_of = "x"
  }
}
service "b" {
  availability = "99%"
  call "db" { to = datastore.d }
}
service "c" {
  availability = "99%"
  call "db" { to = datastore.d }
}
datastore "d" { availability = "99.9%" }`, 0.999 * 0.9999, "a d"},
		{"99.9 % with a 99 % fallback", `
service "a" {
  availability = "100%"
  call "b" {
    to       = external.b
    fallback = external.c
  }
}
external "b" { availability = "99.9%" }
external "c" { availability = "99%" }`, 0.99999, "a"},
		{"a fallback to a default", `
service "a" {
  availability = "99.9%"
  call "b" {
    to       = external.b
    fallback = "default"
  }
}
external "b" { availability = "90%" }`, 0.999, "a"},
		{"criticality is an intention, the fallback decides", `
service "a" {
  availability = "100%"
  call "b" {
    to          = external.b
    criticality = "soft"
  }
}
external "b" { availability = "99%" }`, 0.99, "a b"},
		{"a fifth of the requests", `
service "a" {
  availability = "100%"
  call "b" {
    to          = external.b
    per_request = 0.2
  }
}
external "b" { availability = "99%" }`, 1 - 0.2*0.01, "a"},
		{"the largest product over the paths", `
service "a" {
  availability = "100%"
  call "b" {
    to          = service.b
    per_request = 0.5
  }
  call "x" {
    to          = external.x
    per_request = 0.1
  }
}
service "b" {
  availability = "100%"
  call "x" {
    to          = external.x
    per_request = 0.6
  }
}
external "x" { availability = "90%" }`, 1 - 0.3*0.1, "a"},
		{"a store reached twice counts once", `
service "a" {
  availability = "100%"
  call "b" { to = service.b }
  call "c" { to = service.c }
}
service "b" {
  availability = "100%"
  call "db" { to = datastore.d }
}
service "c" {
  availability = "100%"
  call "db" { to = datastore.d }
}
datastore "d" { availability = "99%" }`, 0.99, "a b c d"},
		{"a broker without outbox", `
service "a" {
  availability = "100%"
  publish "p" { to = topic.t }
}
broker "k" { availability = "99.9%" }
topic "t" { broker = broker.k }`, 0.999, "a k"},
		{"with an outbox", `
service "a" {
  availability = "99.9%"
  call "db" { to = datastore.d }
  publish "p" {
    to     = topic.t
    outbox = { store = datastore.d }
  }
}
datastore "d" { availability = "99.9%" }
broker "k" { availability = "90%" }
topic "t" { broker = broker.k }`, 0.999 * 0.999, "a d"},
		{"an event that may be lost", `
service "a" {
  availability = "99.9%"
  publish "p" {
    to   = topic.t
    loss = "tolerable"
  }
}
broker "k" { availability = "90%" }
topic "t" { broker = broker.k }`, 0.999, "a"},
		{"consumers are not in the product", `
service "a" {
  availability = "99.9%"
  publish "p" { to = topic.t }
}
broker "k" { availability = "100%" }
topic "t" { broker = broker.k }
service "b" {
  availability = "50%"
  consume "p" { from = topic.t }
}`, 0.999, "a k"},
		{"two services that call each other", `
service "a" {
  availability = "99.9%"
  call "b" { to = service.b }
}
service "b" {
  availability = "99.9%"
  call "a" { to = service.a }
}`, 0.999 * 0.999, "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := load(t, head+c.hcl)
			j := f.journey(t, "journey.c.api")
			certain(t, "availability", j.Availability, c.want, 5e-7)
			var lost []string
			for i := range f.g.ents {
				if f.paths.blast[i] > 0.999 {
					lost = append(lost, f.g.ents[i].of.Self().Label)
				}
			}
			slices.Sort(lost)
			if got := strings.Join(lost, " "); got != c.lost {
				t.Errorf("fails with %q, want %q", got, c.lost)
			}
		})
	}
}

// Operations of one service are alternatives: the worst one counts where nobody says which is called.
func TestOperationsAreNotAddedUp(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  kind = "web"
  rps  = 100
  call "any" { to = service.a }
}
service "other" {
  call "x" {
    to = service.a
    op = "x"
  }
  call "y" {
    to = service.a
    op = "y"
  }
}
service "a" {
  availability = "100%"
  call "x" {
    to = external.x
    on = ["x"]
  }
  call "y" {
    to = external.y
    on = ["y"]
  }
}
external "x" { availability = "99%" }
external "y" { availability = "98%" }`)
	certain(t, "availability", f.journey(t, "journey.c.any").Availability, 0.98, 1e-12)
}

// An unknown contract asks: it counts 1 in the value, keeps its range, and says what to state.
func TestUnknownContract(t *testing.T) {
	f := load(t, `
system "s" { slo = { availability = "99.9%" } }
client "c" {
  kind = "web"
  call "api" { to = service.a }
}
service "a" {
  availability = "99.95%"
  call "x" { to = external.x }
}
external "x" {}`)
	j := f.journey(t, "journey.c.api")
	valued(t, "availability", j.Availability, 0.9995, 1e-12)
	valued(t, "lower bound", Exact(j.Availability.Lo), 0.9995*0.99, 1e-12)
	if !slices.Equal(j.Availability.Needs, []string{"external.x.availability"}) || j.Availability.Assumes != AssumeExternalAvailability {
		t.Errorf("needs %v, assumes %v", j.Availability.Needs, j.Availability.Assumes.Keys())
	}
	for _, h := range j.Hard {
		if h.Addr == "external.x" && (h.Availability.State != model.Unknown || h.Availability.HasValue()) {
			t.Errorf("contract: %+v", h.Availability)
		}
	}
}

// randomSystem writes a random layered system in which every part states its availability.
func randomSystem(t *rapid.T) string {
	var b strings.Builder
	n := rapid.IntRange(2, 9).Draw(t, "services")
	fmt.Fprintf(&b, "system \"s\" {}\nclient \"c\" {\n  kind = \"web\"\n  rps  = 10\n  call \"api\" { to = service.s0 }\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "service \"s%d\" {\n  availability = \"%.2f%%\"\n", i, 90+float64(rapid.IntRange(0, 999).Draw(t, "availability"))/100)
		for k := range rapid.IntRange(0, 3).Draw(t, "calls") {
			if i == n-1 {
				break
			}
			to := rapid.IntRange(i+1, n-1).Draw(t, "to")
			fmt.Fprintf(&b, "  call \"c%d\" {\n    to = service.s%d\n", k, to)
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				fmt.Fprintf(&b, "    any_of = \"g\"\n")
				if rapid.Bool().Draw(t, "both") {
					fmt.Fprintf(&b, "    fallback = service.s%d\n", rapid.IntRange(i+1, n-1).Draw(t, "fallback"))
				}
			case 1:
				fmt.Fprintf(&b, "    fallback = \"default\"\n")
			case 2:
				fmt.Fprintf(&b, "    fallback = service.s%d\n", rapid.IntRange(i+1, n-1).Draw(t, "fallback"))
			}
			b.WriteString("  }\n")
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// works evaluates the definition: does a service answer when those in lost are gone?
func works(f *Facts, e int32, lost map[int32]bool) bool {
	if lost[e] {
		return false
	}
	groups, ok := map[int32]bool{}, map[int32]bool{}
	for _, id := range f.g.ents[e].out {
		x := &f.g.edges[id]
		answers := works(f, x.to, lost)
		if fb := f.g.ent(model.Addr(x.call.Fallback.Or(""))); fb >= 0 {
			answers = answers || works(f, fb, lost)
		} else if x.call.Fallback.Or("fail") != "fail" {
			answers = true
		}
		if x.anyOf != 0 {
			groups[x.anyOf] = true
			ok[x.anyOf] = ok[x.anyOf] || answers
		} else if !answers {
			return false
		}
	}
	for g := range groups {
		if !ok[g] {
			return false
		}
	}
	return true
}

// Failure injection says the same as taking each service out and asking who still answers; and the availability is never
// above the best part that all need, nor below the product of everything there is.
func TestInjectionMatchesDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hcl := randomSystem(rt)
		f := load(t, hcl)
		root, product := f.g.ent("service.s0"), 1.0
		for i := range f.g.ents {
			if f.g.ents[i].kind != model.KindService {
				continue
			}
			product *= f.paths.avail[i].v
			fails := !works(f, root, map[int32]bool{int32(i): true})
			if got := f.paths.blast[i]; fails != (got > 0.5) {
				rt.Fatalf("%s: blast %v, want %v in\n%s", f.g.ents[i].addr, got, fails, hcl)
			}
		}
		a := f.paths.js[0].avail.v
		if a < product-1e-12 || a > f.paths.avail[root].v+1e-12 {
			rt.Fatalf("availability %v outside [%v, %v] in\n%s", a, product, f.paths.avail[root].v, hcl)
		}
	})
}

// Without alternatives the availability is exactly the chance that all parts work, summed over every state of the system.
func TestAvailabilityMatchesAllStates(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hcl := strings.ReplaceAll(randomSystem(rt), "    any_of = \"g\"\n", "")
		f := load(t, hcl)
		root := f.g.ent("service.s0")
		var services []int32
		shared := false
		for i := range f.g.ents {
			if f.g.ents[i].kind == model.KindService {
				services = append(services, int32(i))
			}
		}
		for i := range f.g.edges {
			shared = shared || f.g.ent(model.Addr(f.g.edges[i].call.Fallback.Or(""))) >= 0
		}
		if shared { // alternatives that overlap count as independent
			return
		}
		want := 0.0
		for state := range 1 << len(services) {
			chance, lost := 1.0, map[int32]bool{}
			for b, e := range services {
				if state>>b&1 == 1 {
					lost[e] = true
					chance *= 1 - f.paths.avail[e].v
				} else {
					chance *= f.paths.avail[e].v
				}
			}
			if works(f, root, lost) {
				want += chance
			}
		}
		if got := f.paths.js[0].avail.v; math.Abs(got-want) > 1e-9 {
			rt.Fatalf("availability %v, want %v in\n%s", got, want, hcl)
		}
	})
}
