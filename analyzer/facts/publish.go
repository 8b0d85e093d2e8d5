package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// PublishFacts is a publish with the state that the same triggers change, what relays it and who takes it.
type PublishFacts struct {
	*model.Publish
	UserFacing    Flag              `fact:"user_facing" doc:"a user set off what it announces"`
	Rate          Num               `fact:"rate" unit:"rps" doc:"messages per second"`
	LostPerOutage Num               `fact:"lost_per_outage" unit:"count" doc:"messages of 30 seconds: what one broker outage of that length costs without an outbox"`
	FeedsStep     Flag              `fact:"feeds_step" doc:"a step of a transaction waits for it"`
	Channel       Word              `fact:"channel" doc:"topic or queue"`
	Partitions    Num               `fact:"partitions" unit:"count" doc:"partitions of the topic; 1 for a queue in order"`
	TopicKey      Word              `fact:"topic_ordering_key" doc:"ordering key of the topic"`
	RelayRate     Num               `fact:"relay_rate" unit:"rps" doc:"what a polling relay moves: batch per poll"`
	RelayBehind   Num               `fact:"relay_behind" unit:"rps" doc:"what it falls behind: rate minus relay_rate"`
	RecBatch      Num               `fact:"rec_batch" unit:"count" doc:"batch that moves twice the rate: 2 · rate · poll"`
	RowsPerDay    Num               `fact:"rows_per_day" unit:"count" doc:"rows that the outbox grows by in a day"`
	OutboxStore   OutboxStore       `fact:"outbox_store" doc:"the store that holds the outbox"`
	Consumers     []PublishConsumer `fact:"consumers" doc:"who takes its messages, by address"`
}

// OutboxStore is the store that holds an outbox; its facts are absent where there is none.
type OutboxStore struct {
	Addr       string `fact:"addr" doc:"the store; empty for none"`
	Kind       Word   `fact:"kind" doc:"kind of datastore"`
	Tx         Flag   `fact:"transactions" doc:"several writes to it commit together"`
	Committed  Flag   `fact:"committed" doc:"a trigger that publishes writes its state to this store too"`
	SameServer Flag   `fact:"same_server" doc:"it stands on the server of a store that such a trigger writes, and that has transactions"`
}

// PublishConsumer takes the messages of a publish.
type PublishConsumer struct {
	Addr       string   `fact:"addr" doc:"the consume"`
	Node       string   `fact:"node" doc:"who consumes"`
	Idempotent Flag     `fact:"idempotent" doc:"a repeated message has no second effect"`
	Ordering   Flag     `fact:"ordering" doc:"it needs messages in order"`
	Dedup      Num      `fact:"dedup_window" unit:"ms" doc:"how long it recognises repeated messages"`
	Horizon    Num      `fact:"horizon" unit:"ms" doc:"how late a message may come again: retention of a topic, receives times visibility of a queue"`
	Touches    []string `fact:"touches" doc:"stores and externals that it changes for a message"`
}

func (f *Facts) publishDocuments() []Document {
	var out []Document
	takers := f.takers()
	feeds := f.feedingSteps(takers)
	for id := range f.g.edges {
		e := &f.g.edges[id]
		if e.pub == nil {
			continue
		}
		from := *f.end(e.from) // the stores belong to this publish, not to the node
		from.Writes = f.writesBeside(e)
		if s, ok := f.g.ents[e.from].of.(*model.Service); ok {
			es := s.EventSourcing
			from.FromEventLog = Yes(es.Has() && es.V.Publishes.Has() && es.V.Publishes.V == e.pub.To.V)
		}
		out = append(out, Document{Addr: e.addr, Subject: f.publishFacts(int32(id), from.Writes, takers[e.pub.To.V], feeds[e.pub.To.V]), From: &from, To: f.end(e.to)})
	}
	return out
}

