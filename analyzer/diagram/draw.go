package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// Limits of one picture, in parts: up to aim it is readable at a glance; beyond hard it is collapsed unless the caller
// asked for everything.
const (
	Aim  = 30
	Hard = 60
	// Crowd is the number of lines beyond which they go without words, but for findings.
	Crowd = 80
)

// Input is what there is to draw.
type Input struct {
	Model  *model.Model
	Facts  *facts.Facts   // nil: views that need none
	Report *report.Report // nil: no findings
	After  *Prediction    // nil: the plan's view shows no numbers
}

// Options choose the picture.
type Options struct {
	View      string // one of [Views]; empty is the default
	Name      string // of views that take one: a journey, a pattern
	Direction string // LR or TB; empty is what fits
	Focus     string // the address of a part or line, or team.NAME: its neighbourhood only
	Depth     int    // of the focus in steps; 0 is 1
	Collapse  string // team, kind or none; empty collapses what is too large
	Highlight string // a rule, "spof", or an address

	only []string // of [Around]
}

// Error is a refusal with the next step for the one who asked.
type Error struct{ Problem, Hint string }

func (e *Error) Error() string { return e.Problem }

func refuse(hint, format string, args ...any) error {
	return &Error{Problem: fmt.Sprintf(format, args...), Hint: hint}
}

// View is one of the views.
type View struct {
	Name string
	Doc  string // the question that it answers
	Arg  string // what stands after =, empty if nothing does
	Want Want   // what it is drawn from
}

// Want is what a view needs beside the model.
type Want uint8

// What views need.
const (
	WantModel  Want = iota
	WantFacts       // Input.Facts
	WantReport      // Input.Facts and Input.Report
)

// viewMaker draws one view.
type viewMaker struct {
	View
	draw func(*drawing) error
}

// makers are the views in the order of help texts.
var makers = []viewMaker{
	{View{Name: "context", Doc: "Who uses it, for what, and which outside parties can hurt us?", Want: WantFacts}, (*drawing).context},
	{View{Name: "containers", Doc: "What runs, who calls whom, which patterns are there?"}, (*drawing).containers},
	{View{Name: "findings", Doc: "What is wrong, where, how bad, what is missing?", Want: WantReport}, (*drawing).findings},
	{View{Name: "journey", Doc: "Who waits how long for whom; where does the time run out?", Arg: "NAME", Want: WantReport}, (*drawing).journey},
	{View{Name: "data", Doc: "Who owns, writes, reads each store; where can an event or a write be lost?", Want: WantReport}, (*drawing).data},
	{View{Name: "failure", Doc: "What is lost when one part or one zone goes?", Want: WantReport}, (*drawing).failure},
	{View{Name: "plan", Doc: "What will it look like?", Arg: "before|after", Want: WantReport}, (*drawing).plan},
	{View{Name: "patterns", Doc: "Where is this pattern, where is it owed, where do we not know?", Arg: "NAME", Want: WantReport}, (*drawing).patterns},
}

// DefaultView is drawn where none is asked for.
const DefaultView = "containers"

// Views lists the views in the order of help texts.
func Views() []View {
	out := make([]View, len(makers))
	for i, m := range makers {
		out[i] = m.View
	}
	return out
}

// drawing is a picture in the making.
type drawing struct {
	in   Input
	opt  Options
	s    *scene
	pic  *Picture
	show []*part
	wire []*line

	moved     map[model.Addr]*part   // into which part a part went
	inside    map[model.Addr][]*line // lines within a collapsed part
	notes     []string               // what was left out, for the subtitle
	focused   model.Addr
	focusTeam string
	flat      bool // no borders
	crowded   bool // too many lines for words on them
	partial   bool // the view shows part of the system only
	far       bool // something is too far from the focus
	callFacts map[model.Addr]*facts.CallFacts
}

