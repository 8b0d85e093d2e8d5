package reporttest

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/archcheck/archcheck/analyzer/report"
)

var (
	element = regexp.MustCompile(`</?([a-zA-Z][a-zA-Z0-9]*)[^>]*>`)
	fence   = regexp.MustCompile("^(`{3,}|~{3,})(.*)$")
	leftOut = regexp.MustCompile(`_(\d+) more findings? do(?:es)? not fit`)
)

// known are the elements that a comment consists of once it is rendered; a name adds none.
var known = map[string]bool{
	"details": true, "summary": true, "code": true, "pre": true, "p": true, "table": true, "thead": true, "tbody": true, "tr": true,
	"th": true, "td": true, "h3": true, "strong": true, "em": true, "br": true,
}

// Markdown reads a comment as GitHub does: within its limit, folds and fences closed, tables of one width, no element that
// a name brought along, every finding in a fold or counted as left out.
func Markdown(b []byte, r *report.Report) error {
	x := &reading{}
	s := string(b)
	x.must(strings.HasPrefix(s, "<!-- archcheck:plan:"), "no mark to find the comment by")
	x.must(len([]rune(s)) <= 60_000, "%d characters", len([]rune(s)))
	depth, folds, columns := 0, 0, 0
	open := ""
	for i, line := range strings.Split(s, "\n") {
		if m := fence.FindStringSubmatch(line); m != nil {
			switch {
			case open == "":
				open = m[1]
				continue
			case strings.HasPrefix(line, open) && strings.Trim(line, open[:1]) == "":
				open = ""
				continue
			}
		}
		if open != "" {
			continue
		}
		if strings.HasPrefix(line, "<details>") {
			depth++
			folds++
		}
		if line == "</details>" {
			depth--
		}
		x.must(depth == 0 || depth == 1, "line %d: a fold in a fold, or one too many closed", i+1)
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := cells(line)
		x.must(columns == 0 || n == columns, "line %d: %d cells in a table of %d: %s", i+1, n, columns, line)
		columns = n
	}
	x.must(open == "" && depth == 0, "a fold or a fence is open at the end")
	left := 0
	if m := leftOut.FindStringSubmatch(s); m != nil {
		left, _ = strconv.Atoi(m[1])
	}
	for _, other := range []string{"Where they are", "Scenarios"} {
		if strings.Contains(s, "<summary>"+other+"</summary>") {
			folds--
		}
	}
	visible := len(r.Visible())
	x.must(folds+left == visible, "%d findings shown, %d left out, the report has %d", folds, left, visible)
	x.rendered(b)
	t := totalsOf(r)
	sum := 0
	for _, m := range regexp.MustCompile(`(\d+) (critical|high|medium|low|info)\b`).FindAllStringSubmatch(strings.Join(strings.SplitN(s, "\n", 6)[3:4], ""), -1) {
		n, _ := strconv.Atoi(m[1])
		sum += n
	}
	x.must(sum == t.counted, "the verdict counts %d, the report has %d", sum, t.counted)
	return x.err()
}

// cells counts the cells of a table's row: pipes that no backslash takes back.
func cells(line string) int {
	n := 0
	for i := 1; i < len(line); i++ {
		if line[i] == '|' && line[i-1] != '\\' {
			n++
		}
	}
	return n
}

// rendered looks at the comment as HTML, where everything that was text is escaped.
func (x *reading) rendered(b []byte) {
	var out bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert(b, &out); err != nil {
		x.fault("%v", err)
		return
	}
	body := out.String()
	if _, rest, ok := strings.Cut(body, "-->"); ok {
		body = rest
	}
	x.must(!strings.Contains(body, "<!--"), "a comment inside")
	for _, m := range element.FindAllStringSubmatch(body, -1) {
		x.must(known[strings.ToLower(m[1])], "an element of its own: %s", m[0])
	}
	x.must(strings.Count(body, "<h3") == 1, "%s", fmt.Sprint("headlines: ", strings.Count(body, "<h3")))
}
