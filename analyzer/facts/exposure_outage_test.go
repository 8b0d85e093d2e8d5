package facts

import (
	"strings"
	"testing"
)

// By hand, at 99.5 % a copy and 2 % common cause: 99.5 % · 99.95 % = 99.45 %, 237.5 min of 43,200; with two copies
// 1 − (0.02·0.005 + 0.98·0.005²) = 99.98755 %, together 99.93756 %, 27.0 min; 99.5 % allows 216 min.
func TestOutageOfASingleCopy(t *testing.T) {
	const text = `
system "s" { slo = { availability = "99.5%" } }
client "web" {
  kind = "web"
  rps  = 100
  call "catalog" { to = service.catalog }
}
service "catalog" {
  scale = { replicas = N }
  call "db" { to = datastore.db }
}
datastore "db" {
  kind         = "relational"
  availability = "99.95%"
}`
	f := load(t, strings.Replace(text, "= N ", "= 1 ", 1))
	o := f.exposure(f.g.ent("service.catalog")).Outage
	for _, c := range []struct {
		name string
		got  Num
		want float64
	}{{"expected", o.Expected, 237.492}, {"allowed", o.Allowed, 216}, {"redundant", o.Redundant, 26.9757}} {
		if d := c.got.V - c.want; d > 0.001 || d < -0.001 {
			t.Errorf("%s = %v min, want %v", c.name, c.got.V, c.want)
		}
	}
	if again := f.exposure(f.g.ent("service.catalog")).Outage; again.Expected.V != o.Expected.V {
		t.Errorf("asking changes the answer: %v, then %v", o.Expected.V, again.Expected.V)
	}
	two := load(t, strings.Replace(text, "= N ", "= 2 ", 1))
	if o := two.exposure(two.g.ent("service.catalog")).Outage; o.Expected.HasValue() {
		t.Errorf("two copies are no single copy: %+v", o)
	}
}
