package drift

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// workloads compares what runs: how many copies, of what, and how they are replaced.
func (c *comparison) workloads() {
	for _, p := range c.res.Pairs {
		d, s := c.Model.Lookup(p.Described), c.Source.Lookup(p.Source)
		c.engine(d, s)
		c.replicas(d, s)
		dw, ok1 := d.(model.Worker)
		sw, ok2 := s.(model.Worker)
		if ok1 && ok2 {
			c.deploy(dw, sw)
			c.entryLimit(dw, sw)
			c.latency(dw, sw)
			c.load(dw)
		}
	}
	c.mtls()
}

// fact compares one stated fact of two components; it returns nil where the sources show none or the same.
func (c *comparison) fact(kind string, d, s model.Entity, path string, format func(any) string) (*Item, model.Fact) {
	shown := at(c.Source, s.Self().Addr, path)
	if shown == nil || !shows(shown) {
		return nil, nil
	}
	fact := at(c.Model, d.Self().Addr, path)
	if fact == nil { // the object around it is not there
		name, _, _ := strings.Cut(path, ".")
		if fact = at(c.Model, d.Self().Addr, name); fact == nil {
			return nil, nil
		}
	}
	if fact.Status().HasValue() && reflect.DeepEqual(fact.Any(), shown.Any()) {
		return nil, nil
	}
	item := &Item{Kind: kind, Address: d.Self().Addr, Counterpart: s.Self().Addr, Severity: analyzer.Low, Confidence: model.Strong,
		Says: c.side(fact, format), Shows: Side{Text: format(shown.Any()), Kind: cmp.Or(c.Shown.Blocks[s.Self().Addr].Kinds...)}}
	item.Shows.Place, item.Shows.How = c.where(s.Self().Addr, shown, path)
	if item.Range = item.Says.Range; item.Range.IsZero() {
		item.Range = d.Self().Decl
	}
	name, key, nested := strings.Cut(path, ".")
	op := Op{At: d.Self().Addr, Set: path, Value: value(shown)}
	if nested {
		op = setting(d.Self().Addr, at(c.Model, d.Self().Addr, name), name, key, value(shown))
	}
	item.Fix = fix("Take over what the sources show", op)
	if !fact.Status().HasValue() && fact.Status() == model.Unknown {
		item.Severity = analyzer.Info
	}
	return item, shown
}

// value is a fact as an operation writes it.
func value(f model.Fact) any {
	return literal(reflect.ValueOf(f).Elem(), f, false)
}

func (c *comparison) engine(d, s model.Entity) {
	item, shown := c.fact(Engine, d, s, "engine", formatWord)
	if item == nil || !at(c.Model, d.Self().Addr, "engine").Status().HasValue() {
		return // which product a description does not name is no drift
	}
	if strings.EqualFold(item.Says.Text, item.Shows.Text) {
		return
	}
	item.Severity = analyzer.Medium
	item.Detail = fmt.Sprintf("%s is %s in the sources; the description says %s. Defaults and limits that nobody states are those of the product.", d.Self().Label, formatWord(shown.Any()), item.Says.Text)
	c.add(item)
}

// replicas compares the number of copies. An autoscaler's bounds agree with a number between them.
func (c *comparison) replicas(d, s model.Entity) {
	get := func(m *model.Model, a model.Addr, key string) (int, bool) {
		f := at(m, a, "scale."+key)
		if f == nil || !f.Status().HasValue() || m == c.Source && !shows(f) {
			return 0, false
		}
		return f.Any().(int), true
	}
	da, label := d.Self().Addr, d.Self().Label
	for _, key := range []string{"replicas", "min", "max"} {
		item, shown := c.fact(Replicas, d, s, "scale."+key, formatCount)
		if item == nil {
			continue
		}
		n := shown.Any().(int)
		was, stated := get(c.Model, da, key)
		if !stated {
			if item = c.autoscaled(item, d, s, key, get); item == nil {
				continue
			}
		} else {
			item.Severity = analyzer.Low
			if n < was {
				item.Severity = analyzer.Medium
			}
			item.Detail = fmt.Sprintf("%s runs %s; the description says %d.", label, copies(key, n), was)
			if key != "max" && n == 1 && was > 1 {
				item.Severity = analyzer.High
				item.Detail += " Each restart, deploy or loss of a node is an outage."
			} else if n < was {
				item.Detail += " Capacity and availability were reckoned with more."
			}
		}
		if _, k := d.(*model.Datastore); k && item.Severity > analyzer.Medium {
			item.Severity = analyzer.Medium // copies of a store may be managed elsewhere
		}
		if key != "replicas" {
			item.Address = da + ".scale." + model.Addr(key)
		}
		c.add(item)
	}
}

