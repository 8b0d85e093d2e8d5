package cli

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
)

func (a *app) waiversCommand() *cobra.Command {
	var expiring string
	var expired, unmatched bool
	c := &cobra.Command{
		Use:     "waivers [PATH…]",
		Short:   "List the waivers with the days left",
		GroupID: "accept",
		Example: "  archcheck waivers\n  archcheck waivers --expiring 30d --as-of 2027-01-01\n  archcheck waivers --unmatched system.hcl",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			days := -1
			if expiring != "" {
				n, err := strconv.Atoi(strings.TrimSuffix(expiring, "d"))
				if err != nil || n < 0 {
					return withHint(fmt.Errorf("--expiring %q is no number of days", expiring), "Write --expiring 30d.")
				}
				days = n
			}
			ev, err := a.evaluate(cmd.Context(), args, everything, nil)
			if err != nil {
				return err
			}
			var b strings.Builder
			w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			n := 0
			for _, s := range ev.result.Waivers {
				if days >= 0 && (s.Days > days || s.Days < 0) || expired && s.State != "expired" || unmatched && s.State != "unmatched" {
					continue
				}
				n++
				fmt.Fprintln(w, waiverRow(s))
			}
			if err := w.Flush(); err != nil {
				return err
			}
			if n == 0 {
				b.WriteString("No waivers.\n")
			}
			return a.print([]byte(b.String()))
		},
	}
	f := c.Flags()
	f.StringVar(&expiring, "expiring", "", "only those that end within `DAYS`, such as 30d")
	f.BoolVar(&expired, "expired", false, "only those that have ended")
	f.BoolVar(&unmatched, "unmatched", false, "only those that accept nothing any more")
	return c
}

func waiverRow(s analyzer.WaiverState) string {
	w := s.Waiver
	left := analyzer.Plural(s.Days, "day")
	if s.Days < 0 {
		left = fmt.Sprintf("ended %s ago", analyzer.Plural(-s.Days, "day"))
	}
	note := s.State
	if s.Nearest != "" {
		note += ", did you mean " + s.Nearest + "?"
	}
	return strings.Join([]string{w.Label + "@" + w.Subject.V, w.Expires.V, left, w.Owner.V, w.Ticket.V, note}, "\t")
}
