package dsl

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// merged is the model of a file by itself, references not looked at.
func merged(ds []*decoder) *model.Model {
	r := &resolver{m: &model.Model{}}
	for _, d := range ds {
		r.merge(d)
	}
	return r.m
}

// TestPieces: a file that is cut wherever it can be is the file as a whole.
func TestPieces(t *testing.T) {
	texts := map[string]string{
		"CRLF":     "system \"s\" {}\r\n\r\nservice \"a\" {\r\n  team = \"x\"\r\n}\r\nservice \"b\" {}\r\n",
		"BOM":      "\ufeffsystem \"s\" {}\nservice \"a\" { team = \"é漢\" }\nservice \"b\" { team = \"x\" }\n",
		"comments": "# {\nsystem \"s\" {}\n/* }\n\n{ */ service \"a\" {} // {\n\n/*\n*/\nservice \"b\" {\n# }\n}\n",
		"flush":    "system \"s\" {\nteam = \"x\"\n}\nservice \"a\" {\ncall \"b\" {\nto = service.b\n}\n}\nservice \"b\" {}",
		"string":   "system \"s\" { team = \"\\\"}#{/*\" }\nservice \"a\" {}\nservice \"b\" {}\n",
	}
	files, err := filepath.Glob("../examples/*/system.hcl")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[f] = string(b)
	}
	for name, text := range texts {
		f := model.File{Name: "a.hcl", Bytes: []byte(text)}
		cuts, diags := readable(f)
		if diags != nil {
			t.Fatalf("%s: %v", name, diags)
		}
		ps := split(f.Bytes, cuts, 1)
		if len(ps) < 3 {
			t.Errorf("%s: %d pieces", name, len(ps))
		}
		back := ""
		for _, p := range ps {
			back += string(p.bytes)
		}
		if back != text {
			t.Errorf("%s: the pieces are not the file", name)
		}
		body, diags := syntax(f)
		if diags != nil {
			t.Fatalf("%s: %v", name, diags)
		}
		whole := &decoder{name: f.Name, text: text}
		var cut [][]*decoder
		for _, size := range []int{1, len(text) / 2} {
			cut = append(cut, whole.pieces(shares(ps, size)))
		}
		whole.top(body)
		for _, got := range cut {
			if got == nil || !reflect.DeepEqual(merged(got), merged([]*decoder{whole})) {
				t.Errorf("%s: cut, it is another model", name)
			}
		}
		if len(cut[0]) != len(ps) || len(cut[1]) != 2 {
			t.Errorf("%s: %d and %d shares of %d pieces", name, len(cut[0]), len(cut[1]), len(ps))
		}
	}
}

// TestPiecesWithMistakes: a large file with a mistake at its top level is read as a whole, so that what is said about the
// mistake is what a small file would get.
func TestPiecesWithMistakes(t *testing.T) {
	text := string(large(1000))
	if ds := decode(model.File{Name: "a.hcl", Bytes: []byte(text)}); len(ds) < 4 {
		t.Fatalf("%d bytes are %d pieces", len(text), len(ds))
	}
	middle := strings.Index(text[len(text)/2:], "\n}\n") + len(text)/2
	for name, broken := range map[string]string{
		"a brace too many": text[:middle+3] + "}\n" + text[middle+3:],
		"a brace too few":  text[:middle] + text[middle+2:],
		"an argument":      text[:middle+3] + "team = \"x\"\n" + text[middle+3:],
		"a heredoc":        text[:middle+3] + "note = <<E\n}\n\nE\n" + text[middle+3:],
	} {
		f := model.File{Name: "a.hcl", Bytes: []byte(broken)}
		ds := decode(f)
		if len(ds) != 1 || len(ds[0].diags) == 0 {
			t.Errorf("%s: %d decoders, %v", name, len(ds), ds[0].diags)
		}
	}
}
