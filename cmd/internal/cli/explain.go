package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/cmd/internal/page"
	"github.com/archcheck/archcheck/patterns"
)

func (a *app) explainCommand() *cobra.Command {
	var sources bool
	c := &cobra.Command{
		Use:     "explain RULE|PATTERN|SCENARIO|RULE@ADDRESS [PATH…]",
		Short:   "Explain a rule, a pattern, or why one finding fired",
		GroupID: "look",
		Long: `explain prints a rule's card, a pattern's page, or, for RULE@ADDRESS, why a finding fired on this system: every
fact with its origin, what would make it not fire, what goes wrong, the fix and its trade-offs.`,
		Example: `  archcheck explain RES-043
  archcheck explain circuit-breaker
  archcheck explain RES-043@service.orders.call.charge system.hcl`,
		Args: someArgs("a rule, a pattern or a finding", "Write archcheck explain RES-043, or RULE@ADDRESS and the system for one finding."),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if rule, addr, ok := strings.Cut(args[0], "@"); ok {
				return a.explainFinding(cmd, strings.ToUpper(rule), addr, args[1:], sources)
			}
			return a.explainName(args[0], args[1:], sources)
		},
	}
	c.Flags().BoolVar(&sources, "sources", false, "print the links of the sources")
	return c
}

// explainName explains a rule, an alias of one, a pattern or a scenario.
func (a *app) explainName(name string, paths []string, sources bool) error {
	cfg, err := a.configure(paths)
	if err != nil {
		return err
	}
	eng, err := a.rulesOf(slices.Concat(cfg.Policies, a.global.policies))
	if err != nil {
		return err
	}
	catalog, err := patterns.Load()
	if err != nil {
		return err
	}
	known := []string{}
	for _, c := range eng.Cards() {
		if strings.EqualFold(c.ID, name) || slices.ContainsFunc(c.Aliases, func(x string) bool { return strings.EqualFold(alias(x), name) }) {
			return a.explainRule(c, name, sources)
		}
		known = append(known, c.ID)
	}
	if p, ok := catalog.Lookup(name); ok {
		return a.explainPattern(p, eng.Cards())
	}
	if s := catalog.Scenario(strings.ToUpper(name)); s != nil {
		return a.explainScenario(s)
	}
	err = fmt.Errorf("nothing is called %q", name)
	if near := nearest(strings.ToUpper(name), known); near != "" {
		return withHint(err, "Did you mean rule %s?", near)
	}
	var scenarios []string
	for _, s := range patterns.Situations() {
		scenarios = append(scenarios, s.ID)
	}
	if near := nearest(strings.ToUpper(name), scenarios); near != "" {
		return withHint(err, "Did you mean scenario %s?", near)
	}
	if near := catalog.Suggest(name); near != nil {
		return withHint(err, "Did you mean the pattern %s?", near.ID.Slug())
	}
	return withHint(err, "archcheck policy list names the rules, archcheck patterns the patterns.")
}

// alias is an alias's id; its words follow it.
func alias(s string) string { id, _, _ := strings.Cut(s, " "); return id }

// severityWords are a card's letters, from most severe.
func severityWords(c *analyzer.Card) string {
	var out []string
	for _, s := range c.Severities {
		out = append(out, s.String())
	}
	if n := len(out); n > 2 {
		return out[0] + " to " + out[n-1]
	}
	return strings.Join(out, " or ")
}

func (a *app) explainRule(c *analyzer.Card, asked string, sources bool) error {
	d := a.document()
	d.head(c.ID+"  "+c.Title, severityWords(c)+", "+c.Kind.String())
	if !strings.EqualFold(asked, c.ID) {
		d.paragraph(fmt.Sprintf("%s is another name of this rule.", strings.ToUpper(asked)))
	}
	d.card(c, nil)
	d.foot(c, sources)
	return a.print(d.Bytes())
}

func (a *app) explainFinding(cmd *cobra.Command, rule, addr string, paths []string, sources bool) error {
	ev, err := a.evaluate(cmd.Context(), paths, everything, nil)
	if err != nil {
		return err
	}
	var card *analyzer.Card
	for _, c := range ev.cards {
		if c.ID == rule || slices.ContainsFunc(c.Aliases, func(x string) bool { return alias(x) == rule }) {
			card = c
		}
	}
	if card == nil {
		return a.explainName(rule, paths, sources)
	}
	id := card.ID + "@" + addr
	r := ev.report(0)
	for _, f := range slices.Concat(r.Findings, r.Flat()) { // a group answers to its own id, its members to theirs
		if f.ID == id {
			d := a.document()
			d.head(card.ID+"  "+card.Title, f.Severity+", "+f.Verdict)
			d.finding(f)
			d.card(card, &f)
			d.fixes(f)
			d.foot(card, sources)
			return a.print(d.Bytes())
		}
	}
	for _, f := range ev.result.Findings {
		if slices.Contains(f.Subsumes, id) {
			return withHint(fmt.Errorf("%s is part of another finding", id), "The same cause: archcheck explain %s.", f.ID())
		}
	}
	for _, q := range ev.result.Claims {
		if slices.Contains(q.Checks, id) {
			return withHint(fmt.Errorf("%s cannot be decided: it is a question, not a finding", id), "It waits for %s of %s.", q.Fact, q.Subjects[0])
		}
	}
	var ids []string
	for _, f := range ev.result.Findings {
		ids = append(ids, f.ID())
	}
	err = fmt.Errorf("%s does not fire on this system", id)
	if near := nearest(id, ids); near != "" {
		return withHint(err, "Did you mean %s?", near)
	}
	return withHint(err, "archcheck explain %s explains the rule itself.", card.ID)
}

// explainPattern prints the pattern's page behind what the catalog says of it in short.
func (a *app) explainPattern(p *patterns.Pattern, cards []*analyzer.Card) error {
	readme, err := p.README()
	if err != nil {
		return err
	}
	d := a.document()
	d.head(p.Name, string(p.ID))
	d.row("Best for", p.BestFor)
	d.row("Trade-off", p.TradeOff)
	var ids []string
	for _, c := range cards {
		if c.Pattern == string(p.ID) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) > 0 {
		d.row("Rules", strings.Join(ids, ", "))
	}
	d.WriteString("\n" + page.Render(dropTitle(readme), a.style(a.Out)))
	return a.print(d.Bytes())
}

// dropTitle leaves the page's first heading out: the name has been printed.
func dropTitle(b []byte) []byte {
	if s := string(b); strings.HasPrefix(s, "# ") {
		_, rest, _ := strings.Cut(s, "\n")
		return []byte(rest)
	}
	return b
}

func (a *app) explainScenario(s *patterns.Scenario) error {
	d := a.document()
	d.head(s.ID+"  "+s.Name, "scenario")
	d.section("Applies when", s.Trigger)
	d.section("Not when", s.Unless)
	var names []string
	for _, p := range slices.Concat(s.Demands, s.Also) {
		names = append(names, p.Name)
	}
	d.section("Calls for", strings.Join(names, ", "))
	d.section("Checked by", strings.Join(s.CheckedBy, ", "))
	d.section("Note", s.Note)
	return a.print(d.Bytes())
}
