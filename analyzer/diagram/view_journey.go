package diagram

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// journeyWalk is one journey as its requests travel, depth first.
type journeyWalk struct {
	d      *drawing
	steps  map[model.Addr]bool // calls chosen at routing gateways
	passes map[model.Addr]bool // what the journey passes at all
	seen   map[model.Addr]bool // lines already numbered
	order  []*wait
}

// wait is one numbered line of a journey.
type wait struct {
	line  *line
	depth int
	start float64 // ms from the start of the entry
	facts *facts.CallFacts
}

// journey shows who waits how long for whom, and where the time runs out.
func (d *drawing) journey() error {
	if d.in.Facts == nil {
		return refuse("Compute the facts of the model first.", "the view journey needs facts")
	}
	addr, j, err := d.findJourney()
	if err != nil {
		return err
	}
	w := &journeyWalk{d: d, steps: map[model.Addr]bool{}, passes: map[model.Addr]bool{}, seen: map[model.Addr]bool{}}
	for _, a := range d.in.Facts.Parts(addr) {
		w.passes[a] = true
	}
	for _, s := range j.Steps {
		w.steps[model.Addr(s)] = true
	}
	if entry := d.lineAt(model.Addr(j.Entry)); entry != nil {
		w.visit(entry, 0, 0)
	}
	d.selectWalk(w)
	number := map[model.Addr]int{}
	for i, x := range w.order {
		number[x.line.addr] = i + 1
	}
	d.pic.Title = "journey " + strings.TrimPrefix(string(addr), "journey.") + ": who waits how long for whom"
	d.flat = true
	at := map[model.Addr]*wait{}
	for _, x := range w.order {
		at[x.line.addr] = x
	}
	err = d.build("", func(n *Node, p *part) { d.journeyNode(n, p) }, func(e *Edge, l *line) {
		d.journeyEdge(e, at[l.addr], number[l.addr])
	})
	if err != nil {
		return err
	}
	d.pic.Subtitle = []string{d.journeySummary(j)}
	d.pic.Desc = d.pic.Title + ". " + d.pic.Subtitle[0]
	d.pic.Waterfall = d.waterfall(w, j)
	d.partial = true
	d.decorate(func(f *report.Finding) bool {
		return concerns(f, func(a model.Addr) bool { return d.isPart(a) || d.lineAt(a) != nil })
	})
	return nil
}

// findJourney is the journey with the given name: its address, the address without "journey.", or an end of it that no
// other journey has.
func (d *drawing) findJourney() (model.Addr, *facts.JourneyFacts, error) {
	docs := d.in.Facts.Documents("journey")
	var names []string
	var hits []facts.Document
	for _, doc := range docs {
		name := strings.TrimPrefix(string(doc.Addr), "journey.")
		names = append(names, name)
		want := strings.TrimPrefix(d.opt.Name, "journey.")
		if name == want {
			hits = []facts.Document{doc}
			break
		}
		if want != "" && (strings.HasSuffix(name, "/"+want) || strings.HasSuffix(name, "."+want)) || want == "" && len(docs) == 1 {
			hits = append(hits, doc)
		}
	}
	if len(hits) == 1 {
		if j, ok := hits[0].Subject.(*facts.JourneyFacts); ok {
			return hits[0].Addr, j, nil
		}
	}
	switch {
	case len(docs) == 0:
		return "", nil, refuse("A journey starts at a call of a client: add client \"web\" with its rps and a call.", "this model has no journey")
	case len(hits) > 1:
		var which []string
		for _, h := range hits {
			which = append(which, strings.TrimPrefix(string(h.Addr), "journey."))
		}
		return "", nil, refuse("Name one of "+list(which, 8)+".", "%d journeys end in %q", len(hits), d.opt.Name)
	case d.opt.Name == "":
		return "", nil, refuse("Name one: --view journey="+names[0]+". There are "+list(names, 8)+".", "the view journey needs a name")
	}
	hint := "There are " + list(names, 8) + "."
	if near := suggest.Address(d.opt.Name, names); near != "" {
		hint = "Did you mean --view journey=" + near + "? " + hint
	}
	return "", nil, refuse(hint, "there is no journey %q", d.opt.Name)
}

