package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

func (a *app) waiveCommand() *cobra.Command {
	var reason, owner, ticket, expires, file, in string
	c := &cobra.Command{
		Use:     "waive RULE@ADDRESS…",
		Short:   "Accept findings: reason, owner and an end date, written to waivers.hcl",
		GroupID: "accept",
		Long: `waive appends a waiver block per finding to waivers.hcl beside the system, where code owners can guard it.
A waiver of the same finding that has ended is renewed where it stands. It refuses what does not fire, rules that cannot
be waived, and dates beyond the configuration's max_waiver_days.`,
		Example: `  archcheck waive RES-001@service.orders.call.ship --owner team-logistics \
    --ticket SHIP-88 --expires 2027-02-15 --reason "carrier SLA signed"`,
		Args: someArgs("findings", "Write RULE@ADDRESS as archcheck plan prints it: archcheck waive RES-001@service.orders.call.ship …"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, x := range []attribute{{"reason", reason}, {"owner", owner}, {"expires", expires}} {
				if strings.TrimSpace(x.value) == "" {
					return withHint(fmt.Errorf("--%s is missing", x.name), "A waiver says who accepts what, why and until when: --owner, --reason, --expires.")
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
			ev, err := a.evaluate(cmd.Context(), paths, everything, nil)
			if err != nil {
				return err
			}
			byID := map[string]*analyzer.Finding{}
			for _, f := range ev.result.Findings {
				byID[f.ID()] = f
			}
			out := hclwrite.NewEmptyFile()
			text := waiverText{reason, owner, ticket, expires}
			edits := map[string][]source.Edit{} // of blocks that have ended and are renewed
			fresh := 0
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
				delete(byID, id) // a second mention is a mistake
				if w := f.Expired; w != nil && w.Subject.V == string(f.Subject) {
					more, err := text.renew(fileOf(ev.model, w.Decl.File), w)
					if err != nil {
						return err
					}
					edits[w.Decl.File] = append(edits[w.Decl.File], more...)
					continue
				}
				text.append(out, f)
				fresh++
			}
			name := file
			if name == "" {
				name = filepath.Join(filepath.Dir(baselineFile("", paths)), "..", "waivers.hcl")
			}
			return a.writeWaivers(ev.model, edits, filepath.Clean(name), out.Bytes(), fresh, len(args)-fresh)
		},
	}
	f := c.Flags()
	f.StringVar(&reason, "reason", "", "`TEXT`: why this is accepted; required")
	f.StringVar(&owner, "owner", "", "`TEAM` that accepts it; required")
	f.StringVar(&expires, "expires", "", "`DATE` until which it is accepted, such as 2027-01-31; required")
	f.StringVar(&ticket, "ticket", "", "`ID` of the ticket that tracks it")
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

// waiverText is what a waiver says.
type waiverText struct{ reason, owner, ticket, expires string }

// append writes a block of its own.
func (x waiverText) append(out *hclwrite.File, f *analyzer.Finding) {
	out.Body().AppendNewline()
	b := out.Body().AppendNewBlock("waiver", []string{f.Rule}).Body()
	subject := hclwrite.TokensForValue(cty.StringVal(string(f.Subject)))
	if isReference(string(f.Subject)) {
		subject = hclwrite.TokensForIdentifier(string(f.Subject))
	}
	b.SetAttributeRaw("subject", subject)
	for _, a := range x.attributes() {
		b.SetAttributeValue(a.name, cty.StringVal(a.value))
	}
}

type attribute struct{ name, value string }

// attributes are what is stated, in the order of the language's own examples.
func (x waiverText) attributes() []attribute {
	out := []attribute{{"reason", x.reason}, {"owner", x.owner}}
	if x.ticket != "" {
		out = append(out, attribute{"ticket", x.ticket})
	}
	return append(out, attribute{"expires", x.expires})
}

// renew is the edits that make a block which has ended say this instead: values are replaced where they stand, a ticket
// that was not there gets a line of its own.
func (x waiverText) renew(f model.File, w *model.Waiver) ([]source.Edit, error) {
	parsed, diags := hclsyntax.ParseConfig(f.Bytes, f.Name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: %w", f.Name, diags)
	}
	for _, b := range parsed.Body.(*hclsyntax.Body).Blocks {
		if b.DefRange().Start.Byte != int(w.Decl.Start.Byte) {
			continue
		}
		var edits []source.Edit
		width := 0
		for name := range b.Body.Attributes {
			width = max(width, len(name))
		}
		for _, a := range x.attributes() {
			value := string(hclwrite.TokensForValue(cty.StringVal(a.value)).Bytes())
			if at := b.Body.Attributes[a.name]; at != nil {
				r := at.Expr.Range()
				edits = append(edits, source.Edit{Start: r.Start.Byte, End: r.End.Byte, New: value})
				continue
			}
			owner := b.Body.Attributes["owner"].SrcRange
			indent := strings.Repeat(" ", owner.Start.Column-1)
			end := owner.End.Byte
			edits = append(edits, source.Edit{Start: end, End: end, New: fmt.Sprintf("%s%s%-*s = %s", lineEnd(f.Bytes), indent, width, a.name, value)})
		}
		return edits, nil
	}
	return nil, fmt.Errorf("%s:%d: the waiver to renew is gone", f.Name, w.Decl.Start.Line)
}

// lineEnd is how the lines of a file end.
func lineEnd(b []byte) string {
	if bytes.Contains(b, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

func fileOf(m *model.Model, name string) model.File {
	for _, f := range m.Files {
		if f.Name == name {
			return f
		}
	}
	return model.File{Name: name}
}

// isReference reports whether an address can be written as a reference: a declared thing, no computed one.
func isReference(addr string) bool {
	return !strings.ContainsAny(addr, "/*") && !strings.HasPrefix(addr, "journey.") && !strings.HasPrefix(addr, "cycle.") &&
		!strings.HasPrefix(addr, "zone.") && !strings.HasPrefix(addr, "server.")
}

// writeWaivers writes renewed blocks where they stand and new ones at the end of a file, all of it or nothing; no other
// byte changes.
func (a *app) writeWaivers(m *model.Model, edits map[string][]source.Edit, name string, text []byte, added, renewed int) error {
	var files []output
	var done []string
	for _, at := range sortedKeys(edits) {
		b, err := source.Apply(fileOf(m, at).Bytes, edits[at])
		if err != nil {
			return err
		}
		files = append(files, output{label: at, file: at, bytes: b})
	}
	if renewed > 0 {
		done = []string{fmt.Sprintf("%s: %s renewed.\n", strings.Join(sortedKeys(edits), ", "), analyzer.Plural(renewed, "waiver"))}
	}
	if added > 0 {
		old, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("%s: %w", name, source.Cause(err))
		}
		for _, f := range files { // renewed and added in one file
			if sameFile(f.file, name) {
				old = f.bytes
				files = slices.DeleteFunc(files, func(o output) bool { return o.file == f.file })
				break
			}
		}
		end := lineEnd(old)
		if len(old) == 0 {
			text = bytes.TrimLeft(text, "\n")
		} else if old[len(old)-1] != '\n' {
			old = append(old, end...)
		}
		old = append(old, bytes.ReplaceAll(text, []byte("\n"), []byte(end))...)
		files = append(files, output{label: name, file: name, bytes: old})
		done = append(done, fmt.Sprintf("%s: %s added.\n", filepath.ToSlash(name), analyzer.Plural(added, "waiver")))
	}
	return a.commit(files, []byte(strings.Join(done, "")))
}
