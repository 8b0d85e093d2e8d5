package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "validate [PATH…]",
		Short:   "Check names, types, units and references of a description",
		GroupID: "look",
		Long: `Checks a description without judging the design: syntax, names, types, units and references. All problems are
reported in one run, in file order. Exits 0 if there are none, else 1.

PATH is a file, several files, a directory (its *.hcl files are one model), or - for standard input; the current
directory if none is given.`,
		Example: `  archcheck validate
  archcheck validate system.hcl
  generate-model | archcheck validate -`,
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := a.load(args, "The description is not valid.")
			if err != nil || a.global.quiet {
				return err
			}
			return a.print([]byte(inventory(m) + "\n\nValid: names, types, units and references. archcheck plan judges the design.\n"))
		},
	}
}

// inventory is the first line about a model: what was read.
func inventory(m *model.Model) string {
	calls := 0
	m.Each(func(e model.Entity) {
		if e.Self().Kind == model.KindCall {
			calls++
		}
	})
	var parts []string
	for _, c := range []struct {
		n     int
		thing string
	}{
		{len(m.Services), "service"}, {len(m.Gateways), "gateway"}, {len(m.Datastores), "datastore"},
		{len(m.Topics), "topic"}, {len(m.Queues), "queue"}, {len(m.Externals), "external"}, {calls, "call"},
	} {
		if c.n > 0 || c.thing == "service" {
			parts = append(parts, analyzer.Plural(c.n, c.thing))
		}
	}
	return fmt.Sprintf("%s: %s in %s", m.System.Label, strings.Join(parts, ", "), analyzer.Plural(len(m.Files), "file"))
}
