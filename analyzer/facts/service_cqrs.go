package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ServiceCQRS is what a service's separate read and write models cost and promise; without `cqrs` everything is absent.
type ServiceCQRS struct {
	Separate  Flag     `fact:"cqrs_separate" doc:"its cqrs names two different stores"`
	SyncType  Word     `fact:"cqrs_sync_type" doc:"how the read store follows: topic, queue, cdc or replica"`
	Relays    []string `fact:"cqrs_relays" doc:"publishes with a polling outbox that feed the sync"`
	Poll      Num      `fact:"cqrs_poll" unit:"ms" doc:"the slowest of these relays; 0 where none polls"`
	Apply     Num      `fact:"cqrs_apply" unit:"ms" doc:"p99 of the slowest consumer of the sync, for one message"`
	Lag       Num      `fact:"cqrs_lag" unit:"ms" doc:"poll and apply together"`
	Applying  []string `fact:"cqrs_consumers" doc:"consumers of the sync"`
	SyncUse   Num      `fact:"cqrs_sync_utilisation" unit:"ratio" doc:"messages that reach the slowest consumer of the sync over what it can apply"`
	RecPoll   Num      `fact:"cqrs_rec_poll" unit:"ms" doc:"a quarter of max_staleness"`
	TwoWrites Flag     `fact:"cqrs_two_writes" doc:"one trigger writes both stores"`
	TwoCalls  []string `fact:"cqrs_two_calls" doc:"the calls by which it does"`
	ReadKind  Word     `fact:"cqrs_read_kind" doc:"kind of the read store"`
	WriteKind Word     `fact:"cqrs_write_kind" doc:"kind of the write store"`
	Reads     Num      `fact:"cqrs_reads" unit:"rps" doc:"queries of the read store"`
	Writes    Num      `fact:"cqrs_writes" unit:"rps" doc:"commands on the write store"`
	Ratio     Num      `fact:"cqrs_reads_per_write" unit:"count" doc:"reads over writes"`
	Traffic   Num      `fact:"cqrs_rate" unit:"rps" doc:"requests to the service, messages left out"`
	Readers   Num      `fact:"cqrs_readers" unit:"count" doc:"who asks for what is read: callers of the service, and others on the read store"`
	Strong    List     `fact:"strong_transactions" doc:"transactions with consistency = strong that have a step in it"`
	Tolerated Num      `fact:"staleness_tolerated" unit:"ms" doc:"the least that the clients behind it tolerate; absent if one tolerates none"`
}

func noCQRS() ServiceCQRS {
	gone, word, flag := Absent(), Word{State: model.Absent}, Flag{State: model.Absent}
	return ServiceCQRS{
		Separate: flag, SyncType: word, Relays: []string{}, Poll: gone, Apply: gone, Lag: gone, Applying: []string{}, SyncUse: gone,
		RecPoll: gone, TwoWrites: flag, TwoCalls: []string{}, ReadKind: word, WriteKind: word, Reads: gone, Writes: gone, Ratio: gone,
		Traffic: gone, Readers: gone, Strong: List{State: model.Derived, V: []string{}}, Tolerated: gone,
	}
}

func (f *Facts) serviceCQRS(s *model.Service) ServiceCQRS {
	out := noCQRS()
	if !s.CQRS.Has() || s.CQRS.V == nil {
		return out
	}
	q, i := s.CQRS.V, f.g.ent(s.Addr)
	out.Separate = Yes(q.Read.Has() && q.Write.Has() && q.Read.V != q.Write.V)
	f.syncOf(s, q, &out)
	f.twoWrites(i, q, &out)
	f.readsOf(i, q, &out)
	for _, t := range f.m.Transactions {
		if t.Consistency.Or("") == "strong" && slices.ContainsFunc(t.Steps, func(st *model.Step) bool { return st.In.V == s.Addr }) {
			out.Strong.V = append(out.Strong.V, string(t.Addr))
		}
	}
	slices.Sort(out.Strong.V)
	out.Tolerated = f.tolerated(i)
	if q.MaxStaleness.Has() {
		out.RecPoll = Exact(math.Max(1, math.Floor(MillisOf(q.MaxStaleness).V/4)))
		out.RecPoll.setText(FormatMillis(out.RecPoll.V))
	}
	return out
}

// syncOf follows the way on which the read store learns of writes.
func (f *Facts) syncOf(s *model.Service, q *model.CQRS, out *ServiceCQRS) {
	g := f.g
	switch channel := f.m.Lookup(model.Addr(q.Sync.Or(""))); {
	case q.Sync.IsUnknown():
		out.SyncType = Word{State: model.Unknown}
		return
	case !q.Sync.Has():
		return
	case channel == nil: // cdc and replica are words
		out.SyncType = Is(q.Sync.V)
		return
	default:
		out.SyncType = Is(string(channel.Self().Kind))
	}
	sync := model.Addr(q.Sync.V)
	poll, apply, use := zero, missing, missing
	for _, id := range g.ents[g.ent(sync)].ins {
		e := &g.edges[id]
		if e.pub == nil || !e.pub.Outbox.Has() || e.pub.Outbox.V == nil || e.pub.Outbox.V.Relay.Or("") != "polling" {
			continue
		}
		out.Relays = append(out.Relays, string(e.addr))
		poll = poll.max(MillisOf(e.pub.Outbox.V.Poll).interval(string(e.addr) + ".outbox.poll"))
	}
	for p := range g.pairs {
		c := g.pairs[p].consume
		if c == nil || c.From.V != sync {
			continue
		}
		x := &g.ents[g.pairs[p].ent]
		if x.addr != s.Addr && !f.writesStore(x, q.Read.V) {
			continue
		}
		out.Applying = append(out.Applying, string(c.Addr))
		own := f.consumeFacts(c, x.of.(model.Node), g.ent(sync)).ConsumeRate
		apply, use = most(apply, own.P99.interval()), most(use, own.Utilisation.interval())
	}
	slices.Sort(out.Relays)
	slices.Sort(out.Applying)
	if apply.absent() { // nobody said who applies the changes
		apply, use = open(string(s.Addr)+".consume"), open(string(s.Addr)+".consume")
	}
	out.Poll, out.Apply, out.Lag, out.SyncUse = poll.millis(), apply.millis(), poll.add(apply).millis(), use.num()
}

