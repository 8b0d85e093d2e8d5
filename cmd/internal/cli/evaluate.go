package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/check"
	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/plan"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
	"github.com/archcheck/archcheck/patterns"
)

// selection are the flags that say what an evaluation looks at.
type selection struct {
	only, skip  []string
	targets     []string
	minSeverity string
	timeout     time.Duration
}

// everything leaves nothing out.
var everything = selection{minSeverity: "info"}

func (s *selection) register(f *pflag.FlagSet) {
	f.StringSliceVar(&s.only, "only", nil, "evaluate `NAMES` only: rules, categories or patterns, such as RES-043,DAT,timeout")
	f.StringSliceVar(&s.skip, "skip", nil, "leave `NAMES` out: rules, categories or patterns")
	f.StringSliceVar(&s.targets, "target", nil, "findings on this `ADDRESS` only, on what lies inside it, or leads to it")
	f.StringVar(&s.minSeverity, "min-severity", "info", "leave findings below `SEVERITY` out: critical, high, medium, low, info")
	f.DurationVar(&s.timeout, "timeout", 0, "give up after this `DURATION` (default: none)")
}

// evaluation is one evaluated model.
type evaluation struct {
	model    *model.Model
	facts    *facts.Facts
	config   *config.Config
	cards    []*analyzer.Card
	result   *analyzer.Result // every finding under its own id, ranked
	selected selection
	minimum  analyzer.Severity
}

// evaluate loads and evaluates the model that the arguments name.
func (a *app) evaluate(ctx context.Context, paths []string, sel selection, baseline map[string]analyzer.Severity) (*evaluation, error) {
	minimum, err := severity("--min-severity", sel.minSeverity)
	if err != nil {
		return nil, err
	}
	if sel.timeout > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, sel.timeout)
		defer stop()
	}
	cfg, err := a.configure(paths)
	if err != nil {
		return nil, err
	}
	m, err := a.load(paths, "No plan was made.")
	if err != nil {
		return nil, err
	}
	ev, err := a.evaluateModel(ctx, m, cfg, sel, minimum, baseline)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, withHint(fmt.Errorf("--timeout %s is over, and nothing is decided", sel.timeout), "Give it more time, or look at less of the system: --only, --target.")
	}
	if err != nil {
		return nil, err
	}
	return ev, a.report(ev.unknownWaivers(), m.Files, "Nothing was decided.")
}

// unknownWaivers are waivers of rules that nobody has: they would wait for ever.
func (ev *evaluation) unknownWaivers() source.Diagnostics {
	var known []string
	for _, c := range ev.cards {
		known = append(known, c.ID)
	}
	var diags source.Diagnostics
	for _, w := range ev.model.Waivers {
		if slices.Contains(known, w.Label) {
			continue
		}
		detail := fmt.Sprintf("No loaded policy has a rule %q. A team's own policies are loaded by --policy or by .archcheck.hcl.", w.Label)
		if near := nearest(w.Label, known); near != "" {
			detail = fmt.Sprintf("No loaded policy has a rule %q. Did you mean %q?", w.Label, near)
		}
		diags = append(diags, source.Diagnostic{Summary: "Unknown rule", Context: fmt.Sprintf("waiver %q", w.Label), Range: w.Decl, Detail: detail})
	}
	diags.Sort()
	return diags
}

