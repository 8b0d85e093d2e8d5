package reporttest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

var (
	command  = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)
	unescape = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
)

// Annotations reads workflow commands as GitHub's runner does, line by line: one a finding as far as GitHub shows them,
// values that come back as they were, ten of a kind.
func Annotations(b []byte, r *report.Report) error {
	x := &reading{}
	t := totalsOf(r)
	n := map[string]int{}
	shown, rest, hygiene := 0, 0, 0
	fs := counted(r.Printable())
	byTitle := map[string]bool{}
	for _, f := range fs {
		byTitle[f.Rule+" "+f.Title+"\x00"+f.Detail] = true
	}
	for _, line := range lines(b) {
		m := command.FindStringSubmatch(line)
		if m == nil {
			x.fault("no command: %q", line)
			continue
		}
		n[m[1]]++
		at := map[string]string{}
		for _, p := range strings.Split(m[2], ",") {
			k, v, ok := strings.Cut(p, "=")
			x.must(ok, "property %q", p)
			at[k] = unescape.Replace(v)
		}
		text := unescape.Replace(m[3])
		switch {
		case at["title"] == "archcheck":
			rest, _ = strconv.Atoi(strings.TrimPrefix(strings.Fields(text)[0], "+"))
			continue
		case at["title"] == "Waivers and baseline":
			hygiene++
			continue
		}
		shown++
		for _, k := range []string{"line", "endLine", "col", "endColumn"} {
			v, err := strconv.Atoi(at[k])
			x.must(err == nil && v >= 1, "%s is %q in %q", k, at[k], line)
		}
		x.relative("annotation", at["file"])
		x.must(byTitle[at["title"]+"\x00"+text], "no finding says %q, %q", at["title"], text)
	}
	for kind, count := range n {
		x.must(count <= 10, "%d of kind %s", count, kind)
	}
	x.must(shown+hygiene+rest == t.counted+t.hygiene, "%d shown, %d of hygiene, %d in the log; the report has %d and %d", shown, hygiene, rest, t.counted, t.hygiene)
	return x.err()
}

// Log looks for what a runner would take as a command in text that is none.
func Log(b []byte) error {
	x := &reading{}
	for _, line := range strings.Split(string(b), "\n") {
		x.must(!strings.HasPrefix(strings.TrimSpace(line), "::") && !strings.Contains(line, "##["), "a command in the log: %q", line)
	}
	return x.err()
}

// Outputs reads GITHUB_OUTPUT: a name and a value a line, each name once, numbers that are the report's.
func Outputs(b []byte, r *report.Report) error {
	x := &reading{}
	at := map[string]string{}
	for _, line := range lines(b) {
		k, v, ok := strings.Cut(line, "=")
		_, again := at[k]
		x.must(ok && !again, "line %q", line)
		at[k] = v
	}
	code, verdict := 0, "passed"
	if r.Gate != nil {
		code = r.Gate.Exit
		if code != 0 {
			verdict = "failed"
		}
	}
	p := r.Summary.Places
	want := map[string]string{"verdict": verdict}
	for k, v := range map[string]int{"exit-code": code, "critical": p.Critical, "high": p.High, "medium": p.Medium, "low": p.Low, "waived": r.Summary.Waived} {
		want[k] = strconv.Itoa(v)
	}
	x.must(fmt.Sprint(at) == fmt.Sprint(want), "outputs %v, want %v", at, want)
	x.must(p.Total() == totalsOf(r).counted, "the severities add up to %d, the report has %d", p.Total(), totalsOf(r).counted)
	return x.err()
}

func lines(b []byte) []string {
	s := strings.TrimSuffix(string(b), "\n")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
