package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) migrationDocuments() []Document {
	var out []Document
	for _, m := range f.m.Migrations {
		out = append(out, Document{Addr: m.Addr, Subject: f.migrationFacts(m)})
	}
	return out
}

func (f *Facts) routeDocuments() []Document {
	var out []Document
	for _, m := range f.m.Migrations {
		for _, r := range m.Routes {
			out = append(out, Document{Addr: r.Addr, Subject: f.routeFacts(m, r)})
		}
	}
	return out
}

func (f *Facts) migrationFacts(m *model.Migration) *MigrationFacts {
	left := f.daysUntil(m.Finish)
	out := &MigrationFacts{
		Migration: m, UserFacing: Yes(f.Standing(m.Addr).UserFacing), Blast: Absent(), RouteCount: Exact(float64(len(m.Routes))),
		Progress: f.progress(m).num(), DaysLeft: left, Expired: past(left), LegacyRate: Absent(), Bypass: []LegacyCaller{},
		AllMigrated: Yes(len(m.Routes) > 0), Done: Yes(false),
	}
	legacy := f.g.ent(m.Legacy.Or(""))
	if legacy >= 0 {
		out.Blast, out.LegacyRate = Exact(f.paths.blast[legacy]), f.rate[legacy].num()
		out.Bypass = f.bypass(m, legacy)
	}
	if facade := f.g.ent(m.Facade.Or("")); facade >= 0 {
		called := map[model.Addr]bool{}
		for _, id := range f.g.ents[facade].out {
			called[f.g.ents[f.g.edges[id].to].addr] = true
		}
		targets := []model.Addr{m.Legacy.V}
		for _, r := range m.Routes {
			if !r.Status.Written || r.Status.V != "legacy" { // somebody says that nothing moves there yet
				targets = append(targets, r.To.V)
			}
		}
		for _, a := range targets {
			if a != "" && !called[a] {
				out.FacadeMisses = append(out.FacadeMisses, string(a))
			}
		}
	}
	serves := legacy >= 0 && slices.ContainsFunc(f.g.ents[legacy].ins, func(id int32) bool { return f.g.edges[id].call != nil })
	for _, r := range m.Routes {
		out.AllMigrated.V = out.AllMigrated.V && r.Status.Or("") == "migrated"
		out.LegacyWrites = append(out.LegacyWrites, f.routeFacts(m, r).LegacyWrites...)
	}
	out.FacadeMisses, out.LegacyWrites = compact(out.FacadeMisses), compact(out.LegacyWrites)
	out.Done = Yes(out.AllMigrated.V && !serves && len(out.LegacyWrites) == 0)
	return out
}

// bypass are the calls to a legacy service that do not come from its facade.
func (f *Facts) bypass(m *model.Migration, legacy int32) []LegacyCaller {
	out := []LegacyCaller{}
	for _, id := range f.g.ents[legacy].ins {
		e := &f.g.edges[id]
		from := &f.g.ents[e.from]
		if e.call == nil || from.addr == m.Facade.V {
			continue
		}
		newSide := from.addr == m.AntiCorruption.V || slices.ContainsFunc(m.Routes, func(r *model.Route) bool { return r.To.V == from.addr })
		out = append(out, LegacyCaller{
			Call: string(e.addr), From: string(from.addr), Type: string(from.kind), Scheduled: Yes(f.g.scheduled(e.from)), NewSide: Yes(newSide),
		})
	}
	slices.SortFunc(out, func(a, b LegacyCaller) int { return compareAddr(model.Addr(a.Call), model.Addr(b.Call)) })
	return out
}

// served is the share of a route's requests that its target serves.
func served(r *model.Route) interval {
	switch {
	case r.Traffic.Has():
		return point(r.Traffic.V)
	case r.Status.Or("legacy") == "migrated":
		return point(1)
	case r.Status.Or("legacy") == "canary":
		return interval{lo: 0, v: nan, hi: 1, needs: []string{string(r.Addr) + ".traffic"}}
	}
	return zero
}

