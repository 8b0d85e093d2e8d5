package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report/html"
	"github.com/archcheck/archcheck/dsl/model"
)

// gatherer collects the parts of all pictures, each once, in the order in which they are first drawn.
type gatherer struct {
	in   diagram.Input
	out  []html.Part
	at   map[string]int // id to place in out
	rank map[string]int // finding to its place in the report
	docs map[model.Addr][]facts.Document
}

func parts(in diagram.Input, views []*view) []html.Part {
	g := &gatherer{in: in, at: map[string]int{}, rank: map[string]int{}, docs: map[model.Addr][]facts.Document{}}
	for i, f := range in.Report.Findings {
		g.rank[f.ID] = i
	}
	for _, kind := range facts.Kinds() {
		for _, d := range in.Facts.Documents(kind) {
			g.docs[d.Addr] = append(g.docs[d.Addr], d)
		}
	}
	for _, v := range views {
		g.picture(v.pic)
	}
	for i := range g.out {
		p := &g.out[i]
		slices.SortFunc(p.Findings, func(a, b string) int { return g.rank[a] - g.rank[b] })
		p.Findings = slices.Compact(p.Findings)
	}
	return g.out
}

// picture adds what one picture draws, and to what is there already what this picture knows of it.
func (g *gatherer) picture(p *diagram.Picture) {
	stands := p.Stands()
	name := map[string]string{}
	for _, n := range p.Nodes {
		name[n.ID] = n.Name
		g.part(p, html.Part{ID: n.ID, Name: n.Name, Kind: n.Kind}, stands[n.ID])
	}
	for _, grp := range p.Groups {
		if len(p.Findings[grp.ID]) > 0 {
			g.part(p, html.Part{ID: grp.ID, Name: grp.Label, Kind: "group"}, stands[grp.ID])
		}
	}
	for _, e := range p.Edges {
		if e.Hidden {
			continue
		}
		verb := verbs[e.Kind]
		g.part(p, html.Part{
			ID: e.ID, Name: fmt.Sprintf("%s %s %s", name[e.From], verb.word, name[e.To]), Kind: verb.kind, From: e.From, To: e.To, Verb: verb.word,
		}, stands[e.ID])
	}
}

// verbs are what travels along a line and what its tail does.
var verbs = map[diagram.LineKind]struct{ kind, word string }{
	diagram.Call: {"call", "calls"}, diagram.Read: {"read", "reads"}, diagram.Write: {"write", "writes"}, diagram.Message: {"message", "sends to"},
}

// part adds a part that is not there yet, and what this picture found at it.
func (g *gatherer) part(p *diagram.Picture, x html.Part, members []model.Addr) {
	i, ok := g.at[x.ID]
	if !ok {
		for _, a := range members {
			x.Members = append(x.Members, string(a))
		}
		if len(members) == 1 {
			g.describe(&x, members[0])
		}
		i = len(g.out)
		g.at[x.ID], g.out = i, append(g.out, x)
	}
	g.out[i].Findings = append(g.out[i].Findings, p.Findings[x.ID]...)
}

// describe adds what the model and the facts say of the part at an address.
func (g *gatherer) describe(x *html.Part, a model.Addr) {
	if e := g.in.Model.Lookup(a); e != nil {
		if r := e.Self().Decl; r.File != "" {
			x.Where = fmt.Sprintf("%s:%d", r.File, r.Start.Line)
		}
	}
	var told []html.Fact
	seen := map[string]bool{}
	for _, d := range g.docs[a] {
		for _, f := range tell("", facts.Fields(d.Subject)) {
			if !seen[f.Name] {
				seen[f.Name] = true
				told = append(told, f)
			}
		}
	}
	order := map[string]int{"stated": 0, "inherited": 1, "profile": 2, "assumed": 3, "derived": 4}
	slices.SortStableFunc(told, func(a, b html.Fact) int { return order[a.State] - order[b.State] })
	x.Facts = told
}

// derived are the computed facts that say most about a part or line; the others stand with the findings they made.
var derived = map[string]bool{
	"rate": true, "capacity": true, "availability": true, "worst_case": true, "attempts": true, "mean": true,
	"callee_utilisation": true, "hang_in_flight": true, "exhaustion": true, "arrival": true,
}

// tell lists the facts of a section that somebody stated, took over or assumed, and the telling computed ones.
func tell(prefix string, o facts.Obj) []html.Fact {
	var out []html.Fact
	for _, f := range o {
		l, ok := f.Node.(*facts.Leaf)
		if !ok {
			continue
		}
		name := prefix + strings.ReplaceAll(f.Name, "_", " ")
		said := l.State == model.Stated || l.State == model.Inherited || l.State == model.Profile || l.State == model.Assumed
		if l.Val != nil && (said || l.State == model.Derived && prefix == "" && derived[f.Name]) {
			x := analyzer.Fact{Value: l.Val, Text: l.Text, Unit: l.Unit, State: l.State.String()}
			out = append(out, html.Fact{Name: name, Value: x.String(), State: x.State, From: l.From})
		}
		if said || l.State == model.Profile {
			out = append(out, tell(name+", ", l.Contains)...)
		}
	}
	return out
}