func (d *drawing) lineAt(a model.Addr) *line {
	for _, l := range d.s.lines {
		if l.addr == a {
			return l
		}
	}
	return nil
}

// visit numbers a line and what its callee waits for. Calls of one node come one after the other, those of one parallel
// group at once.
func (w *journeyWalk) visit(l *line, depth int, start float64) {
	if w.seen[l.addr] || depth > 40 {
		return
	}
	w.seen[l.addr] = true
	w.order = append(w.order, &wait{l, depth, start, w.d.calls()[l.addr]})
	if l.call == nil {
		return
	}
	var op string
	if l.call.Op.Has() {
		op = l.call.Op.V
	}
	next := w.children(l.to, op)
	at, group, longest := start, "", 0.0
	for _, c := range next {
		g := ""
		if c.call != nil {
			g = c.call.Parallel.Or("")
		}
		if g == "" || g != group {
			at, longest = at+longest, 0
		}
		group = g
		w.visit(c, depth+1, at)
		longest = max(longest, w.d.waitOf(c))
	}
}

// children are the lines out of a node that somebody of the journey waits for: hard calls and publishes without an
// outbox, in the order of the source; of a gateway that routes only the chosen call.
func (w *journeyWalk) children(at model.Addr, op string) []*line {
	var out []*line
	g, isGateway := w.d.s.at[at].of.(*model.Gateway)
	for _, l := range w.d.s.lines {
		if l.from != at || !w.passes[l.addr] {
			continue
		}
		switch {
		case l.call != nil:
			if isGateway && g.Routes() && !w.steps[l.addr] {
				continue
			}
			if f := w.d.calls()[l.addr]; f != nil && f.Hard.State.HasValue() && !f.Hard.V {
				continue
			}
			if op != "" && l.call.On.Has() && !slices.Contains(l.call.On.V, op) {
				continue
			}
		case l.publish != nil:
			if l.publish.Outbox.Has() || w.d.s.at[at].kind == model.KindDatastore || op != "" && l.publish.On.Has() && !slices.Contains(l.publish.On.V, op) {
				continue
			}
		default:
			continue
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b *line) int { return w.d.place(a) - w.d.place(b) })
	return out
}

// place is where a line stands in its block.
func (d *drawing) place(l *line) int {
	if l.call != nil {
		return int(l.call.Decl.Start.Byte)
	}
	return 1<<30 + int(l.publish.Decl.Start.Byte) // published when the work is done
}

// waitOf is how long the caller may wait for a line in all, in milliseconds.
func (d *drawing) waitOf(l *line) float64 {
	if f := d.calls()[l.addr]; f != nil && f.WorstCase.HasValue() {
		return f.WorstCase.V
	}
	return 0
}

// selectWalk shows the lines of the walk and their ends, brokers in the place of their channels.
func (d *drawing) selectWalk(w *journeyWalk) {
	keep := map[model.Addr]bool{}
	for _, x := range w.order {
		c := *x.line
		if p := d.s.at[c.to]; c.publish != nil && p.broker() != "" && d.s.at[p.broker()] != nil {
			d.moved[c.to] = d.s.at[p.broker()]
			c.to = p.broker()
		}
		x.line = &c
		d.wire = append(d.wire, &c)
		keep[c.from], keep[c.to] = true, true
	}
	// What is stated later stands higher in a picture from left to right: in reverse, the steps read from the top.
	slices.Reverse(d.wire)
	for _, l := range d.wire {
		for _, a := range []model.Addr{l.to, l.from} {
			if keep[a] {
				keep[a] = false
				d.show = append(d.show, d.s.at[a])
			}
		}
	}
}

