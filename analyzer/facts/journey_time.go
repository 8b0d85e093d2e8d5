package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// depths is Q7 per pair: the longest chain of hard calls from service to service below it, and the arc that it follows.
type depths struct {
	n    []int32
	next []int32 // arc, -1 at the end of the chain
}

func (g *graph) depths() *depths {
	d := &depths{n: make([]int32, len(g.pairs)), next: make([]int32, len(g.pairs))}
	for i := len(g.syncOrder) - 1; i >= 0; {
		j, c := i, g.syncComp[g.syncOrder[i]]
		for j >= 0 && g.syncComp[g.syncOrder[j]] == c {
			j--
		}
		members := g.syncOrder[j+1 : i+1]
		most, services := int32(0), map[int32]bool{}
		for _, p := range members {
			d.next[p] = -1
			service := g.ents[g.pairs[p].ent].kind == model.KindService
			if len(members) > 1 && service {
				services[g.pairs[p].ent] = true
			}
			for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
				a := &g.arcs[k]
				if !g.hardArc(a) || g.syncComp[a.head] == c {
					continue
				}
				n := d.n[a.head]
				if service && g.ents[g.pairs[a.head].ent].kind == model.KindService {
					n++
				}
				if n > d.n[p] {
					d.n[p], d.next[p] = n, k
				}
			}
			most = max(most, d.n[p])
		}
		if len(services) > 1 { // a loop: each of its services once
			for _, p := range members {
				d.n[p] = most + int32(len(services)) - 1
			}
		}
		i = j
	}
	return d
}

// deepest follows a journey down its longest chain: the nodes and the calls between them.
func (f *Facts) deepest(j *journey) (nodes, calls []int32) {
	g, d := f.g, f.paths.depth
	nodes, calls = append(nodes, j.client), append(calls, j.steps...)
	for _, p := range j.pairs {
		nodes = append(nodes, g.pairs[p].ent)
	}
	for p := j.end(); d.next[p] >= 0; {
		a := &g.arcs[d.next[p]]
		nodes, calls = append(nodes, g.pairs[a.head].ent), append(calls, a.edge)
		p = a.head
	}
	return nodes, calls
}

func (f *Facts) journeyTime(j *journey, slo SLOFacts) JourneyTime {
	g, t := f.g, f.t
	out := JourneyTime{
		Depth: Exact(float64(f.paths.depth.n[j.end()])), LatencyObjective: slo.LatencyP99, HealthyShare: Absent(),
		EntryWorst: Absent(), ClientDeadline: Absent(), SlowestP99: Absent(), Path: []string{},
	}
	worst, healthy := t.service[j.end()], t.healthy[j.end()]
	for _, p := range j.pairs[:len(j.pairs)-1] {
		worst, healthy = worst.add(t.own[p]), healthy.add(t.own[p])
	}
	if g.edges[j.steps[0]].pub != nil {
		worst, healthy = zero, zero
	}
	out.WorstCase, out.HealthyP99 = worst.millis(), healthy.millis()
	if slo.LatencyP99.HasValue() {
		out.HealthyShare = healthy.div(point(slo.LatencyP99.V)).num()
	}
	if g.edges[j.steps[0]].call != nil {
		out.EntryWorst = t.worst[j.steps[0]].millis()
	}
	if c, ok := g.ents[j.client].of.(*model.Client); ok {
		out.ClientDeadline = MillisOf(c.Deadline)
	}
	nodes, calls := f.deepest(j)
	for _, n := range nodes {
		out.Path = append(out.Path, string(g.ents[n].addr))
	}
	out.Propagation = f.propagation(nodes, calls)
	for _, p := range f.paths.c.closure([]int32{j.end()}, g.passed(j)...).parts {
		if x := t.times[p.ent]; p.p >= 0.05 && x.stated99 && (!out.SlowestP99.HasValue() || x.p99.v > out.SlowestP99.V) {
			out.SlowestP99, out.SlowestAddr = MillisOf(latencyOf(g.ents[p.ent].of).P99), string(g.ents[p.ent].addr)
		}
	}
	return out
}

// propagation looks down a path for services that forget the deadline, and for what that costs.
func (f *Facts) propagation(nodes, calls []int32) Propagation {
	g := f.g
	out := Propagation{Silent: []string{}, Unknown: []string{}, Retried: []string{}, Slack: Yes(true), ExhaustedAt: Word{State: model.Absent}}
	for i, n := range nodes {
		s, ok := g.ents[n].of.(*model.Service)
		if !ok || i == len(nodes)-1 {
			continue
		}
		switch v := s.DeadlinePropagation; {
		case v.IsUnknown():
			out.Unknown = append(out.Unknown, string(s.Addr))
		case !v.Or(false):
			out.Silent = append(out.Silent, string(s.Addr))
		}
	}
	before := missing
	for _, id := range calls {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		if e.attempts() > 1 {
			out.Retried = append(out.Retried, string(e.addr))
		}
		limit := f.t.limit[id]
		if !before.absent() {
			if limit.absent() || !limit.known() || !before.known() || limit.v > 0.8*before.v {
				out.Slack = Yes(false)
			}
			if w := f.t.worst[id]; !out.ExhaustedAt.State.HasValue() && !w.absent() && math.Max(w.v, limit.v) > before.v {
				out.ExhaustedAt = Is(string(e.addr))
			}
		}
		before = limit
	}
	return out
}
