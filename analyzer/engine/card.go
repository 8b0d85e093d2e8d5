package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/open-policy-agent/opa/v1/ast"
)

// rule is one rule set with its card.
type rule struct {
	card *analyzer.Card
	src  *source
	loc  *ast.Location
	meta *ast.Annotations

	single bool // its value is one result, not a set of them
}

var (
	cardKeys = []string{
		"aliases", "cleared_by", "effect", "id", "kind", "pattern", "say", "severities", "severity", "subject", "subsumes",
		"trade_offs", "waivable", "waive_when",
	}
	metaKeys   = []string{"authors", "custom", "description", "entrypoint", "organizations", "related_resources", "schemas", "scope", "title"}
	idForm     = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]{3}$`)
	metaKey    = regexp.MustCompile(`^#\s?([A-Za-z_]+):`)
	ownPackage = regexp.MustCompile(`(?m)^package\s+archcheck\b`)
)

// readCards reads the cards of a module and refuses what the contract does not know. A rule set in a rules package must
// have one: without it the rule would neither run nor be missed.
func readCards(s *source) ([]*rule, Problems) {
	if s.digest != nil {
		return s.digest.readCards(s), nil
	}
	var probs Problems
	pkg := packageName(s.mod)
	if m := forcePackage.FindStringSubmatch(pkg); m != nil && !s.own {
		return readForces(s, m[1]), nil
	}
	if p := checkPackage(s, pkg); p != nil {
		return nil, Problems{p}
	}
	byRule := map[string]*ast.Annotations{}
	for _, a := range s.mod.Annotations {
		if a.Scope != "rule" && a.Scope != "document" {
			if a.Custom["id"] != nil {
				probs = append(probs, s.at(a.Location, "", "Card stands above no rule",
					"This METADATA with an id belongs to the %s. Put it directly above the rule that it describes.", a.Scope))
			}
			continue
		}
		name := ruleName(a.GetTargetPath(), pkg)
		if len(a.Custom) == 0 && byRule[name] != nil {
			continue
		}
		if old := byRule[name]; old != nil && len(old.Custom) > 0 {
			probs = append(probs, s.at(a.Location, "rule "+name, "Rule has two cards",
				"Rule %s already has the card in line %d. One card with \"scope: document\" serves all its bodies.", name, old.Location.Row))
			continue
		}
		byRule[name] = a
	}
	var rules []*rule
	seen := map[string]bool{}
	for _, r := range s.mod.Rules {
		name := ruleName(r.Ref().GroundPrefix(), pkg)
		if seen[name] {
			continue
		}
		isSet := r.Head.RuleKind() == ast.MultiValue
		a := byRule[name]
		if !isSet && (a == nil || len(a.Custom) == 0) {
			continue
		}
		seen[name] = true
		ctx := "rule " + name
		switch {
		case !isSet:
			probs = append(probs, s.at(r.Location, ctx, "Card on a rule without results",
				"A rule with a card is a set of results: write \"%s contains {…} if { … }\".", name))
		case a == nil || len(a.Custom) == 0:
			probs = append(probs, s.at(r.Location, ctx, "Rule has no card",
				"Put METADATA with title, custom.id, custom.subject and custom.severity directly above it; a helper is a function or has a single value (:=)."))
		default:
			got, ps := newRule(s, pkg, name, r, a)
			probs = append(probs, ps...)
			rules = append(rules, got)
		}
	}
	return rules, probs
}

func packageName(m *ast.Module) string { return strings.TrimPrefix(m.Package.Path.String(), "data.") }

// ruleName is the last part of a rule's path, without its package.
func ruleName(ref ast.Ref, pkg string) string {
	name := strings.TrimPrefix(ref.String(), "data.")
	return strings.TrimPrefix(name, pkg+".")
}