// evaluateModel evaluates a model that is already there.
func (a *app) evaluateModel(ctx context.Context, m *model.Model, cfg *config.Config, sel selection, minimum analyzer.Severity, baseline map[string]analyzer.Severity) (*evaluation, error) {
	eng, err := a.engineFor(cfg, sel)
	if err != nil {
		return nil, a.policyError(err)
	}
	ev := &evaluation{model: m, config: cfg, cards: eng.Cards(), selected: sel, minimum: minimum}
	if err := ev.checkNames(a); err != nil {
		return nil, err
	}
	var compiled sync.WaitGroup // the rules, while the facts are computed
	compiled.Go(func() { eng.Prepare(m) })
	ev.facts = facts.Compute(m, a.params(cfg))
	compiled.Wait()
	var ids []string
	for _, p := range patterns.Index() {
		ids = append(ids, string(p.ID))
	}
	opt := check.Options{Only: sel.only, Skip: sel.skip, Severity: severities(cfg), Today: a.global.today().Format(time.DateOnly), Baseline: baseline}
	for _, t := range sel.targets {
		opt.Targets = append(opt.Targets, model.Addr(t))
	}
	ev.result, err = check.Run(ctx, m, standing{ev.facts}, evaluator{eng, ev.facts}, ids, opt)
	if err != nil {
		return nil, a.policyError(err)
	}
	if empty := len(m.Services)+len(m.Gateways)+len(m.Datastores) == 0; empty || ev.result.Coverage.Applicable == 0 {
		return nil, withHint(fmt.Errorf("nothing to evaluate: no rule applies to this model"), "A model needs at least a service, a gateway or a datastore; --only and --skip must leave a rule.")
	}
	return ev, nil
}

// engineFor is the engine with the rules in force. A run that evaluates twice, today's files and those of --base, parses
// and compiles them once.
func (a *app) engineFor(cfg *config.Config, sel selection) (*engine.Engine, error) {
	paths := slices.Concat(cfg.Policies, a.global.policies)
	key := fmt.Sprintf("%q %q %q %v", paths, sel.only, sel.skip, cfg.Rules)
	if e := a.engines[key]; e != nil {
		return e, nil
	}
	e, err := engine.New(engine.Options{Policies: paths, Select: selector(cfg, sel), Places: plannedPlaces})
	if err != nil {
		return nil, err
	}
	if a.engines == nil {
		a.engines = map[string]*engine.Engine{}
	}
	a.engines[key] = e
	return e, nil
}

// params are the thresholds of the configuration and the date that ends and expiries are judged by.
func (a *app) params(cfg *config.Config) facts.Params {
	p := cfg.Params
	p.Today = a.global.today().Format(time.DateOnly)
	return p
}

// report is the published form of an evaluation; grouping happens here, after everything that sees findings one by one.
// Fixes says how many findings get theirs, the first of those that count; 0 for all.
func (ev *evaluation) report(fixes int) *report.Report {
	findings := check.Group(ev.model, ev.result.Findings)
	p := plan.Make(findings, ev.model)
	r := report.Build(report.Input{Model: ev.model, Facts: ev.facts, Result: ev.result, Plan: p, Fixes: fixes, Version: buildVersion(), MinSeverity: ev.minimum})
	r.Picture = func(findings []string) string {
		pic, err := diagram.Around(diagram.Input{Model: ev.model, Facts: ev.facts, Report: r}, findings)
		if err != nil || len(pic.Nodes) == 0 {
			return "" // a comment is a comment without a picture too
		}
		out, err := pic.Mermaid()
		if err != nil {
			return ""
		}
		return string(out)
	}
	return r
}

// selector leaves out what the configuration switches off and what the flags do not ask for.
func selector(cfg *config.Config, sel selection) func(*analyzer.Card) bool {
	off := map[string]bool{}
	for _, r := range cfg.Rules {
		if !r.Enabled {
			off[r.ID] = true
		}
	}
	named := func(names []string, c *analyzer.Card) bool {
		return slices.ContainsFunc(names, func(n string) bool { return check.Names(c, n) })
	}
	return func(c *analyzer.Card) bool {
		return !off[c.ID] && (len(sel.only) == 0 || named(sel.only, c)) && !named(sel.skip, c)
	}
}

func severities(cfg *config.Config) map[string]analyzer.Severity {
	out := map[string]analyzer.Severity{}
	for _, r := range cfg.Rules {
		if s, err := analyzer.ParseSeverity(r.Severity); err == nil {
			out[r.ID] = s
		}
	}
	return out
}