// most is the larger of two numbers of which one may be missing.
func most(a, b interval) interval {
	switch {
	case a.absent():
		return b
	case b.absent():
		return a
	}
	return a.max(b)
}

func (f *Facts) writesStore(x *ent, store model.Addr) bool {
	return slices.ContainsFunc(x.out, func(id int32) bool {
		e := &f.g.edges[id]
		return e.call != nil && e.call.To.V == store && e.call.Access.Or("write") == "write"
	})
}

// twoWrites looks for a trigger that writes both stores: then nothing but luck keeps them the same.
func (f *Facts) twoWrites(i int32, q *model.CQRS, out *ServiceCQRS) {
	g := f.g
	out.TwoWrites = Yes(false)
	if !out.Separate.V {
		return
	}
	for p := g.ents[i].first; p < g.ents[i].last; p++ {
		write, read, sure := "", "", true
		for k := range g.outArcs(p) {
			a := &g.outArcs(p)[k]
			if a.async || a.maybe || a.edge < 0 || g.edges[a.edge].call == nil {
				continue
			}
			e := &g.edges[a.edge]
			if e.call.Access.Or("write") != "write" {
				continue
			}
			switch e.call.To.V {
			case q.Write.V:
				write = string(e.addr)
			case q.Read.V:
				read = string(e.addr)
			default:
				continue
			}
			sure = sure && e.call.Access.Has()
		}
		switch {
		case write == "" || read == "" || out.TwoWrites.V:
		case sure:
			out.TwoWrites, out.TwoCalls = Yes(true), []string{write, read}
		default:
			out.TwoWrites = Flag{State: model.Unknown, notes: needing(read + ".access")}
		}
	}
}

// readsOf counts commands and queries. What a request asks of the read store is a query; what a message does there
// applies a change.
func (f *Facts) readsOf(i int32, q *model.CQRS, out *ServiceCQRS) {
	g := f.g
	sum := func(store model.Addr, requestsOnly bool) interval {
		s := g.ent(store)
		if s < 0 {
			return open(string(g.ents[i].addr) + ".cqrs.read")
		}
		total := zero
		for _, id := range g.ents[s].ins {
			e := &g.edges[id]
			if e.call == nil {
				continue
			}
			for _, p := range e.tails {
				if g.pairs[p].kind == pairConsume && requestsOnly {
					continue
				}
				total = total.add(f.r.rate(g, p).scale(e.n))
			}
		}
		return total
	}
	reads, writes := sum(q.Read.Or(""), true), sum(q.Write.Or(""), false)
	out.Reads, out.Writes, out.Ratio = reads.num(), writes.num(), reads.div(writes).num()
	traffic := zero
	g.syncPairs(i, func(p int32) { traffic = traffic.add(f.r.rate(g, p)) })
	out.Traffic = traffic.num()
	var readers []int32
	for _, id := range g.ents[i].ins {
		if g.edges[id].call != nil {
			readers = append(readers, g.edges[id].from)
		}
	}
	if s := g.ent(q.Read.Or("")); s >= 0 {
		d, _ := g.ents[s].of.(*model.Datastore)
		out.ReadKind = WordOf(d.StoreKind)
		for _, id := range g.ents[s].ins {
			if e := &g.edges[id]; e.call != nil && e.from != i && e.call.Access.Or("") == "read" {
				readers = append(readers, e.from)
			}
		}
	}
	if s := g.ent(q.Write.Or("")); s >= 0 {
		d, _ := g.ents[s].of.(*model.Datastore)
		out.WriteKind = WordOf(d.StoreKind)
	}
	out.Readers = Exact(distinct(readers))
}

// tolerated is the least staleness that the clients behind a node tolerate; absent if one states none.
func (f *Facts) tolerated(i int32) Num {
	out := Absent()
	for _, c := range f.clientsOf(i) {
		n := MillisOf(c.ToleratesStaleness)
		if !n.HasValue() {
			if n.State == model.None {
				n.State = model.Absent
			}
			return n
		}
		if !out.HasValue() || n.V < out.V {
			out = n
		}
	}
	return out
}

// clientsOf are the clients whose requests reach a node synchronously, in source order.
func (f *Facts) clientsOf(i int32) (out []*model.Client) {
	met := make([]bool, len(f.g.pairs))
	f.g.syncPairs(i, func(p int32) { met[p] = true })
	f.g.up(met, func(a *arc) bool { return !a.async })
	for q := range met {
		if c, ok := f.g.ents[f.g.pairs[q].ent].of.(*model.Client); ok && met[q] {
			out = append(out, c)
		}
	}
	return out
}