// writesBeside are the stores that some trigger of a publish writes or may write, in source order. What only some
// requests of a plain trigger do is judged by the operation that these are.
func (f *Facts) writesBeside(e *edge) []StoreUse {
	g := f.g
	out := []StoreUse{}
	for _, p := range e.tails {
		if slices.ContainsFunc(g.outArcs(p), func(a arc) bool { return a.maybe && a.edge >= 0 && &g.edges[a.edge] == e }) {
			continue
		}
		for i := range g.outArcs(p) {
			a := &g.outArcs(p)[i]
			if a.async || a.maybe || a.edge < 0 || g.edges[a.edge].call == nil {
				continue
			}
			c := &g.edges[a.edge]
			d, ok := g.ents[c.to].of.(*model.Datastore)
			if !ok || c.call.Access.Or("write") != "write" {
				continue
			}
			sure := Yes(true)
			if !c.call.Access.Has() {
				sure = Flag{State: model.Unknown, notes: needing(string(c.addr) + ".access")}
			}
			if k := slices.IndexFunc(out, func(u StoreUse) bool { return u.Addr == string(d.Addr) }); k >= 0 {
				if sure.V {
					out[k].Certain, out[k].Via = sure, string(c.addr)
				}
				continue
			}
			out = append(out, StoreUse{
				Addr: string(d.Addr), Via: string(c.addr), Certain: sure, Kind: WordOf(d.StoreKind), Data: listOf(d.Data), Tx: FlagOf(d.Transactions),
				FeedsByCDC: Yes(slices.ContainsFunc(d.Publishes, func(x *model.Publish) bool { return x.To.V == e.pub.To.V })),
			})
		}
	}
	return out
}

// brokerOutage is the broker outage that an outbox is weighed against, in seconds (rules.md DAT-030).
const brokerOutage = 30

func (f *Facts) publishFacts(id int32, writes []StoreUse, takers []int32, feeds bool) *PublishFacts {
	g := f.g
	e := &g.edges[id]
	p, rate := e.pub, f.requests[id]
	out := &PublishFacts{
		Publish: p, UserFacing: Yes(f.standingOfEdge(id).UserFacing), Rate: rate.num(), LostPerOutage: rate.scale(brokerOutage).num(),
		FeedsStep: Yes(feeds), Channel: Is(string(g.ents[e.to].kind)), Partitions: Absent(), TopicKey: Word{State: model.Absent},
		RelayRate: Absent(), RelayBehind: Absent(), RecBatch: Absent(), RowsPerDay: rate.scale(day / second).num(),
		OutboxStore: f.outboxStore(e, writes), Consumers: []PublishConsumer{},
	}
	switch t := g.ents[e.to].of.(type) {
	case *model.Topic:
		out.Partitions, out.TopicKey = NumOf(t.Partitions), WordOf(t.OrderingKey)
		if t.Partitions.IsUnknown() {
			out.Partitions.setNeeds(string(t.Addr) + ".partitions")
		}
	case *model.Queue:
		if t.FIFO.Or(false) {
			out.Partitions = Exact(1)
		}
	}
	if o := p.Outbox; o.Has() && o.V != nil && o.V.Relay.Or("") == "polling" {
		poll := MillisOf(o.V.Poll).interval(string(p.Addr) + ".outbox.poll")
		batch := NumOf(o.V.Batch).interval(string(p.Addr) + ".outbox.batch")
		relay := batch.div(poll.scale(1 / second))
		out.RelayRate, out.RelayBehind = relay.num(), rate.sub(relay).num()
		out.RecBatch = rate.mul(poll.scale(2 / second)).apply(math.Ceil).num()
	}
	for _, q := range takers {
		out.Consumers = append(out.Consumers, f.publishConsumer(q, e.to))
	}
	slices.SortFunc(out.Consumers, func(a, b PublishConsumer) int { return compareAddr(model.Addr(a.Addr), model.Addr(b.Addr)) })
	return out
}

