package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) transactionDocuments() []Document {
	var out []Document
	for _, t := range f.m.Transactions {
		out = append(out, Document{Addr: t.Addr, Subject: f.transactionFacts(t)})
	}
	return out
}

func (f *Facts) stepDocuments() []Document {
	var out []Document
	for _, t := range f.m.Transactions {
		for i := range t.Steps {
			out = append(out, Document{Addr: t.Steps[i].Addr, Subject: f.stepFacts(t, i)})
		}
	}
	return out
}

func (f *Facts) transactionFacts(t *model.Transaction) *TransactionFacts {
	w := writeSet{addr: t.Addr, pair: -1, tx: t, parts: f.stepStores(t), oneOn: true}
	set := f.writeSetFacts(&w)
	out := &TransactionFacts{
		Transaction: t, TransactionData: f.transactionData(t), UserFacing: set.UserFacing, StepCount: Exact(float64(len(t.Steps))), Stores: set.Stores, StoreCount: set.Count,
		Owners: set.Owners, OneServer: Yes(oneServer(f, w.parts)), SameData: Yes(sameData(f, w.parts)), Rate: set.Rate,
		Trigger: Word{State: model.Absent}, WorstCase: Absent(), Duration: Absent(), InFlight: Absent(), LatencySLO: Absent(),
		EventLoop: Yes(false), LoopServices: []string{}, Participants: f.participants(t, w.parts),
	}
	for _, s := range t.Steps {
		out.Services, out.Via = append(out.Services, string(s.In.V)), append(out.Via, string(s.Via.V))
		if b := f.m.Lookup(s.In.V); b != nil {
			out.Teams, out.Regions = append(out.Teams, b.Self().Team.Or("")), append(out.Regions, b.Self().Region.Or(""))
		}
		if i := f.g.ent(s.In.V); i >= 0 {
			for _, id := range f.g.ents[i].out {
				if to := &f.g.ents[f.g.edges[id].to]; to.kind == model.KindExternal {
					out.Externals = append(out.Externals, string(to.addr))
				}
			}
		}
	}
	for _, p := range w.parts {
		b := f.g.ents[p.store].of.Self()
		out.Teams, out.Regions = append(out.Teams, b.Team.Or("")), append(out.Regions, b.Region.Or(""))
	}
	out.Services, out.Via, out.Teams, out.Regions, out.Externals = compact(out.Services), compact(out.Via), compact(out.Teams), compact(out.Regions), compact(out.Externals)
	out.ServiceCount = Exact(float64(len(out.Services)))
	f.transactionTime(t, out)
	f.transactionOrder(t, out)
	out.Others = f.otherTransactions(t, w.parts)
	a := point(1)
	for _, s := range out.Services {
		if i := f.g.ent(model.Addr(s)); i >= 0 && !f.paths.avail[i].absent() {
			a = a.mul(f.paths.avail[i])
		}
	}
	for _, p := range w.parts {
		a = a.mul(f.paths.avail[p.store])
	}
	out.Availability = a.num()
	out.Availability.setText(percent(out.Availability.V))
	out.LoopServices = f.eventLoop(out.Services)
	out.EventLoop = Yes(len(out.LoopServices) > 0)
	return out
}

// transactionTime says how long a transaction takes where an orchestrator runs it.
func (f *Facts) transactionTime(t *model.Transaction, out *TransactionFacts) {
	g := f.g
	p := f.sagaTrigger(t)
	out.Synchronous = Yes(false)
	duration := MillisOf(t.Timeout).interval(string(t.Addr) + ".timeout")
	if p >= 0 {
		out.Trigger = Is(string(t.Orchestrator.V))
		if c := g.pairs[p].consume; c != nil {
			out.Trigger = Is(string(c.Addr))
		}
		out.WorstCase = f.t.service[p].millis()
		if duration.absent() {
			duration = f.t.service[p]
		}
		out.Synchronous = Yes(f.stepsWait(t, p))
		out.LatencySLO = f.strictestP99(p)
	}
	if !duration.absent() {
		out.Duration = duration.millis()
		out.InFlight = out.Rate.interval().mul(duration.scale(1 / second)).num()
	}
}

