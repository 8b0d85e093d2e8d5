package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

func (a *app) factsCommand() *cobra.Command {
	var subject, output string
	c := &cobra.Command{
		Use:     "facts [PATH…]",
		Short:   "Print the documents that policies see",
		GroupID: "look",
		Long: `facts prints what archcheck derives from a description: every fact with its value, range, state and origin. These
are the documents that policies judge; with -o json any OPA can evaluate an archcheck bundle on them.`,
		Example: `  archcheck facts --subject service.orders.call.charge system.hcl
  archcheck facts -o json system.hcl > facts.json
  archcheck facts --subject journey.web.api/checkout .`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if output != "text" && output != "json" {
				return withHint(fmt.Errorf("-o %s: there is no such format", output), "Use -o text or -o json.")
			}
			cfg, err := a.configure(args)
			if err != nil {
				return err
			}
			m, err := a.load(args, "No facts were computed.")
			if err != nil {
				return err
			}
			docs, err := documents(facts.Compute(m, a.params(cfg)), subject)
			if err != nil {
				return err
			}
			if output == "json" {
				return a.factsJSON(docs)
			}
			return a.factsText(docs)
		},
	}
	c.Flags().StringVar(&subject, "subject", "", "the documents of this `ADDRESS` only")
	c.Flags().StringVarP(&output, "output", "o", "text", "`FORMAT`: text or json")
	return c
}

// documents are those of one address, or all, by kind and address.
func documents(f *facts.Facts, subject string) ([]facts.Document, error) {
	var out []facts.Document
	var addrs []string
	for _, k := range facts.Kinds() {
		for _, d := range f.Documents(k) {
			if subject == "" || string(d.Addr) == subject {
				out = append(out, d)
			}
			addrs = append(addrs, string(d.Addr))
		}
	}
	if len(out) == 0 && subject != "" {
		err := fmt.Errorf("--subject %s: nothing has this address", subject)
		if near := suggest.Address(subject, addrs); near != "" {
			return nil, withHint(err, "Did you mean %s?", near)
		}
		return nil, withHint(err, "An address is like service.orders, service.orders.call.charge or journey.web.api/checkout; archcheck facts -o json lists them all.")
	}
	return out, nil
}

func (a *app) factsJSON(docs []facts.Document) error {
	subjects := make([]any, len(docs))
	for i := range docs {
		subjects[i] = docs[i].JSON()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(map[string]any{"format": facts.Format, "subjects": subjects}); err != nil {
		return err
	}
	return a.print(b.Bytes())
}

func (a *app) factsText(docs []facts.Document) error {
	var b bytes.Buffer
	for i, d := range docs {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s  (%s)\n", d.Addr, d.Kind)
		writeFacts(&b, factRows(nil, "", facts.Fields(d.Subject)))
	}
	return a.print(b.Bytes())
}

// factRow is a line of the table of facts; state and origin are empty where a fact is what the system is.
type factRow struct{ name, value, state, origin string }

// factRows appends the facts that have something to say to rows. Absent ones are left out.
func factRows(rows []factRow, path string, o facts.Obj) []factRow {
	for _, f := range o {
		name := path + f.Name
		switch n := f.Node.(type) {
		case *facts.Leaf:
			if n.State == model.Absent {
				continue
			}
			rows = append(rows, factRow{name, leafValue(n), n.State.String(), origin(n)})
			rows = factRows(rows, name+".", n.Contains)
		case facts.Obj:
			rows = factRows(rows, name+".", n)
		case facts.Arr:
			for i, e := range n {
				if x, ok := e.(facts.Obj); ok {
					rows = factRows(rows, fmt.Sprintf("%s[%d].", name, i), x)
				} else if p, ok := e.(facts.Plain); ok {
					rows = append(rows, factRow{name: fmt.Sprintf("%s[%d]", name, i), value: fmt.Sprint(p.V)})
				}
			}
		case facts.Plain:
			if s := words(n.V); s != "" {
				rows = append(rows, factRow{name: name, value: s})
			}
		}
	}
	return rows
}

// widestValue is how long a value may be with its state beside it: one long list would move every state out of sight.
const widestValue = 40

// writeFacts prints the rows in columns. A value over widestValue has its line to itself and its state below, which
// text/tabwriter cannot do: there the widest cell is the width of the column.
func writeFacts(b *bytes.Buffer, rows []factRow) {
	names, values, states := 0, 0, 0
	for _, r := range rows {
		names = max(names, utf8.RuneCountInString(r.name))
		states = max(states, len(r.state))
		if n := utf8.RuneCountInString(r.value); n <= widestValue {
			values = max(values, n)
		}
	}
	for _, r := range rows {
		line := fmt.Sprintf("  %-*s  %-*s", names, r.name, values, r.value)
		if r.state != "" && utf8.RuneCountInString(r.value) > widestValue {
			line += fmt.Sprintf("\n  %-*s", names+2+values, "")
		}
		line += fmt.Sprintf("  %-*s  %s", states, r.state, r.origin)
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
	}
}

func leafValue(l *facts.Leaf) string {
	if !l.Number {
		if l.Val == nil {
			return "-"
		}
		return words(l.Val)
	}
	s := "-"
	if l.Val == nil && l.Lo == 0 && math.IsInf(l.Hi, 1) {
		return s // every number is possible
	}
	if v, ok := l.Val.(float64); ok {
		s = analyzer.FormatQuantity(v, l.Unit)
		if l.Lo == v && l.Hi == v {
			return s
		}
	}
	lo, hi := analyzer.FormatQuantity(l.Lo, l.Unit), "∞"
	if !math.IsInf(l.Hi, 1) {
		hi = analyzer.FormatQuantity(l.Hi, l.Unit)
	}
	if lo == s && hi == s {
		return s // they differ in a digit that nobody sees
	}
	return fmt.Sprintf("%s [%s … %s]", s, lo, hi)
}

// words are a value without Go's brackets.
func words(v any) string {
	if list, ok := v.([]string); ok {
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(v)
}

func origin(l *facts.Leaf) string {
	var parts []string
	if l.From != "" {
		parts = append(parts, "from "+l.From)
	}
	if keys := l.Assumes.Keys(); len(keys) > 0 {
		parts = append(parts, "assumes "+strings.Join(keys, ", "))
	}
	if len(l.Needs) > 0 {
		parts = append(parts, "needs "+strings.Join(l.Needs, ", "))
	}
	return strings.Join(parts, "; ")
}
