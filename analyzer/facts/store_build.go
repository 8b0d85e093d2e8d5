package facts

import (
	"cmp"
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) storeDocuments() []Document {
	out := make([]Document, 0, len(f.m.Datastores))
	joins, users, models := f.joins(), f.storeUsers(), f.readModels()
	for _, d := range f.m.Datastores {
		out = append(out, Document{Addr: d.Addr, Subject: f.storeFacts(d, users[d.Addr], joins, models[d.Addr])})
	}
	return out
}

// storeUse is how one node uses a store.
type storeUse struct {
	node          model.Addr
	calls         []int32
	writes, reads bool // certainly
	unknown       bool // nobody knows which
}

func (u *storeUse) access() Word {
	switch {
	case u.writes:
		return Is("write")
	case u.unknown:
		return Word{State: model.Unknown}
	}
	return Is("read")
}

// storeUsers collects the users of every store, by address: calls, outboxes, steps, separated models, event stores.
func (f *Facts) storeUsers() map[model.Addr][]*storeUse {
	out := map[model.Addr][]*storeUse{}
	at := map[[2]model.Addr]*storeUse{}
	use := func(store, node model.Addr) *storeUse {
		key := [2]model.Addr{store, node}
		if at[key] == nil {
			at[key] = &storeUse{node: node}
			out[store] = append(out[store], at[key])
		}
		return at[key]
	}
	for i := range f.g.edges {
		e := &f.g.edges[i]
		from := f.g.ents[e.from].addr
		if e.pub != nil {
			if o := e.pub.Outbox; o.Has() && o.V != nil && o.V.Store.Has() {
				use(o.V.Store.V, from).writes = true
			}
			continue
		}
		if f.g.ents[e.to].kind != model.KindDatastore {
			continue
		}
		u := use(f.g.ents[e.to].addr, from)
		u.calls = append(u.calls, int32(i))
		switch {
		case !e.call.Access.Has():
			u.unknown = true
		case e.call.Access.V == "write":
			u.writes = true
		default:
			u.reads = true
		}
	}
	for _, s := range f.m.Services {
		if q := s.CQRS; q.Has() && q.V != nil {
			// Who only answers queries names the write store and leaves the writing to others.
			if list := out[q.V.Write.V]; q.V.Write.Has() && (len(list) == 0 || usesStore(list, s.Addr)) {
				use(q.V.Write.V, s.Addr).writes = true
			}
			if q.V.Read.Has() {
				use(q.V.Read.V, s.Addr).reads = true
			}
		}
		if e := s.EventSourcing; e.Has() && e.V != nil {
			use(e.V.Store.V, s.Addr).writes = true
			for _, a := range e.V.Projections.V {
				if list := out[a]; len(list) == 0 || usesStore(list, s.Addr) { // another service may build it from the log
					use(a, s.Addr).writes = true
				}
			}
		}
	}
	for _, t := range f.m.Transactions {
		for _, s := range t.Steps {
			if s.Writes.Has() {
				use(s.Writes.V, s.In.V).writes = true
			}
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b *storeUse) int { return cmp.Compare(a.node, b.node) })
	}
	return out
}

func usesStore(list []*storeUse, node model.Addr) bool {
	return slices.ContainsFunc(list, func(u *storeUse) bool { return u.node == node })
}

func (f *Facts) storeFacts(d *model.Datastore, users []*storeUse, joins map[model.Addr]join, of []*model.Service) *StoreFacts {
	i := f.g.ent(d.Addr)
	out := &StoreFacts{Datastore: d, UserFacing: Yes(f.standingOfEnt(i).UserFacing), Blast: Exact(f.paths.blast[i])}
	out.StoreUsers = f.usersOf(d, users, of)
	out.StoreConnections = f.connections(d, out.Users)
	out.StoreLoad = f.storeLoad(d, i, users, joins[d.Addr])
	return out
}

