package cli

import (
	"github.com/spf13/cobra"
)

func (a *app) planCommand() *cobra.Command {
	var sel selection
	var out outputs
	var detailed, risks bool
	c := &cobra.Command{
		Use:     "plan [PATH…]",
		Short:   "Recommend, ranked, with the HCL to write",
		GroupID: "look",
		Long: `plan reads the description of a system and says which patterns are missing or wrong, where, why on this
system's own numbers, and what to write instead.

PATH is a file, several files, a directory (all its *.hcl are one model) or - for standard input; the current
directory by default. plan exits 0 whatever it recommends; archcheck check is the gate.`,
		Example: `  archcheck plan system.hcl
  archcheck plan --only RES,SYS-001 --min-severity high .
  archcheck plan -o text -o json=plan.json system.hcl
  archcheck plan --target service.orders system.hcl`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dests, err := out.destinations(reportFormats())
			if err != nil {
				return err
			}
			ev, err := a.evaluate(cmd.Context(), args, sel, nil)
			if err != nil {
				return err
			}
			r := ev.report(out.fixes(dests))
			out.page = a.reviewPage(cmd.Context(), ev, "")
			if len(args) == 1 {
				out.text.path = args[0]
			}
			if err := a.write(r, dests, &out); err != nil {
				return err
			}
			n := r.Summary.Violations
			if risks {
				n += r.Summary.Risks
			}
			if detailed && n > 0 {
				return exit(ExitFindings)
			}
			return nil
		},
	}
	sel.register(c.Flags())
	out.register(c.Flags())
	c.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit 2 if something is recommended")
	c.Flags().BoolVar(&risks, "count-risks", false, "let risks count for --detailed-exitcode, not only violations")
	return c
}
