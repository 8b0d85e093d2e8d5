//go:build e2e

package review_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/cmd/internal/cli"
	"github.com/archcheck/archcheck/dsl/model"
)

// mermaidFile is the current Mermaid, which .ci/tools.sh fetches.
var mermaidFile = filepath.Join("..", "..", "..", ".ci", "tools", "mermaid.min.js")

// TestMermaidParses: the current Mermaid reads every picture that we write for it, hostile names included.
func TestMermaidParses(t *testing.T) {
	source, err := os.ReadFile(mermaidFile)
	if err != nil {
		t.Fatalf("%v: .ci/tools.sh fetches it", err)
	}
	p := tab(t)
	if !eval[bool](p, string(source)+"\n;typeof mermaid === 'object'") {
		t.Fatal("no mermaid")
	}
	systems := map[string]string{}
	for _, name := range examples {
		systems[name] = example(name)
	}
	for name, system := range systems {
		views := []string{"containers", "findings"}
		if name == "shop" {
			views = append(views, "context", "data", "failure", "plan=before", "plan=after", "patterns=timeout", "journey=web.api/checkout")
		}
		for _, view := range views {
			var out, errs bytes.Buffer
			code := cli.Main([]string{"graph", "--view", view, "-o", "mermaid", system}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
			if code != cli.ExitOK {
				t.Errorf("%s %s: %s", name, view, errs.String())
				continue
			}
			if said := eval[string](p, `mermaid.parse(%s).then(() => "", e => String(e))`, out.String()); said != "" {
				t.Errorf("%s %s: %s\n%s", name, view, said, out.String())
			}
		}
		if said := eval[string](p, `mermaid.parse(%s).then(() => "", e => String(e))`, comment(t, system)); said != "" {
			t.Errorf("the comment on %s: %s", name, said)
		}
	}
	for _, view := range []string{"containers", "data"} {
		pic, err := diagram.Draw(diagram.Input{Model: strange()}, diagram.Options{View: view})
		if err != nil {
			t.Fatal(err)
		}
		out, err := pic.Mermaid()
		if err != nil {
			t.Fatal(err)
		}
		if said := eval[string](p, `mermaid.parse(%s).then(() => "", e => String(e))`, string(out)); said != "" {
			t.Errorf("strange names, %s: %s\n%s", view, said, out)
		}
	}
	if eval[string](p, `mermaid.parse("flowchart LR\n a[").then(() => "", e => String(e))`) == "" {
		t.Error("Mermaid takes anything")
	}
}

// comment is the picture in the comment on a system, or one of nothing where the comment has none.
func comment(t *testing.T, system string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main([]string{"plan", "-o", "markdown", system}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != cli.ExitOK {
		t.Fatal(errs.String())
	}
	_, rest, ok := strings.Cut(out.String(), "```mermaid\n")
	if !ok {
		return "flowchart LR\n  a\n"
	}
	picture, _, _ := strings.Cut(rest, "\n```")
	return picture
}

// strange is a system of names that Mermaid could take for its own; the language refuses them, importers may bring them.
func strange() *model.Model {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.end", Kind: model.KindSystem, Label: "end"}}}
	names := []string{
		"end", "subgraph", "style", "click", "graph", `"];x[`, "<b>", "%%{init}%%", "😀", "\u202egnihtyreve", "two\nlines", "a;b", "#quot;", "`md`",
		"|", "-->", "", strings.Repeat("long", 75), "classDef x fill:#f00", "javascript:alert(1)",
	}
	for i, name := range names {
		at := model.Addr("service." + name)
		to := model.Addr("datastore." + name)
		s := &model.Service{Block: model.Block{Addr: at, Kind: model.KindService, Label: name}}
		s.Calls = []*model.Call{
			{Block: model.Block{Addr: at + ".call.db", Kind: model.KindCall, Label: name, Parent: at}, To: model.Of(to, model.Stated)},
			{Block: model.Block{Addr: at + ".call.next", Kind: model.KindCall, Label: name, Parent: at}, To: model.Of(model.Addr("service."+names[(i+1)%len(names)]), model.Stated)},
		}
		m.Services = append(m.Services, s)
		m.Datastores = append(m.Datastores, &model.Datastore{Block: model.Block{Addr: to, Kind: model.KindDatastore, Label: name}})
	}
	m.Index()
	return m
}
