package facts

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// Standing is what the severity and the rank of a finding depend on beside its rule (rules.md §0).
type Standing struct {
	UserFacing bool    // a user waits for the subject, or set off the message that it handles
	Financial  bool    // it, or something downstream of it, writes a store of financial data
	Carries    bool    // it carries such data itself: it is such a store, or writes one directly
	Share      float64 // of user traffic that goes through it
}

func (s Standing) or(o Standing) Standing {
	return Standing{s.UserFacing || o.UserFacing, s.Financial || o.Financial, s.Carries || o.Carries, math.Max(s.Share, o.Share)}
}

// Standing is the standing of any declared or computed subject. What has no place of its own in the traffic stands as
// the best of what belongs to it: members, steps, users, owner.
func (f *Facts) Standing(addr model.Addr) Standing {
	s, ok := f.stands[addr] // findings of many rules share a subject, journeys share their parts
	if !ok {
		s = f.standing(addr)
		f.stands[addr] = s
	}
	return s
}

func (f *Facts) standing(addr model.Addr) Standing {
	if i := f.g.ent(addr); i >= 0 {
		return f.standingOfEnt(i)
	}
	if e := f.m.Lookup(addr); e != nil {
		return f.standingOfDeclared(e)
	}
	if i, ok := f.paths.byAd[addr]; ok {
		j := &f.paths.js[i]
		s := Standing{
			UserFacing: f.g.ents[j.client].kind == model.KindClient && !f.g.scheduled(j.client),
			Financial:  f.k.financial[j.end()], Share: j.user,
		}
		ents, edges := f.carriers()
		f.passed(j, func(ent, edge int32) bool {
			s.Carries = ent >= 0 && ents[ent] || edge >= 0 && edges[edge]
			return !s.Carries
		})
		return s
	}
	return f.best(f.Parts(addr))
}

// carriers are the entities and the edges that carry financial data, each asked once: journeys pass the same ones.
func (f *Facts) carriers() (ents, edges []bool) {
	if f.carry[0] == nil {
		f.carry = [2][]bool{make([]bool, len(f.g.ents)), make([]bool, len(f.g.edges))}
		for i := range f.g.ents {
			f.carry[0][i] = f.standingOfEnt(int32(i)).Carries
		}
		for i := range f.g.edges {
			f.carry[1][i] = f.standingOfEdge(int32(i)).Carries
		}
	}
	return f.carry[0], f.carry[1]
}

func (f *Facts) best(addrs []model.Addr) (s Standing) {
	for _, a := range addrs {
		s = s.or(f.Standing(a))
	}
	return s
}

func (f *Facts) standingOfEnt(i int32) Standing {
	x := &f.g.ents[i]
	s := Standing{Financial: f.financialEnt(i), Share: f.paths.share.ent[i]}
	mark := f.k.waits
	if x.kind == model.KindTopic || x.kind == model.KindQueue {
		mark = f.k.user
	}
	s.UserFacing = f.g.anyPair(i, mark, false)
	if d, ok := x.of.(*model.Datastore); ok {
		s.Carries = financialData(d)
	} else {
		s.Carries = f.g.anyPair(i, f.paths.writes, true)
	}
	for _, id := range x.ins { // messages tell what a trigger has just written
		if e := &f.g.edges[id]; e.pub != nil {
			s.Carries = s.Carries || slices.ContainsFunc(e.tails, func(p int32) bool { return f.paths.writes[p] })
		}
	}
	return s
}

func (f *Facts) standingOfDeclared(e model.Entity) Standing {
	b := e.Self()
	switch x := e.(type) {
	case *model.System:
		var s Standing
		for _, c := range f.m.Clients {
			s = s.or(f.Standing(c.Addr))
		}
		s.Share = 1
		return s
	case *model.Call:
		return f.standingOfEdge(f.edgeAt(x.Addr))
	case *model.Publish:
		return f.standingOfEdge(f.edgeAt(x.Addr))
	case *model.Consume:
		if p, ok := f.consumePairs()[x]; ok {
			return Standing{f.k.user[p], f.k.financial[p], f.paths.writes[p], f.paths.share.pair[p]}
		}
	case *model.Policy:
		return f.best(f.policyUsers(x.Addr))
	case *model.Mesh:
		return f.best(x.Members.V)
	case *model.Transaction:
		s := f.best([]model.Addr{x.Orchestrator.V})
		for _, st := range x.Steps {
			s = s.or(f.Standing(st.Addr))
		}
		return s
	case *model.Step:
		return f.best([]model.Addr{x.In.V, x.Writes.V})
	case *model.Migration:
		s := f.best([]model.Addr{x.Legacy.V, x.Facade.V})
		for _, r := range x.Routes {
			s = s.or(f.Standing(r.Addr))
		}
		return s
	case *model.Route:
		return f.best([]model.Addr{x.To.V})
	case *model.Flag:
		return f.best(x.Used.V)
	case *model.Waiver:
		if a := model.Addr(x.Subject.V); !strings.Contains(string(a), "*") && a != x.Addr {
			return f.Standing(a)
		}
	}
	if b.Parent != "" {
		return f.Standing(b.Parent)
	}
	return Standing{}
}

// consumePairs finds the trigger of each consume.
func (f *Facts) consumePairs() map[*model.Consume]int {
	if f.consumes == nil {
		f.consumes = map[*model.Consume]int{}
		for p := range f.g.pairs {
			c := f.g.pairs[p].consume
			if _, there := f.consumes[c]; c != nil && !there {
				f.consumes[c] = p
			}
		}
	}
	return f.consumes
}

// edgeAt is the call or publish at an address, -1 for none.
func (f *Facts) edgeAt(a model.Addr) int32 {
	if i, ok := f.paths.edgeBy[a]; ok {
		return i
	}
	return -1
}

