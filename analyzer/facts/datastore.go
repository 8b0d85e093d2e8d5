package facts

import "github.com/archcheck/archcheck/dsl/model"

// DatastoreFacts is a datastore as its owner declares it, with the logs and views that live in it.
type DatastoreFacts struct {
	*model.Datastore
	UserFacing   Flag     `fact:"user_facing" doc:"a user waits for it"`
	LogOf        []string `fact:"log_of" doc:"services that keep their event log in it"`
	EventSourced Flag     `fact:"event_sourced" doc:"it is a log of events, or is built from one"`
}

func (f *Facts) datastoreDocuments() []Document {
	var out []Document
	logs, built := map[model.Addr][]string{}, map[model.Addr]bool{}
	for _, s := range f.m.Services {
		if es := s.EventSourcing; es.Has() && es.V != nil {
			logs[es.V.Store.V] = append(logs[es.V.Store.V], string(s.Addr))
			for _, p := range es.V.Projections.V {
				built[p] = true
			}
		}
	}
	for _, d := range f.m.Datastores {
		out = append(out, Document{Addr: d.Addr, Subject: &DatastoreFacts{
			Datastore: d, UserFacing: Yes(f.standingOfEnt(f.g.ent(d.Addr)).UserFacing), LogOf: compact(logs[d.Addr]),
			EventSourced: Yes(len(logs[d.Addr]) > 0 || built[d.Addr]),
		}})
	}
	return out
}
