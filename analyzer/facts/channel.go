package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// TopicFacts is a topic with all that publish to it and consume from it.
type TopicFacts struct {
	*model.Topic
	Channel
	OneSlot        Flag   `fact:"one_slot" doc:"its only consuming service handles one message at a time"`
	Ordered        Flag   `fact:"ordering_wanted" doc:"some consumer needs messages in order"`
	WorkQueue      Flag   `fact:"work_queue" doc:"what its only consuming service states of competing: its copies share the messages as they would a queue's; unknown while it does not say, absent for several consuming services"`
	Broadcast      Flag   `fact:"broadcast" doc:"every replica of some consumer gets every message"`
	BreakingChange string `fact:"breaking_change" doc:"a breaking schema change, shipped with a release, of a store that feeds it; empty for none"`
}

// QueueFacts is a queue with all that publish to it and consume from it.
type QueueFacts struct {
	*model.Queue
	Channel
	AllCompete   Flag `fact:"all_compete" doc:"every consumer states that they share its messages"`
	DeadConsumed Flag `fact:"dead_letter_consumed" doc:"somebody consumes its dead-letter queue"`
	GivesUpTo    Word `fact:"failed_to" doc:"where messages go that cannot be handled: its dead-letter queue, else that of its consumers if each of them names one"`
	AgeLimit     Num  `fact:"age_limit" unit:"ms" doc:"max_age, which may be stated as none; unknown while nobody says whether messages expire"`
	ClientWaits  Num  `fact:"client_deadline" unit:"ms" doc:"shortest deadline of the clients whose requests, or the messages that follow from them, publish to it"`
	StatedLoss   Flag `fact:"loss_stated_intolerable" doc:"a publish into it states that loss is intolerable"`
}

// Channel is what topics and queues have in common.
type Channel struct {
	Publishers    []MessageWriter `fact:"publishers" doc:"publishes into it, by address"`
	Consumers     []MessageReader `fact:"consumers" doc:"consumes out of it, by address"`
	Services      []string        `fact:"services" doc:"services, gateways and clients that consume it"`
	ServiceCount  Num             `fact:"service_count" unit:"count" doc:"how many these are"`
	Teams         []string        `fact:"teams" doc:"stated teams of the consumers"`
	OneTeam       Flag            `fact:"one_team" doc:"publishers and consumers all state one and the same team"`
	TeamsDiffer   Flag            `fact:"teams_differ" doc:"a publisher and a consumer state different teams"`
	BrokerEngine  Word            `fact:"broker_engine" doc:"the product that carries it"`
	Rate          Num             `fact:"rate" unit:"rps" doc:"messages per second"`
	UserFacing    Flag            `fact:"user_facing" doc:"a user's request publishes to it, or a message that one caused"`
	Financial     Flag            `fact:"financial" doc:"what follows from its messages writes financial data"`
	Loss          Word            `fact:"loss" doc:"intolerable if one publish into it says so or says nothing; state is stated only where one does"`
	SaidLoss      Word            `fact:"loss_said" doc:"loss in the publishers' own words; unknown where one that says nothing decides"`
	WeakestAcks   Word            `fact:"weakest_acks" doc:"leader if one publish waits for the leader only; unknown while nobody says of one"`
	StepConsumes  Flag            `fact:"step_consumes" doc:"a service with a step of a transaction that users set off consumes it"`
	PathLength    Num             `fact:"path_length" unit:"count" doc:"topics and queues on the longest chain of messages through it"`
	DeadLetterFor []string        `fact:"dead_letter_for" doc:"queues and consumers whose failed messages it takes"`
	OutageDrain   Num             `fact:"outage_drain" unit:"ms" doc:"time in which the slowest consumer works off one hour's outage"`
	FromScheduler Flag            `fact:"publisher_scheduled" doc:"only schedulers set off what publishes to it"`
}

