package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/patterns"
)

// flowchartMermaid draws the decision flowchart as a Mermaid flowchart.
func flowchartMermaid(catalog *patterns.Catalog) []byte {
	var b bytes.Buffer
	quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, "#quot;") + `"` }
	fmt.Fprintf(&b, "flowchart TD\n  Start[%s] --> %s\n", quote(catalog.Flowchart.Start), catalog.Flowchart.Questions[0].ID)
	for _, q := range catalog.Flowchart.Questions {
		fmt.Fprintf(&b, "  %s{%s}\n", q.ID, quote(q.Text))
		for _, x := range q.Answers {
			if x.Leaf != nil {
				fmt.Fprintf(&b, "  %s -->|%s| %s[%s]\n", q.ID, quote(x.Text), x.Leaf.ID, quote(x.Leaf.Pattern.Name))
			} else {
				fmt.Fprintf(&b, "  %s -->|%s| %s\n", q.ID, quote(x.Text), x.Next.ID)
			}
		}
	}
	return b.Bytes()
}

// flowchartChart is the decision flowchart as a picture.
func flowchartChart(catalog *patterns.Catalog) *diagram.Chart {
	f := catalog.Flowchart
	c := &diagram.Chart{
		Name: "decide", Title: "Which pattern?", Direction: "LR",
		Subtitle: []string{"One problem at a time: archcheck decide asks, archcheck decide PATH answers for every subject of a system."},
	}
	all := diagram.ChartGroup{Parts: []diagram.ChartPart{{ID: "Start", Name: f.Start, Kind: diagram.StartPart}}}
	c.Links = append(c.Links, diagram.ChartLink{From: "Start", To: f.Questions[0].ID, Kind: diagram.AnswerLink})
	for _, q := range f.Questions {
		all.Parts = append(all.Parts, diagram.ChartPart{ID: q.ID, Name: q.Text, Kind: diagram.QuestionPart})
		for _, x := range q.Answers {
			to := ""
			if x.Leaf != nil {
				to = x.Leaf.ID
				all.Parts = append(all.Parts, diagram.ChartPart{ID: to, Name: x.Leaf.Pattern.Name, Note: x.Leaf.Pattern.BestFor})
			} else {
				to = x.Next.ID
			}
			c.Links = append(c.Links, diagram.ChartLink{From: q.ID, To: to, Kind: diagram.AnswerLink, Label: x.Text})
		}
	}
	c.Groups = []diagram.ChartGroup{all}
	return c
}

// relationKinds are the lines of relations.
var relationKinds = map[patterns.Kind]diagram.LinkKind{
	patterns.Requires: diagram.RequireLink, patterns.Conflicts: diagram.ConflictLink, patterns.Alternative: diagram.AlternativeLink,
	patterns.Complements: diagram.ComplementLink, patterns.Precedes: diagram.PrecedeLink,
}

// relationChart is how patterns relate, those of one category or all.
func relationChart(catalog *patterns.Catalog, category string) *diagram.Chart {
	c := &diagram.Chart{Name: "patterns", Title: "How the patterns relate", Direction: "LR"}
	shown := map[patterns.ID]bool{}
	for _, k := range catalog.Categories {
		if category != "" && !strings.EqualFold(k.ID, category) {
			continue
		}
		g := diagram.ChartGroup{Title: k.Title}
		for _, p := range k.Patterns {
			shown[p.ID] = true
			g.Parts = append(g.Parts, diagram.ChartPart{ID: p.ID.Slug(), Name: p.Name})
		}
		c.Groups = append(c.Groups, g)
	}
	var links []diagram.ChartLink
	for _, e := range catalog.Edges() {
		for _, to := range e.To {
			if shown[e.From.Pattern] && shown[to.Pattern] && e.From.Pattern != to.Pattern {
				links = append(links, diagram.ChartLink{From: e.From.Pattern.Slug(), To: to.Pattern.Slug(), Kind: relationKinds[e.Kind]})
			}
		}
	}
	c.Links = diagram.Join(links)
	c.Subtitle = []string{fmt.Sprintf("%d relations between %d patterns. Where several hold between two, the loudest is drawn and the others are named on it.", len(links), len(shown))}
	return c
}
