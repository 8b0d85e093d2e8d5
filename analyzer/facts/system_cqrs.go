package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// SystemCQRS says how much of a system keeps separate read and write models.
type SystemCQRS struct {
	Stateful   Num      `fact:"stateful_services" unit:"count" doc:"services that write a store, or keep state themselves"`
	Separated  Num      `fact:"cqrs_services" unit:"count" doc:"services whose cqrs names two different stores"`
	Share      Num      `fact:"cqrs_share" unit:"ratio" doc:"share of the stateful services that do so"`
	Separating []string `fact:"cqrs_used_by" doc:"these services"`
	Pointless  []string `fact:"cqrs_without_force" doc:"those of them that certainly serve fewer than three reads per write"`
}

func (f *Facts) systemCQRS() SystemCQRS {
	out := SystemCQRS{Separating: []string{}, Pointless: []string{}}
	stateful := 0.0
	for _, s := range f.m.Services {
		separate := s.CQRS.Has() && s.CQRS.V != nil && s.CQRS.V.Read.Has() && s.CQRS.V.Write.Has() && s.CQRS.V.Read.V != s.CQRS.V.Write.V
		writes := slices.ContainsFunc(f.g.ents[f.g.ent(s.Addr)].out, func(id int32) bool {
			e := &f.g.edges[id]
			return e.call != nil && f.g.ents[e.to].kind == model.KindDatastore && e.call.Access.Or("") == "write"
		})
		if separate || writes || s.Stateful.Or(false) {
			stateful++
		}
		if separate {
			out.Separating = append(out.Separating, string(s.Addr))
			if r := f.serviceCQRS(s).Ratio; r.HasValue() && r.Hi < 3 {
				out.Pointless = append(out.Pointless, string(s.Addr))
			}
		}
	}
	slices.Sort(out.Separating)
	slices.Sort(out.Pointless)
	out.Stateful, out.Separated, out.Share = Exact(stateful), Exact(float64(len(out.Separating))), Exact(0)
	if stateful > 0 {
		out.Share = Exact(float64(len(out.Separating)) / stateful)
	}
	return out
}
