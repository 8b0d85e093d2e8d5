package facts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

const loadedModel = `
system "s" { slo = { availability = "99.9%%" } }
client "web" {
  kind = "web"
  rps  = 400
  call "a" { to = service.a }
}
service "a" {
  availability = "99.95%%"
  call "b" {
    to    = service.b
    retry = { max_attempts = 3 }
  }
}
service "b" {
  availability = "%s"
  scale = { %s }
}
`

func loaded(t *testing.T, availability, scale string) *Facts {
	return load(t, fmt.Sprintf(loadedModel, availability, strings.ReplaceAll(scale, ", ", "\n")))
}

// Nine copies of 100/s over zones that nobody counts: two zones leave four of them, so that 400/s fill them at most; more
// zones leave more, and eight of nine at best.
func TestZoneLossOverUncountedZones(t *testing.T) {
	n := subject[*NodeFacts](t, loaded(t, "99.9%", "replicas = 9, capacity = 100"), "node", "service.b")
	if n.ZoneLoss.State != model.Unknown || n.ZoneLoss.Hi != 1 || strings.Join(n.ZoneLoss.Needs(), " ") != "service.b.scale.zones" {
		t.Errorf("%+v", n.ZoneLoss)
	}
}

// Three tries of 400/s are 1,200/s, whether or not anybody says what the service can serve.
func TestUnboundedRetriesOfUnknownCapacity(t *testing.T) {
	n := subject[*NodeFacts](t, loaded(t, "99.9%", "replicas = 9"), "node", "service.b")
	valued(t, "load that retries keep up", n.StableRate, 1200, 1e-9)
	if n.Capacity.State != model.Unknown {
		t.Errorf("capacity %+v", n.Capacity)
	}
}

// One part of 99.95 % as stated and one assumed: the assumed one loses as much or more only where it is no better.
func TestSettledAvailability(t *testing.T) {
	f := loaded(t, "99.9%", "replicas = 9")
	j := subject[*JourneyFacts](t, f, "journey", "journey.web.a")
	if !j.Settled.V || j.Settled.State != model.Derived {
		t.Errorf("%+v", j.Settled)
	}
	f = load(t, `
system "s" { slo = { availability = "99.9%" } }
client "web" {
  rps = 1
  call "a" { to = service.a }
}
service "a" {
  availability = "99.95%"
  call "bank" { to = external.bank }
  call "db" { to = datastore.db }
}
external "bank" {}
datastore "db" { kind = "relational" }
`)
	j = subject[*JourneyFacts](t, f, "journey", "journey.web.a") // 0.05 % stated, 0.5 % of a store in one zone assumed
	if j.Settled.State != model.Unknown || strings.Join(j.Settled.Needs(), " ") != "external.bank.availability datastore.db.availability" {
		t.Errorf("%+v", j.Settled)
	}
}
