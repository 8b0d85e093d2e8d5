package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) cycleDocuments() []Document {
	out := make([]Document, 0, len(f.paths.loops))
	for i := range f.paths.loops {
		out = append(out, Document{Addr: f.paths.loops[i].addr, Subject: f.cycleFacts(&f.paths.loops[i])})
	}
	return out
}

func (f *Facts) cycleFacts(c *cycle) *CycleFacts {
	out := &CycleFacts{
		Waits: Yes(c.sync), Level: Is(c.level), Members: []string{}, Size: Exact(float64(len(c.ents))), Gain: Exact(c.gain),
		Teams: []string{}, UserFacing: Yes(false), Edges: words(f.cycleEdges(c)),
	}
	if math.IsNaN(c.gain) {
		out.Gain = Absent()
	}
	for _, e := range c.ents {
		out.Members = append(out.Members, string(f.g.ents[e].addr))
		if t := f.g.ents[e].of.Self().Team; t.Has() {
			out.Teams = append(out.Teams, t.V)
		}
		if f.standingOfEnt(e).UserFacing {
			out.UserFacing = Yes(true)
		}
	}
	slices.Sort(out.Teams)
	out.Teams = slices.Compact(out.Teams)
	return out
}

// cycleEdges are the edges between the members of a loop, sorted.
func (f *Facts) cycleEdges(c *cycle) []model.Addr {
	g := f.g
	out := []model.Addr{}
	for _, k := range c.arcs {
		if a := &g.arcs[k]; a.edge >= 0 {
			out = append(out, g.edges[a.edge].addr)
		} else if con := g.pairs[a.head].consume; con != nil {
			out = append(out, con.Addr)
		}
	}
	if len(c.arcs) == 0 {
		in := map[int32]bool{}
		for _, e := range c.ents {
			in[e] = true
		}
		for _, e := range c.ents {
			for _, id := range g.ents[e].out {
				if x := &g.edges[id]; x.call != nil && in[x.to] {
					out = append(out, x.addr)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
