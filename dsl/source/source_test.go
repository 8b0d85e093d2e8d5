package source

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

// TestColumns counts by hand: é is 2 bytes, 1 code point, 1 UTF-16 unit; e + U+0301 one grapheme of 2 code points;
// 𝛑 4 bytes, 2 UTF-16 units; the family emoji one grapheme of 5 code points and 8 units.
func TestColumns(t *testing.T) {
	f := New("a", []byte("\ufeffxé|e\u0301|𝛑|👨‍👩‍👦|\r\nsecond\n"))
	for _, c := range []struct {
		before string
		want   Column
	}{
		{"xé", Column{1, 4, 3, 3, 3}},
		{"xé|e\u0301", Column{1, 8, 6, 6, 5}},
		{"xé|e\u0301|𝛑", Column{1, 13, 8, 9, 7}},
		{"xé|e\u0301|𝛑|👨‍👩‍👦", Column{1, 32, 14, 18, 9}},
	} {
		if got := f.At(3 + len(c.before)); got != c.want {
			t.Errorf("after %q: got %+v, want %+v", c.before, got, c.want)
		}
	}
	if got := f.At(0); got != (Column{1, 1, 1, 1, 1}) {
		t.Errorf("the byte order mark: %+v", got)
	}
	if f.Lines() != 3 || string(f.Line(2)) != "second" || string(f.Line(1)) != "xé|e\u0301|𝛑|👨‍👩‍👦|" || f.Line(4) != nil {
		t.Errorf("lines: %d, %q, %q", f.Lines(), f.Line(1), f.Line(2))
	}
	if got := f.At(1000); got != (Column{3, 1, 1, 1, 1}) {
		t.Errorf("beyond the file: %+v", got)
	}
}

func TestOffsetInvertsAt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab\n é漢𝛑\t"))).Draw(rt, "text")
		f := New("a", []byte(text))
		o := rapid.IntRange(0, len(text)).Draw(rt, "offset")
		for o < len(text) && text[o]&0xC0 == 0x80 {
			o++
		}
		c := f.At(o)
		if got := f.Offset(c.Line, c.UTF16); got != o {
			rt.Fatalf("%q: %d is %+v is %d", text, o, c, got)
		}
	})
}

func TestApply(t *testing.T) {
	got, err := Apply([]byte("0123456789"), []Edit{{8, 9, "eight"}, {2, 2, "<"}, {2, 2, ">"}, {2, 4, ""}})
	if want := "01<>4567eight9"; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	for _, bad := range [][]Edit{{{2, 5, ""}, {4, 6, ""}}, {{-1, 0, ""}}, {{5, 11, ""}}, {{5, 4, ""}}} {
		if got, err := Apply([]byte("0123456789"), bad); err == nil {
			t.Errorf("%v gives %q", bad, got)
		}
	}
}

func write(t *testing.T, src string, start, end int, st Style) string {
	t.Helper()
	f := New("a.hcl", []byte(src))
	var b bytes.Buffer
	d := Diagnostic{Summary: "S", Detail: "Write a = 1.", Range: f.Range(start, end)}
	if err := WriteDiagnostics(&b, Diagnostics{d}, []model.File{{Name: "a.hcl", Bytes: []byte(src)}}, st); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSnippet: the underline stands below what it marks, whatever the line holds.
func TestSnippet(t *testing.T) {
	for name, c := range map[string]struct {
		src        string
		start, end int
		st         Style
		want       string
	}{
		"wide":    {"漢字 = x", 9, 10, Style{}, "  1: 漢字 = x\n            ^\n"},
		"tab":     {"\tx = y", 5, 6, Style{}, "  1:   x = y\n           ^\n"},
		"control": {"\x1b[31mx", 5, 6, Style{}, "  1: \uFFFD[31mx\n          ^\n"},
		"lines":   {"a = [\n1\n]", 4, 9, Style{}, "  1: a = [\n         ^\n"},
		"empty":   {"a\n", 2, 2, Style{}, "  2: \n     ^\n"},
	} {
		got := write(t, c.src, c.start, c.end, c.st)
		if !strings.Contains(got, ":\n"+c.want+"\n") {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
	long := strings.Repeat("x", 500) + "BAD" + strings.Repeat("y", 500)
	got := write(t, long, 500, 503, Style{Width: 60})
	for _, l := range strings.Split(got, "\n") {
		if len([]rune(l)) > 60 {
			t.Errorf("a line of %d columns: %s", len([]rune(l)), l)
		}
	}
	if !strings.Contains(got, "BAD") || strings.Count(got, "^") != 3 {
		t.Errorf("the marked part is lost:\n%s", got)
	}
	if got := write(t, "x", 0, 1, Style{Color: true}); !strings.Contains(got, "\x1b[1;31mError:\x1b[0m") {
		t.Errorf("no colour: %q", got)
	}
}

func TestWrapKeepsCodeWhole(t *testing.T) {
	got := strings.Join(Wrap("A ratio is quoted. Write availability = \"99.95%\".", 30), "|")
	if want := `A ratio is quoted. Write|availability = "99.95%".`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWrapKeepsNumbersWithTheirUnits(t *testing.T) {
	got := strings.Join(Wrap("It gives up after 600 ms, of 99.9 % in 4 services.", 22), "|")
	if want := "It gives up after|600 ms, of 99.9 % in 4|services."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSortIsTotal(t *testing.T) {
	at := func(file string, b int32) model.Range {
		return model.Range{File: file, Start: model.Pos{Byte: b, Line: 1}, End: model.Pos{Byte: b, Line: 1}}
	}
	d := Diagnostics{{Summary: "c", Range: at("b", 1)}, {Summary: "b", Range: at("a", 9)}, {Summary: "b", Range: at("a", 9)}, {Summary: "a"}}
	d.Sort()
	if got := d.Error(); got != "a\na:1: b\nb:1: c" {
		t.Errorf("got %q", got)
	}
}
