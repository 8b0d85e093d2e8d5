package cli

import (
	"fmt"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// load reads the system that the arguments name. Problems of the input go to stderr, all of them; where one is an error
// the run ends with ExitNoVerdict and the sentence that says what was not made ("No plan was made.").
func (a *app) load(paths []string, notMade string) (*model.Model, error) {
	opts := dsl.Options{Stdin: a.In, StdinName: a.global.stdin}
	if a.global.verbose {
		opts.Skipped = func(name string) { fmt.Fprintf(a.Err, "left out  %s\n", name) }
	}
	files, diags := dsl.ReadFiles(paths, opts)
	m := &model.Model{Files: files}
	if !diags.HasErrors() {
		a.collectLess(files)
		m, diags = dsl.Parse(files)
	}
	if a.global.verbose {
		for _, f := range m.Files {
			fmt.Fprintf(a.Err, "read      %s\n", f.Name)
		}
	}
	if err := a.report(diags, m.Files, notMade); err != nil {
		return nil, err
	}
	return m, nil
}

// report writes diagnostics to stderr and ends the run if one of them is an error.
func (a *app) report(diags source.Diagnostics, files []model.File, notMade string) error {
	if a.global.quiet {
		diags = onlyErrors(diags)
	}
	if len(diags) == 0 {
		return nil
	}
	if err := source.WriteDiagnostics(a.Err, diags, files, a.style(a.Err)); err != nil {
		return err
	}
	if !diags.HasErrors() {
		return nil
	}
	fmt.Fprintf(a.Err, "\n%s. %s\n", analyzer.Plural(diags.Errors(), "error"), notMade)
	return exit(ExitNoVerdict)
}

func onlyErrors(diags source.Diagnostics) source.Diagnostics {
	var out source.Diagnostics
	for _, d := range diags {
		if d.Severity == source.Error {
			out = append(out, d)
		}
	}
	return out
}