func (d *drawing) journeyNode(n *Node, p *part) {
	end := d.in.Facts.End(p.addr)
	switch p.kind {
	case model.KindClient:
		if c := p.of.(*model.Client); c.Deadline.Has() {
			n.Facts = append(n.Facts, Text{Text: "gives up after " + duration(c.Deadline.V)})
		}
	case model.KindBroker, model.KindTopic, model.KindQueue:
		n.Facts = append(n.Facts, Text{Text: "waits for the ack"})
	default:
		p99, needs := "", ""
		if end != nil && end.P99.HasValue() && end.P99.State != model.Assumed {
			p99 = "p99 " + millis(end.P99.V)
		}
		for _, l := range d.wire {
			if f := d.calls()[l.addr]; l.to == p.addr && f != nil && f.CalleeWorst.HasValue() && f.CalleeWorst.V > 0 && p.kind == model.KindService {
				needs = "needs <= " + millis(f.CalleeWorst.V)
			}
		}
		if t := fits(maxFact+2, p99, needs); t != "" {
			n.Facts = append(n.Facts, Text{Text: t})
		} else if f := d.s.facts(p); len(f) > 0 {
			n.Facts = append(n.Facts, Text{Text: f[0]})
		}
	}
}

// journeyEdge words one wait: its number, how long and how often it waits, and whether that is enough.
func (d *drawing) journeyEdge(e *Edge, x *wait, number int) {
	if x == nil {
		return
	}
	e.Main, e.Step = true, number
	if x.line.publish != nil {
		e.Name = Text{Text: fmt.Sprintf("%d. publishes in line", number)}
		return
	}
	e.Name = Text{Text: fmt.Sprintf("%d. %s", number, waitsWord(x.facts))}
	if short, ok := tooShort(x.facts); ok && short > 0 {
		e.Facts = append(e.Facts, Text{Text: "too short by " + millis(short), Tone: d.toneAt(x.line.addr, MediumTone), Bold: true})
		e.Tone = d.toneAt(x.line.addr, Plain)
	} else if ok {
		e.Facts = append(e.Facts, Text{Text: "ok", Tone: OKTone, Bold: true})
	}
}

// waitsWord is "waits 600 ms, 3 tries".
func waitsWord(f *facts.CallFacts) string {
	if f == nil || !f.CallWaits.Limit.HasValue() {
		return "waits, no limit stated"
	}
	out := "waits " + millis(f.CallWaits.Limit.V)
	if n := f.AppAttempts; n.HasValue() && n.V > 1 {
		out += ", " + triesWord(int(n.V))
	}
	return out
}

// tooShort is by how many milliseconds one try is shorter than what the callee may need; false where nobody knows.
func tooShort(f *facts.CallFacts) (float64, bool) {
	if f == nil || !f.CallWaits.Limit.HasValue() || !f.CalleeWorst.HasValue() || f.CalleeWorst.V <= 0 {
		return 0, false
	}
	return f.CalleeWorst.V - f.CallWaits.Limit.V, true
}

// journeySummary is the question with its answer.
func (d *drawing) journeySummary(j *facts.JourneyFacts) string {
	var out []string
	if j.Rate.HasValue() {
		out = append(out, rate(j.Rate.V)+".")
	}
	goal := []string{}
	if j.LatencyObjective.HasValue() {
		goal = append(goal, "p99 "+millis(j.LatencyObjective.V))
	}
	if j.Objective.HasValue() {
		goal = append(goal, percent(j.Objective.V))
	}
	if len(goal) > 0 {
		out = append(out, "Objective "+strings.Join(goal, ", ")+".")
	}
	if j.Availability.HasValue() {
		s := "Predicted " + percent(j.Availability.V)
		if j.LossMinutes.HasValue() && j.BudgetMinutes.HasValue() {
			s += fmt.Sprintf(": %s minutes lost where %s are allowed", number(j.LossMinutes.V), number(j.BudgetMinutes.V))
		}
		out = append(out, s+".")
	}
	worst, by := "", 0.0
	for _, l := range d.wire {
		f := d.calls()[l.addr]
		if short, ok := tooShort(f); ok && short > by {
			by = short
			worst = fmt.Sprintf("Worst case: %s may need %s, %s waits %s.", d.s.labelOf(l.to), millis(f.CalleeWorst.V), d.s.labelOf(l.from), millis(f.CallWaits.Limit.V))
		}
	}
	switch w := j.WorstCase; {
	case worst != "" || !w.HasValue() || w.V == 0: // 0: nothing is known of any wait
	case math.IsInf(w.V, 1):
		worst = "Worst case: a wait without end."
	default:
		worst = fmt.Sprintf("Worst case %s.", millis(w.V))
	}
	return strings.Join(append(out, worst), " ")
}
