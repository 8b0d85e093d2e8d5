package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl"
)

// published are the documents that programs and editors may rely on, by what they describe; the first form of each is
// its default.
var published = []struct {
	name, doc string
	forms     []publishedForm
}{
	{"model", "the language: blocks, arguments, types and defaults", []publishedForm{
		{"markdown", dsl.ReferenceMarkdown}, {"json", dsl.ReferenceJSON},
	}},
	{"facts", "the documents that policies see, a JSON Schema per kind", []publishedForm{{"json", factSchemas}}},
	{"plan", "the report that plan -o json writes, a JSON Schema", []publishedForm{{"json", reportSchema}}},
	{"config", "the configuration: arguments, types and defaults", []publishedForm{{"markdown", config.Markdown}, {"json", configSchema}}},
	{"drift", "the report that drift -o json writes, a JSON Schema", []publishedForm{{"json", driftSchema}}},
}

// factSchemas is the schema of every kind of subject, by kind.
func factSchemas() []byte {
	all := map[string]any{}
	for _, k := range facts.Kinds() {
		all[k] = facts.Schema(k)
	}
	return indented(all)
}

func reportSchema() []byte { return indented(report.Schema()) }

func configSchema() []byte { return indented(config.Schema()) }

func driftSchema() []byte { return indented(report.DriftSchema()) }

// indented is a value as JSON that a person can read.
func indented(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // schemas are maps of strings
	}
	return b.Bytes()
}

type publishedForm struct {
	name string
	text func() []byte
}

func (a *app) schemaCommand() *cobra.Command {
	var names []string
	long := "Prints the reference of what archcheck reads and writes:\n\n"
	for _, p := range published {
		names = append(names, p.name)
		long += fmt.Sprintf("  %-8s %s\n", p.name, p.doc)
	}
	var form string
	c := &cobra.Command{
		Use:     "schema " + strings.Join(names, "|"),
		Short:   "Print the reference of the language and of the documents",
		GroupID: "plumbing",
		Long:    long,
		Example: "  archcheck schema model\n  archcheck schema model -o json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return withHint(fmt.Errorf("schema takes one name"), "Write one of %s.", strings.Join(names, ", "))
			}
			return nil
		},
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			for _, p := range published {
				if p.name != args[0] {
					continue
				}
				var forms []string
				for _, f := range p.forms {
					if f.name == form || form == "" {
						return a.print(f.text())
					}
					forms = append(forms, f.name)
				}
				return withHint(fmt.Errorf("-o %s: there is no such form of %s", form, p.name), "Its forms are %s.", strings.Join(forms, " and "))
			}
			hint := fmt.Sprintf("There are %s.", strings.Join(names, ", "))
			if near := nearest(args[0], names); near != "" {
				hint = fmt.Sprintf("Did you mean archcheck schema %s?", near)
			}
			return withHint(fmt.Errorf("there is no schema %q", args[0]), "%s", hint)
		},
	}
	c.Flags().StringVarP(&form, "output", "o", "", "the `FORM`: markdown or json")
	return c
}
