package facts

import (
	"math"
	"strconv"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) journeyDocuments() []Document {
	out := make([]Document, len(f.paths.js))
	for i := range f.paths.js {
		out[i] = Document{Addr: f.paths.js[i].addr, Subject: f.journeyFacts(int32(i))}
	}
	return out
}

// Journeys says how many journeys there are and how much of the traffic those cover that are told apart.
func (f *Facts) Journeys() JourneyCoverage { return f.paths.cov }

func (f *Facts) journeyFacts(i int32) *JourneyFacts {
	g, j := f.g, &f.paths.js[i]
	out := &JourneyFacts{
		Client: string(g.ents[j.client].addr), Entry: string(g.edges[j.steps[0]].addr), EndsIn: string(g.ents[g.pairs[j.end()].ent].addr),
		UserFacing: Yes(g.ents[j.client].kind == model.KindClient && !g.scheduled(j.client)),
		Financial:  Yes(f.k.financial[j.end()]), Rate: j.rate.num(), Share: Exact(j.weight),
	}
	for _, e := range j.steps {
		out.Steps = append(out.Steps, string(g.edges[e].addr))
	}
	slo := f.objective(j)
	out.JourneyAvailability = f.journeyAvailability(j, slo)
	out.JourneyTime = f.journeyTime(j, slo)
	out.JourneyMessages = f.journeyMessages(j)
	out.Rec = f.journeyRec(j, slo, out.Availability)
	return out
}

// objective is the client's objective, else the system's, key by key. What the system promises it promises to those who
// wait for an answer: a scheduler has only objectives of its own.
func (f *Facts) objective(j *journey) SLOFacts {
	out := SLOFacts{Availability: Absent(), LatencyP99: Absent(), Window: Absent()}
	take := func(to *Num, n Num, from string) {
		if to.State == model.Absent && n.State != model.Absent {
			if from != "" && n.HasValue() && n.State != model.Default {
				n.State = model.Inherited
				n.setFrom(from)
			}
			*to = n
		}
	}
	from := func(v model.Value[*model.SLO], owner model.Addr, at string) {
		s := sloFacts(v, owner)
		take(&out.Availability, s.Availability, at)
		take(&out.LatencyP99, s.LatencyP99, at)
		if s.Window.State != model.Default || at != "" {
			take(&out.Window, s.Window, at)
		}
	}
	if c, ok := f.g.ents[j.client].of.(*model.Client); ok {
		from(c.SLO, c.Addr, "")
	}
	if s := f.m.System; s != nil && !f.g.scheduled(j.client) {
		from(s.SLO, s.Addr, string(s.Addr))
	}
	if !out.Window.HasValue() {
		out.Window = Num{State: model.Default, V: 30 * day, Lo: 30 * day, Hi: 30 * day}
	}
	return out
}

func (f *Facts) journeyAvailability(j *journey, slo SLOFacts) JourneyAvailability {
	window := slo.Window.V / minute
	a := j.avail
	a.needs = f.availabilityNeeds(j)
	out := JourneyAvailability{
		Objective: slo.Availability, Availability: a.num(), LossMinutes: complement(a).scale(window).num(), BudgetMinutes: Absent(), Window: slo.Window,
		LossOverBudget: Absent(), AssumedShare: Exact(j.guess), Components: Exact(float64(j.parts)), Hard: []HardPart{},
	}
	if out.Settled = Yes(true); j.guess >= f.params.AssumedShare {
		out.Settled = Flag{State: model.Unknown, notes: needing(a.needs...)}
	}
	out.Availability.setText(percent(out.Availability.V))
	out.LossMinutes.setText(minutes(out.LossMinutes.V))
	budget := missing
	if slo.Availability.HasValue() {
		budget = point((1 - slo.Availability.V) * window)
		out.BudgetMinutes = budget.num()
		out.BudgetMinutes.setText(minutes(budget.v))
		out.LossOverBudget = complement(a).scale(window).div(budget).num()
	}
	total := 0.0
	for _, p := range j.top {
		total += p.p * (1 - f.paths.avail[p.ent].v)
	}
	total = math.Max(total, 1-a.v) // beyond the parts listed
	for _, p := range j.top {
		x := f.paths.avail[p.ent]
		h := HardPart{
			Addr: string(f.g.ents[p.ent].addr), Type: string(f.g.ents[p.ent].kind), Availability: f.availabilityFact(p.ent),
			Share: over(p.p*(1-x.v), total), BudgetShare: Absent(), Needed: p.p,
		}
		if !budget.absent() {
			h.BudgetShare = complement(x).scale(p.p * window).div(budget).num()
		}
		out.Hard = append(out.Hard, h)
	}
	return out
}