// MessageWriter is a publish into a topic or queue.
type MessageWriter struct {
	Addr   string `fact:"addr" doc:"the publish"`
	Node   string `fact:"node" doc:"who publishes"`
	Type   string `fact:"type" doc:"its kind"`
	Team   Word   `fact:"team" doc:"who runs it"`
	Loss   Word   `fact:"loss" doc:"tolerable or intolerable"`
	Acks   Word   `fact:"acks" doc:"all or leader"`
	Outbox Flag   `fact:"outbox" doc:"it goes through an outbox"`
	Rate   Num    `fact:"rate" unit:"rps" doc:"messages per second"`
}

func (f *Facts) topicDocuments() []Document {
	var out []Document
	readers, lengths, dead := f.messageReaders(), f.pathLengths(), f.deadLetters()
	for _, t := range f.m.Topics {
		x := &TopicFacts{Topic: t, Channel: f.channel(f.g.ent(t.Addr), readers[t.Addr], lengths, dead), OneSlot: Yes(false), Ordered: Yes(false), WorkQueue: Flag{State: model.Absent}, Broadcast: Yes(false)}
		if len(x.Services) == 1 {
			x.OneSlot, x.WorkQueue = Yes(true), Flag{State: model.Unknown}
			for _, c := range x.Consumers {
				if c.Competing.State == model.Stated {
					x.WorkQueue = c.Competing
				} else if x.WorkQueue.State == model.Unknown {
					x.WorkQueue.setNeeds(append(x.WorkQueue.Needs(), c.Addr+".competing")...)
				}
				if c.Slots.HasValue() && c.Slots.V > 1 {
					x.OneSlot = Yes(false)
				} else if !c.Slots.HasValue() && x.OneSlot.V {
					x.OneSlot = Flag{State: model.Unknown}
				}
			}
		}
		for _, c := range x.Consumers {
			x.Ordered.V = x.Ordered.V || c.Ordering.V
			x.Broadcast.V = x.Broadcast.V || c.Broadcast.V
		}
		x.BreakingChange = f.breakingChange(t.Addr)
		out = append(out, Document{Addr: t.Addr, Subject: x})
	}
	return out
}

// allCompete: every consumer says that they share messages; one that does not settles it, whatever is unknown of the others.
func allCompete(readers []MessageReader) Flag {
	out := Yes(len(readers) > 0)
	for _, c := range readers {
		switch {
		case c.Competing.State == model.Unknown:
			out.State = model.Unknown
			out.setNeeds(append(out.Needs(), c.Addr+".competing")...)
		case !c.Competing.V:
			return Yes(false)
		}
	}
	return Flag{State: out.State, V: out.V && out.State != model.Unknown, notes: needing(out.Needs()...)}
}

func (f *Facts) queueDocuments() []Document {
	var out []Document
	readers, lengths, dead := f.messageReaders(), f.pathLengths(), f.deadLetters()
	for _, q := range f.m.Queues {
		x := &QueueFacts{
			Queue: q, Channel: f.channel(f.g.ent(q.Addr), readers[q.Addr], lengths, dead),
			StatedLoss: Yes(false), ClientWaits: Absent(),
			GivesUpTo: givesUpTo(q, readers[q.Addr]), AgeLimit: MillisOf(q.MaxAge),
		}
		x.DeadConsumed = Yes(x.GivesUpTo.State.HasValue() && len(readers[model.Addr(x.GivesUpTo.V)]) > 0)
		if x.AgeLimit.State == model.Absent || x.AgeLimit.State == model.Unknown {
			x.AgeLimit = Unknown(0)
			x.AgeLimit.setNeeds(string(q.Addr) + ".max_age")
		}
		x.AllCompete = allCompete(x.Consumers)
		for _, p := range x.Publishers {
			x.StatedLoss.V = x.StatedLoss.V || p.Loss.State == model.Stated && p.Loss.V == "intolerable"
		}
		met := make([]bool, len(f.g.pairs)) // everything that causes its messages, over calls and over other messages
		for _, id := range f.g.ents[f.g.ent(q.Addr)].ins {
			for _, p := range f.g.edges[id].tails {
				met[p] = true
			}
		}
		f.g.up(met, func(*arc) bool { return true })
		for p, yes := range met {
			if !yes {
				continue
			}
			if c, ok := f.g.ents[f.g.pairs[p].ent].of.(*model.Client); ok && c.Deadline.Has() {
				if d := MillisOf(c.Deadline); !x.ClientWaits.HasValue() || d.V < x.ClientWaits.V {
					x.ClientWaits = d
				}
			}
		}
		out = append(out, Document{Addr: q.Addr, Subject: x})
	}
	return out
}

