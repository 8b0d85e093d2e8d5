package reporttest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// grammar is what Jenkins and GitLab read of JUnit: what an element may hold, and its attributes, required ones first.
var grammar = map[string]struct{ holds, required, allowed []string }{
	"":           {holds: []string{"testsuites"}},
	"testsuites": {[]string{"testsuite"}, []string{"name", "tests", "failures"}, []string{"skipped", "errors", "time"}},
	"testsuite":  {[]string{"testcase"}, []string{"name", "tests", "failures", "errors", "skipped"}, []string{"time"}},
	"testcase":   {[]string{"failure", "skipped", "system-out"}, []string{"classname", "name"}, []string{"file", "line", "time"}},
	"failure":    {nil, []string{"message", "type"}, nil},
	"skipped":    {nil, []string{"message"}, nil},
	"system-out": {},
}

type junitCase struct {
	class, name, file string
	outcome           string // failure, skipped, or empty for passed
}

// JUnit reads a file as Jenkins and GitLab do: elements and attributes where they belong, one outcome a case, no two cases
// of one name, totals that are those of the tree and of the report.
func JUnit(b []byte, r *report.Report) error {
	x := &reading{}
	var cases []junitCase
	attrs := map[string]map[string]string{}
	stack := []string{""}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("no XML: %w", err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			name, in := e.Name.Local, stack[len(stack)-1]
			if !slices.Contains(grammar[in].holds, name) {
				return fmt.Errorf("<%s> stands in <%s>", name, in)
			}
			at := map[string]string{}
			for _, a := range e.Attr {
				at[a.Name.Local] = a.Value
				x.must(slices.Contains(grammar[name].required, a.Name.Local) || slices.Contains(grammar[name].allowed, a.Name.Local), "<%s> has no attribute %s", name, a.Name.Local)
			}
			for _, a := range grammar[name].required {
				_, ok := at[a]
				x.must(ok, "<%s> lacks %s", name, a)
			}
			switch name {
			case "testsuites", "testsuite":
				attrs[name] = at
			case "testcase":
				cases = append(cases, junitCase{class: at["classname"], name: at["name"], file: at["file"]})
				if line, ok := at["line"]; ok {
					n, err := strconv.Atoi(line)
					x.must(err == nil && n > 0, "line %q", line)
				}
			case "failure", "skipped":
				c := &cases[len(cases)-1]
				x.must(c.outcome == "", "%s %s has two outcomes", c.class, c.name)
				c.outcome = name
			}
			stack = append(stack, name)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			in := stack[len(stack)-1]
			x.must(in == "failure" || in == "system-out" || strings.TrimSpace(string(e)) == "", "text in <%s>", in)
		case xml.Comment, xml.Directive:
			x.fault("a comment or directive")
		}
	}
	seen := map[[2]string]bool{}
	n := map[string]int{}
	for _, c := range cases {
		x.must(c.class != "" && c.name != "" && !seen[[2]string{c.class, c.name}], "case %q %q: twice or without a name", c.class, c.name)
		seen[[2]string{c.class, c.name}] = true
		n[c.outcome]++
	}
	for _, name := range []string{"testsuites", "testsuite"} {
		for what, want := range map[string]int{"tests": len(cases), "failures": n["failure"], "skipped": n["skipped"], "errors": 0} {
			got, ok := attrs[name][what]
			x.must(!ok || got == strconv.Itoa(want), "<%s %s=%q>, the tree has %d", name, what, got, want)
		}
	}
	t := totalsOf(r)
	all := t.counted + t.waived + t.known + t.hygiene
	x.must(n["failure"] == t.blocking+t.hygiene, "%d failures, the report has %d", n["failure"], t.blocking+t.hygiene)
	x.must(n["skipped"] == t.waived+t.known, "%d skipped, the report has %d", n["skipped"], t.waived+t.known)
	x.must(len(cases) == max(1, all), "%d cases, the report has %d findings", len(cases), all)
	return x.err()
}