// Draw makes the picture of a view.
func Draw(in Input, o Options) (*Picture, error) {
	if o.View == "" {
		o.View = DefaultView
	}
	i := slices.IndexFunc(makers, func(m viewMaker) bool { return m.Name == o.View })
	if i < 0 {
		var names []string
		for _, m := range makers {
			names = append(names, m.Name)
		}
		return nil, refuse("The views are "+strings.Join(names, ", ")+".", "there is no view %q", o.View)
	}
	if o.Direction != "" && o.Direction != "LR" && o.Direction != "TB" {
		return nil, refuse("Use LR (left to right) or TB (top to bottom).", "there is no direction %q", o.Direction)
	}
	d := &drawing{
		in: in, opt: o, s: newScene(in.Model), moved: map[model.Addr]*part{}, inside: map[model.Addr][]*line{},
		pic: &Picture{View: o.View, Direction: o.Direction, Drawn: map[model.Addr]string{}, Findings: map[string][]string{}},
	}
	if err := makers[i].draw(d); err != nil {
		return nil, err
	}
	d.hush()
	if d.pic.Direction == "" {
		d.pic.Direction = "LR"
	}
	if err := d.highlight(); err != nil {
		return nil, err
	}
	d.pic.Subtitle = append(d.pic.Subtitle, d.notes...)
	return d.pic, nil
}

// build reduces the selection and makes its nodes and edges, groups and aggregated lines in the same words in all views.
func (d *drawing) build(border string, node func(*Node, *part), edge func(*Edge, *line)) error {
	if err := d.reduce(); err != nil {
		return err
	}
	if d.crowded = len(d.wire) > Crowd; d.crowded {
		d.bundle()
	}
	d.turn()
	if !d.flat {
		d.borders(border)
	}
	for _, p := range d.show {
		n := d.node(p)
		if p.members != nil {
			n.Facts = append(n.Facts, Text{Text: countMembers(p.members)})
			continue
		}
		node(n, p)
		if len(p.owns) > 0 {
			n.Facts = append(n.Facts, Text{Text: "owns " + ownedWord(p.owns)})
		}
	}
	for _, l := range d.wire {
		e := d.edge(l)
		if l.members != nil {
			e.Count = len(l.members)
			thing := "call"
			if l.kind == Message {
				thing = "message"
			}
			e.Name = Text{Text: analyzer.Plural(e.Count, thing)}
			continue
		}
		edge(e, l)
	}
	d.anchor()
	d.trace()
	return nil
}

// hush takes the words off the lines of a crowded picture, but for what was found.
func (d *drawing) hush() {
	if !d.crowded {
		return
	}
	loud := func(b Badge) bool { return b.Look == LookPattern && !d.pic.keepPatterns || b.Look == LookData }
	for _, e := range d.pic.Edges {
		e.Name = Text{}
		e.Facts = slices.DeleteFunc(e.Facts, func(t Text) bool { return t.Tone == Plain })
		e.Badges = slices.DeleteFunc(slices.Clone(e.Badges), loud)
	}
	d.notes = append(d.notes, "Too many lines for words on them: "+analyzer.Plural(d.lineCount(), "line")+", findings excepted. --focus shows one part with all words.")
}

// lineCount is how many lines of the model the lines drawn stand for.
func (d *drawing) lineCount() (n int) {
	for _, l := range d.wire {
		n += len(l.each())
	}
	return n
}

// bundle makes one line of lines of one kind between the same two parts.
func (d *drawing) bundle() {
	at := map[string]int{}
	var out []*line
	for _, l := range d.wire {
		key := fmt.Sprint(l.from, "\x00", l.to, "\x00", l.kind)
		i, ok := at[key]
		if !ok {
			at[key] = len(out)
			out = append(out, l)
			continue
		}
		m := out[i]
		if m.members == nil {
			m = &line{addr: l.from + "--" + l.to, from: l.from, to: l.to, kind: l.kind, members: m.each()}
			if l.kind != Call {
				m.addr += model.Addr(fmt.Sprintf("--%d", l.kind))
			}
		}
		m.members = append(slices.Clone(m.members), l.each()...)
		out[i] = m
	}
	d.wire = out
}

func ownedWord(stores []*part) string {
	if len(stores) == 1 {
		return middle(stores[0].label, maxFact-5)
	}
	return analyzer.Plural(len(stores), "store")
}

// countMembers is "10 services, 6 stores".
func countMembers(members []*part) string {
	n := map[model.Kind]int{}
	for _, p := range members {
		n[p.kind]++
	}
	var out []string
	for _, k := range []struct {
		kind model.Kind
		word string
	}{
		{model.KindService, "service"}, {model.KindDatastore, "store"}, {model.KindGateway, "gateway"}, {model.KindTopic, "topic"},
		{model.KindQueue, "queue"}, {model.KindBroker, "broker"}, {model.KindRegistry, "registry"}, {model.KindExternal, "external"},
	} {
		if n[k.kind] > 0 {
			out = append(out, analyzer.Plural(n[k.kind], k.word))
		}
	}
	return fits(maxFact, out...)
}

