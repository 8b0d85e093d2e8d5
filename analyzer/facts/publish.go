package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// PublishFacts is a publish with the stores that the same unit of work writes (Q9) and who takes its messages.
type PublishFacts struct {
	*model.Publish
	UserFacing   Flag            `fact:"user_facing" doc:"a user's request, or a message that one caused, sets it off"`
	Financial    Flag            `fact:"financial" doc:"its trigger, or something downstream of it, writes a store of financial data"`
	Rate         Num             `fact:"rate" unit:"rps" doc:"messages per second"`
	LostInOutage Num             `fact:"lost_in_outage" unit:"count" doc:"messages lost in one broker outage of 30 s"`
	FromEventLog Flag            `fact:"from_event_log" doc:"the service's event store publishes to it, so state and event are one write"`
	FeedsStep    Flag            `fact:"feeds_step" doc:"a step of a transaction goes through its topic or queue, or takes from it"`
	Consumers    []MessageReader `fact:"consumers" doc:"who takes the messages, by address"`
	Partitions   Num             `fact:"partitions" unit:"count" doc:"partitions of its topic"`
	OutboxBeside Flag            `fact:"outbox_beside" doc:"the outbox is in a store that the same trigger writes, or in another schema of its server"`
	OutboxStore  OutboxStore     `fact:"outbox_store" doc:"the store of the outbox; its facts are absent without one"`
	RelayRate    Num             `fact:"relay_rate" unit:"rps" doc:"what a polling relay can move: batch over poll"`
	RecBatch     Num             `fact:"rec_batch" unit:"count" doc:"batch that moves twice the rate"`
	RowsPerDay   Num             `fact:"rows_per_day" unit:"count" doc:"rows that the outbox gains per day"`
	RecStore     Word            `fact:"rec_store" doc:"store with transactions of the same unit of work, for an outbox"`
}

// OutboxStore is the store of an outbox.
type OutboxStore struct {
	Addr         string `fact:"addr" doc:"the store; empty without an outbox"`
	Kind         Word   `fact:"kind" doc:"kind of datastore"`
	Transactions Flag   `fact:"transactions" doc:"it has local transactions"`
}

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
	Dedup      Num    `fact:"dedup_window" unit:"ms" doc:"time in which it recognises a repeated message"`
	Slots      Num    `fact:"slots" unit:"count" doc:"messages at once: replicas · concurrency"`
	Step       Flag   `fact:"transaction_step" doc:"its service has a step of a transaction"`
	UserFacing Flag   `fact:"user_facing" doc:"what it handles comes from users"`
}

func (f *Facts) publishDocuments() []Document {
	var out []Document
	readers := f.messageReaders()
	for i := range f.g.edges {
		if e := &f.g.edges[i]; e.pub != nil {
			from := *f.end(e.from)
			from.Writes = f.storesBeside(int32(i))
			out = append(out, Document{Addr: e.addr, Subject: f.publishFacts(int32(i), from.Writes, readers), From: &from, To: f.end(e.to)})
		}
	}
	return out
}

