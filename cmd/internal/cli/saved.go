package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/source"
)

// isSaved reports whether the arguments name a saved plan.
func isSaved(args []string) bool { return len(args) == 1 && strings.HasSuffix(args[0], ".json") }

// savedReport reads a plan that was saved as JSON. What evaluates has no meaning there and is refused; waivers are judged
// by today, and the baseline is today's.
func (a *app) savedReport(cmd *cobra.Command, name, file string, base map[string]analyzer.Severity) (*report.Report, error) {
	for _, f := range []string{"only", "skip", "target", "min-severity", "timeout", "base", "new-only", "policy"} {
		if cmd.Flags().Changed(f) {
			return nil, withHint(fmt.Errorf("--%s has no effect on a saved plan", f), "Give it to archcheck plan --%s … -o json=%s, or check the system itself.", f, name)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, withHint(fmt.Errorf("%s: %w", name, source.Cause(err)), "archcheck plan -o json=%s system.hcl writes it.", name)
	}
	r, err := report.Read(b)
	if err != nil {
		return nil, withHint(fmt.Errorf("%s: %w", name, err), "archcheck plan -o json=%s system.hcl writes it.", name)
	}
	if r.Coverage.Applicable == 0 {
		return nil, withHint(fmt.Errorf("%s: nothing was evaluated in this plan", name), "A gate that looks at nothing passes nothing.")
	}
	r.Gate, r.Baseline = nil, nil
	r.AsOf(a.global.today())
	if base != nil {
		r.Accept(file, base)
	}
	return r, nil
}
