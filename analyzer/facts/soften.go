package facts

import (
	"cmp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// maxRungs bounds the ladder: a list that a person will work through.
const maxRungs = 8

// journeyRec is rec.soften of rules.md Q3 for a journey that misses its objective: an outbox on every publish that lacks
// one, then step by step the call whose loss weighs most made soft or asynchronous, until the objective is met.
func (f *Facts) journeyRec(j *journey, slo SLOFacts, a Num) JourneyRec {
	out := JourneyRec{Soften: []Op{}, Rungs: []Rung{}, Ladder: Word{State: model.Absent}, Meets: Yes(true)}
	if !slo.Availability.HasValue() || !a.HasValue() || a.V >= slo.Availability.V {
		return out
	}
	g, c := f.g, f.paths.c
	window := slo.Window.V / minute
	c.cut = map[int32]bool{}
	defer func() { c.cut = nil }()
	now := c.product(g.closureOf(c, j), nil)
	var phrases []string
	rung := func(what string, at []string, ops []Op) {
		now = c.product(g.closureOf(c, j), nil)
		loss := complement(now).scale(window).num()
		loss.setText(minutes(loss.V))
		out.Soften = append(out.Soften, ops...)
		out.Rungs = append(out.Rungs, Rung{What: what, At: at, LossMinutes: loss})
		phrases = append(phrases, what+" "+loss.Text())
	}
	if at, ops := f.outboxes(j); len(at) > 0 {
		rung("outbox", at, ops)
	}
	for now.v < slo.Availability.V && len(out.Rungs) < maxRungs {
		id := f.heaviestCall(j)
		if id < 0 {
			break
		}
		e := &g.edges[id]
		c.cut[id] = true
		how, advice := softening(e, &g.ents[e.to])
		rung(e.label()+" "+how, []string{string(e.addr)}, []Op{{At: string(e.addr), Advise: &advice}})
	}
	if out.Meets = Yes(now.v >= slo.Availability.V); len(phrases) > 0 {
		out.Ladder = Is(strings.Join(phrases, ", "))
	}
	return out
}

// softening says how a call leaves the hard path: a read gets a fallback, a write becomes a message.
func softening(e *edge, to *ent) (how, advice string) {
	if e.call.Access.Or("") == "read" {
		return "soft", "Answer from a cache or a default when " + to.of.Self().Label + " fails."
	}
	return "async", "Publish " + e.label() + " as an event or a command instead of waiting for " + to.of.Self().Label + "."
}

// outboxes takes every publish that waits for its broker out of the closure and returns the operations that do so.
func (f *Facts) outboxes(j *journey) (at []string, ops []Op) {
	g, c := f.g, f.paths.c
	c.closure([]int32{j.end()})
	ids := c.edges()
	for _, p := range j.pairs {
		for i := range g.outArcs(p) {
			if a := &g.outArcs(p)[i]; g.hardArc(a) && g.edges[a.edge].pub != nil {
				ids = append(ids, a.edge)
			}
		}
	}
	slices.SortFunc(ids, func(a, b int32) int { return cmp.Compare(g.edges[a].addr, g.edges[b].addr) })
	for _, id := range slices.Compact(ids) {
		e := &g.edges[id]
		if e.pub == nil || g.ents[e.from].kind == model.KindClient {
			continue
		}
		c.cut[id] = true
		at = append(at, string(e.addr))
		op := Op{At: string(e.addr)}
		if store := f.storeBeside(e); store != "" {
			set := "outbox"
			op.Set, op.Value = &set, &OpOutbox{Store: store, Relay: "cdc"}
		} else {
			advice := "keep the event in a store of your own and relay it from there"
			op.Advise = &advice
		}
		ops = append(ops, op)
	}
	return at, ops
}

// storeBeside is the store with transactions that a trigger of a publish writes, empty for none.
func (f *Facts) storeBeside(e *edge) string {
	g, best := f.g, ""
	for _, p := range e.tails {
		for i := range g.outArcs(p) {
			a := &g.outArcs(p)[i]
			if a.async || a.edge < 0 || g.edges[a.edge].call == nil || g.edges[a.edge].call.Access.Or("") != "write" {
				continue
			}
			d, ok := g.ents[g.edges[a.edge].to].of.(*model.Datastore)
			if ok && d.Transactions.Or(false) && (best == "" || string(d.Addr) < best) {
				best = string(d.Addr)
			}
		}
	}
	return best
}

// heaviestCall is the hard call to a service or external below the journey's own steps that takes most of the loss away
// when it becomes soft, ties by address; -1 for none. What a call takes with it is what it dominates: everything in the
// closure that no other way leads to (Cooper, Harvey, Kennedy 2001).
func (f *Facts) heaviestCall(j *journey) int32 {
	g, c := f.g, f.paths.c
	s := c.walk([]int32{j.end()})
	best, most := int32(-1), 0.0
	newDominators(c, j.end()).gains(c, s, func(id int32, gain float64) {
		e := &g.edges[id]
		if k := g.ents[e.to].kind; e.call == nil || k != model.KindService && k != model.KindExternal ||
			e.call.Criticality.Written && e.call.Criticality.Or("") == "hard" {
			return
		}
		switch {
		case gain <= 1e-15:
		case gain > most*(1+1e-9), gain > most*(1-1e-9) && best >= 0 && e.addr < g.edges[best].addr:
			best, most = id, gain
		}
	})
	return best
}
