package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// MessageReader is a consume of a topic or queue.
type MessageReader struct {
	Addr       string `fact:"addr" doc:"the consume block"`
	Node       string `fact:"node" doc:"who takes the messages"`
	Type       string `fact:"type" doc:"service, gateway or client"`
	Team       Word   `fact:"team" doc:"who runs it"`
	Idempotent Flag   `fact:"idempotent" doc:"repeating a message changes nothing"`
	Ordering   Flag   `fact:"ordering" doc:"it needs messages in order"`
	Competing  Flag   `fact:"competing" doc:"several services share the messages on purpose"`
	Broadcast  Flag   `fact:"broadcast" doc:"every replica gets every message"`
	DeadLetter Word   `fact:"dead_letter" doc:"where it puts messages that it cannot handle"`
	Dedup      Num    `fact:"dedup_window" unit:"ms" doc:"time in which it recognises a repeated message"`
	Slots      Num    `fact:"slots" unit:"count" doc:"messages at once: replicas · concurrency"`
	Step       Flag   `fact:"transaction_step" doc:"its service has a step of a transaction"`
	UserFacing Flag   `fact:"user_facing" doc:"what it handles comes from users"`
}

// messageReaders lists the consumes of every topic and queue, by address.
func (f *Facts) messageReaders() map[model.Addr][]MessageReader {
	out := map[model.Addr][]MessageReader{}
	for _, n := range f.m.Nodes() {
		ent := f.g.ent(n.Self().Addr)
		for _, c := range n.Out().Consumes {
			r := MessageReader{
				Addr: string(c.Addr), Node: string(n.Self().Addr), Type: string(n.Self().Kind), Team: WordOf(n.Self().Team),
				Idempotent: FlagOf(c.Idempotent), Ordering: FlagOf(c.Ordering), Competing: FlagOf(c.Competing), Broadcast: FlagOf(c.Broadcast),
				DeadLetter: WordOf(c.DeadLetter), Dedup: MillisOf(c.DedupWindow), Step: Yes(f.k.step[ent]), UserFacing: Yes(f.Standing(c.Addr).UserFacing),
			}
			r.Slots = f.consumerSlots(c, n).num()
			out[c.From.V] = append(out[c.From.V], r)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b MessageReader) int { return compareAddr(model.Addr(a.Addr), model.Addr(b.Addr)) })
	}
	return out
}
