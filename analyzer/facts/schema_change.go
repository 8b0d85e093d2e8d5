package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// SchemaChangeFacts is a pending schema change with the releases of all that use its store (Q16).
type SchemaChangeFacts struct {
	*model.SchemaChange
	Store      string        `fact:"store" doc:"the datastore"`
	UserFacing Flag          `fact:"user_facing" doc:"a user waits for the store"`
	Users      []ReleaseUser `fact:"users" doc:"services and gateways that use the store, by address"`
	Coexist    Flag          `fact:"versions_coexist" doc:"the release of some user has old and new version run side by side; unknown while a strategy is"`
	Coexisting []string      `fact:"coexisting" doc:"these users"`
	LongestOld Num           `fact:"longest_keep_old" unit:"ms" doc:"longest time that a user keeps its old version for a way back"`
}

// ReleaseUser is a user of a store with the way it is released.
type ReleaseUser struct {
	Addr     string `fact:"addr" doc:"the node"`
	Team     Word   `fact:"team" doc:"who runs it"`
	Strategy Word   `fact:"strategy" doc:"how it is released"`
	Coexist  Flag   `fact:"versions_coexist" doc:"old and new version run side by side meanwhile"`
	KeepOld  Num    `fact:"keep_old" unit:"ms" doc:"how long the old version stays"`
}

func (f *Facts) schemaChangeDocuments() []Document {
	var out []Document
	users := f.storeUsers()
	for _, d := range f.m.Datastores {
		for _, c := range d.SchemaChanges {
			out = append(out, Document{Addr: c.Addr, Subject: f.schemaChangeFacts(c, d, users[d.Addr])})
		}
	}
	return out
}

func (f *Facts) schemaChangeFacts(c *model.SchemaChange, d *model.Datastore, users []*storeUse) *SchemaChangeFacts {
	out := &SchemaChangeFacts{
		SchemaChange: c, Store: string(d.Addr), UserFacing: Yes(f.userFacing(f.g.ent(d.Addr))), Users: []ReleaseUser{}, Coexist: Yes(false),
		LongestOld: Absent(),
	}
	unknown := false
	for _, u := range users {
		i := f.g.ent(u.node)
		w, ok := f.g.ents[i].of.(model.Worker)
		if !ok {
			continue
		}
		strategy, _ := f.release(i)
		r := ReleaseUser{Addr: string(u.node), Team: WordOf(w.Self().Team), Strategy: strategy, Coexist: Flag{State: model.Unknown}, KeepOld: Absent()}
		if dep := valueOf(w.Work().Deploy); dep != nil && strategy.V == "blue_green" {
			r.KeepOld = MillisOf(dep.KeepOld)
		}
		if strategy.State.HasValue() {
			r.Coexist = Yes(slices.Contains([]string{"rolling", "canary", "blue_green"}, strategy.V))
		} else {
			unknown = true
		}
		if r.Coexist.V {
			out.Coexisting = append(out.Coexisting, r.Addr)
		}
		if r.KeepOld.HasValue() && (!out.LongestOld.HasValue() || r.KeepOld.V > out.LongestOld.V) {
			out.LongestOld = r.KeepOld
		}
		out.Users = append(out.Users, r)
	}
	out.Coexisting = compact(out.Coexisting)
	switch {
	case len(out.Coexisting) > 0:
		out.Coexist = Yes(true)
	case unknown:
		out.Coexist = Flag{State: model.Unknown}
	}
	return out
}
