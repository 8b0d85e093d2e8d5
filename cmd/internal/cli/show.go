package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

func (a *app) showCommand() *cobra.Command {
	var effective, output string
	c := &cobra.Command{
		Use:     "show --effective ADDRESS [PATH…]",
		Short:   "Print a subject with everything inherited, defaulted and derived, and where each came from",
		GroupID: "look",
		Example: "  archcheck show --effective service.orders.call.charge system.hcl\n  archcheck show --effective service.orders -o json .",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if effective == "" {
				return withHint(errors.New("--effective is missing"), "Name the subject: archcheck show --effective service.orders.")
			}
			m, err := a.load(args, "Nothing was printed.")
			if err != nil {
				return err
			}
			if m.Lookup(model.Addr(effective)) == nil {
				var all []string
				for _, x := range m.Addrs() {
					all = append(all, string(x))
				}
				err := fmt.Errorf("--effective %s: the model declares nothing at this address", effective)
				if near := suggest.Address(effective, all); near != "" {
					return withHint(err, "Did you mean %s?", near)
				}
				return withHint(err, "An address is like service.orders or service.orders.call.charge.")
			}
			print := map[string]func(*model.Model, model.Addr) ([]byte, error){"hcl": dsl.PrintEffective, "json": dsl.PrintEffectiveJSON}[output]
			if print == nil {
				return withHint(fmt.Errorf("-o %s: there is no such format", output), "Use -o hcl or -o json.")
			}
			b, err := print(m, model.Addr(effective))
			if err != nil {
				return err
			}
			return a.print(b)
		},
	}
	c.Flags().StringVar(&effective, "effective", "", "the subject's `ADDRESS`")
	c.Flags().StringVarP(&output, "output", "o", "hcl", "`FORMAT`: hcl or json")
	return c
}
