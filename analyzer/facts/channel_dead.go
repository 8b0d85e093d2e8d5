package facts

import "github.com/archcheck/archcheck/dsl/model"

// givesUpTo is where messages of a queue go that cannot be handled. Consumers that each put theirs aside do as well as
// the queue itself.
func givesUpTo(q *model.Queue, readers []MessageReader) Word {
	out := WordOf(q.DeadLetter)
	if out.State.HasValue() {
		return out
	}
	var open []string // where somebody may have such a place
	dropped := len(readers) == 0
	for _, r := range readers {
		if r.DeadLetter.State == model.Unknown {
			open = append(open, r.Addr+".dead_letter")
		} else {
			dropped = dropped || !r.DeadLetter.State.HasValue()
		}
	}
	switch {
	case !dropped && len(open) == 0:
		return readers[0].DeadLetter
	case out.State == model.Unknown:
		return Word{State: model.Unknown, notes: needing(string(q.Addr) + ".dead_letter")}
	case dropped:
		return out
	}
	return Word{State: model.Unknown, notes: needing(open...)}
}

// deadLetters are, per topic or queue, the queues and consumers whose failed messages it takes.
func (f *Facts) deadLetters() map[model.Addr][]string {
	out := map[model.Addr][]string{}
	for _, q := range f.m.Queues {
		if q.DeadLetter.Has() {
			out[q.DeadLetter.V] = append(out[q.DeadLetter.V], string(q.Addr))
		}
	}
	for _, n := range f.m.Nodes() {
		for _, c := range n.Out().Consumes {
			if c.DeadLetter.Has() {
				out[c.DeadLetter.V] = append(out[c.DeadLetter.V], string(c.Addr))
			}
		}
	}
	return out
}
