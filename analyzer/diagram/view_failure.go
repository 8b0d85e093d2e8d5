package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// failure shows what is lost when one part or one zone goes.
func (d *drawing) failure() error {
	if d.in.Facts == nil {
		return refuse("Compute the facts of the model first.", "the view failure needs facts")
	}
	d.pic.heat = true
	d.brokersForChannels()
	on := d.onRequestPath()
	var off []string
	d.show = slices.DeleteFunc(d.show, func(p *part) bool {
		if !on[p.addr] && p.kind != model.KindClient {
			off = append(off, middle(p.label, maxName))
			return true
		}
		return false
	})
	d.wire = slices.DeleteFunc(d.wire, func(l *line) bool { return !on[l.from] || !on[l.to] })
	if len(on) == 0 {
		d.notes = append(d.notes, "No client calls anything: a client with its rps and a call would show what fails for whom.")
	}
	if len(off) > 0 {
		d.notes = append(d.notes, "Not on a request path, so not drawn: "+list(off, 8)+".")
	}
	if d.pic.lost = "requests"; !d.in.Facts.TrafficKnown() {
		d.pic.lost = "journeys"
	}
	d.keepWorst()
	worst, worstLoss := "", 0.0
	d.pic.Title = d.s.systemName() + ": what breaks when one part fails"
	err := d.build(d.s.systemName(), func(n *Node, p *part) {
		if p.kind == model.KindClient {
			n.Facts = d.clientFacts(p)
			return
		}
		if loss := d.in.Facts.Loss(p.addr); loss.HasRange() {
			n.Heat = heatOf(loss.Lo)
			d.pic.open = d.pic.open || !loss.HasValue()
			n.Facts = append(n.Facts, Text{Text: d.lossWords(loss), Bold: true})
			if loss.Lo > worstLoss {
				worst, worstLoss = p.label, loss.Lo
			}
		}
		d.zoneWords(n, p)
	}, func(e *Edge, l *line) {
		if l.call != nil && l.kind != Call && l.call.CacheHit.Has() && l.call.CacheHit.V > 0 {
			e.Name = Text{Text: share(1-l.call.CacheHit.V) + " of " + l.call.Access.Or("request") + "s"}
		}
		if l.publish != nil {
			e.Kind = Call // the publisher waits for the acknowledgement
		}
	})
	if err != nil {
		return err
	}
	sub := "Share of peak requests that fail with each part, and the load on what is left after losing one zone."
	if !d.in.Facts.TrafficKnown() {
		sub = "Share of journeys that fail with each part (nobody states how many requests come in), and the load on what is left after losing one zone."
	}
	if worst != "" {
		sub += fmt.Sprintf(" Worst: without %s %s of %s are lost.", middle(worst, maxName), share(worstLoss), d.pic.lost)
	}
	d.pic.Subtitle = []string{sub}
	d.pic.Desc = sub
	d.partial = true
	d.decorate(func(f *report.Finding) bool { return f.Pattern == "" && concerns(f, d.isPart) })
	return nil
}

// lossWords says what fails with a part, from its least to its most.
func (d *drawing) lossWords(loss facts.Num) string {
	lost := " of " + d.pic.lost + " lost"
	switch {
	case loss.Hi == 0:
		return "no " + strings.TrimSuffix(d.pic.lost, "s") + " lost"
	case loss.HasValue():
		return share(loss.V) + lost
	case loss.Lo == 0:
		return "up to " + share(loss.Hi) + lost
	}
	return share(loss.Lo) + " to " + share(loss.Hi) + lost
}