// trace notes for every address that the picture covers the element that stands for it.
func (d *drawing) trace() {
	for a := range d.moved {
		if h := d.home(a); h != nil && d.pic.Drawn[h.addr] != "" {
			d.pic.Drawn[a] = d.pic.Drawn[h.addr]
		}
	}
	for at, lines := range d.inside {
		for _, l := range lines {
			if h := d.home(at); h != nil && d.pic.Drawn[h.addr] != "" {
				d.pic.Drawn[l.addr] = d.pic.Drawn[h.addr]
			}
		}
	}
	for _, l := range d.wire {
		for _, m := range l.members {
			d.pic.Drawn[m.addr] = d.pic.Drawn[l.addr]
		}
	}
}

// node adds a node for a part, in its border.
func (d *drawing) node(p *part) *Node {
	n := &Node{ID: ElementID(p.addr), Addr: p.addr, Shape: p.shape(), Kind: p.kindWord(), Name: p.label, Group: d.groupOf(p)}
	n.Title = string(p.addr) + ", " + n.Kind
	d.pic.Nodes = append(d.pic.Nodes, n)
	d.pic.Drawn[p.addr] = n.ID
	return n
}

// edge adds an edge for a line.
func (d *drawing) edge(l *line) *Edge {
	verb := "calls"
	switch {
	case l.kind == Read:
		verb = "reads"
	case l.kind == Write:
		verb = "writes"
	case l.consume != nil:
		verb = "delivers to"
	case l.kind == Message:
		verb = "publishes to"
	}
	e := &Edge{ID: ElementID(l.addr), From: d.pic.Drawn[l.from], To: d.pic.Drawn[l.to], Kind: l.kind, Count: 1}
	e.Title = fmt.Sprintf("%s %s %s", l.from, verb, l.to)
	d.pic.Edges = append(d.pic.Edges, e)
	d.pic.Drawn[l.addr] = e.ID
	return e
}

// groupOf is the border in which a part stands: its broker's, else the system's; none for what is outside.
func (d *drawing) groupOf(p *part) string {
	if p.outside() {
		return ""
	}
	if b := p.broker(); b != "" && d.group(string(b)) {
		return ElementID(b)
	}
	if d.group(string(d.s.systemAddr())) {
		return ElementID(d.s.systemAddr())
	}
	return ""
}

func (d *drawing) group(addr string) bool {
	return slices.ContainsFunc(d.pic.Groups, func(g *Group) bool { return g.ID == ElementID(model.Addr(addr)) })
}

// borders adds the border of the system and those of the brokers whose channels are shown.
func (d *drawing) borders(label string) {
	inside := slices.ContainsFunc(d.show, func(p *part) bool { return !p.outside() })
	if !inside {
		return
	}
	sys := ElementID(d.s.systemAddr())
	d.pic.Groups = append(d.pic.Groups, &Group{ID: sys, Label: label})
	for _, p := range d.show {
		b := p.broker()
		if p.members != nil || b == "" || d.s.at[b] == nil || d.group(string(b)) {
			continue
		}
		d.pic.Groups = append(d.pic.Groups, &Group{ID: ElementID(b), Parent: sys, Label: "broker " + d.s.at[b].label, Broker: true})
		d.pic.Drawn[b] = ElementID(b)
	}
}

// anchor ties parts without lines to the first gateway or service, invisibly: left alone they stand at the first rank
// and push the clients round the border.
func (d *drawing) anchor() {
	joined := map[string]bool{}
	for _, e := range d.pic.Edges {
		if e.From != e.To {
			joined[e.From], joined[e.To] = true, true
		}
	}
	first := ""
	for _, n := range d.pic.Nodes {
		if n.Group != "" && (n.Shape == ShapeGateway || n.Shape == ShapeService) && joined[n.ID] {
			first = n.ID
			break
		}
	}
	if first == "" {
		return
	}
	for _, n := range d.pic.Nodes {
		if n.Group != "" && !joined[n.ID] {
			d.pic.Edges = append(d.pic.Edges, &Edge{From: first, To: n.ID, Hidden: true})
		}
	}
}
