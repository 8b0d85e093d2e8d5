package facts

import (
	"maps"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ReleaseEffects is what a release of a workload meets beside requests: messages that it takes, state that it keeps, and
// what others read of it while two versions run.
type ReleaseEffects struct {
	Stateful      Flag     `fact:"stateful" doc:"it keeps state in its own replicas"`
	TakesFrom     []string `fact:"takes_from" doc:"topics and queues that it consumes"`
	TakesRepeated Flag     `fact:"consumes_idempotent" doc:"it recognises a repeated message in every consume; unknown while nobody says of one, absent without consumes"`
	TakesWrite    Flag     `fact:"consumes_write" doc:"a message that it takes makes it, or something that it calls, write or publish; unknown while nobody knows whether a call writes, absent without consumes"`
	LooseTopics   []string `fact:"incompatible_topics" doc:"topics that it publishes to for others and whose schema states compatibility = none"`
	ReleaseFlags  []string `fact:"release_flags" doc:"release flags that name it as a user"`
}

func (f *Facts) releaseEffects(i int32, w model.Worker) ReleaseEffects {
	out := ReleaseEffects{Stateful: Yes(false), TakesRepeated: Flag{State: model.Absent}, TakesWrite: Flag{State: model.Absent}, ReleaseFlags: f.releaseFlags(w.Self().Addr)}
	if s, ok := w.(*model.Service); ok {
		out.Stateful = FlagOf(s.Stateful)
	}
	out.LooseTopics = f.looseTopics(w)
	if len(w.Out().Consumes) == 0 {
		out.TakesFrom = []string{}
		return out
	}
	out.TakesRepeated = Yes(true)
	var needs []string
	for _, c := range w.Out().Consumes {
		out.TakesFrom = append(out.TakesFrom, string(c.From.V))
		switch {
		case !c.Idempotent.Has():
			needs = append(needs, string(c.Addr)+".idempotent")
		case !c.Idempotent.V:
			out.TakesRepeated.V = false
		}
	}
	if len(needs) > 0 && out.TakesRepeated.V {
		out.TakesRepeated = Flag{State: model.Unknown, notes: needing(compact(needs)[:min(4, len(needs))]...)}
	}
	out.TakesFrom, out.TakesWrite = compact(out.TakesFrom), f.messagesWrite(i)
	return out
}

// messagesWrite reports whether handling a message of some consume of an entity writes or publishes, here or further down.
func (f *Facts) messagesWrite(i int32) Flag {
	g := f.g
	if f.writing[0] == nil {
		f.writing = g.markWriting()
	}
	needs := map[string]bool{}
	for p := g.ents[i].first; p < g.ents[i].last; p++ {
		if g.pairs[p].kind != pairConsume {
			continue
		}
		if f.writing[0][p] {
			return Yes(true)
		}
		if f.writing[1][p] {
			f.askAccess(p, needs)
		}
	}
	if len(needs) > 0 {
		return Flag{State: model.Unknown, notes: needing(slices.Sorted(maps.Keys(needs))...)}
	}
	return Yes(false)
}

// markWriting are the pairs of which a trigger writes or publishes, themselves or further down over synchronous calls:
// certainly, and perhaps.
func (g *graph) markWriting() [2][]bool {
	out := [2][]bool{make([]bool, len(g.pairs)), make([]bool, len(g.pairs))}
	for i := range g.arcs {
		a := &g.arcs[i]
		if a.edge < 0 {
			continue
		}
		switch e := &g.edges[a.edge]; {
		case e.pub != nil, e.call.Access.Or("") == "write":
			out[0][a.tail] = true
		case !e.call.Access.Has():
			out[1][a.tail] = true
		}
	}
	for _, mark := range out {
		g.up(mark, func(a *arc) bool { return !a.async })
	}
	return out
}

// askAccess collects up to four calls, the nearest first, of which nobody knows whether they write.
func (f *Facts) askAccess(p int32, needs map[string]bool) {
	met := map[int32]bool{p: true}
	for queue := []int32{p}; len(queue) > 0; queue = queue[1:] {
		for i := range f.g.outArcs(queue[0]) {
			a := &f.g.outArcs(queue[0])[i]
			if a.async || a.edge < 0 || len(needs) == 4 {
				continue
			}
			if e := &f.g.edges[a.edge]; e.call != nil && !e.call.Access.Has() {
				needs[string(e.addr)+".access"] = true
			}
			if f.writing[1][a.head] && !met[a.head] {
				met[a.head] = true
				queue = append(queue, a.head)
			}
		}
	}
}

// looseTopics are the topics that a workload publishes to, that another one consumes, and whose schema promises nothing.
func (f *Facts) looseTopics(w model.Worker) []string {
	out := []string{}
	for _, p := range w.Out().Publishes {
		t, ok := f.m.Lookup(p.To.V).(*model.Topic)
		if !ok || !t.Schema.Has() || t.Schema.V == nil || t.Schema.V.Compatibility.State != model.None {
			continue
		}
		if slices.ContainsFunc(f.consumersOf(t.Addr), func(a model.Addr) bool { return a != w.Self().Addr }) {
			out = append(out, string(t.Addr))
		}
	}
	return compact(out)
}

// releaseFlags are the release flags that name a node as a user, by address.
func (f *Facts) releaseFlags(node model.Addr) []string {
	if f.flagged == nil {
		f.flagged = map[model.Addr][]string{}
		for _, x := range f.m.Flags {
			for _, a := range x.Used.V {
				if x.FlagKind.Or("release") == "release" {
					f.flagged[a] = append(f.flagged[a], string(x.Addr))
				}
			}
		}
	}
	return compact(f.flagged[node])
}
