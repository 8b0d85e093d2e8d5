package diagram_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
)

// TestJoin: of several relations between two patterns the loudest is the line, in whichever direction they were stated;
// two that have a direction stay apart where their directions differ.
func TestJoin(t *testing.T) {
	got := diagram.Join([]diagram.ChartLink{
		{From: "a", To: "b", Kind: diagram.ComplementLink},
		{From: "b", To: "a", Kind: diagram.ConflictLink},
		{From: "a", To: "b", Kind: diagram.PrecedeLink},
		{From: "c", To: "d", Kind: diagram.PrecedeLink},
		{From: "d", To: "c", Kind: diagram.RequireLink},
		{From: "d", To: "c", Kind: diagram.RequireLink},
	})
	var words []string
	for _, l := range got {
		words = append(words, fmt.Sprint(l.From, l.To, l.Kind, l.More))
	}
	want := fmt.Sprint("ba", diagram.ConflictLink, []diagram.LinkKind{diagram.PrecedeLink, diagram.ComplementLink}) + "; " +
		fmt.Sprint("cd", diagram.PrecedeLink, []diagram.LinkKind(nil)) + "; " + fmt.Sprint("dc", diagram.RequireLink, []diagram.LinkKind(nil))
	if s := strings.Join(words, "; "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

// TestChart: every part and line is in the DOT once, hostile names included, Graphviz lays it out, and the legend has
// the kinds of lines that occur and no others.
func TestChart(t *testing.T) {
	c := &diagram.Chart{Name: "x", Title: hostile[0], Subtitle: []string{hostile[1]}, Direction: "LR", Groups: []diagram.ChartGroup{{Title: hostile[2]}, {}}}
	for i, h := range hostile {
		c.Groups[i%2].Parts = append(c.Groups[i%2].Parts, diagram.ChartPart{ID: fmt.Sprintf("n%d", i), Name: h, Note: h, Kind: diagram.PartKind(i % 3)})
		if i > 0 {
			c.Links = append(c.Links, diagram.ChartLink{
				From: fmt.Sprintf("n%d", i-1), To: fmt.Sprintf("n%d", i), Kind: []diagram.LinkKind{diagram.RequireLink, diagram.AnswerLink}[i%2], Label: h,
				More: []diagram.LinkKind{diagram.PrecedeLink},
			})
		}
	}
	dot := c.DOT()
	nodes, edges := parse(t, dot)
	if len(nodes) != len(hostile) || len(edges) != len(hostile)-1 {
		t.Errorf("%d nodes and %d edges for %d names", len(nodes), len(edges), len(hostile))
	}
	rendertest.SVG(t, dot)
	for word, want := range map[string]bool{">requires<": true, "conflict: not both": false, "comes first in a plan": false} {
		if got := strings.Contains(string(dot), word); got != want {
			t.Errorf("legend has %q: %v, want %v", word, got, want)
		}
	}
	rendertest.SVG(t, (&diagram.Chart{Name: "empty", Title: "Nothing"}).DOT())
}
