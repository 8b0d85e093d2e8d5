package facts

import (
	"slices"
	"strings"
	"testing"

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
	if !slices.Equal(j.Availability.Needs(), []string{"external.x.availability"}) || j.Availability.Assumes != AssumeExternalAvailability {
		t.Errorf("needs %v, assumes %v", j.Availability.Needs(), j.Availability.Assumes.Keys())
	}
	for _, h := range j.Hard {
		if h.Addr == "external.x" && (h.Availability.State != model.Unknown || h.Availability.HasValue()) {
			t.Errorf("contract: %+v", h.Availability)
		}
	}
}