func (f *Facts) publishFacts(id int32, writes []StoreUse, readers map[model.Addr][]MessageReader) *PublishFacts {
	g, e := f.g, &f.g.edges[id]
	s := f.standingOfEdge(id)
	rate := f.load[id]
	out := &PublishFacts{
		Publish: e.pub, UserFacing: Yes(s.UserFacing), Financial: Yes(s.Financial), Rate: rate.num(), LostInOutage: rate.scale(30).num(),
		FromEventLog: Yes(false), FeedsStep: Yes(f.feedsStep(g.ents[e.to].addr, readers)), Consumers: readers[g.ents[e.to].addr],
		Partitions: Absent(), OutboxBeside: Flag{State: e.pub.Outbox.State}, RelayRate: Absent(), RecBatch: Absent(),
		OutboxStore: OutboxStore{Kind: Word{State: model.Absent}}, RowsPerDay: rate.scale(day / second).num(), RecStore: Word{State: model.Absent},
	}
	if out.Consumers == nil {
		out.Consumers = []MessageReader{}
	}
	if t, ok := g.ents[e.to].of.(*model.Topic); ok {
		out.Partitions = NumOf(t.Partitions)
	}
	if svc, ok := g.ents[e.from].of.(*model.Service); ok {
		es := svc.EventSourcing
		out.FromEventLog = Yes(es.Has() && es.V != nil && es.V.Publishes.Has() && es.V.Publishes.V == g.ents[e.to].addr)
	}
	if store := f.storeBeside(e); store != "" {
		out.RecStore = Is(store)
	}
	o := e.pub.Outbox
	if !o.Has() || o.V == nil {
		return out
	}
	out.OutboxBeside = Yes(f.beside(o.V.Store, writes))
	if d, ok := f.m.Lookup(o.V.Store.V).(*model.Datastore); ok {
		out.OutboxStore = OutboxStore{string(d.Addr), WordOf(d.StoreKind), FlagOf(d.Transactions)}
	}
	if o.V.Relay.Or("") == "polling" {
		batch, poll := NumOf(o.V.Batch).interval(string(e.addr)+".outbox.batch"), MillisOf(o.V.Poll).interval(string(e.addr)+".outbox.poll")
		if batch.absent() {
			batch = open(string(e.addr) + ".outbox.batch")
		}
		if poll.absent() {
			poll = open(string(e.addr) + ".outbox.poll")
		}
		out.RelayRate = batch.div(poll).scale(second).num()
		out.RecBatch = rate.scale(2 / second).mul(poll).apply(ceil).num()
	}
	return out
}

// beside reports whether a store is one of those written, or another schema on the server of one.
func (f *Facts) beside(store model.Value[model.Addr], writes []StoreUse) bool {
	d, _ := f.m.Lookup(store.Or("")).(*model.Datastore)
	return slices.ContainsFunc(writes, func(w StoreUse) bool {
		if w.Addr == string(store.V) {
			return true
		}
		o, _ := f.m.Lookup(model.Addr(w.Addr)).(*model.Datastore)
		return d != nil && o != nil && d.Server.Has() && o.Server.Has() && d.Server.V == o.Server.V && d.Transactions.Or(false)
	})
}

// storesBeside are the stores that a trigger of a publish writes by its own calls, or may write: every one once.
func (f *Facts) storesBeside(id int32) []StoreUse {
	g, e := f.g, &f.g.edges[id]
	out := []StoreUse{}
	for _, p := range e.tails {
		if g.pairs[p].kind == pairWrites {
			continue
		}
		for i := range g.outArcs(p) {
			a := &g.outArcs(p)[i]
			if a.async || a.edge < 0 || g.edges[a.edge].call == nil {
				continue
			}
			c := g.edges[a.edge].call
			d, ok := g.ents[g.edges[a.edge].to].of.(*model.Datastore)
			if !ok || c.Access.Or("write") != "write" {
				continue
			}
			at := slices.IndexFunc(out, func(u StoreUse) bool { return u.Addr == string(d.Addr) })
			if at >= 0 && (out[at].Access.State.HasValue() || !c.Access.Has()) {
				continue
			}
			u := StoreUse{
				Addr: string(d.Addr), Via: string(c.Addr), Kind: WordOf(d.StoreKind), Data: listOf(d.Data), Tx: FlagOf(d.Transactions),
				Access:     WordOf(c.Access),
				FeedsByCDC: Yes(slices.ContainsFunc(d.Publishes, func(p *model.Publish) bool { return p.To.V == g.ents[e.to].addr })),
			}
			if at >= 0 {
				out[at] = u
			} else {
				out = append(out, u)
			}
		}
	}
	slices.SortFunc(out, func(a, b StoreUse) int { return compareAddr(model.Addr(a.Addr), model.Addr(b.Addr)) })
	return out
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
				Dedup: MillisOf(c.DedupWindow), Step: Yes(f.k.step[ent]), UserFacing: Yes(f.Standing(c.Addr).UserFacing),
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

// feedsStep reports whether a topic or queue carries a step of a transaction.
func (f *Facts) feedsStep(channel model.Addr, readers map[model.Addr][]MessageReader) bool {
	for _, t := range f.m.Transactions {
		if slices.ContainsFunc(t.Steps, func(s *model.Step) bool { return s.Via.Has() && s.Via.V == channel }) {
			return true
		}
	}
	return slices.ContainsFunc(readers[channel], func(r MessageReader) bool { return r.Step.V })
}
