package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/archcheck/archcheck/analyzer/drift"
	"github.com/archcheck/archcheck/analyzer/report"
	reportjson "github.com/archcheck/archcheck/analyzer/report/json"
	"github.com/archcheck/archcheck/analyzer/report/markdown"
	"github.com/archcheck/archcheck/analyzer/report/sarif"
	"github.com/archcheck/archcheck/analyzer/report/text"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/importer"
	"github.com/archcheck/archcheck/dsl/model"
)

// driftFlags are the flags of drift.
type driftFlags struct {
	from                        fromFlag
	out                         outputs
	failOn, minSeverity         string
	only, ignore                []string
	tolerance                   float64
	update, prune, dryRun, diff bool
}

// fromFlag is --from, which may be repeated: each holds a kind, and the arguments behind it are its sources.
type fromFlag struct {
	flags *pflag.FlagSet
	kinds []string
	at    []int // how many arguments stood before each
}

func (f *fromFlag) String() string { return strings.Join(f.kinds, ",") }
func (f *fromFlag) Type() string   { return "KIND" }
func (f *fromFlag) Set(kind string) error {
	f.kinds, f.at = append(f.kinds, kind), append(f.at, f.flags.NArg())
	return nil
}

// split takes the arguments apart: the description's paths, then the sources of each kind.
func (f *fromFlag) split(args []string) ([]string, []importer.Source, error) {
	if len(f.kinds) == 0 {
		return nil, nil, withHint(fmt.Errorf("drift needs --from with a kind and its sources"),
			"Write archcheck drift system.hcl --from kubernetes k8s/. The kinds are %s.", strings.Join(kindNames(), ", "))
	}
	var sources []importer.Source
	for i, kind := range f.kinds {
		end := len(args)
		if i+1 < len(f.at) {
			end = f.at[i+1]
		}
		some, err := sourcesOf(append([]string{kind}, args[f.at[i]:end]...))
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, some...)
	}
	for _, s := range sources {
		for _, p := range s.Paths {
			if strings.HasSuffix(p, ".hcl") {
				return nil, nil, withHint(fmt.Errorf("%s stands behind --from %s and would be read as %s", p, s.Kind, s.Kind), "The description comes first: archcheck drift %s --from %s …", p, s.Kind)
			}
		}
	}
	return args[:f.at[0]], sources, nil
}

func (a *app) driftCommand() *cobra.Command {
	f := &driftFlags{}
	var kinds strings.Builder
	for _, k := range drift.Kinds() {
		fmt.Fprintf(&kinds, "  %-22s %s\n", k.Name, k.Title)
	}
	c := &cobra.Command{
		Use:     "drift [PATH…] --from KIND SRC… [--from KIND SRC…]…",
		Short:   "Compare a description with what the system runs on",
		GroupID: "look",
		Long: `Compares a description with manifests, mesh configuration or traces and lists where they differ: what each side says,
where, what that means on this system, and the change that accepts it. What a kind of source cannot show is no
difference; what it shows only weakly is listed as worth knowing and never fails a gate above info.

The sources stand behind --from and their kind, as for archcheck import; several kinds are read as one system.
Components are matched by name; where the sources use another one, state aliases = ["their-name"] in the description.

Exit codes: 0 compared, or nothing at or above --fail-on; 1 no verdict (usage, input); 2 drift at or above --fail-on.

--update writes what the sources show into the description, in place, and leaves every other byte alone. What rests on
absence is removed only with --prune. Nothing is written if anything fails.

Kinds of differences, for --only and --ignore:
` + kinds.String(),
		Example: `  archcheck drift system.hcl --from kubernetes k8s/ --from istio mesh/
  archcheck drift --from compose compose.yaml --fail-on medium
  archcheck drift --from otel traces.json -o text -o sarif=drift.sarif
  archcheck drift --from kubernetes k8s/ --ignore 'replicas@service.batch*' --update`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.drift(cmd, f, args) },
	}
	fs := c.Flags()
	f.from.flags = fs
	fs.Var(&f.from, "from", "kind of the sources that follow (`KIND` SRC…, repeatable): "+strings.Join(kindNames(), ", "))
	fs.StringArrayVarP(&f.out.specs, "output", "o", nil, "write as `FORMAT[=FILE]`, repeatable: "+formatNames(driftFormats()))
	fs.BoolVar(&f.out.text.all, "all", false, "text: every item, not the first ones")
	fs.BoolVar(&f.out.text.summary, "summary", false, "text: the last lines only")
	fs.StringVar(&f.failOn, "fail-on", "", "exit 2 on drift of this `SEVERITY` and above: critical, high, medium, low, info (default: never)")
	fs.StringVar(&f.minSeverity, "min-severity", "info", "leave items below `SEVERITY` out: critical, high, medium, low, info")
	fs.StringSliceVar(&f.only, "only", nil, "list items of `PATTERN` only: a kind, an address, or kind@address, with * for any part")
	fs.StringSliceVar(&f.ignore, "ignore", nil, "leave items of `PATTERN` out")
	fs.Float64Var(&f.tolerance, "tolerance", drift.DefaultTolerance, "`FACTOR` between a stated and a measured latency or rate up to which they agree")
	fs.BoolVar(&f.update, "update", false, "write what the sources show into the description")
	fs.BoolVar(&f.prune, "prune", false, "with --update: remove what the sources would show and do not")
	fs.BoolVar(&f.dryRun, "dry-run", false, "with --update: print the difference and write nothing")
	fs.BoolVar(&f.diff, "diff", false, "print what --update would change, and write nothing")
	return c
}

