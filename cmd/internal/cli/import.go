package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/importer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

func (a *app) importCommand() *cobra.Command {
	var write, name string
	var kinds strings.Builder
	for _, k := range importer.Kinds() {
		fmt.Fprintf(&kinds, "  %-14s %s\n", k.Name, k.Doc)
	}
	c := &cobra.Command{
		Use:     "import KIND SRC… [KIND SRC…]…",
		Short:   "Make a description from what a system runs on",
		GroupID: "write",
		Long: `Reads compose files, cluster manifests, mesh configuration or traces and writes a description of the system to
standard output. Every fact names the file and line that shows it; what the sources cannot show is unknown, so that a
plan of the result asks instead of accusing.

SRC is a file, a directory, or - for standard input. Several kinds in one run make one description.

Kinds:
` + kinds.String(),
		Example: `  archcheck import compose compose.yaml > system.hcl
  archcheck import kubernetes k8s/ istio mesh/ --write .
  helm template shop | archcheck import kubernetes -`,
		RunE: func(_ *cobra.Command, args []string) error {
			sources, err := sourcesOf(args)
			if err != nil {
				return err
			}
			return a.importSources(sources, write, name)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return kindNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
	}
	c.Flags().StringVar(&write, "write", "", "write system.hcl into `DIR` instead of standard output; never overwrites")
	c.Flags().StringVar(&name, "name", "", "`NAME` of the system (default: what the sources call it, else their folder)")
	return c
}

func kindNames() []string {
	var out []string
	for _, k := range importer.Kinds() {
		out = append(out, k.Name)
	}
	return out
}

// sourcesOf splits the arguments at the names of kinds. A path that is called like a kind is written ./compose.
func sourcesOf(args []string) ([]importer.Source, error) {
	all := "The kinds are " + strings.Join(kindNames(), ", ") + "."
	if len(args) == 0 {
		return nil, withHint(fmt.Errorf("import needs a kind and a source"), "%s Write archcheck import compose compose.yaml, or let archcheck init look at the folder.", all)
	}
	var out []importer.Source
	for _, arg := range args {
		if _, ok := importer.Find(arg); ok {
			out = append(out, importer.Source{Kind: arg})
			continue
		}
		if len(out) == 0 {
			err := fmt.Errorf("there is no kind of source %q", arg)
			if near := nearest(arg, kindNames()); near != "" {
				return nil, withHint(err, "Did you mean archcheck import %s? %s", near, all)
			}
			return nil, withHint(err, "%s", all)
		}
		last := &out[len(out)-1]
		last.Paths = append(last.Paths, arg)
	}
	for _, s := range out {
		if len(s.Paths) == 0 {
			return nil, withHint(fmt.Errorf("import %s names no source", s.Kind), "Name a file, a directory, or - for standard input.")
		}
	}
	return out, nil
}

func (a *app) importSources(sources []importer.Source, dir, name string) error {
	r := importer.Import(sources, importer.Options{Name: name, Stdin: a.In, Beside: os.ReadFile})
	if err := a.report(r.Diags, r.Files, "Nothing was imported."); err != nil {
		return err
	}
	text, err := described(r)
	if err != nil {
		return err
	}
	if dir == "" {
		if err := a.print(text); err != nil {
			return err
		}
		a.imported(r, "")
		return nil
	}
	file := filepath.Join(dir, "system.hcl")
	if err := a.writeNew(file, text); err != nil {
		return err
	}
	a.imported(r, filepath.ToSlash(file))
	return nil
}

// described prints a model and proves that the language reads it again: what an importer writes is never broken.
func described(r importer.Result) ([]byte, error) {
	text := dsl.Print(r.Model)
	if _, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: text}}); diags.HasErrors() {
		return nil, withHint(fmt.Errorf("the description made of these sources is not valid: %w", diags), "This is a mistake of archcheck, not of the sources. Nothing was written.")
	}
	return text, nil
}

// silent is an error that is there to be recognised and not to be printed.
type silent struct{ err error }

func (silent) Error() string   { return "" }
func (s silent) Unwrap() error { return s.err }

// writeNew writes a file that does not exist yet.
func (a *app) writeNew(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("%s: %w", filepath.Dir(file), source.Cause(err))
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if os.IsExist(err) {
		return withHint(fmt.Errorf("%s exists and is not overwritten%w", filepath.ToSlash(file), silent{fs.ErrExist}),
			"Print the import and compare: archcheck import … > new.hcl, then diff %s new.hcl. Or name another folder.", filepath.ToSlash(file))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, source.Cause(err))
	}
	_, err = f.Write(text)
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err != nil {
		os.Remove(file)
		return fmt.Errorf("%s: %w", file, source.Cause(err))
	}
	return nil
}

// imported says on stderr what was made, what was left out, and what to do next.
func (a *app) imported(r importer.Result, file string) {
	if a.global.quiet {
		return
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", inventory(r.Model))
	for i, l := range r.Left {
		if i == 8 && !a.global.verbose {
			fmt.Fprintf(&b, "left out  %d more; -v lists them\n", len(r.Left)-i)
			break
		}
		fmt.Fprintf(&b, "left out  %s\n", l)
	}
	if file != "" {
		fmt.Fprintf(&b, "\nWrote %s. Next: archcheck plan %s\n", file, file)
	}
	a.Err.Write(b.Bytes())
}