func (f *Facts) usersOf(d *model.Datastore, users []*storeUse, of []*model.Service) StoreUsers {
	out := StoreUsers{
		Users: []StoreUser{}, KnownWriters: []string{}, PossibleWriter: []string{}, Readers: []string{}, ReadModelOf: []string{},
		Foreign: []string{}, ForeignMaybe: []string{}, TeamsDiffer: Yes(false), WriterWaits: Yes(false), SeparatesReads: Yes(false),
		Migration: Word{State: model.Absent}, Finish: Word{State: model.Absent},
	}
	workers, teams, writerTeams := 0.0, map[string]bool{}, map[string]bool{}
	var fed []model.Addr
	for _, s := range of {
		out.ReadModelOf = append(out.ReadModelOf, string(s.Addr))
		fed = append(append(fed, s.Addr), f.consumersOf(model.Addr(s.CQRS.V.Sync.Or("")))...)
	}
	for _, u := range users {
		su := f.storeUser(d, u)
		out.Users = append(out.Users, su)
		w, ok := f.m.Lookup(u.node).(model.Worker)
		if !ok {
			continue
		}
		workers++
		teams[su.Team.V] = true
		if s, ok := w.(*model.Service); ok && s.CQRS.Has() {
			out.SeparatesReads = Yes(true)
		}
		foreign := len(out.ReadModelOf) > 0 && !slices.Contains(fed, u.node)
		switch {
		case u.writes:
			out.KnownWriters = append(out.KnownWriters, su.Addr)
			if su.Team.State.HasValue() {
				writerTeams[su.Team.V] = true
			}
			out.WriterWaits.V = out.WriterWaits.V || su.UserFacing.V
			if foreign {
				out.Foreign = append(out.Foreign, su.Addr)
			}
		case u.unknown:
			out.PossibleWriter = append(out.PossibleWriter, su.Addr)
			if foreign {
				out.ForeignMaybe = append(out.ForeignMaybe, su.Addr)
			}
		default:
			out.Readers = append(out.Readers, su.Addr)
		}
	}
	sure, maybe := float64(len(out.KnownWriters)), float64(len(out.PossibleWriter))
	out.UserCount, out.Writers = Exact(workers), Between(sure, sure+maybe, sure+maybe)
	for _, u := range users {
		if u.unknown && !u.writes {
			for _, id := range u.calls {
				if len(out.Writers.Needs()) < 4 && !f.g.edges[id].call.Access.Has() {
					out.Writers.setNeeds(append(out.Writers.Needs(), string(f.g.edges[id].addr)+".access")...)
				}
			}
		}
	}
	out.TeamsDiffer = Yes(len(writerTeams) > 1)
	out.OneTeam = Yes(len(teams) == 1 && !teams[""])
	for _, m := range f.m.Migrations {
		legacy := slices.ContainsFunc(users, func(u *storeUse) bool { return u.node == m.Legacy.V })
		now := slices.ContainsFunc(m.Routes, func(r *model.Route) bool {
			return slices.ContainsFunc(users, func(u *storeUse) bool { return u.node == r.To.V && r.To.Has() })
		})
		if legacy && now && !out.Migration.State.HasValue() {
			out.Migration, out.Finish = Is(string(m.Addr)), WordOf(m.Finish)
		}
	}
	return out
}

// readModels are the services with separated reads, by their read store.
func (f *Facts) readModels() map[model.Addr][]*model.Service {
	out := map[model.Addr][]*model.Service{}
	for _, s := range f.m.Services {
		if q := valueOf(s.CQRS); q != nil && q.Read.Has() && q.Read.V != q.Write.V {
			out[q.Read.V] = append(out[q.Read.V], s)
		}
	}
	return out
}

// consumersOf are the nodes that take messages from a channel.
func (f *Facts) consumersOf(channel model.Addr) (out []model.Addr) {
	for p := range f.g.pairs {
		if c := f.g.pairs[p].consume; c != nil && c.From.V == channel {
			out = append(out, f.g.ents[f.g.pairs[p].ent].addr)
		}
	}
	return out
}