// driftFormats are the formats of a comparison; the first is the default.
func driftFormats() []format {
	return []format{{name: "text"}, {name: "json"}, {name: "markdown"}, {name: "sarif"}}
}

// reality is the import that a description is compared with.
type reality struct {
	importer.Result
	loaded  *model.Model // printed and read again, so that everything is inherited
	sources []importer.Source
}

func (a *app) drift(cmd *cobra.Command, f *driftFlags, args []string) error {
	paths, sources, err := f.from.split(args)
	if err != nil {
		return err
	}
	dests, err := f.out.destinations(driftFormats())
	if err != nil {
		return err
	}
	sel, err := f.selection()
	if err != nil {
		return err
	}
	f.update, f.dryRun = f.update || f.diff, f.dryRun || f.diff
	if !f.update && (f.prune || f.dryRun) {
		return withHint(fmt.Errorf("--prune and --dry-run say how to --update"), "Add --update, or write --diff.")
	}
	if len(paths) == 1 && paths[0] == "-" && f.update && !f.dryRun {
		return withHint(fmt.Errorf("standard input cannot be updated in place"), "Name the file, or write --diff to see the change.")
	}
	r, err := a.reality(sources)
	if err != nil {
		return err
	}
	m, err := a.load(paths, "Nothing was compared.")
	if err != nil {
		return err
	}
	cfg, err := a.configure(paths)
	if err != nil {
		return err
	}
	d := &drifter{reality: r, model: m, flags: f, sel: sel, params: a.params(cfg)}
	if err := d.compare(cmd.Context()); err != nil {
		return err
	}
	a.warnUnmatched(d)
	if f.update {
		if err := d.accept(cmd.Context()); err != nil {
			return err
		}
		if f.dryRun {
			return a.print([]byte(d.unified()))
		}
	}
	doc := d.report()
	if sel.gates {
		doc.Decide(sel.failOn)
	}
	if err := a.emit(dests, d.changed(), func(to destination) ([]byte, error) {
		var b bytes.Buffer
		err := a.renderDrift(&b, doc, to, &f.out)
		return b.Bytes(), err
	}); err != nil {
		return err
	}
	if doc.Gate != nil {
		return exit(doc.Gate.Exit)
	}
	return nil
}

// reality imports the sources.
func (a *app) reality(sources []importer.Source) (*reality, error) {
	r := importer.Import(sources, importer.Options{Stdin: a.In, Beside: os.ReadFile})
	if err := a.report(r.Diags, r.Files, "Nothing was compared."); err != nil {
		return nil, err
	}
	for _, l := range r.Left {
		a.verbosef("left out  %s", l)
	}
	text := dsl.Print(r.Model)
	m, diags := dsl.Parse([]model.File{{Name: "sources.hcl", Bytes: text}})
	if diags.HasErrors() {
		return nil, withHint(fmt.Errorf("the description made of these sources is not valid: %w", diags), "This is a mistake of archcheck, not of the sources.")
	}
	return &reality{Result: r, loaded: m, sources: sources}, nil
}

func (a *app) renderDrift(w io.Writer, d *report.Drift, to destination, o *outputs) error {
	switch to.format.name {
	case "json":
		return reportjson.Drift(w, d)
	case "markdown":
		return markdown.Drift(w, d)
	case "sarif":
		return sarif.Render(sarif.Options{})(w, d.Findings())
	}
	opt := text.Options{Width: 80, All: o.text.all, Summary: o.text.summary}
	if to.file == "" {
		st := a.style(a.Out)
		opt.Width, opt.Color, opt.ASCII = st.Width, st.Color, st.ASCII
	}
	return text.Drift(w, d, opt)
}
