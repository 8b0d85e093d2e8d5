package drift

import (
	"fmt"
	"slices"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// outside reports whether a measured number lies outside the tolerated range around a stated one.
func (c *comparison) outside(stated, measured float64) bool {
	return stated > 0 && (measured > stated*c.Tolerance || measured < stated/c.Tolerance)
}

// latency compares the stated latency of a component with the measured one.
func (c *comparison) latency(d, s model.Worker) {
	for _, q := range []string{"p50", "p99"} {
		f := at(c.Model, d.Self().Addr, "latency."+q)
		stated := f != nil && f.Status().HasValue()
		item, shown := c.fact(Latency, d, s, "latency."+q, formatDuration)
		if item == nil {
			continue
		}
		item.Address = d.Self().Addr + ".latency." + model.Addr(q)
		measured := float64(shown.Any().(time.Duration))
		if !stated {
			item.Severity = analyzer.Info
			item.Detail = fmt.Sprintf("The description leaves the %s of %s open; the recording shows %s.", q, d.Self().Label, item.Shows.Text)
			c.add(item)
			continue
		}
		was := float64(f.Any().(time.Duration))
		if !c.outside(was, measured) {
			continue
		}
		item.Ratio = round(measured / was)
		item.Confidence = model.Medium
		item.Severity = analyzer.Info
		item.Detail = fmt.Sprintf("The %s of %s was %s in the recording; the description says %s.", q, d.Self().Label, item.Shows.Text, item.Says.Text)
		if measured > was {
			item.Severity = analyzer.Medium
			item.Detail += fmt.Sprintf(" Time limits that were judged by %s cut off more replies than they seem to.", item.Says.Text)
		}
		c.add(item)
	}
}

// round keeps two decimals.
func round(v float64) float64 { return float64(int64(v*100+0.5)) / 100 }

// load compares what came in from outside in the recording with what the description reckons with. A recording is
// sampled and rarely taken at the peak, so that less says nothing; more does.
func (c *comparison) load(d model.Worker) {
	described, known := c.rate(d.Self().Addr)
	if !known {
		return
	}
	s := c.byDesc[d.Self().Addr]
	for _, x := range c.Source.Clients {
		if !x.RPS.Has() || c.Shown.Blocks[x.Addr] != nil {
			continue
		}
		for _, e := range x.Calls {
			measured := x.RPS.V * e.PerRequest.Or(1)
			if e.To.V != s || measured <= described*c.Tolerance {
				continue
			}
			item := &Item{Kind: Rate, Address: d.Self().Addr, Counterpart: e.Addr, Severity: analyzer.Medium, Confidence: model.Medium, Ratio: round(measured / described),
				Range: d.Self().Decl, Says: Side{Text: perSecond(described), Range: d.Self().Decl}, Shows: Side{Text: perSecond(measured), Kind: "otel"},
				Detail: fmt.Sprintf("%s answered %s from outside while the recording ran; the description reckons with %s at peak. Load, capacity and the size of every limit follow from it.",
					d.Self().Label, perSecond(measured), perSecond(described)),
				Fix: fix("Correct the rate", Op{Advise: "Correct rps of the clients that come in there"}), Accept: Manual}
			item.Shows.Place = strongest(c.Shown.Edges[e.Addr]).Place
			c.add(item)
		}
	}
}

// requests is from how many requests on a ratio of calls to requests means something.
const requests = 10

// measuredCall compares how often a call is made per request.
func (c *comparison) measuredCall(d, s *model.Call) {
	ev := slices.IndexFunc(c.Shown.Edges[s.Addr], func(e model.Evidence) bool { return e.Kind == "otel" })
	caller := c.Shown.Blocks[s.Parent]
	if ev < 0 || caller == nil || caller.Requests < requests || d.On.Has() || c.several(d) {
		return
	}
	stated, measured := d.PerRequest.Or(1), s.PerRequest.Or(1)
	if !c.outside(stated, measured) {
		return
	}
	e := c.Shown.Edges[s.Addr][ev]
	item := &Item{Kind: Rate, Address: d.Addr, Counterpart: s.Addr, Severity: analyzer.Medium, Confidence: model.Medium, Ratio: round(measured / stated),
		Says: c.side(&d.PerRequest, formatWord), Shows: Side{Text: fmt.Sprintf("%g a request", measured), Place: e.Place, How: e.How, Kind: e.Kind},
		Detail: fmt.Sprintf("%s called %s %g times a request in the recording (%s in %d requests); the description says %g.",
			labelOf(d.Parent), labelOf(d.To.V), measured, e.How, caller.Requests, stated),
		Fix: fix("Take over what the sources show", Op{At: d.Addr, Set: "per_request", Value: measured})}
	if r, ok := c.rate(d.Addr); ok {
		item.Detail += fmt.Sprintf(" That is %s instead of %s.", perSecond(r*measured/stated), perSecond(r))
	}
	if d.PerRequest.State != model.Stated {
		item.Severity = analyzer.Low
	}
	if item.Range = item.Says.Range; item.Range.IsZero() {
		item.Range = d.Decl
	}
	c.add(item)
}

// several reports whether a node has more than one call to a callee, among which a recording does not tell.
func (c *comparison) several(d *model.Call) bool {
	n := 0
	each(c.Model, func(x model.Entity, e *model.Call) {
		if x.Self().Addr == d.Parent && e.To.V == d.To.V {
			n++
		}
	})
	return n > 1
}
