package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
)

func (a *app) policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "policy",
		Short:   "Write, check, test and publish a team's own rules",
		GroupID: "policies",
		Long: `A policy is one .rego file of annotated rules: no registration, nothing else to write. --policy PATH or "policies"
in .archcheck.hcl puts it in force beside archcheck's own rules.`,
		Example: `  archcheck policy new ACME-001 --subject service
  archcheck policy check policies/
  archcheck policy test --coverage --threshold 95 policies/
  archcheck policy bundle -o archcheck-bundle.tar.gz`,
	}
	a.parent(c).AddCommand(a.policyNew(), a.policyCheck(), a.policyTest(), a.policyList(), a.policyBundle())
	return c
}

// ownPolicies are the paths given, else those of --policy and the configuration.
func (a *app) ownPolicies(args []string) ([]string, error) {
	if len(args) > 0 {
		return args, nil
	}
	cfg, err := a.configure(nil)
	if err != nil {
		return nil, err
	}
	return slices.Concat(cfg.Policies, a.global.policies), nil
}

// policyEngine has the rules that [app.ownPolicies] adds.
func (a *app) policyEngine(args []string) (*engine.Engine, error) {
	paths, err := a.ownPolicies(args)
	if err != nil {
		return nil, err
	}
	return a.rulesOf(paths)
}

// rulesOf has archcheck's own rules and those of the paths.
func (a *app) rulesOf(paths []string) (*engine.Engine, error) {
	eng, err := engine.New(engine.Options{Policies: paths})
	if err != nil {
		return nil, a.policyError(err)
	}
	return eng, nil
}

func (a *app) policyCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Compile policies against the facts' types, and look for Rego's traps",
		Long: `check compiles in strict mode, typed by the facts of each rule's subject: a misspelt fact is an error that names the
nearest. It also refuses what compiles and is still wrong, such as comparing a whole fact instead of its value.`,
		Example: "  archcheck policy check policies/acme.rego\n  archcheck policy check",
		RunE: func(_ *cobra.Command, args []string) error {
			paths, err := a.ownPolicies(args)
			if err != nil {
				return err
			}
			if len(paths) == 0 {
				return withHint(fmt.Errorf("there are no policies to check"), "Name a .rego file or a folder: archcheck policy check policies/.")
			}
			cards, err := engine.Check(paths)
			if err != nil {
				return a.policyError(err)
			}
			return a.say("%s in %s: no problems.", analyzer.Plural(len(cards), "rule"), strings.Join(paths, ", "))
		},
	}
}