// stepsWait reports whether one trigger runs every step by a call that it waits for.
func (f *Facts) stepsWait(t *model.Transaction, p int32) bool {
	g := f.g
	if len(t.Steps) == 0 || g.pairs[p].kind == pairConsume {
		return false
	}
	for _, s := range t.Steps {
		ok := s.In.V == t.Orchestrator.V
		for i := range g.outArcs(p) {
			a := &g.outArcs(p)[i]
			ok = ok || !a.async && a.edge >= 0 && g.edges[a.edge].call != nil && g.ents[g.edges[a.edge].to].addr == s.In.V &&
				g.edges[a.edge].call.Reply.Or(true)
		}
		if !ok || s.Via.Has() {
			return false
		}
	}
	return true
}

// strictestP99 is the lowest latency objective among the journeys that go through a trigger's node, else the system's.
func (f *Facts) strictestP99(p int32) Num {
	best := Absent()
	for _, s := range f.k.reachedBy(f.g, p) {
		c, ok := f.g.ents[s].of.(*model.Client)
		if !ok || !c.SLO.Has() || c.SLO.V == nil || !c.SLO.V.LatencyP99.Has() {
			continue
		}
		if n := MillisOf(c.SLO.V.LatencyP99); !best.HasValue() || n.V < best.V {
			best = n
		}
	}
	if s := f.system.SLO.LatencyP99; !best.HasValue() && s.HasValue() {
		best = s
	}
	return best
}

// reachedBy are the entities from which synchronous calls lead to a trigger.
func (k *marks) reachedBy(g *graph, p int32) (out []int32) {
	met := make([]bool, len(g.pairs))
	met[p] = true
	g.up(met, func(a *arc) bool { return !a.async })
	for q := range met {
		if met[q] {
			out = append(out, g.pairs[q].ent)
		}
	}
	return out
}

// transactionOrder finds the pivots, and the steps that may fail after one: a compensatable one, a second pivot, one that
// is not retriable.
func (f *Facts) transactionOrder(t *model.Transaction, out *TransactionFacts) {
	out.Pivots, out.Misordered, out.StepsHeld = []string{}, []string{}, []string{}
	past := false
	for i, s := range t.Steps {
		typ := s.Type.Or("")
		if past && s.Type.Has() && typ != "retriable" {
			out.Misordered = append(out.Misordered, string(s.Addr))
		}
		if typ == "pivot" {
			out.Pivots = append(out.Pivots, string(s.Addr))
			past = true
		}
		if i < len(t.Steps)-1 && !past && !s.Compensate.Has() {
			out.StepsHeld = append(out.StepsHeld, string(s.Addr))
		}
	}
}

// participants are the resources that a two-phase commit over the steps has to enlist.
func (f *Facts) participants(t *model.Transaction, parts []written) []TxParticipant {
	out := []TxParticipant{}
	pivot := map[model.Addr]bool{}
	for _, s := range t.Steps {
		pivot[s.Addr] = s.Type.Or("") == "pivot"
	}
	for _, p := range parts {
		if d, ok := f.g.ents[p.store].of.(*model.Datastore); ok {
			xa := FlagOf(d.XA)
			if d.XA.IsUnknown() {
				xa.setNeeds(string(d.Addr) + ".xa")
			}
			out = append(out, TxParticipant{string(d.Addr), "datastore", WordOf(d.Engine), xa, Yes(pivot[p.via]), string(p.via)})
		}
	}
	add := func(ent int32, s *model.Step) {
		x := &f.g.ents[ent]
		if !slices.ContainsFunc(out, func(o TxParticipant) bool { return o.Addr == string(x.addr) }) {
			out = append(out, TxParticipant{string(x.addr), string(x.kind), f.end(ent).Engine, Yes(false), Yes(pivot[s.Addr]), string(s.Addr)})
		}
	}
	for _, s := range t.Steps {
		if i := f.g.ent(s.In.V); i >= 0 {
			for _, id := range f.g.ents[i].out {
				// Who is only asked has nothing to prepare.
				if e := &f.g.edges[id]; f.g.ents[e.to].kind == model.KindExternal && !(e.call != nil && e.call.Access.Or("") == "read") {
					add(e.to, s)
				}
			}
		}
		if s.Via.Has() {
			if i := f.g.ent(s.Via.V); i >= 0 {
				add(f.g.brokerOf(i), s)
			}
		}
	}
	return out
}

