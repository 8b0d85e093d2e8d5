package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// SystemShape are counts over the whole model: how its parts talk, in which languages, under whose contracts.
type SystemShape struct {
	Depth        Num      `fact:"depth" unit:"count" doc:"longest chain of hard calls from service to service on any journey"`
	DeepestPath  []string `fact:"deepest_path" doc:"the nodes of that chain, from the client on"`
	ServiceCalls Num      `fact:"service_calls" unit:"count" doc:"calls from service to service"`
	WorkerCalls  Num      `fact:"worker_calls" unit:"count" doc:"calls between services and gateways"`
	AsyncEdges   Num      `fact:"async_edges" unit:"count" doc:"publishes and consumes of services and gateways"`
	Forgets      []string `fact:"ignored_writes" doc:"write calls from service to service whose result is ignored"`
	ForgetShare  Num      `fact:"ignored_write_share" unit:"ratio" doc:"their share of the calls from service to service"`
	Topics       Num      `fact:"topics" unit:"count" doc:"topics declared"`
	NoSchema     []string `fact:"topics_without_schema" doc:"topics that declare no schema"`
	Teams        []string `fact:"teams" doc:"teams that anything states"`
	Languages    []string `fact:"languages" doc:"languages that services state"`
	Sidecars     Num      `fact:"sidecars" unit:"count" doc:"services with a sidecar"`
	Meshes       Num      `fact:"meshes" unit:"count" doc:"meshes declared"`
	Registries   []string `fact:"registries" doc:"registries declared"`
	Autoscaled   Flag     `fact:"autoscaled" doc:"some service or gateway states scale.max"`
	Needs        []string `fact:"cross_cutting_needs" doc:"what services would each have to implement: mutual TLS that a mesh of others states, trace context that a topic of theirs lacks"`
	Unguarded    []string `fact:"calls_without_guard" doc:"calls between services and gateways without limit or without breaker"`
	UnguardShare Num      `fact:"calls_without_guard_share" unit:"ratio" doc:"their share"`
	PlainData    []string `fact:"tagged_data_without_mtls" doc:"services in no mesh with strict mutual TLS that call others and use a store of tagged data"`
	BlindCanary  []string `fact:"canary_without_router" doc:"services released by canary without traffic routing"`
	Concerns     Num      `fact:"network_concerns" unit:"count" doc:"of these four: three languages or more, tagged data without mutual TLS, 30 % of calls without guard, a canary without router"`
	Journeys     Num      `fact:"journeys" unit:"count" doc:"journeys told apart"`
	Covered      Num      `fact:"journeys_traffic" unit:"ratio" doc:"share of the traffic that they carry"`
}

func (f *Facts) systemShape() SystemShape {
	g := f.g
	out := SystemShape{
		Topics: Exact(float64(len(f.m.Topics))), Meshes: Exact(float64(len(f.m.Meshes))), Autoscaled: Yes(false), DeepestPath: []string{},
		Depth: Exact(0), Journeys: Exact(float64(f.paths.cov.Listed)), Covered: Exact(f.paths.cov.Traffic),
	}
	f.deepestOf(&out)
	service, worker, async := 0.0, 0.0, 0.0
	for i := range g.edges {
		e := &g.edges[i]
		_, from := g.ents[e.from].of.(model.Worker)
		if e.pub != nil {
			if from {
				async++
			}
			continue
		}
		if _, to := g.ents[e.to].of.(model.Worker); !from || !to {
			continue
		}
		worker++
		if f.t.limit[i].absent() || !e.call.CircuitBreaker.Has() && !e.call.MeshBreaker.Has() {
			if !e.call.Timeout.IsUnknown() && !e.call.CircuitBreaker.IsUnknown() {
				out.Unguarded = append(out.Unguarded, string(e.addr))
			}
		}
		if g.ents[e.from].kind == model.KindService && g.ents[e.to].kind == model.KindService {
			service++
			if writes := writesOf(e.call); !e.call.Reply.Or(true) && writes.State.HasValue() && writes.V {
				out.Forgets = append(out.Forgets, string(e.addr))
			}
		}
	}
	for _, w := range f.m.Workers() {
		async += float64(len(w.Out().Consumes))
		out.Autoscaled.V = out.Autoscaled.V || maxReplicasOf(w).HasValue()
	}
	out.ServiceCalls, out.WorkerCalls, out.AsyncEdges = Exact(service), Exact(worker), Exact(async)
	out.ForgetShare = Exact(over(float64(len(out.Forgets)), service))
	out.UnguardShare = Exact(over(float64(len(out.Unguarded)), worker))
	f.shapeOfParts(&out)
	concerns := 0.0
	for _, hit := range []bool{len(out.Languages) >= 3, len(out.PlainData) > 0, out.UnguardShare.V >= 0.3, len(out.BlindCanary) > 0} {
		if hit {
			concerns++
		}
	}
	out.Concerns = Exact(concerns)
	return out
}