func (a *app) policyTest() *cobra.Command {
	var opt engine.TestOptions
	var threshold float64
	c := &cobra.Command{
		Use:   "test [PATH…]",
		Short: "Run the Rego tests of policies, with coverage by line",
		Example: `  archcheck policy test policies/
  archcheck policy test --run ACME-001 --coverage --threshold 95 policies/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if threshold < 0 || threshold > 100 {
				return withHint(fmt.Errorf("--threshold %g is no percentage", threshold), "Use a number from 0 to 100.")
			}
			paths, err := a.ownPolicies(args)
			if err != nil {
				return err
			}
			opt.Policies = paths
			opt.Coverage = opt.Coverage || threshold > 0
			rep, err := engine.Test(cmd.Context(), opt)
			if err != nil {
				return a.policyError(err)
			}
			fixtures, err := a.testFixtures(cmd.Context(), paths, opt.Run)
			if err != nil {
				return err
			}
			if len(rep.Cases)+len(fixtures) == 0 {
				return withHint(fmt.Errorf("--run %s: no test has this name", opt.Run), "It takes a rule's id, or a regular expression over data.PACKAGE.TEST.")
			}
			return a.printTests(rep, fixtures, opt.Coverage, threshold)
		},
	}
	c.Flags().StringVar(&opt.Run, "run", "", "run the tests of `ID` only: a rule's id, or a regular expression over their names")
	c.Flags().BoolVar(&opt.Coverage, "coverage", false, "name the lines that no test reaches")
	c.Flags().Float64Var(&threshold, "threshold", 0, "fail below this `PERCENT` of covered lines")
	return c
}

func (a *app) printTests(rep *engine.TestReport, fixtures []fixtureResult, coverage bool, threshold float64) error {
	var b strings.Builder
	failed, total := rep.Failed, len(rep.Cases)+len(fixtures)
	for _, t := range rep.Cases {
		if !t.Passed {
			fmt.Fprintf(&b, "FAIL  %s.%s  %s:%d\n", t.Package, t.Name, t.Range.File, t.Range.Start.Line)
			for _, l := range strings.Split(strings.TrimSpace(t.Message), "\n") {
				fmt.Fprintf(&b, "      %s\n", l)
			}
		}
	}
	for _, f := range fixtures {
		if len(f.problems) == 0 {
			continue
		}
		failed++
		fmt.Fprintf(&b, "FAIL  %s\n", f.file)
		for _, p := range f.problems {
			fmt.Fprintf(&b, "      %s\n", p)
		}
	}
	low := false
	if coverage {
		for _, r := range rep.Uncovered {
			fmt.Fprintf(&b, "not covered  %s:%d\n", r.File, r.Start.Line)
		}
		for _, id := range sortedKeys(rep.Shown) {
			d := rep.Shown[id]
			for _, x := range []struct {
				ok   bool
				what string
			}{{d.Fires, "fires"}, {d.Silent, "stays silent"}, {d.Asks || !d.CanAsk, "asks"}} {
				if !x.ok {
					fmt.Fprintf(&b, "no test in which %s %s\n", id, x.what)
				}
			}
		}
		low = rep.Coverage < threshold
	}
	fmt.Fprintf(&b, "%s, %d failed", analyzer.Plural(total, "test"), failed)
	if coverage {
		fmt.Fprintf(&b, ", %.1f %% of lines covered", rep.Coverage)
	}
	b.WriteString(".\n")
	if err := a.print([]byte(b.String())); err != nil {
		return err
	}
	switch {
	case failed > 0:
		return exit(ExitFindings)
	case low:
		return &exitError{code: ExitFindings, err: withHint(fmt.Errorf("coverage %.1f %% is below the threshold of %g %%", rep.Coverage, threshold), "The lines above are what no test reaches.")}
	}
	return nil
}

func (a *app) policyList() *cobra.Command {
	var own bool
	c := &cobra.Command{
		Use:     "list [PATH…]",
		Short:   "List the rules in force: id, severity, subject, title",
		Example: "  archcheck policy list\n  archcheck policy list --own policies/",
		RunE: func(_ *cobra.Command, args []string) error {
			eng, err := a.policyEngine(args)
			if err != nil {
				return err
			}
			var b strings.Builder
			w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			for _, c := range eng.Cards() {
				if own && strings.HasPrefix(c.Package, "archcheck.") {
					continue
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.ID, severityWords(c), c.Subject, orDash(c.Pattern), c.Title)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			if b.Len() == 0 {
				return a.say("No rules of a team's own are in force: --policy or .archcheck.hcl loads them, archcheck policy new writes one.")
			}
			return a.print([]byte(b.String()))
		},
	}
	c.Flags().BoolVar(&own, "own", false, "a team's own rules only")
	return c
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func (a *app) policyBundle() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "bundle [PATH…]",
		Short: "Write rules and library as a stock OPA bundle",
		Long: `bundle writes what any OPA needs to decide as archcheck does: with the facts as input,
data.archcheck.main.findings holds the results. A bundle is a valid --policy too.`,
		Example: `  archcheck policy bundle -o bundle.tar.gz
  archcheck facts -o json system.hcl | opa eval -b bundle.tar.gz -I data.archcheck.main.findings`,
		RunE: func(_ *cobra.Command, args []string) error {
			if file == "" {
				return withHint(fmt.Errorf("-o is missing"), "Name the file: archcheck policy bundle -o bundle.tar.gz.")
			}
			eng, err := a.policyEngine(args)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := eng.Bundle(&b); err != nil {
				return err
			}
			if err := a.writeFile(file, b.Bytes()); err != nil {
				return err
			}
			return a.say("%s: %s, %s.", file, analyzer.Plural(len(eng.Cards()), "rule"), analyzer.FormatQuantity(float64(b.Len()), "bytes"))
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "the bundle's `FILE`")
	return c
}