// availabilityFact is A_own as a fact: as stated, unknown for an external without a contract, else assumed.
func (f *Facts) availabilityFact(ent int32) Num {
	var v model.Value[float64]
	switch e := f.g.ents[ent].of.(type) {
	case model.Worker:
		v = e.Work().Availability
	case *model.Datastore:
		v = e.Availability
	case *model.Broker:
		v = e.Availability
	case *model.Registry:
		v = e.Availability
	case *model.External:
		v = e.Availability
	}
	if v.Has() {
		return NumOf(v)
	}
	n := f.paths.avail[ent].num()
	n.setNeeds(f.availabilityNeed(ent)...)
	switch {
	case f.g.ents[ent].kind == model.KindExternal && n.Assumes != 0:
		n.State, n.V = model.Unknown, nan
	case n.Assumes != 0:
		n.State = model.Assumed
	}
	n.setText(percent(n.V))
	return n
}

// availabilityNeed is what to state so that an entity's availability rests on no assumption.
func (f *Facts) availabilityNeed(ent int32) []string {
	x := &f.g.ents[ent]
	if _, ok := x.of.(model.Worker); ok && !replicasOf(x.of).HasValue() {
		return []string{string(x.addr) + ".scale.replicas"}
	}
	return []string{string(x.addr) + ".availability"}
}

// availabilityNeeds are the statements that would settle most of a journey's availability: contracts of externals first,
// then the assumed parts that lose most.
func (f *Facts) availabilityNeeds(j *journey) []string {
	var out []string
	for _, external := range []bool{true, false} {
		for _, p := range j.top {
			if x := f.paths.avail[p.ent]; x.as != 0 && (f.g.ents[p.ent].kind == model.KindExternal) == external && len(out) < 4 {
				out = append(out, f.availabilityNeed(p.ent)...)
			}
		}
	}
	return out
}

// percent spells an availability with as many nines as it takes: 99.643 %.
func percent(a float64) string {
	if math.IsNaN(a) {
		return ""
	}
	digits := 3
	for x := 1 - a; digits < 9 && x > 0 && x < 5e-5; x *= 10 {
		digits++
	}
	scale := math.Pow(10, float64(digits))
	return strconv.FormatFloat(math.Round(a*100*scale)/scale, 'f', -1, 64) + " %"
}

// minutes spells a time in minutes with one decimal.
func minutes(m float64) string {
	if math.IsNaN(m) {
		return ""
	}
	return strconv.FormatFloat(math.Round(m*10)/10, 'f', -1, 64) + " min"
}

func (f *Facts) journeyMessages(j *journey) JourneyMessages {
	g, e := f.g, &f.g.edges[j.steps[0]]
	out := JourneyMessages{
		EntryReply: Flag{State: model.Derived}, EntryAccess: Is("write"), Staleness: Absent(), StrongStep: Yes(false), Replies: []ReplyWait{},
	}
	if e.call != nil {
		out.EntryReply, out.EntryAccess = FlagOf(e.call.Reply), WordOf(e.call.Access)
		out.EntryAccess.setNeeds(string(e.addr) + ".access")
	}
	if c, ok := g.ents[j.client].of.(*model.Client); ok {
		out.Staleness = MillisOf(c.ToleratesStaleness)
	}
	strong := f.paths.strong
	if len(strong) == 0 && !f.paths.awaits {
		return out
	}
	f.paths.c.walk([]int32{j.end()})
	for i := len(f.paths.c.order) - 1; i >= 0; i-- {
		p := f.paths.c.order[i]
		if strong[g.ents[g.pairs[p].ent].addr] {
			out.StrongStep = Yes(true)
		}
		out.Replies = append(out.Replies, f.repliesOf(p)...)
	}
	return out
}

// repliesOf are the requests over channels whose replies a trigger waits for.
func (f *Facts) repliesOf(p int32) (out []ReplyWait) {
	g := f.g
	x := &g.ents[g.pairs[p].ent]
	for q := x.first; q < x.last; q++ {
		c := g.pairs[q].consume
		if c == nil || !c.AwaitsReply.Or(false) {
			continue
		}
		last := int32(-1)
		for i := range g.outArcs(p) {
			a := &g.outArcs(p)[i]
			if a.edge < 0 || a.edge == last || g.edges[a.edge].pub == nil {
				continue
			}
			last = a.edge
			to := &g.ents[g.edges[a.edge].to]
			w := ReplyWait{
				Service: string(x.addr), Publish: string(g.edges[a.edge].addr), To: string(to.addr), ToType: string(to.kind),
				Consume: string(c.Addr), From: string(c.From.V),
			}
			if from := g.ent(c.From.V); from >= 0 {
				w.FromType = string(g.ents[from].kind)
			}
			out = append(out, w)
		}
	}
	return out
}