func (f *Facts) deepestOf(out *SystemShape) {
	for i := range f.paths.js {
		j := &f.paths.js[i]
		if d := float64(f.paths.depth.n[j.end()]); d > out.Depth.V {
			out.Depth = Exact(d)
			out.DeepestPath = []string{}
			nodes, _ := f.deepest(j)
			for _, n := range nodes {
				out.DeepestPath = append(out.DeepestPath, string(f.g.ents[n].addr))
			}
		}
	}
}

func (f *Facts) shapeOfParts(out *SystemShape) {
	strict := map[model.Addr]bool{}
	for _, m := range f.m.Meshes {
		if m.MTLS.Or("") == "strict" {
			for _, a := range m.Members.V {
				strict[a] = true
			}
		}
	}
	var needs []string
	sidecars := 0.0
	f.m.Each(func(e model.Entity) { out.Teams = append(out.Teams, e.Self().Team.Or("")) })
	for _, s := range f.m.Services {
		out.Languages = append(out.Languages, s.Language.Or(""))
		if len(s.Sidecars) > 0 {
			sidecars++
		}
		if len(strict) > 0 && !strict[s.Addr] {
			needs = append(needs, "mutual TLS")
		}
		if !strict[s.Addr] && f.usesTagged(s) {
			out.PlainData = append(out.PlainData, string(s.Addr))
		}
		if d := valueOf(s.Deploy); d != nil && d.Strategy.Or("") == "canary" && d.Router.Has() && !d.Router.V {
			out.BlindCanary = append(out.BlindCanary, string(s.Addr))
		}
	}
	for _, t := range f.m.Topics {
		if t.Schema.IsAbsent() {
			out.NoSchema = append(out.NoSchema, string(t.Addr))
		}
		if t.TraceContext.Has() && !t.TraceContext.V {
			needs = append(needs, "trace context")
		}
	}
	for _, r := range f.m.Registries {
		out.Registries = append(out.Registries, string(r.Addr))
	}
	out.Sidecars = Exact(sidecars)
	out.Teams, out.Languages, out.Needs = compact(out.Teams), compact(out.Languages), compact(needs)
	out.NoSchema, out.Registries, out.PlainData = compact(out.NoSchema), compact(out.Registries), compact(out.PlainData)
	out.BlindCanary, out.Forgets, out.Unguarded = compact(out.BlindCanary), compact(out.Forgets), compact(out.Unguarded)
}

// usesTagged reports whether a service uses a store of tagged data and talks to another service or gateway.
func (f *Facts) usesTagged(s *model.Service) bool {
	x := &f.g.ents[f.g.ent(s.Addr)]
	talks := slices.ContainsFunc(x.ins, func(id int32) bool {
		_, ok := f.g.ents[f.g.edges[id].from].of.(model.Worker)
		return ok
	})
	return talks && slices.ContainsFunc(x.out, func(id int32) bool {
		d, ok := f.g.ents[f.g.edges[id].to].of.(*model.Datastore)
		return ok && len(d.Data.V) > 0
	})
}
