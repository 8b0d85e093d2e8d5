package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

func (a *app) fmtCommand() *cobra.Command {
	var check, diff bool
	c := &cobra.Command{
		Use:     "fmt [PATH…]",
		Short:   "Lay descriptions out canonically",
		GroupID: "write",
		Long: `Lays HCL files out canonically, in place: indentation, alignment, line endings as they were. Prints the name of each
file that it changed. A file that does not parse is left alone and reported.

With - it reads standard input and writes standard output.`,
		Example: `  archcheck fmt
  archcheck fmt --check .        exit 2 if a file would change, for CI
  archcheck fmt --diff system.hcl`,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.format(args, check, diff)
		},
	}
	c.Flags().BoolVar(&check, "check", false, "change nothing; exit 2 if a file is not canonical")
	c.Flags().BoolVar(&diff, "diff", false, "change nothing; print the difference")
	return c
}

func (a *app) format(args []string, check, diff bool) error {
	files, diags := dsl.ReadFiles(args, dsl.Options{Stdin: a.In, StdinName: a.global.stdin, Alone: true})
	if err := a.report(diags, files, "Nothing was formatted."); err != nil {
		return err
	}
	var out bytes.Buffer
	var changed []model.File
	var broken source.Diagnostics
	fromStdin := len(args) == 1 && args[0] == "-"
	for _, f := range files {
		b, diags := dsl.Format(f.Name, f.Bytes)
		if broken = append(broken, diags...); diags.HasErrors() {
			continue
		}
		same := bytes.Equal(b, f.Bytes)
		if !same {
			changed = append(changed, model.File{Name: f.Name, Bytes: b})
		}
		switch {
		case diff && !same:
			out.WriteString(udiff.Unified("a/"+f.Name, "b/"+f.Name, string(f.Bytes), string(b)))
		case diff:
		case fromStdin && !check:
			out.Write(b)
		case !same && !a.global.quiet:
			fmt.Fprintln(&out, f.Name)
		}
	}
	if !check && !diff && !fromStdin {
		for _, f := range changed {
			if err := replace(f.Name, f.Bytes); err != nil {
				return withHint(fmt.Errorf("%s: %w", f.Name, source.Cause(err)), "The file is as it was.")
			}
		}
	}
	if err := a.print(out.Bytes()); err != nil {
		return err
	}
	if err := a.report(broken, files, "Files with errors were left as they are."); err != nil {
		return err
	}
	if check && len(changed) > 0 {
		return exit(ExitFindings)
	}
	return nil
}

// replace swaps a file's content in one step and keeps its permissions; a link stays a link.
func replace(name string, b []byte) error {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	st, err := os.Stat(real)
	if err != nil {
		return err
	}
	tmp, err := stage(real, b)
	if err != nil {
		return err
	}
	if err = os.Chmod(tmp, st.Mode().Perm()); err == nil {
		err = os.Rename(tmp, real)
	}
	if err != nil {
		os.Remove(tmp)
	}
	return err
}
