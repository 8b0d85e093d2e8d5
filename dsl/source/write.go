package source

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"

	"github.com/apparentlymart/go-textseg/v15/textseg"
	"golang.org/x/text/width"

	"github.com/archcheck/archcheck/dsl/model"
)

// Style is how diagnostics are written.
type Style struct {
	Width int // columns; 80 if zero
	Color bool
	ASCII bool // for output that is not UTF-8
}

// WriteDiagnostics writes diagnostics the way Terraform's users know them: severity and summary, the place, the line
// with the smallest span underlined, and whole sentences about what to write instead. Files are found by name; a place
// in a file that is not given is named without a snippet.
func WriteDiagnostics(w io.Writer, diags Diagnostics, files []model.File, st Style) error {
	if st.Width <= 0 {
		st.Width = 80
	}
	byName := map[string]*File{}
	for _, f := range files {
		byName[f.Name] = nil
	}
	var b bytes.Buffer
	for i, d := range diags {
		if i > 0 {
			b.WriteByte('\n')
		}
		f := byName[d.Range.File]
		if f == nil {
			for _, g := range files {
				if g.Name == d.Range.File {
					f = New(g.Name, g.Bytes)
					byName[g.Name] = f
				}
			}
		}
		st.one(&b, d, f)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (st Style) paint(code, s string) string {
	if !st.Color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (st Style) one(b *bytes.Buffer, d Diagnostic, f *File) {
	hue := "1;31"
	if d.Severity == Warning {
		hue = "1;33"
	}
	fmt.Fprintf(b, "%s %s\n", st.paint(hue, d.Severity.String()+":"), st.paint("1", clean(d.Summary)))
	if d.Range.File != "" {
		where := "on " + clean(d.Range.File)
		if d.Range.Start.Line > 0 {
			where += fmt.Sprintf(" line %d", d.Range.Start.Line)
		}
		if d.Context != "" {
			where += ", in " + clean(d.Context)
		}
		fmt.Fprintf(b, "\n  %s:\n", where)
		if f != nil && d.Range.Start.Line > 0 {
			st.snippet(b, d.Range, f, hue)
		}
	}
	if d.Detail != "" {
		b.WriteByte('\n')
		detail := d.Detail
		if st.ASCII {
			detail = strings.ReplaceAll(detail, "…", "...")
		}
		for _, para := range strings.Split(detail, "\n") {
			for _, l := range Wrap(clean(para), st.Width) {
				b.WriteString(l)
				b.WriteByte('\n')
			}
		}
	}
}

// snippet writes the first line of a range and underlines what of it the range covers. A line that does not fit is
// shown around the range.
func (st Style) snippet(b *bytes.Buffer, r model.Range, f *File, hue string) {
	n := int(r.Start.Line)
	line := f.Line(n)
	if line == nil {
		return
	}
	from := int(r.Start.Byte) - f.start(n)
	to := len(line)
	if r.End.Line == r.Start.Line {
		to = int(r.End.Byte) - f.start(n)
	}
	from = max(0, min(from, len(line)))
	to = max(from, min(to, len(line)))
	gutter := fmt.Sprintf("  %d: ", n)
	dots := "…"
	if st.ASCII {
		dots = "..."
	}
	room := max(st.Width-len(gutter), 20)
	far := 32 * room // bytes: more than fits, so that a line of megabytes costs no more than a long one
	before, marked, after := cells(line[max(0, from-far):from]), cells(line[from:min(to, from+far)]), cells(line[to:min(len(line), to+far)])
	if before.width+marked.width+after.width > room {
		marked = marked.head(room/2, dots)
		if before.width+marked.width > room*3/4 {
			before = before.tail(room/4, dots)
		}
		after = after.head(room-before.width-marked.width, dots)
	}
	fmt.Fprintf(b, "%s%s%s%s\n", gutter, before.text(), st.paint("4", marked.text()), after.text())
	fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", len(gutter)+before.width), st.paint(hue, strings.Repeat("^", max(1, marked.width))))
}

// strip is a run of characters with the number of terminal columns that each takes.
type strip struct {
	chars []string
	wide  []int
	width int
}

func (s *strip) add(c string, w int) {
	s.chars, s.wide, s.width = append(s.chars, c), append(s.wide, w), s.width+w
}

func (s strip) text() string { return strings.Join(s.chars, "") }

// head keeps what fits into a number of columns, dots included.
func (s strip) head(room int, dots string) strip {
	if s.width <= room {
		return s
	}
	var out strip
	for i, c := range s.chars {
		if out.width+s.wide[i]+dotsWidth(dots) > room {
			break
		}
		out.add(c, s.wide[i])
	}
	out.add(dots, dotsWidth(dots))
	return out
}

// tail keeps the end of what does not fit.
func (s strip) tail(room int, dots string) strip {
	if s.width <= room {
		return s
	}
	i, w := len(s.chars), dotsWidth(dots)
	for i > 0 && w+s.wide[i-1] <= room {
		i--
		w += s.wide[i]
	}
	var out strip
	out.add(dots, dotsWidth(dots))
	for ; i < len(s.chars); i++ {
		out.add(s.chars[i], s.wide[i])
	}
	return out
}

func dotsWidth(dots string) int { return len([]rune(dots)) }

// cells splits text into what a terminal shows: tabs become two spaces, control characters a replacement, so that a file
// cannot move the cursor.
func cells(b []byte) strip {
	var s strip
	for len(b) > 0 {
		n, _, err := textseg.ScanGraphemeClusters(b, true)
		if err != nil || n == 0 {
			n = 1
		}
		c := string(b[:n])
		b = b[n:]
		if c == "\t" {
			s.add("  ", 2)
			continue
		}
		c = clean(c)
		w := 1
		for _, r := range c {
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				w = 2
			}
			break
		}
		s.add(c, w)
	}
	return s
}

// clean replaces what would act on a terminal instead of being shown.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) || r == 0x2028 || r == 0x2029 {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// words splits a paragraph where a line may break: not around an equals sign, so that what is to be written stays whole.
func words(s string) []string {
	fields := strings.Fields(s)
	out := fields[:0]
	for i := 0; i < len(fields); i++ {
		if fields[i] == "=" && len(out) > 0 && i+1 < len(fields) {
			out[len(out)-1] += " = " + fields[i+1]
			i++
			continue
		}
		if len(out) > 0 && unit.MatchString(fields[i]) && endsInDigit(out[len(out)-1]) { // a number keeps its unit
			out[len(out)-1] += " " + fields[i]
			continue
		}
		out = append(out, fields[i])
	}
	return out
}

var unit = regexp.MustCompile(`^(%|ms|s|min|h|d|[kKMGT]?i?B)[^0-9A-Za-z]*$`)

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// Wrap breaks a paragraph into lines of at most so many columns; a word that is longer has a line of its own. A
// paragraph that begins with a space is code and stays as it is.
func Wrap(s string, columns int) []string {
	if strings.HasPrefix(s, " ") {
		return []string{strings.TrimRight(s, " ")}
	}
	var out []string
	line, used := "", 0
	for _, word := range words(s) {
		w := cells([]byte(word)).width
		if line != "" && used+1+w > columns {
			out, line, used = append(out, line), "", 0
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+w
	}
	return append(out, line)
}