// autoscaled judges a bound or a number that the description does not state by the one that it does state.
func (c *comparison) autoscaled(item *Item, d, s model.Entity, key string, get func(*model.Model, model.Addr, string) (int, bool)) *Item {
	da, sa, label := d.Self().Addr, s.Self().Addr, d.Self().Label
	replicas, fixed := get(c.Model, da, "replicas")
	low, scaled := get(c.Model, da, "min")
	n, _ := get(c.Source, sa, key)
	switch {
	case key == "replicas" && scaled:
		item.Severity = analyzer.Medium
		if n >= low {
			item.Severity = analyzer.Low
		}
		item.Says = c.side(at(c.Model, da, "scale.min"), formatCount)
		item.Says.Text = "at least " + item.Says.Text
		item.Fix = fix("Take over what the sources show", rescaled(d, map[string]any{"replicas": n}, "min", "max"))
		item.Detail = fmt.Sprintf("%s runs %s; the description says that an autoscaler keeps at least %d. The sources have no autoscaler for it.", label, copies(key, n), low)
	case key == "min" && fixed:
		high, bounded := get(c.Source, sa, "max")
		if replicas >= n && (!bounded || replicas <= high) {
			return nil // as described, at the moment of the description
		}
		item.Severity = analyzer.Medium
		bounds := map[string]any{"min": n}
		if bounded {
			bounds["max"] = high
		}
		item.Fix = fix("Take over what the sources show", rescaled(d, bounds, "replicas"))
		item.Detail = fmt.Sprintf("An autoscaler keeps %s of %s; the description says %d.", copies(key, n), label, replicas)
	case key == "max" && fixed:
		return nil
	default:
		item.Severity = analyzer.Info
		item.Detail = fmt.Sprintf("The description leaves open how many replicas %s has; the sources show %s.", label, copies(key, n))
	}
	return item
}

// rescaled writes a scale anew, without the keys that do not hold any more.
func rescaled(d model.Entity, set map[string]any, without ...string) Op {
	object := field(reflect.ValueOf(d).Elem(), "scale")
	all := map[string]any{}
	if v := reflect.ValueOf(object).Elem().Field(0); !v.IsNil() {
		all = written(v.Elem())
	}
	for _, k := range without {
		delete(all, k)
	}
	for k, v := range set {
		all[k] = v
	}
	return Op{At: d.Self().Addr, Set: "scale", Value: all}
}

func copies(key string, n int) string {
	switch key {
	case "min":
		return "at least " + quoted(n, "replica")
	case "max":
		return "at most " + quoted(n, "replica")
	}
	return quoted(n, "replica")
}

// rollouts are the settings of a deploy that are compared where the description states them.
var rollouts = []struct {
	key    string
	format func(any) string
	what   string
}{
	{"max_surge", formatRatio, "surge"},
	{"max_unavailable", formatRatio, "share of replicas that a deploy may take away"},
	{"grace", formatDuration, "time from the stop signal to the kill"},
	{"drain", formatDuration, "pause before a stopping replica ends"},
	{"bake", formatDuration, "pause between the steps"},
	{"keep_old", formatDuration, "stay of the old version"},
	{"steps", formatSteps, "steps of the canary"},
}

func formatSteps(v any) string {
	var parts []string
	for _, x := range v.([]float64) {
		parts = append(parts, percent(x))
	}
	return strings.Join(parts, ", ")
}

