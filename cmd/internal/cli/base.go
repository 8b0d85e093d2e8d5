package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// oldFindings evaluates the same files at the git revision of --base and returns the ids of its findings; nil without
// --base. Configuration and policies are today's: what changed is the system.
func (a *app) oldFindings(ctx context.Context, paths []string, sel selection, g *gateFlags) (map[string]bool, error) {
	if g.base == "" {
		return nil, nil
	}
	files, err := filesAt(ctx, g.base, paths)
	if err != nil {
		return nil, err
	}
	old := map[string]bool{}
	if len(files) == 0 {
		return old, nil // the description is new: every finding is
	}
	m, diags := dsl.Parse(files)
	if diags.HasErrors() {
		a.verbosef("the description at %s has errors; every finding counts as new", g.base)
		return old, nil
	}
	cfg, err := a.configure(paths)
	if err != nil {
		return nil, err
	}
	sel.targets = nil // an address may be new
	ev, err := a.evaluateModel(ctx, m, cfg, sel, analyzer.Info, nil)
	if err != nil {
		var he *hintError
		if errors.As(err, &he) { // nothing applied at the base
			return old, nil
		}
		return nil, err
	}
	for _, f := range ev.result.Findings {
		old[f.ID()] = true
	}
	return old, nil
}

// filesAt reads the files of a model as they were at a revision.
func filesAt(ctx context.Context, rev string, paths []string) ([]model.File, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	dir := paths[0]
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		dir = filepath.Dir(dir)
	}
	git := func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if errors.Is(err, exec.ErrNotFound) {
			return nil, withHint(errors.New("--base needs the git command, which is not installed"), "Install git, or gate with a baseline: archcheck baseline create.")
		}
		if err != nil {
			return nil, errors.New(strings.TrimSpace(errs.String()))
		}
		return out, nil
	}
	if _, err := git("rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}"); err != nil {
		var he *hintError
		if errors.As(err, &he) {
			return nil, err
		}
		return nil, withHint(fmt.Errorf("--base %s: git knows no such revision here", rev), "In CI fetch its history first: git fetch --depth=1 origin REV, or fetch-depth: 0 in the checkout step.")
	}
	var files []model.File
	for _, p := range paths {
		if p == "-" {
			return nil, withHint(errors.New("--base compares files, and standard input is none"), "Name the file or directory.")
		}
		names := []string{p}
		if st, err := os.Stat(p); err == nil && st.IsDir() {
			out, err := exec.CommandContext(ctx, "git", "-C", p, "ls-tree", "--name-only", "-z", rev, "./").Output()
			if err != nil {
				continue // the directory is new
			}
			names = nil
			for _, n := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
				if dsl.IsModelFile(n) {
					names = append(names, path.Join(filepath.ToSlash(p), n))
				}
			}
		} else {
			names = append(names, path.Join(path.Dir(filepath.ToSlash(p)), "waivers.hcl"))
		}
		for _, n := range names {
			cmd := exec.CommandContext(ctx, "git", "-C", filepath.Dir(n), "show", rev+":./"+filepath.Base(n))
			if b, err := cmd.Output(); err == nil {
				files = append(files, model.File{Name: filepath.ToSlash(n), Bytes: b})
			}
		}
	}
	return files, nil
}