func (f *Facts) channel(i int32, readers []MessageReader, lengths []int32, dead map[model.Addr][]string) Channel {
	g := f.g
	s := f.standingOfEnt(i)
	out := Channel{
		Publishers: []MessageWriter{}, Consumers: readers, Services: []string{}, Teams: []string{}, BrokerEngine: f.end(g.brokerOf(i)).Engine,
		Rate: f.rate[i].num(), UserFacing: Yes(s.UserFacing), Financial: Yes(s.Financial), Loss: Word{State: model.Absent},
		WeakestAcks: Word{State: model.Absent}, StepConsumes: Yes(false), PathLength: Exact(float64(lengths[i])), OutageDrain: Absent(),
		TeamsDiffer: Yes(false), FromScheduler: Yes(len(g.ents[i].ins) > 0), DeadLetterFor: compact(dead[g.ents[i].addr]),
	}
	if out.Consumers == nil {
		out.Consumers = []MessageReader{}
	}
	var teams, theirs []string
	for _, r := range readers {
		out.Services, teams, theirs = append(out.Services, r.Node), append(teams, r.Team.V), append(theirs, r.Team.V)
		out.StepConsumes.V = out.StepConsumes.V || r.Step.V && r.UserFacing.V
	}
	for _, id := range g.ents[i].ins {
		e := &g.edges[id]
		b := g.ents[e.from].of.Self()
		w := MessageWriter{
			Addr: string(e.addr), Node: string(b.Addr), Type: string(b.Kind), Team: WordOf(b.Team), Loss: WordOf(e.pub.Loss), Acks: WordOf(e.pub.Acks),
			Outbox: Yes(e.pub.Outbox.Has()), Rate: f.load[id].num(),
		}
		out.Publishers = append(out.Publishers, w)
		teams = append(teams, w.Team.V)
		for _, t := range theirs {
			out.TeamsDiffer.V = out.TeamsDiffer.V || t != "" && w.Team.V != "" && t != w.Team.V
		}
		if !g.scheduled(e.from) && !f.onlyScheduled(e.from) {
			out.FromScheduler.V = false
		}
		out.Loss, out.WeakestAcks = heavierLoss(out.Loss, w.Loss), weakerAcks(out.WeakestAcks, w.Acks)
	}
	if out.WeakestAcks.State == model.Unknown {
		for _, w := range out.Publishers {
			if w.Acks.State == model.Unknown {
				out.WeakestAcks.setNeeds(append(out.WeakestAcks.Needs(), w.Addr+".acks")...)
			}
		}
		slices.Sort(out.WeakestAcks.Needs())
	}
	out.SaidLoss = saidLoss(out.Loss, out.Publishers)
	slices.SortFunc(out.Publishers, func(a, b MessageWriter) int { return compareAddr(model.Addr(a.Addr), model.Addr(b.Addr)) })
	out.OneTeam = Yes(len(teams) > 0 && !slices.ContainsFunc(teams, func(t string) bool { return t == "" || t != teams[0] }))
	out.Services, out.Teams = compact(out.Services), compact(theirs)
	out.ServiceCount = Exact(float64(len(out.Services)))
	out.OutageDrain = f.slowestDrain(readers)
	return out
}

// heavierLoss is the stricter of two statements on loss; a stated one beats the language's default.
func heavierLoss(a, b Word) Word {
	switch {
	case a.State == model.Absent, a.V == b.V && b.State == model.Stated, a.V == "tolerable" && b.V == "intolerable":
		return b
	}
	return a
}

