package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/patterns"
)

// patternRow is one pattern of the catalog and, with a system, how it stands there.
type patternRow struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Category  string   `json:"category"`
	BestFor   string   `json:"best_for"`
	TradeOff  string   `json:"trade_off"`
	Here      string   `json:"here,omitempty"` // present, missing, question, not_applicable
	Present   []string `json:"present,omitempty"`
	Missing   []string `json:"missing,omitempty"`
	Questions []string `json:"questions,omitempty"`
	Why       string   `json:"why,omitempty"`
}

func (a *app) patternsCommand() *cobra.Command {
	var category, output string
	c := &cobra.Command{
		Use:     "patterns [PATH…]",
		Short:   "The catalog; with a system, where each pattern is present, missing or not called for",
		GroupID: "choose",
		Example: `  archcheck patterns
  archcheck patterns --category resilience system.hcl
  archcheck patterns -o dot | dot -Tsvg > patterns.svg`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			catalog, err := patterns.Load()
			if err != nil {
				return err
			}
			if err := checkCategory(catalog, category); err != nil {
				return err
			}
			presence := map[string]analyzer.Presence{}
			if len(args) > 0 {
				ev, err := a.evaluate(cmd.Context(), args, everything, nil)
				if err != nil {
					return err
				}
				for _, p := range ev.result.Presence {
					presence[p.Pattern] = p
				}
			}
			var rows []patternRow
			for _, p := range catalog.Patterns() {
				if category == "" || strings.EqualFold(p.Category.ID, category) {
					rows = append(rows, row(p, presence[string(p.ID)], len(args) > 0))
				}
			}
			switch output {
			case "table":
				return a.patternTable(rows, len(args) > 0)
			case "json":
				b, err := json.MarshalIndent(map[string]any{"patterns": rows}, "", "  ")
				if err != nil {
					return err
				}
				return a.print(append(b, '\n'))
			case "markdown":
				return a.print(patternMarkdown(rows, len(args) > 0))
			case "dot":
				return a.print(relationChart(catalog, category).DOT())
			}
			err = fmt.Errorf("-o %s: there is no such format", output)
			if near := nearest(output, []string{"table", "json", "markdown", "dot"}); near != "" {
				return withHint(err, "Did you mean -o %s?", near)
			}
			return withHint(err, "The formats are table, json, markdown and dot.")
		},
	}
	c.Flags().StringVar(&category, "category", "", "one `CATEGORY` only: communication, gateway, resilience, data, messaging, mesh, deployment")
	c.Flags().StringVarP(&output, "output", "o", "table", "`FORMAT`: table, json, markdown, dot (the relationships)")
	return c
}

func checkCategory(catalog *patterns.Catalog, name string) error {
	var all []string
	for _, c := range catalog.Categories {
		if name == "" || strings.EqualFold(c.ID, name) {
			return nil
		}
		all = append(all, c.ID)
	}
	err := fmt.Errorf("--category %s: the catalog has no such category", name)
	if near := nearest(name, all); near != "" {
		return withHint(err, "Did you mean %s?", near)
	}
	return withHint(err, "The categories are %s.", strings.Join(all, ", "))
}

func row(p *patterns.Pattern, at analyzer.Presence, judged bool) patternRow {
	r := patternRow{ID: string(p.ID), Name: p.Name, Category: p.Category.Title, BestFor: p.BestFor, TradeOff: p.TradeOff}
	if !judged {
		return r
	}
	list := func(in []string) string {
		if len(in) > 3 {
			return fmt.Sprintf("%s and %d more", strings.Join(in[:3], ", "), len(in)-3)
		}
		return strings.Join(in, ", ")
	}
	for _, x := range at.Present {
		r.Present = append(r.Present, string(x))
	}
	for _, x := range at.Missing {
		r.Missing = append(r.Missing, string(x))
	}
	for _, x := range at.Questions {
		r.Questions = append(r.Questions, string(x))
	}
	switch {
	case len(r.Missing) > 0:
		r.Here, r.Why = "missing", "owed at "+list(r.Missing)
		if len(r.Present) > 0 {
			r.Why += fmt.Sprintf("; in place at %d", len(r.Present))
		}
	case len(r.Present) > 0:
		r.Here, r.Why = "present", list(r.Present)
	case len(r.Questions) > 0:
		r.Here, r.Why = "question", "open at "+list(r.Questions)
	default:
		r.Here, r.Why = "not_applicable", "nothing here calls for it"
		if len(p.Leaves) > 0 {
			r.Why = "no subject with: " + p.Leaves[0].Force
		}
	}
	return r
}

// patternTable prints the catalog by category.
func (a *app) patternTable(rows []patternRow, judged bool) error {
	d := a.document()
	last := ""
	for _, r := range rows {
		if r.Category != last {
			d.WriteString("\n" + d.bold(r.Category) + "\n")
			last = r.Category
		}
		name := fmt.Sprintf("  %-27s ", r.Name)
		if judged {
			mark := map[string]string{"present": "in place", "missing": "MISSING", "question": "open", "not_applicable": "-"}[r.Here]
			d.wrapped(name+fmt.Sprintf("%-9s ", mark), r.Why)
			continue
		}
		d.wrapped(name, r.BestFor)
		d.wrapped(strings.Repeat(" ", len(name)), r.TradeOff)
	}
	return a.print(bytes.TrimLeft(d.Bytes(), "\n"))
}

func patternMarkdown(rows []patternRow, judged bool) []byte {
	var b bytes.Buffer
	if judged {
		b.WriteString("| Category | Pattern | Here | Why |\n|---|---|---|---|\n")
	} else {
		b.WriteString("| Category | Pattern | Best for | Key trade-off |\n|---|---|---|---|\n")
	}
	cell := strings.NewReplacer("|", "\\|", "<", "&lt;", "\n", " ")
	for _, r := range rows {
		if judged {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell.Replace(r.Category), cell.Replace(r.Name), strings.ReplaceAll(r.Here, "_", " "), cell.Replace(r.Why))
		} else {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell.Replace(r.Category), cell.Replace(r.Name), cell.Replace(r.BestFor), cell.Replace(r.TradeOff))
		}
	}
	return b.Bytes()
}
