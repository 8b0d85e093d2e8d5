package policies_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/patterns"
)

// The law of the rule book: which rules there are, what each pattern has, and where they are named.

const ruleBook = "testdata/rulebook.txt"

var ruleID = regexp.MustCompile(`\b[A-Z]{3}-[0-9]{3}\b`)

// book is testdata/rulebook.txt: one line per pattern with its rules for missing, misconfigured, misuse and conflict.
type book struct {
	home    map[string]patterns.ID // by rule; empty for rules of no pattern
	kind    map[string]analyzer.Kind
	shared  map[patterns.ID][]string // rules of other patterns that judge this one too
	aliases map[string]string
}

var columns = []analyzer.Kind{analyzer.Missing, analyzer.Misconfigured, analyzer.Misuse, analyzer.Conflict}

func readBook(t *testing.T) book {
	t.Helper()
	text, err := os.ReadFile(ruleBook)
	if err != nil {
		t.Fatal(err)
	}
	b := book{map[string]patterns.ID{}, map[string]analyzer.Kind{}, map[patterns.ID][]string{}, map[string]string{}}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "|")
		name := strings.TrimSpace(cells[0])
		switch {
		case name == "alias":
			words := strings.Fields(cells[1])
			b.aliases[words[0]] = words[1]
			continue
		case name == "none":
		case len(cells) != 5 || patterns.ByID(patterns.ID(name)) == nil:
			t.Fatalf("%s:%d: a pattern and four lists of rules, not %q", ruleBook, i+1, line)
		}
		for k, cell := range cells[1:] {
			for _, word := range strings.Fields(cell) {
				id := strings.Trim(word, "()")
				if !ruleID.MatchString(id) {
					t.Fatalf("%s:%d: %q is no rule", ruleBook, i+1, word)
				}
				if id != word {
					b.shared[patterns.ID(name)] = append(b.shared[patterns.ID(name)], id)
					continue
				}
				if _, twice := b.home[id]; twice {
					t.Errorf("%s:%d: %s is at home twice", ruleBook, i+1, id)
				}
				if b.home[id] = ""; name != "none" {
					b.home[id], b.kind[id] = patterns.ID(name), columns[k]
				}
			}
		}
	}
	return b
}

// cards are the rules that judge; what only says that a pattern is in place is no rule of the book.
func cards(t *testing.T) map[string]*analyzer.Card {
	t.Helper()
	eng, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*analyzer.Card{}
	for _, c := range eng.Cards() {
		if !strings.HasPrefix(c.ID, "PRE-") {
			out[c.ID] = c
		}
	}
	return out
}

// decided are the rules that DECISIONS.md has a line for.
func decided(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("DECISIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if head, reason, ok := strings.Cut(line, ":"); ok && strings.HasPrefix(head, "- ") {
			if strings.TrimSpace(reason) == "" {
				t.Errorf("DECISIONS.md gives no reason: %s", line)
			}
			out = append(out, ruleID.FindAllString(head, -1)...)
		}
	}
	return out
}

// Every rule of the book is a card of its pattern and kind, or DECISIONS.md says why not; and there is no other rule.
func TestRulesAreThoseOfTheBook(t *testing.T) {
	b, cards, decided := readBook(t), cards(t), decided(t)
	for id, home := range b.home {
		c := cards[id]
		switch {
		case c == nil && !slices.Contains(decided, id):
			t.Errorf("%s of %s has neither a card nor a line in DECISIONS.md", id, ruleBook)
		case c == nil:
		case string(home) != c.Pattern || home != "" && c.Kind != b.kind[id]:
			t.Errorf("the card of %s is %s of %q, %s has it as %s of %q", id, c.Kind, c.Pattern, ruleBook, b.kind[id], home)
		}
	}
	for id := range cards {
		if _, ok := b.home[id]; !ok {
			t.Errorf("%s is a card that %s does not know", id, ruleBook)
		}
	}
	for _, id := range decided {
		if _, ok := b.home[id]; !ok {
			t.Errorf("DECISIONS.md decides on %s, which is no rule", id)
		}
	}
	for name, id := range b.aliases {
		if c := cards[id]; c == nil || !slices.ContainsFunc(c.Aliases, func(a string) bool { return a == name || strings.HasPrefix(a, name+" ") }) {
			t.Errorf("%s is not found by its other name %s", id, name)
		}
		if cards[name] != nil {
			t.Errorf("%s is another name of %s and a rule too", name, id)
		}
	}
}

