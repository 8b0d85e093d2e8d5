package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// outsideCall is a call of somebody outside as it arrives at the first node that does more than hand requests on.
type outsideCall struct {
	from   int32 // the client or external
	edge   int32 // the last call: its own, or that of the proxy or CDN in between
	cdn    bool  // a CDN stands in between
	public Flag  // anybody can be the caller
}

// outsideCalls lists, per workload, what reaches it from outside, in the order of callers and their calls.
func (f *Facts) outsideCalls() map[int32][]outsideCall {
	if f.outside != nil {
		return f.outside
	}
	g := f.g
	f.outside = map[int32][]outsideCall{}
	for i := range g.ents {
		if k := g.ents[i].kind; k != model.KindClient && k != model.KindExternal {
			continue
		}
		public, _ := outsider(g.ents[i].of)
		seen := map[int32]bool{}
		var visit func(at int32, cdn bool)
		visit = func(at int32, cdn bool) {
			for _, id := range g.ents[at].out {
				e := &g.edges[id]
				w, ok := g.ents[e.to].of.(model.Worker)
				if e.call == nil || !ok || seen[id] {
					continue
				}
				seen[id] = true
				if passesOn(w) {
					visit(e.to, cdn || w.(*model.Gateway).GatewayKind.V == "cdn")
					continue
				}
				f.outside[e.to] = append(f.outside[e.to], outsideCall{from: int32(i), edge: id, cdn: cdn, public: public})
			}
		}
		visit(int32(i), false)
	}
	return f.outside
}

// public reports whether one of the calls comes from somebody that anybody can be: surely, or who knows.
func public(calls []outsideCall) Flag {
	out := Yes(false)
	for i := range calls {
		switch p := calls[i].public; {
		case p.State == model.Unknown:
			out.State = model.Unknown
			out.setNeeds(append(out.Needs(), p.Needs()...)...)
		case p.V:
			return Yes(true)
		}
	}
	slices.Sort(out.Needs())
	out.setNeeds(slices.Compact(out.Needs())...)
	return out
}

// callersOf are the addresses of the callers behind the calls that anybody may make, sorted, and their kinds: those of
// clients, and "webhook" for externals.
func (f *Facts) callersOf(calls []outsideCall) (addrs, kinds []string) {
	addrs, kinds = []string{}, []string{}
	for i := range calls {
		c := &calls[i]
		if c.public.State != model.Unknown && !c.public.V {
			continue
		}
		x := &f.g.ents[c.from]
		addrs = append(addrs, string(x.addr))
		if kind := clientKind(x.of); kind != "" {
			kinds = append(kinds, kind)
		}
	}
	return sortedSet(addrs), sortedSet(kinds)
}

func sortedSet(in []string) []string {
	slices.Sort(in)
	return slices.Compact(in)
}

// clientKind is the kind of a client, "webhook" for an external, empty where nobody says.
func clientKind(e model.Entity) string {
	switch x := e.(type) {
	case *model.Client:
		return x.ClientKind.Or("")
	case *model.External:
		return "webhook"
	}
	return ""
}

// speaks reports whether a call speaks one of the styles: by its protocol, else by what the callee offers.
func (f *Facts) speaks(e *edge, styles ...string) Flag {
	if e.call == nil {
		return Yes(false)
	}
	if e.call.Protocol.Has() {
		return Yes(slices.Contains(styles, e.call.Protocol.V))
	}
	w, ok := f.g.ents[e.to].of.(model.Worker)
	if !ok {
		return Yes(false)
	}
	in, apis := 0, w.Work().APIs
	for _, a := range apis {
		if slices.Contains(styles, a.Label) {
			in++
		}
	}
	switch {
	case in == 0:
		return Yes(false)
	case in == len(apis):
		return Yes(true)
	}
	return Flag{State: model.Unknown, notes: needing(string(e.addr) + ".protocol")}
}

// apiOf is the callee's api that a call speaks, among the styles; nil for none.
func (f *Facts) apiOf(e *edge, styles ...string) *model.API {
	w, ok := f.g.ents[e.to].of.(model.Worker)
	if !ok {
		return nil
	}
	for _, a := range w.Work().APIs {
		if slices.Contains(styles, a.Label) && (!e.call.Protocol.Has() || e.call.Protocol.V == a.Label) {
			return a
		}
	}
	return nil
}