// keepWorst leaves of a system that is too large for one picture the parts whose loss costs most: groups would hide the
// answer.
func (d *drawing) keepWorst() {
	if len(d.show) <= Hard || d.opt.Collapse != "" || d.opt.Focus != "" {
		return
	}
	loss := map[model.Addr]facts.Num{}
	ranked := slices.DeleteFunc(slices.Clone(d.show), func(p *part) bool { return p.kind == model.KindClient })
	for _, p := range ranked {
		loss[p.addr] = d.in.Facts.Loss(p.addr)
	}
	slices.SortStableFunc(ranked, func(a, b *part) int {
		x, y := loss[a.addr], loss[b.addr]
		return cmp.Or(cmp.Compare(y.Lo, x.Lo), cmp.Compare(y.Hi, x.Hi))
	})
	keep := map[model.Addr]bool{}
	for _, p := range ranked[:Aim] {
		keep[p.addr] = true
	}
	d.show = slices.DeleteFunc(d.show, func(p *part) bool { return p.kind != model.KindClient && !keep[p.addr] })
	d.wire = slices.DeleteFunc(d.wire, func(l *line) bool {
		from, to := d.s.at[l.from], d.s.at[l.to]
		return !keep[to.addr] && to.kind != model.KindClient || !keep[from.addr] && from.kind != model.KindClient
	})
	d.far = true
	d.notes = append(d.notes, fmt.Sprintf("The %d parts that cost most; %s more, each %s of %s or less, not drawn (--collapse none draws all).",
		Aim, analyzer.Plural(len(ranked)-Aim, "part"), share(loss[ranked[Aim].addr].Hi), d.pic.lost))
}

// zoneWords say how a part is spread and what the loss of a zone leaves.
func (d *drawing) zoneWords(n *Node, p *part) {
	switch p.kind {
	case model.KindExternal:
		if f := externalFact(p.of.(*model.External)); f != "" {
			n.Facts = append(n.Facts, Text{Text: cut("contract "+f, maxFact)})
		}
		return
	case model.KindTopic, model.KindQueue:
		return
	}
	end := d.in.Facts.End(p.addr)
	if end == nil || !end.Zones.HasValue() || !end.Replicas.HasValue() {
		copies := ""
		if end != nil && end.Replicas.HasValue() {
			copies = analyzer.Plural(int(end.Replicas.V), "replica")
		}
		n.Facts = append(n.Facts, Text{Text: fits(maxFact+2, copies, "zones not stated")})
		return
	}
	if load := d.in.Facts.ZoneLossLoad(p.addr); load.HasValue() {
		text := "zone loss: nothing left"
		if !math.IsInf(load.V, 1) {
			text = "zone loss: load " + share(load.V)
		}
		n.Facts = append(n.Facts, Text{Text: text})
	}
	n.Zones = spread(int(end.Replicas.V), int(end.Zones.V))
}

// spread is replicas by zone, as evenly as possible; a zone without a replica is not shown.
func spread(replicas, zones int) []int {
	if zones < 1 || replicas < 1 {
		return nil
	}
	zones = min(zones, replicas)
	out := make([]int, zones)
	for i := range replicas {
		out[i%zones]++
	}
	return out
}

// brokersForChannels selects every part, with brokers in the place of their topics and queues: a publisher waits for the
// broker. Deliveries are not shown, nobody waits for them.
func (d *drawing) brokersForChannels() {
	stand := map[model.Addr]model.Addr{}
	for _, p := range d.s.parts {
		if b := p.broker(); b != "" && d.s.at[b] != nil {
			stand[p.addr] = b
			continue
		}
		d.show = append(d.show, p)
	}
	for _, l := range d.s.lines {
		if l.consume != nil || l.call == nil && l.publish == nil {
			continue
		}
		c := *l
		if b, ok := stand[l.to]; ok {
			c.to = b
		}
		d.wire = append(d.wire, &c)
	}
	for a, b := range stand {
		d.moved[a] = d.s.at[b]
	}
}

// onRequestPath are the parts that a client reaches by calls and by publishes that somebody waits for.
func (d *drawing) onRequestPath() map[model.Addr]bool {
	out := map[model.Addr]bool{}
	var queue []model.Addr
	reach := func(a model.Addr) {
		if !out[a] {
			out[a] = true
			queue = append(queue, a)
		}
	}
	for _, p := range d.show {
		if p.kind == model.KindClient {
			reach(p.addr)
		}
		if x, ok := p.of.(*model.External); ok && len(x.Calls) > 0 {
			reach(p.addr)
		}
	}
	next := map[model.Addr][]model.Addr{}
	for _, l := range d.wire {
		next[l.from] = append(next[l.from], l.to)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range next[at] {
			reach(to)
		}
	}
	return out
}
