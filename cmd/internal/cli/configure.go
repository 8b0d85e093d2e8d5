package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// verbosef says on stderr what -v asks for.
func (a *app) verbosef(format string, args ...any) {
	if a.global.verbose {
		fmt.Fprintf(a.Err, format+"\n", args...)
	}
}

// configure finds and reads the configuration for the system at the first path.
func (a *app) configure(paths []string) (*config.Config, error) {
	if a.global.noConfig {
		return config.Default(), nil
	}
	name := a.global.config
	if name == "" {
		dir := "."
		if len(paths) > 0 && paths[0] != "-" {
			dir = paths[0]
			if st, err := os.Stat(dir); err != nil || !st.IsDir() {
				dir = filepath.Dir(dir)
			}
		}
		found, err := config.Find(dir)
		if err != nil {
			return nil, fmt.Errorf("looking for %s: %w", config.Name, source.Cause(err))
		}
		if found == "" {
			return config.Default(), nil
		}
		name = found
	}
	c, files, diags := config.Read(name, shown(name))
	if err := a.report(diags, files, "Nothing was evaluated."); err != nil {
		return nil, err
	}
	a.verbosef("configuration %s", shown(name))
	return c, nil
}

// shown is a path as the user would write it: relative to the current directory where that is shorter.
func shown(name string) string {
	wd, err := os.Getwd()
	if err != nil {
		return name
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if rel, err := filepath.Rel(wd, abs); err == nil && len(rel) < len(abs) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(name)
}

// policyError shows what is wrong with policies; any other error is returned as it is.
func (a *app) policyError(err error) error {
	var ps engine.Problems
	if !errors.As(err, &ps) {
		return err
	}
	var diags source.Diagnostics
	var files []model.File
	seen := map[string]bool{}
	for _, p := range ps {
		diags = append(diags, source.Diagnostic{Summary: p.Summary, Detail: p.Detail, Context: p.Context, Range: p.Range})
		if f := p.Range.File; f != "" && !seen[f] {
			seen[f] = true
			if b, err := os.ReadFile(f); err == nil {
				files = append(files, model.File{Name: f, Bytes: b})
			}
		}
	}
	return a.report(diags, files, "Nothing was evaluated.")
}
