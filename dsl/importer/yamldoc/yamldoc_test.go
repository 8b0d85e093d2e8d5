package yamldoc

import (
	"strings"
	"testing"
	"time"
)

func TestSyntaxErrorsNameTheirLine(t *testing.T) {
	for text, line := range map[string]int32{
		"services:\n  web:\n    image: x\n   ports: [1]\n":              4,
		"services:\r\n  web:\r\n    image: x\r\n   ports: [1]\r\n":      4,
		"a: 1\nb: [1,\nc: 2\n":                                          2,
		"a: 1\n\tb: 2\n":                                                2,
		"a: b: c\n":                                                     1,
		"a: 1\n---\nb: 1\nx: *nope\n":                                   4,
		"\ufeffa: 1\nb: \"x\n":                                          2,
		"kind: Deployment\nmetadata:\n  name: {{ .Values.name }}-web\n": 3,
	} {
		f, diags := Parse("f.yaml", []byte(text))
		if len(diags) != 1 || diags[0].Range.Start.Line != line {
			t.Errorf("%q: %v, want one problem in line %d", text, diags, line)
		}
		if r := diags[0].Range; int(r.End.Byte) > len(text) || r.File != f.Name {
			t.Errorf("%q: range %v lies outside", text, r)
		}
	}
}

func TestPlaces(t *testing.T) {
	f, diags := Parse("f.yaml", []byte("a:\n  # note\n  b: \"ü\"\n  c: &x {d: é}\n<<: {e: 1}\nf: *x\n---\n- 1\n"))
	if len(diags) > 0 || len(f.Docs) != 2 {
		t.Fatal(diags)
	}
	doc := f.Docs[0]
	for path, want := range map[string]string{"a": "f.yaml:1", "a b": "f.yaml:3", "a c d": "f.yaml:4", "e": "f.yaml:5", "f d": "f.yaml:4", "a x": ""} {
		if got := doc.Get(strings.Fields(path)...).Place(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	r := doc.Get("a", "b").Range()
	if r.Start.Line != 3 || r.Start.Column != 6 {
		t.Errorf("place of a b: %v", r)
	}
}

// TestHostileAliases unfolds cycles and exponential aliases in bounded time.
func TestHostileAliases(t *testing.T) {
	start := time.Now()
	cyclic, _ := Parse("c.yaml", []byte("a: &a\n  b: *a\n  <<: *a\n"))
	n := cyclic.Docs[0]
	for range 100 {
		n = n.Get("a").Get("b")
	}
	cyclic.Docs[0].Get("a").Pairs()
	var b strings.Builder
	b.WriteString("x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n")
	for _, i := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		prev := string(rune(i[0] - 1))
		b.WriteString("x" + i + ": &x" + i + " [" + strings.Repeat("*x"+prev+",", 9) + "*x" + prev + "]\n")
	}
	bomb, diags := Parse("b.yaml", []byte(b.String()))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var walk func(n Node)
	walk = func(n Node) {
		for _, i := range n.Items() {
			walk(i)
		}
	}
	walk(bomb.Docs[0].Get("x9"))
	if _, spent := bomb.Spent(); !spent {
		t.Error("a billion values were unfolded without a word")
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
}
