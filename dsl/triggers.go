package dsl

import (
	"fmt"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// triggers checks `on` and `after`: what an edge names must exist. A trigger of a node is one of its consume blocks or an
// operation, and an operation exists because a caller's `op` names it.
func (r *resolver) triggers() {
	ops := map[model.Addr][]string{}
	r.m.Each(func(e model.Entity) {
		if c, ok := e.(*model.Call); ok && c.Op.Has() {
			callee := c.To.V
			if r.known[callee] == nil {
				callee = "" // reported already: the operation may be anybody's
			}
			if !slices.Contains(ops[callee], c.Op.V) {
				ops[callee] = append(ops[callee], c.Op.V)
			}
		}
	})
	r.loose = ops[""]
	for _, n := range r.m.Nodes() {
		self, edges := n.Self(), n.Out()
		var consumes, calls []string
		for _, c := range edges.Consumes {
			consumes = append(consumes, c.Label)
		}
		for _, c := range edges.Calls {
			calls = append(calls, c.Label)
		}
		for _, c := range edges.Calls {
			r.on(self, &c.Block, c.On, consumes, ops[self.Addr])
			r.after(&c.Block, c.After, calls)
		}
		for _, p := range edges.Publishes {
			r.on(self, &p.Block, p.On, consumes, ops[self.Addr])
		}
	}
	for _, d := range r.m.Datastores {
		for _, p := range d.Publishes {
			r.on(&d.Block, &p.Block, p.On, nil, ops[d.Addr])
		}
	}
	for _, x := range r.m.Externals {
		for _, c := range x.Calls {
			r.on(&x.Block, &c.Block, c.On, nil, nil)
		}
	}
}

func (r *resolver) on(node, edge *model.Block, on model.Value[[]string], consumes, ops []string) {
	if !on.Written || on.Origin == nil {
		return
	}
	at := on.Origin.Range
	if node.Kind == model.KindClient || node.Kind == model.KindExternal {
		r.at(edge, on.Origin.Name, "Unsupported argument", "%s starts its edges itself: it has no triggers, so its edges take no on.", article(string(node.Kind)))
		return
	}
	for _, name := range on.V {
		isConsume, isOp := slices.Contains(consumes, name), slices.Contains(ops, name)
		switch {
		case isConsume && isOp:
			r.at(edge, at, "Ambiguous trigger", "%q is a consume block of %s and an operation that callers name. Rename one of them.", name, node.Addr)
		case !isConsume && !isOp && !slices.Contains(r.loose, name):
			all := slices.Concat(consumes, ops)
			slices.Sort(all)
			hint := didYouMean(name, all, "Its triggers are", quoted)
			if len(all) == 0 {
				hint = fmt.Sprintf(" An operation exists once a caller's call states op = %q.", name)
			}
			r.at(edge, at, "Unknown trigger", "%s has no trigger %q: neither a consume block of that name nor a caller whose op names it.%s", node.Addr, name, hint)
		}
	}
}

func (r *resolver) after(edge *model.Block, after model.Value[[]string], calls []string) {
	others := slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return c == edge.Label })
	for _, name := range after.V {
		if !slices.Contains(others, name) {
			r.at(edge, after.Origin.Range, "Unknown call", "after names calls of the same block; there is no other call %q.%s", name,
				didYouMean(name, others, "The others are", quoted))
		}
	}
}

// at reports a problem of a decoded block.
func (r *resolver) at(b *model.Block, rng model.Range, summary, format string, args ...any) {
	r.diags = append(r.diags, source.Diagnostic{Summary: summary, Detail: fmt.Sprintf(format, args...), Context: r.context(b), Range: rng})
}

// context names a block and those around it.
func (r *resolver) context(b *model.Block) string {
	s := string(b.Kind) + " " + quoted(b.Label)
	if p := r.known[b.Parent]; p != nil {
		return r.context(p) + ", " + s
	}
	return s
}