// checkNames refuses names of rules and addresses that nothing answers to.
func (ev *evaluation) checkNames(a *app) error {
	var known []string
	byID := map[string]*analyzer.Card{}
	for _, c := range ev.cards {
		known = append(known, c.ID)
		byID[c.ID] = c
	}
	for flag, names := range map[string][]string{"--only": ev.selected.only, "--skip": ev.selected.skip} {
		for _, n := range names {
			if check.UnknownName(n, byID) == nil {
				continue
			}
			err := fmt.Errorf("%s %s: no rule, category or pattern has this name", flag, n)
			if near := cmp.Or(nearest(strings.ToUpper(n), known), nearest(strings.ToLower(n), catalogWords())); near != "" {
				return withHint(err, "Did you mean %s? archcheck policy list names all rules, archcheck patterns all patterns.", near)
			}
			return withHint(err, "archcheck policy list names all rules, archcheck patterns all patterns.")
		}
	}
	for _, t := range ev.selected.targets {
		if ev.model.Lookup(model.Addr(t)) != nil || strings.HasPrefix(t, "journey.") || strings.HasPrefix(t, "cycle.") {
			continue
		}
		var all []string
		for _, x := range ev.model.Addrs() {
			all = append(all, string(x))
		}
		err := fmt.Errorf("--target %s: the model declares nothing at this address", t)
		if near := suggest.Address(t, all); near != "" {
			return withHint(err, "Did you mean %s?", near)
		}
		return withHint(err, "An address is like service.orders or service.orders.call.charge.")
	}
	if err := ev.checkScenarios(); err != nil {
		return err
	}
	if diags := ev.config.Check(known); diags.HasErrors() {
		return a.report(diags, ev.config.Source, "Nothing was evaluated.")
	}
	return nil
}

// catalogWords are the names of patterns and categories.
func catalogWords() []string {
	var out []string
	for _, p := range patterns.Index() {
		out = append(out, p.ID.Slug(), p.ID.Category())
	}
	return out
}

// checkScenarios refuses scenarios that the catalog does not have: the system would silently not be held to them.
func (ev *evaluation) checkScenarios() error {
	if ev.model.System == nil {
		return nil
	}
	var known []string
	for _, s := range patterns.Situations() {
		known = append(known, s.ID)
	}
	for _, id := range ev.model.System.Scenarios.V {
		if slices.Contains(known, id) {
			continue
		}
		err := fmt.Errorf("%s.scenarios: the catalog has no scenario %q", ev.model.System.Addr, id)
		if near := nearest(strings.ToUpper(id), known); near != "" {
			return withHint(err, "Did you mean %s? archcheck explain %s says what it calls for.", near, near)
		}
		return withHint(err, "The scenarios are %s.", strings.Join(known, ", "))
	}
	return nil
}

// standing lets the check ask the facts.
type standing struct{ f *facts.Facts }

func (s standing) Standing(addr model.Addr) check.Standing { return check.Standing(s.f.Standing(addr)) }
func (s standing) Parts(addr model.Addr) []model.Addr      { return s.f.Parts(addr) }

// evaluator lets the check run the rules.
type evaluator struct {
	e *engine.Engine
	f *facts.Facts
}

func (e evaluator) Evaluate(ctx context.Context) (*check.Evaluation, error) {
	res, err := e.e.EvalFacts(ctx, e.f)
	if err != nil {
		return nil, err
	}
	cards := map[string]*analyzer.Card{}
	for _, c := range e.e.Cards() {
		cards[c.ID] = c
	}
	present, forces := places(res.Places)
	return &check.Evaluation{Raws: res.Raws, Cards: cards, Coverage: res.Coverage, Present: present, Forces: forces}, nil
}

// plannedPlaces are what a plan lists beside its findings: where patterns are in place, and scenarios. Leaves of the
// flowchart are for decide.
func plannedPlaces(id string) bool { return !engine.IsForce(id) || strings.HasPrefix(id, "SCN-") }

// places parts the subjects at which each pattern is in place, by pattern, from the forces that hold.
func places(raws []analyzer.Raw) (present map[string][]model.Addr, forces []analyzer.Raw) {
	present = map[string][]model.Addr{}
	for _, r := range raws {
		if engine.IsForce(r.Card.ID) {
			forces = append(forces, r)
		} else {
			present[r.Card.Pattern] = append(present[r.Card.Pattern], r.Subject)
		}
	}
	return present, forces
}
