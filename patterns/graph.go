package patterns

import (
	"slices"
	"strings"
)

// Related is a relation as seen from one of its ends.
type Related struct {
	*Relation
	Other   Node // the far end
	Inbound bool // the relation was declared by Other, or by a property that stands in the manifest of another pattern
}

// Relations returns every relation that touches a pattern: its own first, in the order of its manifest, then those of
// others in catalog order.
func (c *Catalog) Relations(id ID) []Related {
	var out []Related
	self := Node{Pattern: id}
	if p := c.byID[id]; p != nil {
		for _, r := range p.Relations {
			for _, to := range r.To {
				other := to
				if r.From != self && to == self {
					other = r.From
				}
				out = append(out, Related{Relation: r, Other: other, Inbound: r.From != self})
			}
		}
	}
	for _, p := range c.patterns {
		if p.ID == id {
			continue
		}
		for _, r := range p.Relations {
			if slices.Contains(r.To, self) {
				out = append(out, Related{Relation: r, Other: r.From, Inbound: true})
			}
		}
	}
	return out
}

// Edges returns all relations in catalog order: the whole graph.
func (c *Catalog) Edges() []*Relation {
	var out []*Relation
	for _, p := range c.patterns {
		out = append(out, p.Relations...)
	}
	return out
}

// Rank returns the place of a pattern in a plan, from 0: what a relation of kind precedes puts first comes first, and
// apart from that the order of the catalog holds. Unknown ids rank last.
func (c *Catalog) Rank(id ID) int {
	if r, ok := c.rank[id]; ok {
		return r
	}
	return len(c.patterns)
}

// order ranks the patterns: each as early as the catalog has it, its predecessors directly before it.
func (b *builder) order() {
	before := map[ID][]ID{}
	for _, r := range b.cat.Edges() {
		if r.Kind != Precedes || r.From.Pattern == "" {
			continue
		}
		for _, to := range r.To {
			if to.Pattern != "" {
				before[to.Pattern] = append(before[to.Pattern], r.From.Pattern)
			}
		}
	}
	b.cat.rank = map[ID]int{}
	var open []ID
	var visit func(p *Pattern)
	visit = func(p *Pattern) {
		if _, done := b.cat.rank[p.ID]; done {
			return
		}
		if i := slices.Index(open, p.ID); i >= 0 {
			var loop []string
			for _, id := range append(slices.Clone(open[i:]), p.ID) {
				loop = append(loop, string(id))
			}
			b.errorf(p.Range, "Plan order is a loop", "No pattern can come first: %s.", strings.Join(loop, " after "))
			return
		}
		open = append(open, p.ID)
		for _, q := range b.cat.patterns { // catalog order, not the order of the relations
			if slices.Contains(before[p.ID], q.ID) {
				visit(q)
			}
		}
		open = open[:len(open)-1]
		if _, done := b.cat.rank[p.ID]; !done {
			b.cat.rank[p.ID] = len(b.cat.rank)
		}
	}
	for _, p := range b.cat.patterns {
		visit(p)
	}
}

// RuleIDs returns every rule id that the manifests and scenarios mention, sorted, for the test that compares them with
// the rules there are.
func (c *Catalog) RuleIDs() []string {
	var ids []string
	for _, p := range c.patterns {
		for _, l := range p.Leaves {
			ids = append(ids, l.Rules...)
		}
		for _, r := range p.Relations {
			ids = append(ids, r.Rules...)
		}
	}
	for _, s := range c.Scenarios {
		ids = append(ids, s.CheckedBy...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Leaves returns all leaves by id, those of archcheck's own included.
func (c *Catalog) Leaves() []*Leaf {
	var out []*Leaf
	for _, p := range c.patterns {
		out = append(out, p.Leaves...)
	}
	slices.SortFunc(out, func(x, y *Leaf) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// Leaf returns the leaf with this id, or nil.
func (c *Catalog) Leaf(id string) *Leaf {
	for _, p := range c.patterns {
		for _, l := range p.Leaves {
			if l.ID == id {
				return l
			}
		}
	}
	return nil
}