func checkPackage(s *source, pkg string) *Problem {
	parts := strings.Split(pkg, ".")
	loc := s.mod.Package.Location
	switch {
	case !s.own:
		if len(parts) != 4 || parts[0] != "archcheck" || parts[1] != "rules" {
			return s.at(loc, "", "Package is misplaced", "A rule of archcheck lives in archcheck.rules.<category>.<pattern>, not in %s.", pkg)
		}
	case parts[0] == "archcheck":
		return s.at(loc, "", "Package is reserved", "Packages below archcheck belong to the product. Name yours \"custom.<team>\".")
	case parts[0] != "custom" || len(parts) != 2:
		return s.at(loc, "", "Package is misplaced", "A team's own rules live in \"custom.<team>\", one level below custom, not in %s.", pkg)
	}
	return nil
}

func newRule(s *source, pkg, name string, r *ast.Rule, a *ast.Annotations) (*rule, Problems) {
	c := &analyzer.Card{
		Title: a.Title, Description: strings.TrimSpace(a.Description), Kind: analyzer.Misconfigured,
		Package: pkg, Rule: name, File: s.path, Line: r.Location.Row,
	}
	for _, rel := range a.RelatedResources {
		c.Related = append(c.Related, rel.Ref.String())
	}
	out := &rule{card: c, src: s, loc: r.Location, meta: a}
	d := cardReader{rule: out, last: max(a.Location.Row, r.Location.Row-1)}
	d.read()
	return out, d.probs
}

// cardReader decodes the custom part of a card strictly.
type cardReader struct {
	*rule
	last  int // last line of the METADATA
	probs Problems
}

func (d *cardReader) fail(key, summary, detail string, args ...any) {
	d.probs = append(d.probs, d.src.atText(d.meta.Location.Row, d.last, key, "rule "+d.card.Rule, summary, detail, args...))
}

func (d *cardReader) read() {
	c, custom := d.card, d.meta.Custom
	d.unknownKeys()
	if c.Title == "" {
		d.fail("METADATA", "Card has no title", "Write \"title:\", the headline of the finding: a capital, no final period.")
	}
	c.ID = d.text("id")
	if c.ID == "" {
		d.fail("custom", "Card has no id", "Write \"id:\", such as ACME-001: letters, a dash, three digits.")
	} else if !idForm.MatchString(c.ID) {
		d.fail(c.ID, "Id is malformed", "%q must be capital letters, a dash and three digits, such as ACME-001.", c.ID)
	}
	if k := d.text("kind"); k != "" {
		kind, err := analyzer.ParseKind(k)
		if err != nil {
			d.fail(k, "Unknown kind", "%q is no kind of finding. %s", k, didYouMean(k, []string{"missing", "misconfigured", "misuse", "conflict"}))
		}
		c.Kind = kind
	}
	d.severities()
	c.Pattern, c.Say = d.text("pattern"), d.text("say")
	if _, err := parseSay(c.Say); err != nil {
		d.fail("say:", "Message is malformed", "In \"say\", %s.", err)
	}
	c.Subject = d.text("subject")
	if c.Subject == "" {
		d.fail("custom", "Card has no subject", "Write \"subject:\", the kind that the rule judges: %s", didYouMean("", subjectKinds()))
	} else if !slices.Contains(subjectKinds(), c.Subject) {
		d.fail("subject: "+c.Subject, "Unknown subject", "%q is no kind of subject. %s", c.Subject, didYouMean(c.Subject, subjectKinds()))
	}
	c.Aliases, c.Subsumes = d.list("aliases"), d.list("subsumes")
	c.Advice = analyzer.Advice{TradeOffs: d.text("trade_offs"), WaiveWhen: d.text("waive_when"), ClearedBy: d.text("cleared_by")}
	effects := []string{"duplication", "loss"}
	if c.Effect = d.text("effect"); c.Effect != "" && !slices.Contains(effects, c.Effect) {
		d.fail(c.Effect, "Unknown effect", "%q is no effect. %s", c.Effect, didYouMean(c.Effect, effects))
	}
	if v, there := custom["waivable"]; there {
		b, ok := v.(bool)
		if !ok {
			d.fail("waivable", "Card value has the wrong type", "\"waivable\" is true or false.")
		}
		c.Unwaivable = !b
	}
	for _, sch := range d.meta.Schemas {
		if sch.Definition != nil || sch.Path.String() != "input" {
			continue
		}
		if got := strings.TrimPrefix(sch.Schema.String(), "schema."); got != c.Subject {
			d.fail("schema", "Schema of another kind", "The card judges %q, its schema is that of %q. Write \"schemas: [{input: schema.%s}]\".", c.Subject, got, c.Subject)
		}
	}
	if !d.src.own && c.Description == "" {
		d.fail("METADATA", "Card has no description", "A rule of archcheck says in one or two sentences why it hurts.")
	}
}

