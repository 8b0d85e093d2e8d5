package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ConsumeFacts is a consume block: what arrives, what its node can work off, and what a repeated message would do.
type ConsumeFacts struct {
	*model.Consume
	ConsumeRate
	ConsumeDelivery
	ConsumeEffect
}

// ConsumeRate is Q5 of a consumer.
type ConsumeRate struct {
	Rate          Num `fact:"rate" unit:"rps" doc:"messages that arrive"`
	P99           Num `fact:"p99" unit:"ms" doc:"p99 of processing one message"`
	Mean          Num `fact:"mean" unit:"ms" doc:"mean time of processing one message"`
	Slots         Num `fact:"slots" unit:"count" doc:"messages, or batches, at once: replicas · concurrency"`
	ServiceRate   Num `fact:"service_rate" unit:"rps" doc:"μ: messages worked off"`
	RateOfOne     Num `fact:"rate_of_one" unit:"rps" doc:"messages that one slot works off"`
	Utilisation   Num `fact:"utilisation" unit:"ratio" doc:"rate over service_rate"`
	Growth        Num `fact:"growth" unit:"rps" doc:"rate less service_rate: growth of the backlog where positive"`
	NeededSlots   Num `fact:"needed_slots" unit:"count" doc:"slots that work off 1.3 times the rate"`
	Drain         Num `fact:"drain" unit:"ms" doc:"time in which the backlog of one hour's outage is worked off; unbounded where it never is"`
	TooOldIn      Num `fact:"too_old_in" unit:"ms" doc:"time until messages are older than max_age when more arrive than are worked off; absent else"`
	Partitions    Num `fact:"partitions" unit:"count" doc:"partitions of the topic: the most slots that are of use"`
	PartitionRate Num `fact:"partition_rate" unit:"rps" doc:"partitions · rate_of_one"`
	RecPartitions Num `fact:"rec_partitions" unit:"count" doc:"partitions that carry 1.5 times the rate"`
}

// ConsumeDelivery is how messages come again.
type ConsumeDelivery struct {
	Delivery      Word `fact:"delivery" doc:"delivery guarantee of the topic or queue"`
	Visibility    Num  `fact:"visibility" unit:"ms" doc:"time after which the queue hands an unfinished message to another consumer"`
	NeededTime    Num  `fact:"needed_time" unit:"ms" doc:"time that a receive takes: p99 of one message, of a stated batch latency, or batch · mean up to batch · p99"`
	RecVisibility Num  `fact:"rec_visibility" unit:"ms" doc:"twice batch · p99, at least 30 s"`
	MaxReceives   Num  `fact:"max_receives" unit:"count" doc:"deliveries before the queue gives up"`
	Executions    Num  `fact:"executions" unit:"count" doc:"tries in place times deliveries"`
	RetryTime     Num  `fact:"retry_time" unit:"ms" doc:"time of all tries in place with the waits between them"`
	Horizon       Num  `fact:"redelivery_horizon" unit:"ms" doc:"time after which a message no longer comes again: min(retention, max_receives · visibility)"`
	Ordered       Flag `fact:"ordered" doc:"the channel keeps order for this consumer: a key, one partition, or a FIFO queue"`
	DeadLetter    Word `fact:"channel_dead_letter" doc:"where failed messages go: the consumer's own dead-letter queue, else the queue's"`
	Payload       Word `fact:"payload" doc:"what a topic's messages carry: only a notification, or the state that consumers need; absent for a queue"`
	LossTolerable Flag `fact:"loss_tolerable" doc:"every publish into the channel states that loss is tolerable"`
	PubScheduled  Flag `fact:"publisher_scheduled" doc:"only schedulers set off what publishes into the channel"`
	RepeatsWeekly Num  `fact:"repeats_per_week" unit:"count" doc:"redeliveries that releases alone cause: releases · replicas"`
}

// ConsumeEffect is what handling a message does.
type ConsumeEffect struct {
	UserFacing      Flag       `fact:"user_facing" doc:"what it handles comes from users"`
	Financial       Flag       `fact:"financial" doc:"its trigger, or something downstream, writes a store of financial data"`
	WritesFinancial Flag       `fact:"writes_financial" doc:"its trigger writes such a store itself"`
	Sinks           []Sink     `fact:"sinks" doc:"what the trigger calls and publishes to, by address"`
	OutsideBroker   []string   `fact:"outside_broker" doc:"of these, all that is no topic or queue of the same broker"`
	Callbacks       []Callback `fact:"callbacks" doc:"calls of the trigger to nodes that publish what it consumes"`
	CallbackRate    Num        `fact:"callback_rate" unit:"rps" doc:"calls per second that these make"`
}

// Sink is something that handling a message touches.
type Sink struct {
	Addr string `fact:"addr" doc:"the node, store, topic or queue"`
	Type string `fact:"type" doc:"its kind"`
	Via  string `fact:"via" doc:"the call or publish"`
}

