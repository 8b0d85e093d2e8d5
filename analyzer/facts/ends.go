package facts

import (
	"slices"
	"sync"

	"github.com/archcheck/archcheck/dsl/model"
)

// end is what edges show of one of their ends. Documents share it; nobody changes it.
func (f *Facts) end(i int32) *End {
	if f.ends[i] == nil {
		f.ends[i] = f.newEnd(i)
		if f.fails != nil {
			widen(f.ends[i], f.fails.end(i), sync.OnceValue(func() []string { return f.unseenAround(f.g.pairsOf(i)) }))
		}
	}
	return f.ends[i]
}

func (f *Facts) newEnd(i int32) *End {
	g := f.g
	x := &g.ents[i]
	b := x.of.Self()
	t := f.t.times[i]
	out := &End{
		Addr: string(x.addr), Type: string(x.kind), Team: WordOf(b.Team), Region: WordOf(b.Region),
		Platform: f.system.Platform, UserFacing: Yes(g.anyPair(i, f.k.waits, false)), Financial: Yes(f.financialEnt(i)),
		TxStep: Yes(f.k.step[i]), MeshMembers: f.meshesOf(x.addr), APIs: []string{}, Writes: []StoreUse{},
		Replicas: Absent(), MaxReplicas: Absent(), Zones: Absent(), Concurrency: Absent(), Capacity: f.capacity[i].num(),
		Rate: f.rate[i].num(), Availability: g.ownAvailability(f.as, i, f.rate[i]).num(),
		P50: Absent(), P99: Absent(), Mean: Absent(), RPSLimit: Absent(), Shards: Absent(),
		HardCalls: Absent(), Downstreams: Absent(), Triggers: Absent(), Orchestrates: List{State: model.Derived},
	}
	switch x.kind {
	case model.KindGateway, model.KindService, model.KindDatastore, model.KindExternal:
		out.P50, out.P99, out.Mean = t.p50.millis(), t.p99.millis(), t.mean.millis()
		if l := latencyOf(x.of); l != nil { // as stated, with the author's spelling
			if l.P50.Has() {
				out.P50 = MillisOf(l.P50)
			}
			if l.P99.Has() {
				out.P99 = MillisOf(l.P99)
			}
		}
	}
	switch e := x.of.(type) {
	case *model.Client:
		out.Kind, out.Network = WordOf(e.ClientKind), WordOf(e.Network)
		f.outward(out, x)
	case model.Worker:
		f.workerEnd(out, x, e)
		f.outward(out, x)
	case *model.Datastore:
		out.Kind, out.Engine, out.Data = WordOf(e.StoreKind), WordOf(e.Engine), listOf(e.Data)
		out.Shards, out.Replicas, out.Zones = NumOf(e.Shards), replicasOf(e), zonesOf(e)
	case *model.External:
		out.RPSLimit, out.IdempotencyKey = NumOf(e.RPSLimit), FlagOf(e.IdempotencyKey)
		f.outward(out, x)
	case *model.Registry:
		out.Engine, out.CachedLookup = WordOf(e.Engine), FlagOf(e.CachedLookup)
	case *model.Broker:
		out.Engine, out.Replicas, out.Zones = WordOf(e.Engine), replicasOf(e), zonesOf(e)
	case *model.Topic:
		out.Delivery = WordOf(e.Delivery)
	case *model.Queue:
		out.Engine, out.Delivery = WordOf(e.Engine), Word{State: model.Default, V: "at-least-once"}
	}
	return out
}

func (f *Facts) workerEnd(out *End, x *ent, w model.Worker) {
	work := w.Work()
	out.Engine, out.LoadBalancing, out.Propagates = WordOf(work.Engine), WordOf(work.LoadBalancing), FlagOf(work.DeadlinePropagation)
	out.Replicas, out.MaxReplicas, out.Zones, out.Concurrency = replicasOf(w), maxReplicasOf(w), zonesOf(w), concurrencyOf(w)
	for _, a := range work.APIs {
		out.APIs = append(out.APIs, a.Label)
	}
	slices.Sort(out.APIs)
	out.Triggers = Exact(float64(x.last - x.first))
	switch e := w.(type) {
	case *model.Gateway:
		out.Kind = WordOf(e.GatewayKind)
		if !work.Engine.Has() { // every gateway is some product with limits of its own; nobody said which
			out.Engine = Word{State: model.Unknown}
		}
	case *model.Service:
		out.Legacy, out.Opaque = FlagOf(e.Legacy), FlagOf(e.Opaque)
		es := e.EventSourcing
		out.FromEventLog = Yes(es.Has() && es.V.Publishes.Has())
		out.Orchestrates.V = []string{}
		for _, t := range f.m.Transactions {
			if t.Orchestrator.Has() && t.Orchestrator.V == e.Addr && t.Engine.Has() {
				out.Orchestrates.V = append(out.Orchestrates.V, t.Engine.V)
			}
		}
		slices.Sort(out.Orchestrates.V)
	}
}

// outward counts the distinct nodes that an entity calls.
func (f *Facts) outward(out *End, x *ent) {
	var all, hard []int32
	for _, id := range x.out {
		if e := &f.g.edges[id]; e.call != nil {
			all = append(all, e.to)
			if e.hard {
				hard = append(hard, e.to)
			}
		}
	}
	out.Downstreams, out.HardCalls = Exact(distinct(all)), Exact(distinct(hard))
}

func distinct(x []int32) float64 {
	slices.Sort(x)
	return float64(len(slices.Compact(x)))
}

func listOf(v model.Value[[]string]) List {
	return List{State: v.State, V: v.V, Text: v.Text(), From: v.From()}
}

// financialEnt: it writes financial data, or something downstream does, or it holds such data.
func (f *Facts) financialEnt(i int32) bool {
	if d, ok := f.g.ents[i].of.(*model.Datastore); ok {
		return financialData(d)
	}
	return f.g.anyPair(i, f.k.financial, true)
}

// meshesOf lists the meshes of which an entity is a member.
func (f *Facts) meshesOf(a model.Addr) []string {
	if f.meshes == nil {
		f.meshes = map[model.Addr][]string{}
		for _, m := range f.m.Meshes {
			if m.Members.Has() {
				for _, a := range m.Members.V {
					f.meshes[a] = append(f.meshes[a], string(m.Addr))
				}
			}
		}
		for _, list := range f.meshes {
			slices.Sort(list)
		}
	}
	if list := f.meshes[a]; list != nil {
		return list
	}
	return []string{}
}
