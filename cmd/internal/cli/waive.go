package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/archcheck/archcheck/analyzer"
)

func (a *app) waiveCommand() *cobra.Command {
	var reason, owner, ticket, expires, file, in string
	c := &cobra.Command{
		Use:     "waive RULE@ADDRESS…",
		Short:   "Accept findings: reason, owner and an end date, written to waivers.hcl",
		GroupID: "accept",
		Long: `waive appends a waiver block per finding to waivers.hcl beside the system, where code owners can guard it.
It refuses what does not fire, rules that cannot be waived, and dates beyond the configuration's max_waiver_days.`,
		Example: `  archcheck waive RES-001@service.orders.call.ship --owner team-logistics \
    --ticket SHIP-88 --expires 2027-02-15 --reason "carrier SLA signed"`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for flag, v := range map[string]string{"reason": reason, "owner": owner, "expires": expires} {
				if strings.TrimSpace(v) == "" {
					return withHint(fmt.Errorf("--%s is missing", flag), "A waiver says who accepts what, why and until when: --owner, --reason, --expires.")
				}
			}
			paths := []string{in}
			cfg, err := a.configure(paths)
			if err != nil {
				return err
			}
			if err := a.checkExpiry(expires, cfg.MaxWaiverDays); err != nil {
				return err
			}
			ev, err := a.evaluate(cmd.Context(), paths, selection{minSeverity: "info"}, nil)
			if err != nil {
				return err
			}
			byID := map[string]*analyzer.Finding{}
			for _, f := range ev.result.Findings {
				byID[f.ID()] = f
			}
			out := hclwrite.NewEmptyFile()
			for _, id := range args {
				f := byID[id]
				switch {
				case f == nil:
					err := fmt.Errorf("%s does not fire on this system", id)
					if near := nearest(id, sortedKeys(byID)); near != "" {
						return withHint(err, "Did you mean %s?", near)
					}
					return withHint(err, "archcheck plan --all names the findings; their ids are RULE@address.")
				case f.Unwaivable:
					return withHint(fmt.Errorf("%s cannot be waived", f.Rule), "Its card says waivable: false. Make the change: archcheck explain %s.", id)
				case f.Waiver != nil:
					return withHint(fmt.Errorf("%s is waived already until %s", id, f.Waiver.Expires.V), "Change that block (%s:%d) to renew it.", f.Waiver.Decl.File, f.Waiver.Decl.Start.Line)
				}
				appendWaiver(out, f, reason, owner, ticket, expires)
			}
			name := file
			if name == "" {
				name = filepath.Join(filepath.Dir(baselineFile("", paths)), "..", "waivers.hcl")
			}
			return a.appendFile(filepath.Clean(name), out.Bytes(), len(args))
		},
	}
	f := c.Flags()
	f.StringVar(&reason, "reason", "", "why this is accepted (`TEXT`, required)")
	f.StringVar(&owner, "owner", "", "who accepts it (`TEAM`, required)")
	f.StringVar(&expires, "expires", "", "until when (`DATE`, 2027-01-31, required)")
	f.StringVar(&ticket, "ticket", "", "where it is tracked (`ID`)")
	f.StringVar(&file, "file", "", "`FILE` to append to (default: waivers.hcl beside the system)")
	f.StringVar(&in, "in", ".", "the system's `PATH`")
	return c
}

// checkExpiry refuses a date that is none, has passed, or lies too far ahead.
func (a *app) checkExpiry(expires string, days int) error {
	end, err := time.Parse(time.DateOnly, expires)
	if err != nil {
		return withHint(fmt.Errorf("--expires %q is not a date", expires), "Write year, month and day: --expires 2027-01-31.")
	}
	today, _ := time.Parse(time.DateOnly, a.global.today().Format(time.DateOnly))
	latest := today.AddDate(0, 0, days)
	switch {
	case end.Before(today):
		return withHint(fmt.Errorf("--expires %s has passed", expires), "The latest date allowed is %s.", latest.Format(time.DateOnly))
	case end.After(latest):
		return withHint(fmt.Errorf("--expires %s is more than %d days ahead", expires, days), "The latest date allowed is %s (max_waiver_days in .archcheck.hcl).", latest.Format(time.DateOnly))
	}
	return nil
}

func appendWaiver(out *hclwrite.File, f *analyzer.Finding, reason, owner, ticket, expires string) {
	out.Body().AppendNewline()
	b := out.Body().AppendNewBlock("waiver", []string{f.Rule}).Body()
	subject := hclwrite.TokensForValue(cty.StringVal(string(f.Subject)))
	if isReference(string(f.Subject)) {
		subject = hclwrite.TokensForIdentifier(string(f.Subject))
	}
	b.SetAttributeRaw("subject", subject)
	b.SetAttributeValue("reason", cty.StringVal(reason))
	b.SetAttributeValue("owner", cty.StringVal(owner))
	if ticket != "" {
		b.SetAttributeValue("ticket", cty.StringVal(ticket))
	}
	b.SetAttributeValue("expires", cty.StringVal(expires))
}

// isReference reports whether an address can be written as a reference: a declared thing, no computed one.
func isReference(addr string) bool {
	return !strings.ContainsAny(addr, "/*") && !strings.HasPrefix(addr, "journey.") && !strings.HasPrefix(addr, "cycle.") &&
		!strings.HasPrefix(addr, "zone.") && !strings.HasPrefix(addr, "server.")
}

// appendFile adds text to a file, all of it or nothing.
func (a *app) appendFile(name string, text []byte, n int) error {
	old, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("%s: %w", name, cause(err))
	}
	if len(old) == 0 {
		text = []byte(strings.TrimLeft(string(text), "\n"))
	} else if old[len(old)-1] != '\n' {
		old = append(old, '\n')
	}
	tmp, err := stage(name, append(old, text...))
	if err != nil {
		return fmt.Errorf("%s: %w", name, cause(err))
	}
	if err := os.Rename(tmp, name); err != nil {
		return err
	}
	word := "waivers"
	if n == 1 {
		word = "waiver"
	}
	return a.print(fmt.Appendf(nil, "%s: %d %s added.\n", filepath.ToSlash(name), n, word))
}
