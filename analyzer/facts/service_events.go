package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ServiceEvents is what event sourcing costs and promises; without `event_sourcing` everything is absent.
type ServiceEvents struct {
	StoreType  Word     `fact:"es_store_type" doc:"where the log is: datastore or topic"`
	Retention  Num      `fact:"es_retention" unit:"ms" doc:"how long a topic keeps the log; absent for ever, and for a datastore"`
	Audit      Word     `fact:"es_audit" doc:"whether the store must answer who changed what; absent if not"`
	Data       List     `fact:"es_data" doc:"classes of data in the log"`
	Writers    []string `fact:"es_writers" doc:"who appends to the log"`
	OneCopy    Flag     `fact:"es_one_copy" doc:"a single writer that states a single replica"`
	WriteRate  Num      `fact:"es_write_rate" unit:"rps" doc:"events per second"`
	Queried    Flag     `fact:"es_queried" doc:"other services or gateways read from the service; unknown while nobody knows whether a call reads"`
	Queries    Num      `fact:"es_queries" unit:"rps" doc:"what they read per second"`
	QueriedBy  []string `fact:"es_queried_by" doc:"the calls by which they read"`
	Events     Num      `fact:"es_replayed_events" unit:"count" doc:"events read to rebuild one entity: min(events_per_entity, snapshot_every)"`
	Rebuild    Num      `fact:"es_rebuild_time" unit:"ms" doc:"that at 0.1 ms an event"`
	Foreign    []string `fact:"es_foreign_consumers" doc:"consumers of its topic whose stated team is another one"`
	ForeignAny Flag     `fact:"es_foreign" doc:"there is such a consumer; unknown where teams are not stated"`
}

// perEvent is the time to read and apply one event, in milliseconds (rules.md §4, rec.snapshot).
const perEvent = 0.1

func (f *Facts) serviceEvents(s *model.Service) ServiceEvents {
	gone, word, flag := Absent(), Word{State: model.Absent}, Flag{State: model.Absent}
	out := ServiceEvents{
		StoreType: word, Retention: gone, Audit: word, Data: List{State: model.Absent}, Writers: []string{}, OneCopy: flag, WriteRate: gone,
		Queried: flag, Queries: gone, QueriedBy: []string{}, Events: gone, Rebuild: gone, Foreign: []string{}, ForeignAny: flag,
	}
	if !s.EventSourcing.Has() || s.EventSourcing.V == nil {
		return out
	}
	es, i := s.EventSourcing.V, f.g.ent(s.Addr)
	f.logOf(s, es, &out)
	f.queriesOf(i, &out)
	events := NumOf(es.EventsPerEntity).interval(string(s.Addr) + ".event_sourcing.events_per_entity")
	if snap := NumOf(es.SnapshotEvery); snap.HasRange() {
		n := snap.interval(string(s.Addr) + ".event_sourcing.snapshot_every")
		events = interval{math.Min(events.lo, n.lo), math.Min(events.v, n.v), math.Min(events.hi, n.hi), 0, events.with(n, 0, 0, 0).needs}
	}
	out.Events, out.Rebuild = events.num(), events.scale(perEvent).millis()
	f.foreignOf(s, es, &out)
	return out
}

// logOf looks at the store of the log, and at who appends to it.
func (f *Facts) logOf(s *model.Service, es *model.EventSourcing, out *ServiceEvents) {
	g := f.g
	x := g.ent(es.Store.Or(""))
	if x < 0 {
		return
	}
	out.StoreType = Is(string(g.ents[x].kind))
	switch d := g.ents[x].of.(type) {
	case *model.Topic:
		if out.Retention = MillisOf(d.Retention); d.Retention.IsUnknown() {
			out.Retention.setNeeds(string(d.Addr) + ".retention")
		}
	case *model.Datastore:
		out.Audit, out.Data = WordOf(d.Audit), listOf(d.Data)
	}
	writers, rate := []int32{g.ent(s.Addr)}, zero
	rate.v = nan
	for _, id := range g.ents[x].ins {
		e := &g.edges[id]
		if e.call != nil && e.call.Access.Or("write") != "write" {
			continue
		}
		writers, rate = append(writers, e.from), sumRates(rate, f.requests[id])
	}
	if math.IsNaN(rate.v) && rate.hi == 0 { // no edge to the log is drawn: every request to the service may append
		g.syncPairs(writers[0], func(p int32) { rate = sumRates(rate, f.r.rate(g, p)) })
	}
	out.WriteRate = rate.num()
	for _, w := range writers {
		out.Writers = append(out.Writers, string(g.ents[w].addr))
	}
	out.Writers = compact(out.Writers)
	n := replicasOf(s)
	out.OneCopy = Yes(len(out.Writers) == 1 && n.State == model.Stated && n.V == 1)
}

// queriesOf are the reads that other services and gateways make: an event log answers none of them but "all of one entity".
func (f *Facts) queriesOf(i int32, out *ServiceEvents) {
	g := f.g
	rate, asked := zero, []string{}
	rate.v = nan
	out.Queried = Yes(false)
	for _, id := range g.ents[i].ins {
		e := &g.edges[id]
		if _, ok := g.ents[e.from].of.(model.Worker); !ok || e.call == nil {
			continue
		}
		switch {
		case !e.call.Access.Has():
			asked = append(asked, string(e.addr)+".access")
		case e.call.Access.V == "read" && !(f.requests[id].hi == 0):
			out.QueriedBy, rate = append(out.QueriedBy, string(e.addr)), sumRates(rate, f.requests[id])
		}
	}
	slices.Sort(out.QueriedBy)
	switch {
	case len(out.QueriedBy) > 0:
		out.Queried, out.Queries = Yes(true), rate.num()
	case len(asked) > 0:
		slices.Sort(asked)
		out.Queried = Flag{State: model.Unknown, notes: needing(asked[:min(4, len(asked))]...)}
	}
}

// foreignOf are the consumers of the service's events that another team runs.
func (f *Facts) foreignOf(s *model.Service, es *model.EventSourcing, out *ServiceEvents) {
	if !es.Publishes.Has() {
		return
	}
	out.ForeignAny = Yes(false)
	var needs []string
	for _, c := range f.consumersOf(es.Publishes.V) {
		w, ok := f.m.Lookup(c).(model.Worker)
		switch team := w.Self().Team; {
		case !ok || c == s.Addr:
		case !s.Team.Has():
			needs = append(needs, string(s.Addr)+".team")
		case !team.Has():
			needs = append(needs, string(c)+".team")
		case team.V != s.Team.V:
			out.Foreign = append(out.Foreign, string(c))
		}
	}
	out.Foreign, needs = compact(out.Foreign), compact(needs)
	switch {
	case len(out.Foreign) > 0:
		out.ForeignAny = Yes(true)
	case len(needs) > 0:
		out.ForeignAny = Flag{State: model.Unknown, notes: needing(needs[:min(4, len(needs))]...)}
	}
}
