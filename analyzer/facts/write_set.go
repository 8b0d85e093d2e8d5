package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// WriteSetFacts are the stores that one unit of work writes: a transaction's, or those that one trigger of a service
// brings together.
type WriteSetFacts struct {
	Of           Word         `fact:"of" doc:"transaction or trigger"`
	Service      string       `fact:"service" doc:"the orchestrator, or the service of the trigger; empty for a choreographed transaction"`
	Pattern      Word         `fact:"pattern" doc:"the transaction's pattern; absent for a trigger"`
	Consistency  Word         `fact:"consistency" doc:"the transaction's consistency; absent for a trigger"`
	Stores       []WriteStore `fact:"stores" doc:"the stores, in the order in which they are written"`
	Count        Num          `fact:"count" unit:"count" doc:"stores"`
	Services     []string     `fact:"services" doc:"who writes them"`
	Owners       []string     `fact:"owners" doc:"their owners"`
	Independent  Num          `fact:"independent" unit:"count" doc:"groups of stores that no local transaction spans: different owners, engines or kinds; stores that are derived, or that the change stream of another one feeds, left out"`
	OneUnit      Flag         `fact:"one_unit" doc:"one request writes them all: a transaction says so, or the calls share an on; where neither is stated, assumed from calls that are meant to write"`
	Named        Flag         `fact:"named" doc:"a transaction names these writes"`
	Transactions []string     `fact:"transactions" doc:"transactions that do"`
	UserFacing   Flag         `fact:"user_facing" doc:"a user sets it off"`
	Financial    Flag         `fact:"financial" doc:"one of the stores holds financial data"`
	Rate         Num          `fact:"rate" unit:"rps" doc:"units of work per second"`
	BrokenPerDay Num          `fact:"broken_per_day" unit:"count" doc:"units left half done per day if every write succeeds with 99.9 %"`
	First        string       `fact:"first" doc:"the store written first"`
	Rest         []string     `fact:"rest" doc:"the others"`
}

// WriteStore is one store of a unit of work.
type WriteStore struct {
	Addr    string `fact:"addr" doc:"the store"`
	Via     string `fact:"via" doc:"the call or step that leads to it"`
	Service string `fact:"service" doc:"who writes it, or who is called to write it"`
	Owner   Word   `fact:"owner" doc:"its owner"`
	Kind    Word   `fact:"kind" doc:"kind of datastore"`
	Engine  Word   `fact:"engine" doc:"its product"`
	Data    List   `fact:"data" doc:"classes of data in it"`
	XA      Flag   `fact:"xa" doc:"it can prepare a distributed transaction"`
	Derived Flag   `fact:"derived" doc:"it only repeats what another store holds"`
}

func (f *Facts) writeSetDocuments() []Document {
	var out []Document
	for _, w := range f.writeSets() {
		out = append(out, Document{Addr: w.addr, Subject: f.writeSetFacts(&w)})
	}
	return out
}

func (f *Facts) writeSetFacts(w *writeSet) *WriteSetFacts {
	gone := Word{State: model.Absent}
	out := &WriteSetFacts{
		Of: Is("trigger"), Pattern: gone, Consistency: gone, Stores: []WriteStore{}, Count: Exact(float64(len(w.parts))), Services: []string{},
		Owners: []string{}, Independent: Exact(float64(f.independent(w.parts))), OneUnit: Flag{State: model.Assumed, V: w.meant},
		Named: Yes(false), Transactions: []string{}, Financial: Yes(false), Rest: []string{},
	}
	if w.oneOn {
		out.OneUnit = Yes(true)
	}
	rate := interval{v: nan, hi: inf}
	if w.tx != nil {
		out.Of, out.Pattern, out.Consistency = Is("transaction"), WordOf(w.tx.Pattern), WordOf(w.tx.Consistency)
		out.Service, out.Named, out.Transactions = string(w.tx.Orchestrator.V), Yes(true), []string{string(w.tx.Addr)}
		out.UserFacing = Yes(f.Standing(w.tx.Addr).UserFacing)
		rate.needs = []string{string(w.tx.Addr) + ".orchestrator"}
		if p := f.sagaTrigger(w.tx); p >= 0 {
			rate = f.r.rate(f.g, p)
		}
	} else {
		x := &f.g.ents[f.g.pairs[w.pair].ent]
		out.Service, out.UserFacing = string(x.addr), Yes(f.k.user[w.pair])
		rate = f.r.rate(f.g, w.pair)
		for _, t := range f.m.Transactions {
			if f.names(t, w, x.addr) {
				out.Transactions = append(out.Transactions, string(t.Addr))
			}
		}
		out.Named = Yes(len(out.Transactions) > 0)
	}
	for i, p := range w.parts {
		d, ok := f.g.ents[p.store].of.(*model.Datastore)
		if !ok {
			continue
		}
		out.Stores = append(out.Stores, WriteStore{
			Addr: string(d.Addr), Via: string(p.via), Service: string(p.service), Owner: WordOf(d.Owner), Kind: WordOf(d.StoreKind),
			Engine: WordOf(d.Engine), Data: listOf(d.Data), XA: FlagOf(d.XA), Derived: Yes(f.paths.derived[d.Addr]),
		})
		out.Services = append(out.Services, string(p.service))
		if d.Owner.Has() {
			out.Owners = append(out.Owners, string(d.Owner.V))
		}
		out.Financial.V = out.Financial.V || financialData(d)
		if i == 0 {
			out.First = string(d.Addr)
		} else {
			out.Rest = append(out.Rest, string(d.Addr))
		}
	}
	slices.Sort(out.Services)
	slices.Sort(out.Owners)
	out.Services, out.Owners = slices.Compact(out.Services), slices.Compact(out.Owners)
	out.Rate = rate.num()
	out.BrokenPerDay = rate.scale((1 - math.Pow(0.999, float64(len(w.parts)))) * day / second).num()
	return out
}

// names reports whether a transaction names the writes of a trigger: the services that it calls to write are services of
// steps, or the stores are written by steps.
func (f *Facts) names(t *model.Transaction, w *writeSet, service model.Addr) bool {
	steps := 0
	for _, p := range w.parts {
		in := slices.ContainsFunc(t.Steps, func(s *model.Step) bool {
			return s.In.V == p.service && (p.service != service || !s.Writes.Has() || s.Writes.V == f.g.ents[p.store].addr)
		})
		switch {
		case in:
			steps++
		case p.service != service: // an own store is committed beside
			return false
		}
	}
	return steps > 0
}

// sagaTrigger is the trigger of the orchestrator that calls most of a transaction's steps, -1 for none.
func (f *Facts) sagaTrigger(t *model.Transaction) int32 {
	g := f.g
	i := g.ent(t.Orchestrator.Or(""))
	if i < 0 {
		return -1
	}
	best, most := int32(-1), 0
	for p := g.ents[i].first; p < g.ents[i].last; p++ {
		met := map[int32]bool{}
		for k := range g.outArcs(p) {
			a := &g.outArcs(p)[k]
			if a.edge < 0 {
				continue
			}
			to := g.edges[a.edge].to
			if slices.ContainsFunc(t.Steps, func(s *model.Step) bool {
				return s.In.V == g.ents[to].addr || s.Via.Has() && s.Via.V == g.ents[to].addr
			}) {
				met[to] = true
			}
		}
		if len(met) > most {
			best, most = p, len(met)
		}
	}
	return best
}
