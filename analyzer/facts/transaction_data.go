package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// TransactionData is what a transaction's stores, locks and coordinator make of it.
type TransactionData struct {
	FirstStep    string `fact:"first_step" doc:"the first step; empty for none"`
	FirstService string `fact:"first_service" doc:"the service of the first step; empty for none"`
	OwnStore     Word   `fact:"orchestrator_store" doc:"a store that the orchestrator writes: where its state can live; absent for none"`
	OneStore     Word   `fact:"one_store" doc:"the one store that all steps write; absent if they write several, or nobody knows"`
	Financial    Flag   `fact:"financial" doc:"one of its stores holds financial data"`
	Survives     Flag   `fact:"coordinator_survives" doc:"a coordinator of a two-phase commit outlives the loss of one copy; unknown while replicas or log are"`
	LockLimit    Num    `fact:"lock_limit" unit:"ms" doc:"the longest that it may hold locks: its timeout"`
	LockTime     Num    `fact:"lock_time" unit:"ms" doc:"the least that a two-phase commit holds locks: two round trips between its participants"`
	RowRate      Num    `fact:"row_rate" unit:"rps" doc:"changes of one row per second that these locks leave room for, at most"`
}

func (f *Facts) transactionData(t *model.Transaction) TransactionData {
	out := TransactionData{OwnStore: Word{State: model.Absent}, OneStore: Word{State: model.Absent}, Financial: Yes(false), Survives: survives(t)}
	if len(t.Steps) > 0 {
		out.FirstStep, out.FirstService = string(t.Steps[0].Addr), string(t.Steps[0].In.V)
	}
	for _, d := range f.ownWrites(t.Orchestrator.Or("")) {
		x, _ := f.g.ents[d].of.(*model.Datastore)
		switch x.StoreKind.Or("") {
		case "cache", "search":
		default:
			if !out.OwnStore.State.HasValue() {
				out.OwnStore = Is(string(x.Addr))
			}
		}
	}
	var regions []string
	one := map[model.Addr]bool{}
	known := len(t.Steps) > 1
	for i, s := range t.Steps {
		stores := f.stepFacts(t, i).Stores
		known = known && len(stores) == 1
		for _, a := range stores {
			d, _ := f.m.Lookup(model.Addr(a)).(*model.Datastore)
			one[d.Addr] = true
			out.Financial.V = out.Financial.V || financialData(d)
			regions = append(regions, d.Region.Or(""))
		}
		if b := f.m.Lookup(s.In.V); b != nil {
			regions = append(regions, b.Self().Region.Or(""))
		}
	}
	if known && len(one) == 1 {
		for a := range one {
			out.OneStore = Is(string(a))
		}
	}
	switch out.LockLimit = MillisOf(t.Timeout); out.LockLimit.State {
	case model.None:
		out.LockLimit = Exact(inf)
	case model.Absent, model.Unknown:
		out.LockLimit = open(string(t.Addr) + ".timeout").num()
	}
	rtt := f.as.rttCrossZone
	if regions = compact(slices.Clone(regions)); len(regions) > 1 {
		rtt = f.as.rttWan
	}
	hold := rtt.scale(2)
	out.LockTime, out.RowRate = hold.millis(), point(second).div(hold).num()
	return out
}

// survives reports whether a coordinator loses nothing with one copy: two copies or more, decisions in a durable log.
func survives(t *model.Transaction) Flag {
	if !t.Coordinator.Has() || t.Coordinator.V == nil {
		return Flag{State: model.Unknown, notes: needing(string(t.Addr)+".coordinator.replicas", string(t.Addr)+".coordinator.durable_log")}
	}
	c := t.Coordinator.V
	if c.Replicas.Has() && c.Replicas.V < 2 || c.DurableLog.Has() && !c.DurableLog.V {
		return Yes(false)
	}
	var needs []string
	if !c.Replicas.Has() {
		needs = append(needs, string(t.Addr)+".coordinator.replicas")
	}
	if !c.DurableLog.Has() {
		needs = append(needs, string(t.Addr)+".coordinator.durable_log")
	}
	if len(needs) > 0 {
		return Flag{State: model.Unknown, notes: needing(needs...)}
	}
	return Yes(true)
}