// saidLoss is what publishers themselves say about loss: where the language's default decides, nobody has said it.
func saidLoss(loss Word, publishers []MessageWriter) Word {
	if !loss.State.HasValue() || loss.State == model.Stated {
		return loss
	}
	out := Word{State: model.Unknown}
	for _, p := range publishers {
		if p.Loss.State != model.Stated {
			out.setNeeds(append(out.Needs(), p.Addr+".loss")...)
		}
	}
	slices.Sort(out.Needs())
	return out
}

// weakerAcks is the weaker of two; what nobody knows may be the weakest.
func weakerAcks(a, b Word) Word {
	switch {
	case a.State == model.Absent, b.V == "leader", !b.State.HasValue() && a.V != "leader":
		return b
	}
	return a
}

// slowestDrain is the longest time that a consumer takes for one hour's backlog.
func (f *Facts) slowestDrain(readers []MessageReader) Num {
	out := missing
	for _, r := range readers {
		c, ok := f.m.Lookup(model.Addr(r.Addr)).(*model.Consume)
		if !ok {
			continue
		}
		n := f.m.Lookup(c.Parent).(model.Node)
		rate := interval{v: nan, hi: inf}
		if p := f.consumePair(c); p >= 0 {
			rate = f.r.rate(f.g, p)
		}
		x := f.consumeRate(c, n, f.g.ent(c.From.V), rate, f.as.timesFrom(valueOf(c.Latency), string(c.Addr)+".latency")).Drain.interval()
		if out.absent() {
			out = x
		} else {
			out = out.max(x)
		}
	}
	return out.millis()
}

// breakingChange is a breaking schema change that ships with a release, of a store that feeds a topic by its change
// stream or through an outbox.
func (f *Facts) breakingChange(topic model.Addr) string {
	var feeds []model.Addr
	for _, id := range f.g.ents[f.g.ent(topic)].ins {
		e := &f.g.edges[id]
		feeds = append(feeds, f.g.ents[e.from].addr)
		if o := valueOf(e.pub.Outbox); o != nil {
			feeds = append(feeds, o.Store.V)
		}
	}
	for _, d := range f.m.Datastores {
		if !slices.Contains(feeds, d.Addr) {
			continue
		}
		for _, c := range d.SchemaChanges {
			if c.Change.Or("") == "breaking" && c.WithRelease.Or(false) {
				return string(c.Addr)
			}
		}
	}
	return ""
}

// pathLengths are, per entity, the topics and queues on the longest chain of messages through it; in a loop each of its
// channels once.
func (f *Facts) pathLengths() []int32 {
	g := f.g
	isChannel := func(p int32) int32 {
		if k := g.ents[g.pairs[p].ent].kind; k == model.KindTopic || k == model.KindQueue {
			return 1
		}
		return 0
	}
	n := len(g.pairs)
	up, down, weight := make([]int32, n), make([]int32, n), make([]int32, n) // weight: channels of the pair's component
	for _, p := range g.allOrder {
		weight[g.allComp[p]] += isChannel(p)
	}
	walk := func(best []int32, order []int32, next func(p int32, visit func(int32))) {
		sum := make([]int32, n)
		for _, p := range order { // best[c]: channels before component c
			c := g.allComp[p]
			sum[c] = best[c] + weight[c]
			next(p, func(q int32) {
				if d := g.allComp[q]; d != c && sum[c] > best[d] {
					best[d] = sum[c]
				}
			})
		}
	}
	walk(up, g.allOrder, func(p int32, visit func(int32)) {
		for i := range g.outArcs(p) {
			visit(g.outArcs(p)[i].head)
		}
	})
	back := slices.Clone(g.allOrder)
	slices.Reverse(back)
	walk(down, back, func(p int32, visit func(int32)) {
		for _, k := range g.inArcs(p) {
			visit(g.arcs[k].tail)
		}
	})
	out := make([]int32, len(g.ents))
	for p := range g.pairs {
		c, e := g.allComp[p], g.pairs[p].ent
		out[e] = max(out[e], up[c]+weight[c]+down[c])
	}
	return out
}