// Callback is a call back to a publisher.
type Callback struct {
	Call        string `fact:"call" doc:"the call"`
	To          string `fact:"to" doc:"the publisher"`
	PerMessage  Num    `fact:"per_message" unit:"count" doc:"calls for one message"`
	Writes      Flag   `fact:"states_write" doc:"the call states that it changes data: it reports back rather than asks"`
	Rate        Num    `fact:"rate" unit:"rps" doc:"calls per second for messages of this channel"`
	OfAll       Num    `fact:"rate_of_all" unit:"rps" doc:"calls per second that all consumers of the channel make to this publisher for its messages"`
	Consumers   Num    `fact:"consumers" unit:"count" doc:"how many consumers do"`
	Cached      Num    `fact:"cached" unit:"ratio" doc:"share that a cache answers: 0 unless stated"`
	Utilisation Num    `fact:"utilisation" unit:"ratio" doc:"load of the publisher, these calls included"`
}

func (f *Facts) consumeDocuments() []Document {
	var out []Document
	for _, n := range f.m.Nodes() {
		for _, c := range n.Out().Consumes {
			ch, to := f.g.ent(c.From.V), f.g.ent(n.Self().Addr)
			if ch < 0 {
				continue
			}
			out = append(out, Document{Addr: c.Addr, Subject: f.consumeFacts(c, n, ch), From: f.end(ch), To: f.end(to)})
		}
	}
	return out
}

// consumePair is the trigger of a consume block, -1 for a client's.
func (f *Facts) consumePair(c *model.Consume) int32 {
	i := f.g.ent(c.Parent)
	for p := f.g.ents[i].first; p < f.g.ents[i].last; p++ {
		if f.g.pairs[p].consume == c {
			return p
		}
	}
	return -1
}

// consumerSlots are the messages that a consumer handles at once.
func (f *Facts) consumerSlots(c *model.Consume, n model.Node) interval {
	return replicasOf(n).interval(string(n.Self().Addr) + ".scale.replicas").scale(float64(c.Concurrency.Or(1)))
}

func (f *Facts) consumeFacts(c *model.Consume, n model.Node, ch int32) *ConsumeFacts {
	out := &ConsumeFacts{Consume: c}
	p := f.consumePair(c)
	rate := interval{v: nan, hi: inf}
	if p >= 0 {
		rate = f.r.rate(f.g, p)
	}
	times := f.as.timesFrom(valueOf(c.Latency), string(c.Addr)+".latency")
	out.ConsumeRate = f.consumeRate(c, n, ch, rate, times)
	out.ConsumeDelivery = f.consumeDelivery(c, n, ch, times)
	out.ConsumeEffect = f.consumeEffect(c, ch, p, rate)
	return out
}

func valueOf[T any](v model.Value[*T]) *T {
	if v.Has() {
		return v.V
	}
	return nil
}

func ceil(x float64) float64 { return math.Ceil(x - 1e-9) }

func (f *Facts) consumeRate(c *model.Consume, n model.Node, ch int32, rate interval, t timesOf) ConsumeRate {
	slots := f.consumerSlots(c, n)
	one := point(second).div(t.mean)
	if b := valueOf(c.BatchLatency); b != nil { // a stated batch takes as long as it takes; one by one the work adds up
		one = point(second * float64(c.Batch.Or(1))).div(f.as.timesFrom(b, string(c.Addr)+".batch_latency").mean)
	}
	mu := slots.mul(one)
	out := ConsumeRate{
		Rate: rate.num(), P99: t.p99.millis(), Mean: t.mean.millis(), Slots: slots.num(), ServiceRate: mu.num(), RateOfOne: one.num(),
		Utilisation: rate.div(mu).num(), Growth: rate.sub(mu).num(), NeededSlots: rate.scale(1.3).div(one).apply(ceil).num(),
		Drain: drainOf(rate, mu).millis(), TooOldIn: Absent(), Partitions: Absent(), PartitionRate: Absent(), RecPartitions: Absent(),
	}
	switch x := f.g.ents[ch].of.(type) {
	case *model.Topic:
		parts := NumOf(x.Partitions)
		out.Partitions, out.PartitionRate = parts, parts.interval(string(x.Addr)+".partitions").mul(one).num()
		out.RecPartitions = rate.scale(1.5).div(one).apply(ceil).num()
	case *model.Queue:
		if age := MillisOf(x.MaxAge); age.HasValue() && rate.known() && mu.known() && rate.v > mu.v {
			out.TooOldIn = point(age.V * mu.v / (rate.v - mu.v)).millis()
		}
	}
	return out
}

// drainOf is the time in which the backlog of one hour is worked off, in milliseconds.
func drainOf(rate, mu interval) interval {
	at := func(l, m float64) float64 { return second * Drain(3600*l, l, m) }
	out := rate.with(mu, at(rate.lo, mu.hi), at(rate.v, mu.v), at(rate.hi, mu.lo))
	if math.IsNaN(rate.v) || math.IsNaN(mu.v) {
		out.v = nan
	}
	if math.IsNaN(out.lo) {
		out.lo = 0
	}
	if math.IsNaN(out.hi) {
		out.hi = inf
	}
	return out
}