// Where the specification lies beside the checkout, it names the same rules.
func TestBookIsTheSpecification(t *testing.T) {
	text, err := os.ReadFile("../../shared/design/rules.md")
	if err != nil {
		t.Logf("no specification to compare with: %v", err)
		return
	}
	b, spec := readBook(t), map[string]bool{}
	for _, m := range regexp.MustCompile(`\*\*([A-Z]{3}-[0-9]{3}) ·`).FindAllSubmatch(text, -1) {
		spec[string(m[1])] = true
	}
	if len(spec) == 0 {
		t.Fatal("the specification names no rule: its form has changed")
	}
	for id := range spec {
		if _, ok := b.home[id]; !ok {
			t.Errorf("%s of the specification is not in %s", id, ruleBook)
		}
	}
	for id := range b.home {
		if !spec[id] {
			t.Errorf("%s is not in the specification", id)
		}
	}
}

// Each pattern can be missed and misused: it has a rule for either, and a fixture in which that rule fires.
func TestEveryPatternIsWatched(t *testing.T) {
	b, cards := readBook(t), cards(t)
	all := patterns.All()
	if len(all) != 29 {
		t.Fatalf("%d patterns", len(all))
	}
	for _, p := range all {
		shown := map[analyzer.Kind][]string{}
		of := slices.Clone(b.shared[p.ID])
		for id, c := range cards {
			if c.Pattern == string(p.ID) {
				of = append(of, id)
			}
		}
		for _, id := range of {
			if c := cards[id]; c != nil && firesInFixture(t, id) {
				shown[c.Kind] = append(shown[c.Kind], id)
			}
		}
		if len(shown[analyzer.Missing]) == 0 {
			t.Errorf("no fixture fires a rule that finds %s missing", p.ID)
		}
		if len(shown[analyzer.Misuse])+len(shown[analyzer.Conflict]) == 0 {
			t.Errorf("no fixture fires a rule that finds %s misused, or in conflict", p.ID)
		}
	}
}

// Every rule has a fixture of its own, which TestFixtures wants to fire, or to ask where the rule can do no more.
func TestEveryRuleHasAFixture(t *testing.T) {
	for id := range cards(t) {
		files, err := filepath.Glob("testdata/*/" + strings.ToLower(id) + ".txtar")
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasPrefix(filepath.ToSlash(f), "testdata/boundaries/") })
		if err != nil || len(files) != 1 {
			t.Errorf("%d fixtures testdata/*/%s.txtar, want one (%v)", len(files), strings.ToLower(id), err)
		}
	}
}

// firesInFixture reports whether the rule's own fixture expects it as a finding; TestFixtures holds it to that.
func firesInFixture(t *testing.T, id string) bool {
	t.Helper()
	files, err := filepath.Glob("testdata/*/" + strings.ToLower(id) + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`(?m)# want ` + id + `\b`).Match(text) {
			return true
		}
	}
	return false
}

// What manifests, scenarios and pages call a rule is one.
func TestNamedRulesExist(t *testing.T) {
	b, cards := readBook(t), cards(t)
	check := func(where string, ids []string) {
		for _, id := range ids {
			if cards[id] == nil && b.aliases[id] == "" {
				t.Errorf("%s names %s, which is no rule", where, id)
			}
		}
	}
	c, err := patterns.Load()
	if err != nil {
		t.Fatal(err)
	}
	check("the catalog", c.RuleIDs())
	for _, p := range patterns.All() {
		page, err := p.README()
		if err != nil {
			t.Fatal(err)
		}
		_, watched, _ := strings.Cut(string(page), "\n## In archcheck\n")
		check(fmt.Sprintf("the page of %s", p.ID), ruleID.FindAllString(watched, -1))
	}
	for _, c := range cards {
		check("the card of "+c.ID, c.Subsumes)
	}
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil || len(docs) == 0 {
		t.Fatal("no documents", err)
	}
	known := map[string]bool{}
	for id := range b.home {
		known[id[:3]] = true
	}
	for _, d := range append(docs, "../README.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(d)
		if err != nil {
			t.Fatal(err)
		}
		var ours []string // a team's own rules have codes of their own
		for _, id := range ruleID.FindAllString(string(text), -1) {
			if known[id[:3]] {
				ours = append(ours, id)
			}
		}
		check(d, ours)
	}
}
