package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// The cases are systems that other people published, with what they or their tools say of them. Each folder of
// testdata/cases holds our description (system.hcl) and the published verdicts (verdicts.txt), one a line:
//
//	missing PATTERN PLACE         the pattern is owed there
//	present PATTERN PLACE         the pattern is in place there
//	never missing PATTERN PLACE   whoever says so raises a false alarm
//	only missing PATTERN          so does whoever says it of a place that no line names
//
// PATTERN is a slug, or several joined by | of which one is enough. PLACE is an address (also several joined by |), a
// call by its ends (service.a->service.b, with * for any), a broker for what it carries, system for anywhere, or * for
// every place. Where the catalog sees it otherwise, the line ends with "# disagree: why", and the test holds that too.
var verdictForm = regexp.MustCompile(`^(missing|present|never missing|never present|only missing) (\S+)(?: (\S+))?(?:\s+# disagree: (.+))?$`)

type verdict struct {
	kind     string
	patterns []string
	place    string
	disagree string
}

// judged is a case with what archcheck says of it.
type judged struct {
	m       *model.Model
	missing map[string][]string // by slug
	present map[string][]string
}

func TestCasesOfOthers(t *testing.T) {
	dirs, err := filepath.Glob("testdata/cases/*/verdicts.txt")
	if err != nil || len(dirs) < 15 {
		t.Fatalf("%d cases, %v", len(dirs), err)
	}
	var agreed, published, said, wrong int
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			c := judge(t, filepath.Join(dir, "system.hcl"))
			verdicts := verdictsOf(t, file)
			var a, p, s, w int
			for _, v := range verdicts {
				ok, extra := c.check(v, verdicts)
				switch v.kind {
				case "missing", "present":
					p++
					if ok {
						a++
						s++
					}
				default:
					s, w = s+extra, w+extra
				}
				if ok == (v.disagree != "") {
					t.Errorf("%s %s %s: archcheck agrees: %v (disagreement on record: %q)", v.kind, strings.Join(v.patterns, "|"), v.place, ok, v.disagree)
				}
			}
			t.Logf("recall %d of %d, precision %d of %d", a, p, s-w, s)
			agreed, published, said, wrong = agreed+a, published+p, said+s, wrong+w
		})
	}
	t.Logf("%d cases: recall %d of %d (%.0f %%), precision %d of %d (%.0f %%)", len(dirs), agreed, published,
		100*float64(agreed)/float64(published), said-wrong, said, 100*float64(said-wrong)/float64(said))
}

func verdictsOf(t *testing.T, file string) []verdict {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []verdict
	for _, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := verdictForm.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("%s: %q is no verdict", file, line)
		}
		out = append(out, verdict{kind: m[1], patterns: strings.Split(m[2], "|"), place: m[3], disagree: m[4]})
	}
	return out
}

func judge(t *testing.T, file string) *judged {
	t.Helper()
	m, diags := dsl.Load([]string{file}, dsl.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"plan", "-o", "json", file}, Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != ExitOK {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var r report.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	c := &judged{m: m, missing: map[string][]string{}, present: map[string][]string{}}
	for _, p := range r.Patterns {
		_, slug, _ := strings.Cut(p.ID, "/")
		c.missing[slug], c.present[slug] = p.Missing, p.Present
	}
	return c
}

// check reports whether archcheck says what a verdict does, and how often it raises the false alarms that one forbids.
func (c *judged) check(v verdict, all []verdict) (ok bool, extra int) {
	said := func(list map[string][]string, place string) (n int) {
		for _, p := range v.patterns {
			for _, addr := range list[p] {
				if c.at(addr, place) {
					n++
				}
			}
		}
		return n
	}
	switch v.kind {
	case "missing":
		return said(c.missing, v.place) > 0, 0
	case "present":
		return said(c.present, v.place) > 0, 0
	case "never missing":
		extra = said(c.missing, v.place)
	case "never present":
		extra = said(c.present, v.place)
	case "only missing":
		for _, p := range v.patterns {
			for _, addr := range c.missing[p] {
				if !slices.ContainsFunc(all, func(o verdict) bool {
					return o.kind == "missing" && slices.Contains(o.patterns, p) && c.at(addr, o.place)
				}) {
					extra++
				}
			}
		}
	}
	return extra == 0, extra
}

// at reports whether an address lies at a place.
func (c *judged) at(addr, place string) bool {
	if place == "*" || place == "system" {
		return true
	}
	if from, to, ok := strings.Cut(place, "->"); ok {
		e, isCall := c.m.Lookup(model.Addr(addr)).(*model.Call)
		return isCall && (from == "*" || string(e.Parent) == from) && (to == "*" || string(e.To.V) == to)
	}
	for _, p := range strings.Split(place, "|") {
		if addr == p {
			return true
		}
		switch x := c.m.Lookup(model.Addr(addr)).(type) {
		case *model.Topic:
			if string(x.Broker.V) == p {
				return true
			}
		case *model.Queue:
			if string(x.Broker.V) == p {
				return true
			}
		}
	}
	return false
}

// TestVerdictsNameWhatThereIs: a place that nothing answers to would make a verdict agree or disagree by chance.
func TestVerdictsNameWhatThereIs(t *testing.T) {
	files, _ := filepath.Glob("testdata/cases/*/verdicts.txt")
	for _, file := range files {
		m, _ := dsl.Load([]string{filepath.Join(filepath.Dir(file), "system.hcl")}, dsl.Options{})
		for _, v := range verdictsOf(t, file) {
			for _, p := range strings.FieldsFunc(strings.ReplaceAll(v.place, "->", "|"), func(r rune) bool { return r == '|' }) {
				if p != "*" && p != "system" && m.Lookup(model.Addr(p)) == nil {
					t.Errorf("%s: %s", file, fmt.Sprintf("there is no %s", p))
				}
			}
		}
	}
}