func (f *Facts) consumeDelivery(c *model.Consume, n model.Node, ch int32, t timesOf) ConsumeDelivery {
	end := f.end(ch)
	out := ConsumeDelivery{
		Delivery: end.Delivery, Visibility: Absent(), MaxReceives: Absent(), Executions: Absent(), RetryTime: Absent(), Horizon: Absent(),
		Ordered: Yes(false), Payload: Word{State: model.Absent}, DeadLetter: WordOf(c.DeadLetter), LossTolerable: Yes(len(f.g.ents[ch].ins) > 0), PubScheduled: Yes(len(f.g.ents[ch].ins) > 0),
	}
	for _, id := range f.g.ents[ch].ins {
		e := &f.g.edges[id]
		out.LossTolerable.V = out.LossTolerable.V && e.pub != nil && e.pub.Loss.Or("") == "tolerable"
		if !f.g.scheduled(e.from) && !f.onlyScheduled(e.from) {
			out.PubScheduled.V = false
		}
	}
	batch := float64(c.Batch.Or(1))
	need := t.p99
	switch b := valueOf(c.BatchLatency); {
	case b != nil:
		need = f.as.timesFrom(b, string(c.Addr)+".batch_latency").p99
	case batch > 1:
		need = t.p99.scale(batch).with(t.mean, t.mean.lo*batch, t.p99.v*batch, t.p99.hi*batch)
	}
	out.NeededTime = need.millis()
	out.RecVisibility = t.p99.scale(2 * batch).max(point(30 * second)).millis()
	var retention, visibility, receives interval = missing, missing, missing
	switch x := f.g.ents[ch].of.(type) {
	case *model.Topic:
		if out.Payload = WordOf(x.Payload); out.Payload.State == model.Unknown {
			out.Payload.setNeeds(string(x.Addr) + ".payload")
		}
		retention = MillisOf(x.Retention).interval(string(x.Addr) + ".retention")
		out.Ordered = Yes(x.OrderingKey.Has() || x.Partitions.Has() && x.Partitions.V == 1)
		if !x.OrderingKey.Has() && !x.Partitions.Has() {
			out.Ordered = Flag{State: model.Unknown}
		}
	case *model.Queue:
		visibility = MillisOf(x.VisibilityTimeout).interval(string(x.Addr) + ".visibility_timeout")
		receives = NumOf(x.MaxReceives).interval(string(x.Addr) + ".max_receives")
		out.Visibility, out.MaxReceives, out.Ordered = MillisOf(x.VisibilityTimeout), NumOf(x.MaxReceives), FlagOf(x.FIFO)
		out.Visibility.setNeeds(visibility.needs...)
		retention = MillisOf(x.MaxAge).interval(string(x.Addr) + ".max_age")
		if !out.DeadLetter.State.HasValue() {
			out.DeadLetter = WordOf(x.DeadLetter)
		}
	}
	out.Horizon = least(retention, visibility.mul(receives)).millis()
	tries := 1.0
	if r := valueOf(c.Retry); r != nil {
		m := r.MaxAttempts.Or(3)
		if tries = float64(m); m == model.Unlimited {
			tries = inf
		}
		out.RetryTime = t.p99.scale(tries).add(point(backoffOf(r).Sum(tries))).millis()
	}
	if !receives.absent() {
		out.Executions = receives.scale(tries).num()
	}
	out.RepeatsWeekly = replicasOf(n).interval(string(n.Self().Addr) + ".scale.replicas").mul(f.as.deploys).num()
	return out
}

func (f *Facts) consumeEffect(c *model.Consume, ch, p int32, rate interval) ConsumeEffect {
	g := f.g
	s := f.Standing(c.Addr)
	out := ConsumeEffect{
		UserFacing: Yes(s.UserFacing), Financial: Yes(s.Financial), WritesFinancial: Yes(s.Carries), Sinks: []Sink{}, OutsideBroker: []string{},
		Callbacks: []Callback{}, CallbackRate: Exact(0),
	}
	if p < 0 {
		return out
	}
	total, last := zero, int32(-1)
	for i := range g.outArcs(p) {
		a := &g.outArcs(p)[i]
		if a.edge < 0 || a.edge == last || g.pairs[a.head].kind == pairWrites {
			continue
		}
		last = a.edge
		e := &g.edges[a.edge]
		to := &g.ents[e.to]
		out.Sinks = append(out.Sinks, Sink{string(to.addr), string(to.kind), string(e.addr)})
		if e.call != nil || g.brokerOf(e.to) != g.brokerOf(ch) {
			out.OutsideBroker = append(out.OutsideBroker, string(to.addr))
		}
		if g.callsBack(e, ch) {
			r := rate.scale(e.n * e.miss)
			total = total.add(r)
			out.Callbacks = append(out.Callbacks, f.callback(e, ch, r))
		}
	}
	slices.SortFunc(out.Sinks, func(a, b Sink) int { return compareAddr(model.Addr(a.Via), model.Addr(b.Via)) })
	slices.SortFunc(out.Callbacks, func(a, b Callback) int { return compareAddr(model.Addr(a.Call), model.Addr(b.Call)) })
	out.OutsideBroker = compact(out.OutsideBroker)
	out.CallbackRate = total.num()
	return out
}