// takers are the consume triggers by the channel that they take from.
func (f *Facts) takers() map[model.Addr][]int32 {
	out := map[model.Addr][]int32{}
	for q := range f.g.pairs {
		if c := f.g.pairs[q].consume; c != nil {
			out[c.From.V] = append(out[c.From.V], int32(q))
		}
	}
	return out
}

// feedingSteps are the channels for whose messages a step of a transaction waits: it names one as its way, or its
// service takes from one.
func (f *Facts) feedingSteps(takers map[model.Addr][]int32) map[model.Addr]bool {
	out, steps := map[model.Addr]bool{}, map[model.Addr]bool{}
	for _, t := range f.m.Transactions {
		for _, s := range t.Steps {
			steps[s.In.V] = true
			if s.Via.Has() {
				out[s.Via.V] = true
			}
		}
	}
	for channel, pairs := range takers {
		for _, q := range pairs {
			out[channel] = out[channel] || steps[f.g.ents[f.g.pairs[q].ent].addr]
		}
	}
	return out
}

func (f *Facts) outboxStore(e *edge, writes []StoreUse) OutboxStore {
	gone := Flag{State: model.Absent}
	out := OutboxStore{Kind: Word{State: model.Absent}, Tx: gone, Committed: gone, SameServer: gone}
	o := e.pub.Outbox
	if !o.Has() || o.V == nil || !o.V.Store.Has() {
		return out
	}
	d, ok := f.m.Lookup(o.V.Store.V).(*model.Datastore)
	if !ok {
		return out
	}
	out.Addr, out.Kind, out.Tx = string(d.Addr), WordOf(d.StoreKind), FlagOf(d.Transactions)
	if d.Transactions.IsUnknown() {
		out.Tx.setNeeds(string(d.Addr) + ".kind")
	}
	out.Committed, out.SameServer = Yes(len(writes) == 0), Yes(false) // an outbox alone is a write of its own
	if s, ok := f.g.ents[e.from].of.(*model.Service); ok {
		out.Committed.V = out.Committed.V || s.CQRS.Has() && s.CQRS.V.Write.Or("") == d.Addr ||
			s.EventSourcing.Has() && s.EventSourcing.V.Store.Or("") == d.Addr
	}
	for _, w := range writes {
		if w.Addr == string(d.Addr) {
			out.Committed = w.Certain
		}
		x, _ := f.m.Lookup(model.Addr(w.Addr)).(*model.Datastore)
		if x.Addr != d.Addr && x.Server.Has() && d.Server.Has() && x.Server.V == d.Server.V && x.Transactions.Or(false) {
			out.SameServer = Yes(true)
		}
	}
	return out
}

func (f *Facts) publishConsumer(pair, channel int32) PublishConsumer {
	g := f.g
	c := g.pairs[pair].consume
	asks := func(v model.Value[bool], attr string) Flag {
		fl := FlagOf(v)
		if v.IsUnknown() {
			fl.setNeeds(string(c.Addr) + "." + attr)
		}
		return fl
	}
	out := PublishConsumer{
		Addr: string(c.Addr), Node: string(g.ents[g.pairs[pair].ent].addr), Idempotent: asks(c.Idempotent, "idempotent"),
		Ordering: asks(c.Ordering, "ordering"), Dedup: MillisOf(c.DedupWindow), Touches: []string{},
	}
	if n, ok := g.ents[g.pairs[pair].ent].of.(model.Node); ok {
		out.Horizon = f.consumeFacts(c, n, channel).Horizon
	}
	for i := range g.outArcs(pair) {
		a := &g.outArcs(pair)[i]
		if a.edge < 0 || g.edges[a.edge].call == nil || g.edges[a.edge].call.Access.Or("write") != "write" {
			continue
		}
		switch to := &g.ents[g.edges[a.edge].to]; to.kind {
		case model.KindDatastore, model.KindExternal:
			out.Touches = append(out.Touches, string(to.addr))
		}
	}
	out.Touches = compact(out.Touches)
	return out
}