// routeRate is the rate of the calls that name a route as their operation: those to the facade, else those behind it.
func (f *Facts) routeRate(m *model.Migration, r *model.Route) interval {
	sum := func(to ...model.Addr) (interval, bool) {
		total, some := zero, false
		for i := range f.g.edges {
			e := &f.g.edges[i]
			if e.call == nil || e.call.Op.Or("") != r.Label || !slices.Contains(to, f.g.ents[e.to].addr) {
				continue
			}
			if !some {
				total = f.requests[i]
			} else {
				total = sumRates(total, f.requests[i])
			}
			some = true
		}
		return total, some
	}
	if x, ok := sum(m.Facade.Or("")); ok {
		return x
	}
	if x, ok := sum(m.Legacy.Or(""), r.To.Or("")); ok {
		return x
	}
	return interval{v: nan, hi: inf}
}

// progress is Q18: what the new side serves, routes weighted by their rates, equally unless all of these are known.
func (f *Facts) progress(m *model.Migration) interval {
	if len(m.Routes) == 0 {
		return missing
	}
	rates, known, total := make([]float64, len(m.Routes)), true, 0.0
	for i, r := range m.Routes {
		x := f.routeRate(m, r)
		rates[i], known = x.v, known && x.known()
		total += x.v
	}
	out := zero
	for i, r := range m.Routes {
		share := 1 / float64(len(m.Routes))
		if known && total > 0 {
			share = rates[i] / total
		}
		out = out.add(served(r).scale(share))
	}
	return out
}

func (f *Facts) routeFacts(m *model.Migration, r *model.Route) *RouteFacts {
	out := &RouteFacts{
		Route: r, Migration: string(m.Addr), Legacy: string(m.Legacy.V), UserFacing: Yes(f.Standing(r.Addr).UserFacing),
		Facade: Yes(m.Facade.Has()), Sync: WordOf(m.Sync), Served: served(r).num(), Rate: f.routeRate(m, r).num(),
	}
	if out.Sync.State == model.Unknown {
		out.Sync.setNeeds(string(m.Addr) + ".sync")
	}
	if legacy := f.g.ent(m.Legacy.Or("")); legacy >= 0 {
		for _, id := range f.g.ents[legacy].ins {
			switch e := &f.g.edges[id]; {
			case e.call == nil:
			case !e.call.Op.Has():
				out.UnmarkedCalls = append(out.UnmarkedCalls, string(e.addr))
			case e.call.Op.V == r.Label:
				out.LegacyCalls = append(out.LegacyCalls, string(e.addr))
			}
		}
	}
	old, now := f.storesOf(m.Legacy.Or("")), f.storesOf(r.To.Or(""))
	for d, w := range old {
		n, both := now[d]
		switch {
		case !both:
		case w == "write" && n == "write":
			out.SharedStores = append(out.SharedStores, string(d))
		case w != "read" && n != "read":
			out.MaybeShared = append(out.MaybeShared, string(d))
		}
		if both && w == "write" {
			out.LegacyWrites = append(out.LegacyWrites, string(d))
		}
		if w == "write" {
			out.LegacyStores = append(out.LegacyStores, string(d))
		}
	}
	for d, n := range now {
		if n == "write" {
			out.TargetStores = append(out.TargetStores, string(d))
		}
	}
	out.TwoStores = Yes(len(out.LegacyStores) > 0 && len(out.TargetStores) > 0 && len(out.SharedStores) == 0)
	out.LegacyCalls, out.UnmarkedCalls, out.SharedStores = compact(out.LegacyCalls), compact(out.UnmarkedCalls), compact(out.SharedStores)
	out.MaybeShared, out.LegacyStores, out.TargetStores = compact(out.MaybeShared), compact(out.LegacyStores), compact(out.TargetStores)
	out.LegacyWrites = compact(out.LegacyWrites)
	return out
}

// storesOf are the datastores that a node calls, with its access: write, read, or empty while nobody says.
func (f *Facts) storesOf(node model.Addr) map[model.Addr]string {
	out := map[model.Addr]string{}
	i := f.g.ent(node)
	if i < 0 {
		return out
	}
	for _, id := range f.g.ents[i].out {
		e := &f.g.edges[id]
		if e.call == nil || f.g.ents[e.to].kind != model.KindDatastore {
			continue
		}
		d, a := f.g.ents[e.to].addr, e.call.Access.Or("")
		if old, ok := out[d]; !ok || old == "read" || old == "" && a == "write" {
			out[d] = a
		}
	}
	return out
}
