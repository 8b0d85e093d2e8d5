package cli

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/cmd/internal/config"
)

func (a *app) configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "config",
		Short:   "Show or verify the configuration in force",
		GroupID: "plumbing",
		Long: `The configuration is the nearest .archcheck.hcl from the system upward, as far as the root of the repository:

  policies        = ["policies"]     # a team's own rules
  fail_on         = "high"           # threshold of archcheck check
  max_waiver_days = 180
  count_risks     = false
  strict_waivers  = false
  params { amplification_warn = 3 }  # thresholds of the rule book
  rule "RES-011" { severity = "low" }`,
		Example: "  archcheck config show system.hcl\n  archcheck config verify",
	}
	a.parent(c).AddCommand(a.configShow(), a.configVerify())
	return c
}

func (a *app) configShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show [PATH…]",
		Short:   "Print every setting, and the file it comes from",
		Example: "  archcheck config show system.hcl",
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := a.configure(args)
			if err != nil {
				return err
			}
			var b strings.Builder
			w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			from := func(name string) string {
				if cfg.Set[name] {
					return cfg.File
				}
				return "default"
			}
			row := func(name string, v any) { fmt.Fprintf(w, "%s\t= %v\t%s\n", name, v, from(name)) }
			failOn := cfg.FailOn
			if failOn == "" {
				failOn = "critical"
			}
			var shownPaths []string
			for _, p := range cfg.Policies {
				shownPaths = append(shownPaths, shown(p))
			}
			row("policies", fmt.Sprintf("%q", append([]string{}, shownPaths...)))
			row("fail_on", failOn)
			row("max_waiver_days", cfg.MaxWaiverDays)
			row("count_risks", cfg.CountRisks)
			row("strict_waivers", cfg.StrictWaivers)
			for name, v := range params(cfg) {
				row("params."+name, v)
			}
			for _, r := range cfg.Rules {
				state := "severity " + r.Severity
				if !r.Enabled {
					state = "off: " + r.Reason
				}
				fmt.Fprintf(w, "rule %s\t= %s\t%s:%d\n", r.ID, state, r.Range.File, r.Range.Start.Line)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			return a.print([]byte(b.String()))
		},
	}
}

// params are the thresholds by name, in the order of the rule book.
func params(cfg *config.Config) func(func(string, any) bool) {
	return func(yield func(string, any) bool) {
		v := reflect.ValueOf(cfg.Params)
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("fact") == "" {
				continue // the date is no threshold
			}
			if !yield(v.Type().Field(i).Tag.Get("fact"), v.Field(i).Interface()) {
				return
			}
		}
	}
}

func (a *app) configVerify() *cobra.Command {
	return &cobra.Command{
		Use:     "verify [PATH…]",
		Short:   "Check the configuration, the rules it names and the policies it loads",
		Example: "  archcheck config verify",
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := a.configure(args)
			if err != nil {
				return err
			}
			if cfg.File == "" {
				return a.say("No %s is in force.", config.Name)
			}
			eng, err := a.rulesOf(slices.Concat(cfg.Policies, a.global.policies))
			if err != nil {
				return err
			}
			var known []string
			for _, c := range eng.Cards() {
				known = append(known, c.ID)
			}
			if err := a.report(cfg.Check(known), cfg.Source, "The configuration is not valid."); err != nil {
				return err
			}
			return a.say("%s: no problems, %s in force.", cfg.File, analyzer.Plural(len(known), "rule"))
		},
	}
}
