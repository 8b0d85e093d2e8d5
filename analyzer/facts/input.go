package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// Contradiction is a pair of statements of which one must be wrong.
type Contradiction struct {
	What string `fact:"what" doc:"latency, capacity or attempts"`
	At   string `fact:"at" doc:"the other place: a callee or a call; the node itself if both are its own"`
	Says string `fact:"says" doc:"what is stated, and what follows from the other statement"`
	Have Num    `fact:"have" doc:"the number stated"`
	Need Num    `fact:"need" doc:"the least (latency, capacity) or most (attempts) that the other statement allows"`
}

// contradictions looks for statements on a service or gateway that exclude each other. Only what is provable counts: a
// caller is as slow as a hard serial callee or as its own limit, whichever is less; load·time needs slots (Little's law);
// a product has its own ceiling on attempts.
func (f *Facts) contradictions(ent int32) []Contradiction {
	out := []Contradiction{}
	g := f.g
	w, ok := g.ents[ent].of.(model.Worker)
	if !ok {
		return out
	}
	own := f.t.times[ent]
	for _, id := range g.ents[ent].out {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		child := f.t.times[e.to]
		if own.stated99 && child.stated99 && e.hard && e.n >= 1 && e.parallel == 0 && e.anyOf == 0 && !g.ents[ent].routing &&
			e.missLo == 1 && !e.call.On.Has() && !e.call.Op.Has() {
			least := child.p99.v
			if l := f.t.limit[id]; !l.absent() {
				if !l.known() {
					continue
				}
				least = math.Min(least, l.v)
			}
			if own.p99.v < least-1e-9 {
				out = append(out, Contradiction{
					"latency", string(g.ents[e.to].addr), FormatMillis(own.p99.v) + " p99, though it waits for " + string(g.ents[e.to].addr) +
						" " + FormatMillis(least), own.p99.millis(), point(least).millis(),
				})
			}
		}
		if c, ok := f.overTried(e); ok {
			out = append(out, c)
		}
	}
	s, l := scaleOf(w), latencyOf(w)
	if s != nil && l != nil && s.Capacity.Has() && s.Concurrency.Has() && l.P50.Has() {
		need := s.Capacity.V * MillisOf(l.P50).V / 1000
		if need > float64(s.Concurrency.V)*(1+1e-9) {
			n := Exact(need)
			n.setText(number(need))
			out = append(out, Contradiction{
				"capacity", string(g.ents[ent].addr), number(s.Capacity.V) + " rps at a median of " + FormatMillis(MillisOf(l.P50).V) +
					" keep " + number(need) + " requests in flight", NumOf(s.Concurrency), n,
			})
		}
	}
	return out
}

// grpcAttempts is the ceiling that gRPC clients put on maxAttempts (gRFC A6).
const grpcAttempts = 5

// overTried finds tries that the product of a call never makes.
func (f *Facts) overTried(e *edge) (Contradiction, bool) {
	r := e.call.Retry
	if !r.Has() || r.V == nil || r.V.MaxAttempts.V <= grpcAttempts || !r.V.MaxAttempts.Has() || f.productOf(e) != "grpc" {
		return Contradiction{}, false
	}
	have := NumOf(r.V.MaxAttempts)
	return Contradiction{
		"attempts", string(e.addr), number(have.V) + " attempts, of which gRPC makes " + number(grpcAttempts), have, Exact(grpcAttempts),
	}, true
}

// productOf is the library that makes a call: its policy's engine, else its caller's.
func (f *Facts) productOf(e *edge) string {
	if p, ok := f.m.Lookup(model.Addr(e.call.Retry.From())).(*model.Policy); ok && p.Engine.Has() {
		return p.Engine.V
	}
	if w, ok := f.g.ents[e.from].of.(model.Worker); ok {
		return w.Work().Engine.Or("")
	}
	return ""
}

// connected reports whether an edge leads in or out of a declared thing, or anything refers to it.
func (f *Facts) connected(a model.Addr) bool {
	if i := f.g.ent(a); i >= 0 {
		if x := &f.g.ents[i]; len(x.ins) > 0 || len(x.out) > 0 {
			return true
		}
		_, _, cons := edgesOf(f.g.ents[i].of)
		if len(cons) > 0 {
			return true
		}
	}
	return f.refs()[a]
}

// unsupported lists the patterns that a declared thing claims without what they consist of.
func (f *Facts) unsupported(a model.Addr) []string {
	out := []string{}
	switch x := f.m.Lookup(a).(type) {
	case *model.Transaction:
		if x.Pattern.Or("") == "saga" && len(x.Steps) < 2 {
			out = append(out, "a saga of fewer than two steps")
		}
	case *model.Mesh:
		if x.Members.Has() && len(x.Members.V) == 0 {
			out = append(out, "a mesh without members")
		}
	case model.Worker:
		if s, ok := x.(*model.Service); ok && s.CQRS.Has() && s.CQRS.V != nil && s.CQRS.V.Read.Has() && s.CQRS.V.Read.V == s.CQRS.V.Write.V {
			out = append(out, "command query separation that reads and writes one store")
		}
		for _, c := range x.Out().Calls {
			if c.CircuitBreaker.State == model.Stated && c.To.V == x.Self().Addr {
				out = append(out, "a circuit breaker on a call to itself ("+string(c.Addr)+")")
			}
			if c.CacheHit.State == model.Stated && c.CacheHit.V > 0 && c.Access.State == model.Stated && c.Access.V == "write" &&
				!(c.WriteRatio.Has() && c.WriteRatio.V < 1) { // with a share of reads, those are what it caches
				out = append(out, "a cache in front of a write ("+string(c.Addr)+")")
			}
		}
	}
	slices.Sort(out)
	return out
}

func number(x float64) string { return trimFloat(math.Round(x*100) / 100) }
