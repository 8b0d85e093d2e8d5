package render_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
)

// Whatever a name holds, the picture is well-formed and has no element but
// those of a drawing, or Graphviz refuses it with a message.
func FuzzName(f *testing.F) {
	for _, s := range []string{"orders", `\N\G\\`, "<b>", "&nbsp;&#0;&#x41;", "a\"b", "\xc3\x28", "\u2028", "😀", "%n%s", "]]>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if strings.ContainsRune(name, 0) || strings.HasSuffix(name, `\`) {
			return
		}
		quoted := `"` + strings.ReplaceAll(name, `"`, `\"`) + `"`
		raw, err := rendertest.Renderer(t).SVG(context.Background(), fmt.Appendf(nil, "digraph { n [id=%[1]s, label=%[1]s]; %[1]s -> n }", quoted), "")
		var refused *render.Error
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range elements(t, dress(t, raw, render.Caption{Title: name, Elements: map[string]render.Element{name: {Title: name}}})) {
			switch e.name {
			case "svg", "g", "title", "style", "path", "polygon", "polyline", "ellipse", "text":
			default:
				t.Errorf("element %s", e.name)
			}
		}
	})
}
