package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl/importer"
	"github.com/archcheck/archcheck/dsl/source"
)

func (a *app) initCommand() *cobra.Command {
	var from, name string
	c := &cobra.Command{
		Use:     "init [DIR]",
		Short:   "Look at a folder and write its first description",
		GroupID: "write",
		Long: `Looks through a folder for what the system runs on, says what it found, and writes system.hcl from it: cluster
manifests before a compose file, mesh configuration on top. Where there is nothing to read, it writes a skeleton.
Nothing that exists is overwritten. What archcheck import would do with other sources is printed as a command.`,
		Example: `  archcheck init
  archcheck init deploy/
  archcheck init --from kubernetes rendered.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.initialise(from, name, args)
		},
	}
	c.Flags().StringVar(&from, "from", "", "read the arguments as sources of this `KIND` instead of looking for sources")
	c.Flags().StringVar(&name, "name", "", "`NAME` of the system (default: what the sources call it, else the folder)")
	return c
}

func (a *app) initialise(from, name string, args []string) error {
	dir := "."
	var found importer.Found
	if from != "" {
		if len(args) == 0 {
			return withHint(fmt.Errorf("--from %s names no source", from), "Write archcheck init --from %s FILE.", from)
		}
		sources, err := sourcesOf(append([]string{from}, args...))
		if err != nil {
			return err
		}
		found.Sources = sources
	} else {
		switch len(args) {
		case 0:
		case 1:
			dir = args[0]
		default:
			return withHint(fmt.Errorf("init takes one folder"), "Name sources with their kind: archcheck init --from KIND %s.", strings.Join(args, " "))
		}
		st, err := os.Stat(dir)
		switch {
		case err != nil:
			return withHint(fmt.Errorf("%s: %w", dir, source.Cause(err)), "Name an existing folder.")
		case !st.IsDir():
			return withHint(fmt.Errorf("%s: is no folder", dir), "Name a folder, or a source with its kind: archcheck init --from compose %s.", dir)
		}
		if found, err = importer.Detect(dir); err != nil {
			return fmt.Errorf("%s: %w", dir, source.Cause(err))
		}
	}
	file := filepath.Join(dir, "system.hcl")
	if _, err := os.Lstat(file); err == nil {
		return withHint(fmt.Errorf("%s exists and is not overwritten", filepath.ToSlash(file)),
			"archcheck plan %s judges it. %s", filepath.ToSlash(dir), compareHint(dir, found))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", file, source.Cause(err))
	}
	return a.scaffold(dir, file, name, found)
}

// twice are the sources that show the same parts again and were not read.
func twice(f importer.Found) []importer.Source {
	var out []importer.Source
	for _, o := range f.Others {
		if o.Kind == f.Sources[0].Kind {
			out = append(out, o)
		}
	}
	return out
}

// compareHint is how to see where the description and the sources differ now.
func compareHint(dir string, f importer.Found) string {
	if len(f.Sources) == 0 {
		return ""
	}
	in := ""
	if dir != "." {
		in = " -C " + filepath.ToSlash(dir)
	}
	return "To see where it differs from what runs: archcheck" + in + " drift --from" + strings.TrimPrefix(importLine(dir, f.Sources, twice(f)...), "archcheck import")
}

// mostOthers is how many sources that were not read are named with the command that reads them.
const mostOthers = 4

func (a *app) scaffold(dir, file, name string, found importer.Found) error {
	var say bytes.Buffer
	for _, s := range found.Sources {
		fmt.Fprintf(&say, "found     %s: %s\n", s.Kind, listed(s.Paths))
	}
	for i, s := range found.Others {
		if i == mostOthers && len(found.Others) > i+1 {
			fmt.Fprintf(&say, "also      %d more sources of the same parts, not read\n", len(found.Others)-i)
			break
		}
		if s.Kind == found.Sources[0].Kind {
			fmt.Fprintf(&say, "also      %s: %s, not read: it shows the same parts a second time. To read it instead:\n          %s\n", s.Kind, listed(s.Paths), importLine(dir, []importer.Source{s}))
			continue
		}
		fmt.Fprintf(&say, "also      %s: %s, not read: it is another way to run the system. To add what it knows:\n          %s\n", s.Kind, listed(s.Paths), importLine(dir, append(slices.Clone(found.Sources), s), twice(found)...))
	}
	for i, x := range found.Advice {
		if i == 3 && len(found.Sources) > 0 {
			fmt.Fprintf(&say, "render    %d more charts and kustomizations\n", len(found.Advice)-i)
			break
		}
		fmt.Fprintf(&say, "render    %s\n", x)
	}
	text, err := a.firstDescription(dir, name, found, &say)
	if err != nil {
		return err
	}
	if text == nil { // there is something to render first
		return a.print(say.Bytes())
	}
	if err := a.writeNew(file, text); err != nil {
		return err
	}
	fmt.Fprintf(&say, "wrote     %s\n", filepath.ToSlash(file))
	conf := filepath.Join(dir, config.Name)
	switch err := a.writeNew(conf, []byte(firstConfig)); {
	case err == nil:
		fmt.Fprintf(&say, "wrote     %s\n", filepath.ToSlash(conf))
	case !errors.Is(err, fs.ErrExist):
		return err
	default:
		fmt.Fprintf(&say, "kept      %s\n", filepath.ToSlash(conf))
	}
	next := "archcheck plan"
	if dir != "." {
		next += " " + filepath.ToSlash(dir)
	}
	if len(found.Sources) == 0 {
		next = "describe the system in " + filepath.ToSlash(file) + ", then " + next
	}
	fmt.Fprintf(&say, "\nNext: %s\n", next)
	return a.print(say.Bytes())
}

func listed(paths []string) string {
	if len(paths) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(paths[:2], ", "), len(paths)-2)
	}
	return strings.Join(paths, ", ")
}

// firstDescription imports what was found, seen from the folder itself so that comments name files as they lie beside
// the description. Without sources it is a skeleton; nil where sources have to be rendered first.
func (a *app) firstDescription(dir, name string, found importer.Found, say *bytes.Buffer) ([]byte, error) {
	if len(found.Sources) == 0 {
		if len(found.Advice) > 0 {
			return nil, nil
		}
		fmt.Fprintf(say, "found     nothing to make a description of: no compose file, manifest or drawing\n")
		if name == "" {
			abs, err := filepath.Abs(dir)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", dir, source.Cause(err))
			}
			name = importer.SystemName(abs)
		}
		return []byte(skeleton(name)), nil
	}
	if dir != "." {
		back, err := os.Getwd()
		if err != nil {
			return nil, source.Cause(err)
		}
		if err := os.Chdir(dir); err != nil {
			return nil, fmt.Errorf("%s: %w", dir, source.Cause(err))
		}
		defer func() { _ = os.Chdir(back) }()
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, source.Cause(err)
	}
	r := importer.Import(found.Sources, importer.Options{Name: name, Else: importer.SystemName(here), Stdin: a.In, Beside: os.ReadFile})
	if err := a.report(r.Diags, r.Files, "Nothing was written."); err != nil {
		return nil, err
	}
	text, err := described(r)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(say, "read      %s\n", inventory(r.Model))
	for _, l := range r.Left {
		a.verbosef("left out  %s", l)
	}
	if n := len(r.Left); n > 0 && !a.global.verbose {
		fmt.Fprintf(say, "left out  %d; archcheck -v %s lists them\n", n, strings.TrimPrefix(importLine(".", found.Sources, twice(found)...), "archcheck "))
	}
	return text, nil
}

const firstConfig = `# Configuration of archcheck for this folder and those below it.
fail_on = "high" # archcheck check fails on findings of this severity and above
`

// skeleton is a first description where there is nothing to read.
func skeleton(name string) string {
	return fmt.Sprintf(`# What runs, who calls whom, and with what limits: archcheck schema model is the reference.
system %q {
  # platform = "kubernetes"
  # slo      = { availability = "99.9%%" }
}

# client "web" {
#   kind     = "web"
#   rps      = 100
#   deadline = "3s"
#   call "shop" { to = service.shop }
# }
#
# service "shop" {
#   scale = { replicas = 2, zones = 2 }
#   call "db" {
#     to      = datastore.shop_db
#     timeout = "500ms"
#   }
# }
#
# datastore "shop_db" { kind = "relational" }
`, importer.Label(name))
}