func (c *comparison) deploy(d, s model.Worker) {
	label := d.Self().Label
	if item, shown := c.fact(Strategy, d, s, "deploy.strategy", formatWord); item != nil {
		if item.Severity == analyzer.Low {
			item.Detail = fmt.Sprintf("The sources deploy %s by %s; the description says %s.", label, strategyWord(shown.Any()), strategyWord(item.Says.Text))
			if f := at(c.Model, d.Self().Addr, "deploy.strategy"); f.Status() == model.Stated || f.Status() == model.Inherited {
				item.Severity = analyzer.Medium
			}
			if shown.Any() == "recreate" {
				item.Detail += " Every deploy is an outage: the old replicas are stopped before the new ones start."
			}
		} else {
			item.Detail = fmt.Sprintf("The description leaves open how %s is deployed; the sources show %s.", label, strategyWord(shown.Any()))
		}
		c.add(item)
	}
	if item, shown := c.fact(Readiness, d, s, "deploy.readiness", formatWord); item != nil {
		has := shown.Any().(bool)
		item.Shows.Text = map[bool]string{true: "a readiness probe", false: "no readiness probe"}[has]
		switch f := at(c.Model, d.Self().Addr, "deploy.readiness"); {
		case f.Status() == model.Unknown:
			item.Detail = fmt.Sprintf("The description leaves open whether %s has a readiness probe; the sources show %s.", label, map[bool]string{true: "one", false: "none"}[has])
		case has:
			item.Detail = fmt.Sprintf("%s has a readiness probe in the sources; the description says that it has none.", label)
		case !f.Status().HasValue():
			item = nil // neither side has one
		default:
			item.Severity = analyzer.Medium
			item.Detail = fmt.Sprintf("The description says that %s gets requests only once it is ready; its manifest has no readiness probe. Each deploy and each restart answers some with errors.", label)
		}
		if item != nil {
			c.add(item)
		}
	}
	for _, r := range rollouts {
		if f := at(c.Model, d.Self().Addr, "deploy."+r.key); f == nil || f.Status() != model.Stated && f.Status() != model.Inherited {
			continue
		}
		if item, _ := c.fact(Rollout, d, s, "deploy."+r.key, r.format); item != nil {
			item.Address = d.Self().Addr + ".deploy." + model.Addr(r.key)
			item.Detail = fmt.Sprintf("The description says %s for the %s of %s; the sources show %s.", item.Says.Text, r.what, label, item.Shows.Text)
			c.add(item)
		}
	}
}

func strategyWord(v any) string { return strings.ReplaceAll(fmt.Sprint(v), "_", "-") }

// entryLimit compares the rate limit on what reaches a component.
func (c *comparison) entryLimit(d, s model.Worker) {
	item, _ := c.fact(RateLimit, d, s, "rate_limit.rps", formatRate)
	if item == nil {
		return
	}
	label := d.Self().Label
	if item.Fills() {
		item.Detail = fmt.Sprintf("The description leaves open what limits the requests to %s; the sources show %s.", label, item.Shows.Text)
	} else {
		item.Detail = fmt.Sprintf("%s lets %s pass; the description says %s.", label, item.Shows.Text, item.Says.Text)
		item.Severity = analyzer.Medium
	}
	c.add(item)
}

// mtls compares whether the meshes refuse plain text.
func (c *comparison) mtls() {
	for _, d := range c.Model.Meshes {
		i := slices.IndexFunc(c.Source.Meshes, func(s *model.Mesh) bool { return s.Engine.V == d.Engine.V })
		if i < 0 || !shows(&c.Source.Meshes[i].MTLS) || d.MTLS.IsUnknown() {
			continue
		}
		s := c.Source.Meshes[i]
		if d.MTLS.V == s.MTLS.V {
			continue
		}
		item := &Item{Kind: MTLS, Address: d.Addr, Counterpart: s.Addr, Severity: analyzer.Low, Confidence: model.Strong, Says: c.side(&d.MTLS, formatWord),
			Shows: Side{Text: s.MTLS.V, Kind: "istio"}, Fix: fix("Take over what the sources show", Op{At: d.Addr, Set: "mtls", Value: s.MTLS.V})}
		item.Shows.Place, item.Shows.How = c.where(s.Addr, &s.MTLS, "mtls")
		item.Detail = fmt.Sprintf("Mutual TLS is %s in the sources; the description says %s.", s.MTLS.V, item.Says.Text)
		if d.MTLS.V == "strict" {
			item.Severity = analyzer.High
			item.Detail += " Calls in plain text are accepted from anywhere in the cluster."
		}
		c.add(item)
	}
}
