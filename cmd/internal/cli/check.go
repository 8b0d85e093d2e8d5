package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// gateFlags are the flags of the gate.
type gateFlags struct {
	failOn                            string
	countRisks, strictWaivers, newest bool
	base                              string
	baseline                          string
}

func (a *app) checkCommand() *cobra.Command {
	var sel selection
	var out outputs
	var g gateFlags
	c := &cobra.Command{
		Use:     "check [PATH…|plan.json]",
		Short:   "The gate for CI: plan, waivers, baseline, verdict",
		GroupID: "look",
		Long: `check evaluates a system like plan and then decides: it fails on findings at or above --fail-on that are neither
waived nor in the baseline.

Exit codes: 0 passed, 1 no verdict (usage, input, policies), 2 failed on findings, 3 failed only on the hygiene of
waivers or baseline. On an old system start with --fail-on critical and put the rest into the baseline.

A single FILE.json is a plan that "archcheck plan -o json=FILE.json" has saved: it is decided on as it is, and nothing is
evaluated again.`,
		Example: `  archcheck check --fail-on critical
  archcheck check --fail-on high --base origin/main --new-only
  archcheck check -o text -o sarif=archcheck.sarif -o junit=archcheck.xml
  archcheck check --as-of 2027-01-31 --strict-waivers
  archcheck check --fail-on high plan.json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dests, err := out.destinations(reportFormats())
			if err != nil {
				return err
			}
			cfg, err := a.configure(args)
			if err != nil {
				return err
			}
			opt, err := g.options(cmd, cfg.FailOn, cfg.CountRisks, cfg.StrictWaivers)
			if err != nil {
				return err
			}
			if least, err := analyzer.ParseSeverity(sel.minSeverity); err == nil && least > opt.FailOn {
				return withHint(fmt.Errorf("--min-severity %s leaves out what the gate fails on, %s and above", least, opt.FailOn),
					"Raise --fail-on to %s, or leave --min-severity out.", least)
			}
			base, file, err := readBaseline(g.baseline, args)
			if err != nil {
				return err
			}
			opt.Base = g.base
			var r *report.Report
			if isSaved(args) {
				r, err = a.savedReport(cmd, args[0], file, base)
			} else {
				r, err = a.gateReport(cmd, args, sel, &g, &opt, &out, file, base)
			}
			if err != nil {
				return err
			}
			r.Decide(opt)
			if len(args) == 1 && !isSaved(args) {
				out.text.path = args[0]
			}
			if err := a.write(r, dests, &out); err != nil {
				return err
			}
			return exit(r.Gate.Exit)
		},
	}
	sel.register(c.Flags())
	out.register(c.Flags())
	f := c.Flags()
	f.StringVar(&g.failOn, "fail-on", "", "fail at this `SEVERITY` and above: critical, high, medium, low, info (default: the configuration's, else critical)")
	f.BoolVar(&g.countRisks, "count-risks", false, "let risks fail too, not only violations")
	f.BoolVar(&g.strictWaivers, "strict-waivers", false, "exit 3 on waivers that match nothing")
	f.StringVar(&g.base, "base", "", "compare with the same files at the git revision `REV`")
	f.BoolVar(&g.newest, "new-only", false, "fail only on findings that --base does not have")
	f.StringVar(&g.baseline, "baseline", "", "baseline `FILE` (default: .archcheck/baseline.json beside the system, if there is one)")
	return c
}

// gateReport evaluates the system, and the same files at --base.
func (a *app) gateReport(cmd *cobra.Command, args []string, sel selection, g *gateFlags, opt *report.GateOptions, out *outputs, file string, base map[string]analyzer.Severity) (*report.Report, error) {
	ev, err := a.evaluate(cmd.Context(), args, sel, base)
	if err != nil {
		return nil, err
	}
	if opt.Old, err = a.oldFindings(cmd.Context(), args, sel, g); err != nil {
		return nil, err
	}
	out.page = a.reviewPage(cmd.Context(), ev, "")
	r := ev.report(0)
	if base != nil {
		r.Baseline = baselineState(file, ev)
	}
	return r, nil
}

// options are the gate's, flags before configuration before the default.
func (g *gateFlags) options(cmd *cobra.Command, failOn string, risks, waivers bool) (report.GateOptions, error) {
	name := g.failOn
	if name == "" {
		name = failOn
	}
	if name == "" {
		name = analyzer.Critical.String()
	}
	sev, err := severity("--fail-on", name)
	if err != nil {
		return report.GateOptions{}, err
	}
	if g.newest && g.base == "" {
		return report.GateOptions{}, withHint(fmt.Errorf("--new-only needs --base"), "Name the revision to compare with: --base origin/main --new-only.")
	}
	if g.base != "" && !g.newest {
		return report.GateOptions{}, withHint(fmt.Errorf("--base needs --new-only"), "Add --new-only to fail only on what %s does not have.", g.base)
	}
	o := report.GateOptions{FailOn: sev, CountRisks: risks, StrictWaivers: waivers}
	if cmd.Flags().Changed("count-risks") {
		o.CountRisks = g.countRisks
	}
	if cmd.Flags().Changed("strict-waivers") {
		o.StrictWaivers = g.strictWaivers
	}
	return o, nil
}

// baselineState is how the run stands to the baseline.
func baselineState(file string, ev *evaluation) *report.Baseline {
	b := &report.Baseline{File: file, Stale: ev.result.Stale}
	for _, f := range ev.result.Findings {
		switch {
		case f.Known:
			b.Known++
		case f.Waiver == nil:
			b.New++
		}
	}
	return b
}