// severities reads the one letter of a plain card, or the letters of a rule with several cases: a list, or better a
// mapping that says when each is right.
func (d *cardReader) severities() {
	_, isPlain := d.meta.Custom["severity"]
	several, isSeveral := d.meta.Custom["severities"]
	var names []string
	switch {
	case isPlain && isSeveral:
		d.fail("severities", "Card has two severities", "Write \"severity:\" for one letter or \"severities:\" for several, not both.")
		return
	case !isPlain && !isSeveral:
		d.fail("custom", "Card has no severity", "Write \"severity:\" with one of %s.", strings.Join(analyzer.Severities(), ", "))
		return
	case isPlain:
		names = []string{d.text("severity")}
	default:
		cases, ok := several.(map[string]any)
		if !ok {
			names = d.list("severities")
			break
		}
		for name := range cases {
			names = append(names, name)
		}
		slices.Sort(names)
		slices.SortStableFunc(names, func(a, b string) int {
			return slices.Index(analyzer.Severities(), a) - slices.Index(analyzer.Severities(), b)
		})
		for _, name := range names {
			when, _ := cases[name].(string)
			if strings.TrimSpace(when) == "" {
				d.fail(name, "Severity without a case", "Say behind %q when it is right, in a few words.", name)
			}
			d.card.Cases = append(d.card.Cases, strings.TrimSpace(when))
		}
	}
	for _, name := range names {
		sev, err := analyzer.ParseSeverity(name)
		if err != nil {
			d.fail(name, "Unknown severity", "%q is no severity. %s", name, didYouMean(name, analyzer.Severities()))
			continue
		}
		d.card.Severities = append(d.card.Severities, sev)
	}
}

func (d *cardReader) unknownKeys() {
	keys := make([]string, 0, len(d.meta.Custom))
	for k := range d.meta.Custom {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if !slices.Contains(cardKeys, k) {
			d.fail(k, "Unknown card key", "A card has no %q. %s", k, didYouMean(k, cardKeys))
		}
	}
	for i := d.meta.Location.Row + 1; i <= d.last; i++ { // OPA drops top-level keys that it does not know
		if m := metaKey.FindStringSubmatch(d.src.line(i)); m != nil && !slices.Contains(metaKeys, m[1]) {
			d.fail(m[1]+":", "Unknown card key", "METADATA has no %q. %s", m[1], didYouMean(m[1], append(slices.Clone(metaKeys), cardKeys...)))
		}
	}
}

func (d *cardReader) text(key string) string {
	v, there := d.meta.Custom[key]
	if !there {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		d.fail(key, "Card value has the wrong type", "%q is a text, not %s.", key, kindOf(v))
	}
	return strings.TrimSpace(s)
}

func (d *cardReader) list(key string) []string {
	v, there := d.meta.Custom[key]
	if !there {
		return nil
	}
	items, ok := v.([]any)
	var out []string
	for _, it := range items {
		s, isText := it.(string)
		ok = ok && isText
		out = append(out, s)
	}
	if !ok {
		d.fail(key, "Card value has the wrong type", "%q is a list of texts, such as [\"a\", \"b\"].", key)
	}
	return out
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case []any, []string:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("the number %v", v)
}

// checkIDs refuses an id that two rules share.
func checkIDs(rules []*rule) Problems {
	var probs Problems
	owner := map[string]*rule{}
	for _, r := range rules {
		if old := owner[r.card.ID]; old != nil && !(r.single && old.single) { // a force may be tested on several kinds
			d := cardReader{rule: r, last: r.loc.Row}
			d.fail(r.card.ID, "Id is taken", "%s is already the id of %s in %s, line %d. Give this rule a number of its own.",
				r.card.ID, old.card.Rule, old.src.path, old.loc.Row)
			probs = append(probs, d.probs...)
			continue
		}
		owner[r.card.ID] = r
	}
	return probs
}
