package cli

import (
	"bytes"
	"fmt"
	"strings"

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

// flowchartDOT draws the decision flowchart for Graphviz.
func flowchartDOT(catalog *patterns.Catalog) []byte {
	var b bytes.Buffer
	b.WriteString("digraph decide {\n  node [fontname = \"Helvetica\"]\n  edge [fontname = \"Helvetica\", fontsize = 10]\n")
	fmt.Fprintf(&b, "  Start [shape = box, label = %q]\n  Start -> %s\n", catalog.Flowchart.Start, catalog.Flowchart.Questions[0].ID)
	for _, q := range catalog.Flowchart.Questions {
		fmt.Fprintf(&b, "  %s [shape = diamond, label = %q]\n", q.ID, q.Text)
		for _, x := range q.Answers {
			to := ""
			if x.Leaf != nil {
				to = x.Leaf.ID
				fmt.Fprintf(&b, "  %s [shape = box, style = rounded, label = %q]\n", to, x.Leaf.Pattern.Name)
			} else {
				to = x.Next.ID
			}
			fmt.Fprintf(&b, "  %s -> %s [label = %q]\n", q.ID, to, x.Text)
		}
	}
	b.WriteString("}\n")
	return b.Bytes()
}