func (f *Facts) otherTransactions(t *model.Transaction, parts []written) []SharedTx {
	out := []SharedTx{}
	for _, o := range f.m.Transactions {
		if o == t {
			continue
		}
		s := SharedTx{Addr: string(o.Addr), Pattern: WordOf(o.Pattern)}
		for _, p := range f.stepStores(o) {
			if slices.ContainsFunc(parts, func(q written) bool { return q.store == p.store }) {
				s.Stores = append(s.Stores, string(f.g.ents[p.store].addr))
			}
		}
		for _, a := range o.Steps {
			if slices.ContainsFunc(t.Steps, func(b *model.Step) bool { return b.In.V == a.In.V }) {
				s.Services = append(s.Services, string(a.In.V))
			}
		}
		s.Stores, s.Services = compact(s.Stores), compact(s.Services)
		if len(s.Stores)+len(s.Services) > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b SharedTx) int { return compareAddr(model.Addr(a.Addr), model.Addr(b.Addr)) })
	return out
}

// eventLoop lists the services of the first loop of messages that goes through two of these.
func (f *Facts) eventLoop(services []string) []string {
	for i := range f.paths.loops {
		c, n, in := &f.paths.loops[i], 0, []string{}
		for _, e := range c.ents {
			if x := &f.g.ents[e]; x.kind == model.KindService {
				in = append(in, string(x.addr))
			}
		}
		for _, s := range in {
			if slices.Contains(services, s) {
				n++
			}
		}
		if !c.sync && n > 1 {
			return sortedSet(in)
		}
	}
	return []string{}
}

func oneServer(f *Facts, parts []written) bool {
	server := ""
	for _, p := range parts {
		d, ok := f.g.ents[p.store].of.(*model.Datastore)
		if !ok || !d.Server.Has() || server != "" && server != d.Server.V {
			return false
		}
		server = d.Server.V
	}
	return len(parts) > 0
}

func sameData(f *Facts, parts []written) bool {
	for i := 1; i < len(parts); i++ {
		a, _ := f.g.ents[parts[0].store].of.(*model.Datastore)
		b, _ := f.g.ents[parts[i].store].of.(*model.Datastore)
		if a == nil || b == nil || !slices.Equal(a.Data.V, b.Data.V) {
			return false
		}
	}
	return true
}

func (f *Facts) stepFacts(t *model.Transaction, i int) *StepFacts {
	s := t.Steps[i]
	out := &StepFacts{
		Step: s, Transaction: string(t.Addr), Pattern: WordOf(t.Pattern), TxEngine: WordOf(t.Engine), UserFacing: Yes(f.Standing(s.Addr).UserFacing),
		Position: Exact(float64(i + 1)), Last: Yes(i == len(t.Steps)-1), AfterPivot: Yes(false), Stores: []string{},
	}
	pivots, later := 0, false
	for k, o := range t.Steps {
		if o.Type.Or("") == "pivot" {
			pivots++
			later = later || k > i
			out.AfterPivot.V = out.AfterPivot.V || k < i
		}
	}
	out.BeforePivot = Yes(later || pivots == 0 && i < len(t.Steps)-1)
	out.ReadOnly = Yes(!s.Writes.Has())
	if s.Writes.Has() {
		out.Stores = append(out.Stores, string(s.Writes.V))
		return out
	}
	for _, d := range f.ownWrites(s.In.V) {
		out.Stores, out.ReadOnly = append(out.Stores, string(f.g.ents[d].addr)), Yes(false)
	}
	if e := f.g.ent(s.In.V); e >= 0 && len(f.g.ents[e].out) == 0 { // what it does is not drawn; a step changes something
		out.ReadOnly = Flag{State: model.Assumed}
	} else if e >= 0 && out.ReadOnly.V {
		for _, id := range f.g.ents[e].out {
			switch x := &f.g.edges[id]; {
			case x.pub != nil, x.call != nil && x.call.Access.Or("") == "write":
				out.ReadOnly = Yes(false)
			case x.call != nil && !x.call.Access.Has() && (out.ReadOnly.V || out.ReadOnly.State == model.Unknown):
				out.ReadOnly = Flag{State: model.Unknown, notes: needing(append(out.ReadOnly.Needs(), string(x.addr)+".access")...)}
			}
		}
	}
	return out
}
