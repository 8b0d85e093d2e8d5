package facts

import (
	"math"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// The example: orders gets 0.2·300 + 0.1·200 = 80 rps on 4 replicas of 30 rps in 2 zones, so 80/60 after a zone; catalog
// 0.8·300 + 2.4·200 = 720 rps on 6 replicas of 200 rps in 3 zones, so 720/800. Journeys share their client's rate: the
// checkout has 0.2·300 + 200·0.1/2.5 = 68 of 500 rps, which fail without orders, and 300 of 500 without edge.
func TestPartsOfTheExample(t *testing.T) {
	f := shop(t)
	for addr, want := range map[model.Addr]float64{"service.orders": 80.0 / 60, "service.catalog": 720.0 / 800} {
		if got := f.ZoneLossLoad(addr); math.Abs(got.V-want) > 1e-9 {
			t.Errorf("%s carries %v after a zone loss, want %v", addr, got.V, want)
		}
	}
	if got := f.ZoneLossLoad("service.payments"); got.HasValue() {
		t.Errorf("payments states no capacity, but its load is %v", got.V)
	}
	for addr, want := range map[model.Addr]float64{"gateway.edge": 0.6, "service.orders": 68.0 / 500, "queue.emails": 0} {
		if got := f.Loss(addr); math.Abs(got.V-want) > 1e-9 || !got.Certain() {
			t.Errorf("without %s %v of the traffic is lost, want %v", addr, got, want)
		}
	}
	if f.Loss("service.nobody").HasRange() {
		t.Error("an address without an entity has a loss")
	}
	if e := f.End("external.stripe"); e == nil || e.P99.V != 900 {
		t.Errorf("stripe's end is %+v", e)
	}
	if f.End("service.nobody") != nil {
		t.Error("an address without an entity has an end")
	}
}
