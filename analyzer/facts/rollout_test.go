package facts

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The known answers of rules.md §1.2 and Q17.
func TestShopReleases(t *testing.T) {
	f := shop(t)
	orders := subject[*WorkloadFacts](t, f, "workload", "service.orders")
	valued(t, "ρu", orders.RollingLoad, 0.89, 0.005)
	certain(t, "removed", orders.Removed, 1, 0)
	p := subject[*WorkloadFacts](t, f, "workload", "service.payments")
	valued(t, "samples", p.Samples, 2400, 1e-9)
	certain(t, "needed", p.SamplesNeeded, 1102, 0)
	certain(t, "burnt", p.BudgetBurnt, 0.0116, 0.00005)
	if p.FirstStep.Text() != "5%" || !p.Coexist.V || p.Strategy.V != "canary" {
		t.Errorf("%+v", p.Rollout)
	}
	// 1102 requests of 1 % of 80/s take 23 minutes: the smallest step will do.
	certain(t, "first step", p.Canary.FirstStep, 0.01, 0)
	certain(t, "bake", p.Canary.Bake, 23*minute, 0)
	if e := subject[*WorkloadFacts](t, f, "workload", "gateway.edge"); e.Strategy.State.String() != "profile" || e.Strategy.V != "rolling" {
		t.Errorf("edge is released %v", e.Strategy)
	}
}

const released = `
system "s" { slo = { availability = "99.9%%" } }
client "c" {
  kind = "web"
  rps  = %v
  call "a" { to = service.a }
}
service "a" {
  scale   = { replicas = 40 }
  latency = { p50 = "180ms", p99 = "900ms" }
  deploy  = { %s }
}
`

func TestReleases(t *testing.T) {
	a := func(rps float64, deploy string) *WorkloadFacts {
		return subject[*WorkloadFacts](t, load(t, fmt.Sprintf(released, rps, deploy)), "workload", "service.a")
	}
	w := a(2, `strategy = "canary", steps = ["5%"], bake = "10m"`)
	certain(t, "samples", w.Samples, 60, 1e-9)
	certain(t, "bake needed", w.BakeNeeded, 1102/(2*0.05)*1000, 1e-6)
	if w.Canary.FirstStep.HasValue() { // 1102 of 0.2/s take an hour and a half
		t.Errorf("recommends %+v", w.Canary)
	}
	certain(t, "half the traffic for half an hour", a(80, `strategy = "canary", steps = ["50%"], bake = "30m"`).BudgetBurnt, 0.347, 0.0005)
	trickle := a(0.1, `strategy = "canary"`).TenthTakes
	certain(t, "a trickle", trickle, 1102/0.01*1000, 1e-3)
	if few := a(2, `strategy = "canary"`).TenthTakes; trickle.Text() != "31h" || few.Text() != "5510s" { // 30.6 h, 1102 of 0.2/s
		t.Errorf("a trickle takes %s, 2/s take %s", trickle.Text(), few.Text())
	}
	r := a(80, `strategy = "rolling", start = "2m", drain = "15s"`)
	certain(t, "roll back", r.RollbackTime, 2*2*minute, 0) // 40 copies, ten more and ten less at a time
	slow := a(80, `strategy = "rolling", start = "2m", max_surge = "10%", max_unavailable = "0%"`)
	certain(t, "roll back by four", slow.RollbackTime, 10*2*minute, 0) // 40 copies, four at a time
	uneven := a(80, `strategy = "rolling", start = "1m", max_surge = "30%", max_unavailable = "0%"`)
	certain(t, "the last ones take as long as the others", uneven.RollbackTime, 4*minute, 0) // 12, 12, 12, 4
	valued(t, "longest work", r.LongestWork, 1527, 0.5)
	valued(t, "stop", r.StopTime, 15_000+1527, 0.5)
	certain(t, "grace", r.RecGrace, 25_000, 0)
	certain(t, "drain", r.RecDrain, 10_000, 0)
	certain(t, "in the race", r.RequestsInRace, 400, 1e-9)
	if !r.Coexist.V || a(80, `strategy = "recreate"`).Coexist.V {
		t.Error("coexistence")
	}
}

// A longer bake and a bigger step see more, and burn more.
func TestCanaryProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rps, w, bake := rapid.IntRange(1, 500).Draw(rt, "rps"), rapid.IntRange(1, 50).Draw(rt, "w"), rapid.IntRange(1, 120).Draw(rt, "bake")
		f := subject[*WorkloadFacts](t, load(t, fmt.Sprintf(released, rps, fmt.Sprintf(`strategy = "canary", steps = ["%d%%"], bake = "%dm"`, w, bake))), "workload", "service.a")
		enough := f.Samples.V >= f.SamplesNeeded.V-1e-9
		if enough != (float64(bake)*minute >= f.BakeNeeded.V-1e-6) {
			rt.Fatalf("%v samples of %v, %v of %v", f.Samples.V, f.SamplesNeeded.V, bake, f.BakeNeeded.V)
		}
		if x := float64(w) / 100 * float64(bake) / (43200 * 0.001); math.Abs(f.BudgetBurnt.V-x) > 1e-9*x {
			rt.Fatalf("burns %v, want %v", f.BudgetBurnt.V, x)
		}
		if r := f.Canary.FirstStep; r.HasValue() && float64(rps)*r.V*f.Canary.Bake.V/1000 < f.SamplesNeeded.V {
			rt.Fatalf("recommended canary sees %v of %v", float64(rps)*r.V*f.Canary.Bake.V/1000, f.SamplesNeeded.V)
		}
	})
}

func TestSchemaChangesAndFlags(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  rps  = 10
  call "a" { to = service.a }
}
service "a" {
  deploy = { strategy = "blue_green", keep_old = "1h" }
  call "d" { to = datastore.d }
}
service "b" {
  call "d" { to = datastore.d }
}
service "c" {
  deploy = { strategy = "recreate" }
  call "e" { to = datastore.e }
}
datastore "d" {
  schema_change "drop" { kind = "breaking" }
}
datastore "e" {
  schema_change "drop" { kind = "breaking" }
}
external "flags" { availability = "99.5%" }
flag "can" {
  kind     = "permission"
  used     = [client.web, service.a]
  provider = external.flags
  gates    = datastore.d.schema_change.drop
  expires  = "2027-01-31"
}`)
	f.params.Today = "2027-02-01"
	d := subject[*SchemaChangeFacts](t, f, "schema_change", "datastore.d.schema_change.drop")
	if !d.Coexist.V || strings.Join(d.Coexisting, " ") != "service.a" || d.LongestOld.V != 3600_000 {
		t.Errorf("%+v", d)
	}
	if e := subject[*SchemaChangeFacts](t, f, "schema_change", "datastore.e.schema_change.drop"); e.Coexist.V || !e.Coexist.State.HasValue() {
		t.Errorf("%+v", e)
	}
	x := subject[*FlagFacts](t, f, "flag", "flag.can")
	if !x.Expired.V || !x.Enforced.V || x.Journeys.V != 1 || x.GatesKind.V != "breaking" || x.Availability.V != 0.995 || !x.UserFacing.V {
		t.Errorf("%+v", x)
	}
}
