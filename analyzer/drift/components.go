package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// names makes one item of two components, one of each side, whose names resemble each other and nobody else's. Calling
// one vanished and the other undeclared would be two accusations for one name.
func (c *comparison) names() {
	back := map[model.Addr]Unmatched{}
	for _, u := range c.res.Unmatched {
		back[u.Address] = u
	}
	for _, u := range slices.Clone(c.res.Unmatched) {
		if u.Source || len(u.Nearest) != 1 {
			continue
		}
		o := back[u.Nearest[0]]
		if len(o.Nearest) != 1 || o.Nearest[0] != u.Address {
			continue
		}
		c.renamed[u.Address], c.renamed[o.Address] = true, true
		shown := c.Shown.Blocks[o.Address]
		label := labelOf(o.Address)
		aliases := []any{label}
		if b := c.Model.Lookup(u.Address); b != nil {
			for _, a := range slices.Backward(b.Self().Aliases.V) {
				aliases = slices.Insert(aliases, 0, any(a))
			}
		}
		c.add(&Item{Kind: OtherName, Address: u.Address, Severity: analyzer.Medium, Counterpart: o.Address, Confidence: model.Weak,
			Says: Side{Text: labelOf(u.Address), Range: u.Range}, Shows: Side{Text: label, Place: o.Place, How: shown.What, Kind: cmp.Or(shown.Kinds...)},
			Detail: fmt.Sprintf("The sources do not show %s, and the description does not have %s (%s). If they are one, say so: nothing about them is compared until then.",
				labelOf(u.Address), label, o.Place),
			Fix:    fix("They are one", Op{At: u.Address, Set: "aliases", Value: aliases}),
			Accept: Manual})
	}
}

// components reports what only one side has.
func (c *comparison) components() {
	for _, u := range c.res.Unmatched {
		switch {
		case c.renamed[u.Address]:
		case u.Source:
			c.undeclared(u)
		default:
			c.vanished(u)
		}
	}
}

func (c *comparison) undeclared(u Unmatched) {
	e := c.Source.Lookup(u.Address)
	b := e.Self()
	at := c.free(b.Kind, b.Label)
	callers, callees := c.neighbours(u.Address)
	sev := analyzer.Medium
	switch {
	case b.Kind == model.KindExternal, b.Kind == model.KindClient:
		sev = analyzer.Low
	case len(callers) > 0 && b.Kind == model.KindService, len(callers) > 1 && b.Kind == model.KindDatastore:
		sev = analyzer.High
	}
	shown := c.Shown.Blocks[u.Address]
	var around []string
	if len(callers) > 0 {
		around = append(around, "called by "+list(callers))
	}
	if len(callees) > 0 {
		around = append(around, "calling "+list(callees))
	}
	detail := fmt.Sprintf("The sources show the %s %s", b.Kind, b.Label)
	if len(around) > 0 {
		detail += ", " + strings.Join(around, " and ")
	}
	detail += ". The description does not have it: nothing about it is judged, and it is missing from every number."
	if u.Reason != "" {
		detail += " It may be one of those described: " + u.Reason + "."
	} else if len(u.Nearest) > 0 {
		detail += fmt.Sprintf(" If it is %s under another name, state aliases there.", join(u.Nearest, "or"))
	}
	item := &Item{Kind: UndeclaredComponent, Address: at, Severity: sev, Counterpart: u.Address, Confidence: model.Strong,
		Says: Side{Text: "no " + string(b.Kind)}, Shows: Side{Text: b.Label, Place: u.Place, How: shown.What, Kind: cmp.Or(shown.Kinds...)}, Detail: detail}
	item.Fix = fix("Describe it", Op{Add: string(b.Kind), Label: labelOf(at), Value: c.block(e)})
	if u.Reason != "" {
		item.Severity, item.Confidence, item.Accept, item.Fix = analyzer.Low, model.Weak, Manual, nil
	}
	c.add(item)
}

// neighbours are those that an imported component is called by and calls, under the description's names where it has them.
func (c *comparison) neighbours(at model.Addr) (callers, callees []string) {
	name := func(a model.Addr) string {
		if d, ok := c.bySrc[a]; ok {
			a = d
		}
		return labelOf(a)
	}
	each(c.Source, func(n model.Entity, e *model.Call) {
		if weak(c.Shown.Edges[e.Addr]) {
			return
		}
		if e.To.V == at && n.Self().Kind != model.KindClient {
			callers = append(callers, name(n.Self().Addr))
		}
		if n.Self().Addr == at {
			callees = append(callees, name(e.To.V))
		}
	})
	slices.Sort(callers)
	slices.Sort(callees)
	return slices.Compact(callers), slices.Compact(callees)
}

// sees reports whether a source shows components of a kind completely: manifests show what runs on them, not the managed
// store or the load balancer beside them, and a recording shows only what was busy.
func (c *comparison) sees(k model.Kind) bool {
	return (k == model.KindService) && (c.Shown.Has("kubernetes") || c.Shown.Has("compose")) || c.drawn() && k != model.KindRegistry
}

// drawn reports whether a source draws the whole picture.
func (c *comparison) drawn() bool { return len(c.Shown.Drawn) > 0 }

func (c *comparison) vanished(u Unmatched) {
	e := c.Model.Lookup(u.Address)
	b := e.Self()
	sev, conf, detail := analyzer.Info, model.Weak, ""
	switch {
	case c.sees(b.Kind):
		sev, conf = analyzer.Medium, model.Medium
		detail = fmt.Sprintf("The description has the %s %s; none of the sources does. Either it is gone, or it runs from manifests that were not read.", b.Kind, b.Label)
	case c.Shown.Has("kubernetes") || c.Shown.Has("compose"):
		detail = fmt.Sprintf("None of the sources shows the %s %s. One that a provider manages would not be in them.", b.Kind, b.Label)
	case c.Shown.Has("otel"):
		detail = fmt.Sprintf("No span of the recording is about the %s %s: it was idle, or it sends none.", b.Kind, b.Label)
	default:
		return // the kinds that were read only add to components
	}
	if u.Reason != "" {
		sev, conf = analyzer.Low, model.Weak
		detail = fmt.Sprintf("Which component of the sources %s is, is not certain: %s.", b.Label, u.Reason)
	} else if len(u.Nearest) > 0 { // more likely another name than gone: what it may be called is an item of its own
		sev, conf = min(sev, analyzer.Low), model.Weak
		detail += fmt.Sprintf(" If it is %s of the sources, state aliases.", join(u.Nearest, "or"))
	}
	item := &Item{Kind: VanishedComponent, Address: b.Addr, Severity: sev, Confidence: conf, Range: b.Decl,
		Says: Side{Text: b.Label, Range: b.Decl}, Shows: Side{Text: "no such " + string(b.Kind), Kind: cmp.Or(c.Shown.Kinds...)}, Detail: detail, Accept: Prune}
	if sev > analyzer.Low {
		item.Fix = fix("Remove it with the calls to it", c.removal(b.Addr)...)
	}
	c.add(item)
}

// removal takes a block out, and the calls that lead to it.
func (c *comparison) removal(at model.Addr) []Op {
	ops := []Op{{At: at, Drop: true}}
	each(c.Model, func(n model.Entity, e *model.Call) {
		if e.To.V == at && n.Self().Addr != at {
			ops = append(ops, Op{At: e.Addr, Drop: true})
		}
	})
	return ops
}