func (f *Facts) standingOfEdge(id int32) (s Standing) {
	if id < 0 {
		return s
	}
	g, e := f.g, &f.g.edges[id]
	for _, p := range e.tails {
		s.UserFacing = s.UserFacing || f.k.user[p]
		s.Share += f.paths.share.pair[p]
		s.Carries = s.Carries || e.pub != nil && f.paths.writes[p]
	}
	s.Share = math.Min(s.Share, f.paths.share.ent[e.from])
	if x := f.paths.share.edge[id]; x > 0 || g.ents[e.from].routing || g.ents[e.from].kind == model.KindClient {
		s.Share = x
	}
	if e.pub != nil {
		s.Financial = s.Carries || g.anyPair(e.to, f.k.financial, true)
		return s
	}
	if d, ok := g.ents[e.to].of.(*model.Datastore); ok {
		s.Carries = financialData(d) && e.call.Access.Or("") == "write"
		s.Financial = s.Carries
		return s
	}
	if site := g.callSite(e); site >= 0 {
		s.Financial, s.Carries = f.k.financial[site], f.paths.writes[site]
	}
	return s
}

// policyUsers are the calls that have something from a policy.
func (f *Facts) policyUsers(policy model.Addr) []model.Addr {
	var out []model.Addr
	for i := range f.g.edges {
		c := f.g.edges[i].call
		if c == nil {
			continue
		}
		from := []string{
			c.Timeout.From(), c.Deadline.From(), c.ConnectTimeout.From(), c.Retry.From(), c.CircuitBreaker.From(),
			c.Bulkhead.From(), c.RateLimit.From(), c.Fallback.From(), c.MeshRetry.From(), c.MeshBreaker.From(),
		}
		if c.Policy.Has() && c.Policy.V == policy || slices.Contains(from, string(policy)) {
			out = append(out, c.Addr)
		}
	}
	return out
}

// Parts are the declared parts of a computed subject, sorted: a journey's edges and nodes, the members of a cycle or a
// failure set with what is between them. Nil for a declared one. They are shared: do not change them.
func (f *Facts) Parts(addr model.Addr) []model.Addr {
	out, ok := f.parts[addr] // a journey of a large system has thousands, and each of its findings asks for them
	if !ok {
		if i, ok := f.paths.byAd[addr]; ok {
			out = f.partsOfJourney(&f.paths.js[i])
		} else if parts, ok := f.partsOfSet(addr); ok {
			slices.Sort(parts)
			out = slices.Compact(parts)
		}
		f.parts[addr] = out
	}
	return out
}

// partsOfSet are the parts of a cycle or a failure set; a broker's set has the broker's address.
func (f *Facts) partsOfSet(addr model.Addr) (out []model.Addr, ok bool) {
	for i := range f.paths.loops {
		if c := &f.paths.loops[i]; c.addr == addr {
			out = f.cycleEdges(c)
			for _, e := range c.ents {
				out = append(out, f.g.ents[e].addr)
			}
			return out, true
		}
	}
	for i := range f.paths.sets {
		if s := &f.paths.sets[i]; s.addr == addr {
			for _, m := range s.members {
				out = append(out, f.g.ents[m].addr)
			}
			return out, true
		}
	}
	return nil, false
}

func (f *Facts) partsOfJourney(j *journey) []model.Addr {
	ents, edges := make([]bool, len(f.g.ents)), make([]bool, len(f.g.edges))
	f.passed(j, func(ent, edge int32) bool {
		if ent >= 0 {
			ents[ent] = true
		} else {
			edges[edge] = true
		}
		return true
	})
	var out []model.Addr
	for _, x := range f.placesByAddr() {
		if x.ent >= 0 && ents[x.ent] || x.edge >= 0 && edges[x.edge] {
			out = append(out, x.addr)
		}
	}
	return slices.Compact(out)
}

// passed calls visit with what a request of a journey passes, entities (edge < 0) and edges (ent < 0), some more than once,
// until visit has enough: everything behind the last step, soft calls too, not only what it needs.
func (f *Facts) passed(j *journey, visit func(ent, edge int32) bool) {
	g, c := f.g, f.paths.c
	if !visit(j.client, -1) {
		return
	}
	for i, id := range j.steps {
		if !visit(-1, id) || !visit(g.pairs[j.pairs[i]].ent, -1) {
			return
		}
	}
	met := make([]bool, len(g.pairs))
	met[j.end()] = true
	for queue := []int32{j.end()}; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if !visit(g.pairs[p].ent, -1) {
			return
		}
		q := c.rep[p]
		if q < 0 {
			q = p
		}
		for i := range g.outArcs(q) {
			a := &g.outArcs(q)[i]
			if a.edge < 0 || g.pairs[a.head].kind == pairWrites || c.rep[p] < 0 && a.maybe {
				continue
			}
			if !visit(-1, a.edge) {
				return
			}
			if !a.async && !met[a.head] {
				met[a.head] = true
				queue = append(queue, a.head)
			}
		}
	}
}

// place is an entity or an edge, -1 for the other.
type place struct {
	addr      model.Addr
	ent, edge int32
}

// placesByAddr are all entities and edges by address: sorting the parts of every journey anew took longer than finding
// them.
func (f *Facts) placesByAddr() []place {
	if f.places == nil {
		for i := range f.g.ents {
			f.places = append(f.places, place{f.g.ents[i].addr, int32(i), -1})
		}
		for i := range f.g.edges {
			f.places = append(f.places, place{f.g.edges[i].addr, -1, int32(i)})
		}
		slices.SortFunc(f.places, func(a, b place) int { return cmp.Compare(a.addr, b.addr) })
	}
	return f.places
}
