package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ServiceSides are what stands beside every copy of a service, and what events it reacts to.
type ServiceSides struct {
	Sidecars []string `fact:"sidecars" doc:"its sidecars, by label"`
	Proxied  []string `fact:"proxied_by" doc:"meshes that put a proxy beside it"`
	Reacts   []string `fact:"reacts_to" doc:"topics that it takes from and another service publishes to"`
}

func (f *Facts) serviceSides(s *model.Service) ServiceSides {
	out := ServiceSides{Sidecars: []string{}, Proxied: []string{}, Reacts: []string{}}
	for _, c := range s.Sidecars {
		out.Sidecars = append(out.Sidecars, c.Label)
	}
	for _, m := range f.m.Meshes {
		if m.Mode.V == "sidecar" && slices.Contains(m.Members.V, s.Addr) {
			out.Proxied = append(out.Proxied, string(m.Addr))
		}
	}
	for _, c := range s.Consumes {
		if _, ok := f.m.Lookup(c.From.V).(*model.Topic); ok && f.otherPublishes(c.From.V, s.Addr) {
			out.Reacts = append(out.Reacts, string(c.From.V))
		}
	}
	return out
}

// otherPublishes reports whether a service, or a store's change stream, other than one feeds a topic.
func (f *Facts) otherPublishes(topic, but model.Addr) bool {
	if f.feeds == nil {
		f.feeds = map[model.Addr][]model.Addr{}
		f.m.Each(func(e model.Entity) {
			if p, ok := e.(*model.Publish); ok {
				f.feeds[p.To.V] = append(f.feeds[p.To.V], p.Parent)
			}
		})
	}
	return slices.ContainsFunc(f.feeds[topic], func(a model.Addr) bool { return a != but })
}