func (f *Facts) storeUser(d *model.Datastore, u *storeUse) StoreUser {
	i := f.g.ent(u.node)
	x := &f.g.ents[i]
	out := StoreUser{
		Addr: string(u.node), Type: string(x.kind), Via: []string{}, Access: u.access(), Team: WordOf(x.of.Self().Team),
		Legacy: Yes(false), UserFacing: Yes(f.standingOfEnt(i).UserFacing), Scheduled: Yes(f.onlyScheduled(i)),
		Owner: Yes(d.Owner.Has() && d.Owner.V == u.node), Replicas: Absent(), Pool: Absent(), Surge: Absent(), Strategy: Word{State: model.Absent},
	}
	if s, ok := x.of.(*model.Service); ok {
		out.Legacy = FlagOf(s.Legacy)
	}
	rate, pool := zero, zero
	for k, id := range u.calls {
		e := &f.g.edges[id]
		out.Via = append(out.Via, string(e.addr))
		if k == 0 {
			rate = f.load[id]
		} else {
			rate = sumRates(rate, f.load[id])
		}
		pool = pool.add(NumOf(e.call.Pool).interval(string(e.addr) + ".pool"))
	}
	out.Rate = rate.num()
	if _, ok := x.of.(model.Worker); ok && len(u.calls) > 0 {
		out.Replicas, out.Pool = replicasOf(x.of), pool.num()
		out.Strategy, out.Surge = f.release(i)
	}
	return out
}

// onlyScheduled reports whether every caller of a node is a scheduler, and there is one.
func (f *Facts) onlyScheduled(i int32) bool {
	some := false
	for _, id := range f.g.ents[i].ins {
		if f.g.edges[id].call != nil {
			if some = true; !f.g.scheduled(f.g.edges[id].from) {
				return false
			}
		}
	}
	return some
}

// release is how a node is released, and how many copies more run meanwhile.
func (f *Facts) release(i int32) (Word, Num) {
	w := f.g.ents[i].of.(model.Worker)
	n := replicasOf(w).interval(string(w.Self().Addr) + ".scale.replicas")
	strategy := Word{State: model.Unknown}
	if v := w.Work().Deploy; v.Has() && v.V != nil {
		strategy = WordOf(v.V.Strategy)
	}
	if !strategy.State.HasValue() && f.system.Platform.V == "kubernetes" {
		strategy = Word{State: model.Profile, V: "rolling", notes: spelt("", "kubernetes")}
	}
	return strategy, n.apply(func(n float64) float64 { return f.surge(i, n) }).num()
}

func (f *Facts) connections(d *model.Datastore, users []StoreUser) StoreConnections {
	out := StoreConnections{Connections: Absent(), AtSurge: Absent(), Usable: Absent(), RecPool: Absent(), SurgeStrategy: Word{State: model.Absent}}
	steady, surge, copies, pools, most := zero, zero, zero, 0, 0.0
	for _, u := range users {
		if u.Pool.State == model.Absent {
			continue
		}
		pools++
		n, pool := u.Replicas.interval(u.Addr+".scale.replicas"), u.Pool.interval()
		if !u.Pool.HasValue() { // counted with nothing, so that too many stays provable
			steady, surge = sumUnknown(steady, pool.needs), sumUnknown(surge, pool.needs)
			continue
		}
		all := n.add(u.Surge.interval())
		steady, surge, copies = sumRates(steady, n.mul(pool)), sumRates(surge, all.mul(pool)), sumRates(copies, all)
		if x := u.Surge.V * u.Pool.V; x > most {
			most, out.SurgeBy, out.SurgeStrategy = x, u.Addr, u.Strategy
		}
	}
	if pools == 0 {
		return out
	}
	if copies.v == 0 && copies.hi == 0 { // no pool is stated
		steady.v, surge.v = nan, nan
	}
	out.Connections, out.AtSurge = steady.num(), surge.num()
	usable := NumOf(d.MaxConnections).interval(string(d.Addr) + ".max_connections").scale(1 - f.params.ConnectionReserve)
	out.Usable = usable.num()
	out.RecPool = usable.div(copies).apply(math.Floor).num()
	return out
}

// sumUnknown adds a number that nobody knows to a sum: nothing to lower bound and value, no upper bound.
func sumUnknown(a interval, needs []string) interval {
	return a.with(interval{needs: needs}, a.lo, a.v, inf)
}
