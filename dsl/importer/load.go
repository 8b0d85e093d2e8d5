package importer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// Limits of the input.
const (
	maxFile  = 64 << 20  // bytes of one file
	maxTotal = 128 << 20 // bytes of all files together
)

// loader finds and reads the files of the sources, each one once.
type loader struct {
	opts  Options
	files []model.File
	seen  map[string]model.File
	left  []string
	total int64
	diags source.Diagnostics
}

func (l *loader) problem(file, summary, format string, args ...any) {
	l.diags = append(l.diags, source.Diagnostic{Summary: summary, Detail: fmt.Sprintf(format, args...), Range: model.Range{File: file}})
}

func (l *loader) load(k Kind, paths []string) []model.File {
	var out []model.File
	for _, p := range paths {
		switch st, err := os.Stat(p); {
		case p == "-":
			if l.opts.Stdin == nil {
				continue
			}
			if f, ok := l.take("<stdin>", l.opts.Stdin); ok {
				out = append(out, f)
			}
		case err != nil:
			l.unreadable(k, p, err)
		case st.IsDir():
			out = append(out, l.dir(k, p)...)
		default:
			if f, ok := l.open(p); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

func (l *loader) unreadable(k Kind, p string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		hint := ""
		if near := suggest.File(p, ".yaml", ".yml", ".json"); near != "" {
			hint = " Did you mean " + near + "?"
		}
		l.problem("", "File not found", "There is no file or directory %q to read as %s.%s", p, k.Name, hint)
		return
	}
	l.problem("", "Unreadable input", "%q cannot be read: %s.", p, source.Cause(err))
}

// skipDirs are folders that hold no sources of the system itself.
var skipDirs = map[string]bool{"node_modules": true, "vendor": true, "target": true, "dist": true}

// dir takes the files of a directory that belong to the kind.
func (l *loader) dir(k Kind, root string) []model.File {
	var out []model.File
	if k.files != nil {
		for _, n := range k.files {
			if st, err := os.Stat(filepath.Join(root, n)); err == nil && st.Mode().IsRegular() {
				if f, ok := l.open(filepath.Join(root, n)); ok {
					out = append(out, f)
				}
			}
		}
		if len(out) == 0 {
			l.problem("", "Nothing to read", "The directory %q holds none of %s.", root, strings.Join(k.files, ", "))
		}
		return out
	}
	charts := 0
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := e.Name()
		if e.IsDir() {
			if p != root && (strings.HasPrefix(name, ".") || skipDirs[name]) {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "Chart.yaml")); err == nil {
				charts++
				l.problem(filepath.ToSlash(filepath.Join(p, "Chart.yaml")), "Helm chart that has not been rendered",
					"A chart is a template: what runs depends on its values. Render it and read the result: helm template %s | archcheck import kubernetes -", filepath.ToSlash(p))
				return fs.SkipDir
			}
			return nil
		}
		if !e.Type().IsRegular() || strings.HasPrefix(name, ".") || !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name))) {
			return nil
		}
		if f, ok := l.open(p); ok {
			out = append(out, f)
		}
		return nil
	})
	if err != nil {
		l.unreadable(k, root, err)
	}
	if len(out) == 0 && charts == 0 {
		l.problem("", "Nothing to read", "The directory %q holds no YAML or JSON file.", root)
	}
	return out
}

func (l *loader) open(p string) (model.File, bool) {
	name := filepath.ToSlash(filepath.Clean(p))
	if f, ok := l.seen[name]; ok {
		return f, true
	}
	in, err := os.Open(p)
	if err != nil {
		l.unreadable(Kind{}, p, err)
		return model.File{}, false
	}
	defer in.Close()
	return l.take(name, in)
}

func (l *loader) take(name string, in io.Reader) (model.File, bool) {
	if f, ok := l.seen[name]; ok {
		return f, true
	}
	b, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		l.unreadable(Kind{}, name, err)
		return model.File{}, false
	}
	if l.total += int64(len(b)); len(b) > maxFile || l.total > maxTotal {
		l.problem(name, "Input too large", "A file holds at most %d MiB, all files together %d MiB.", maxFile>>20, maxTotal>>20)
		return model.File{}, false
	}
	f := model.File{Name: name, Bytes: b}
	l.seen[name] = f
	l.files = append(l.files, f)
	return f, true
}

// common are names of folders that say what is in them and not whose it is.
var common = map[string]bool{
	"docker-compose": true, "compose": true, "docker": true, "deploy": true, "deployment": true, "deployments": true, "k8s": true, "kube": true,
	"kubernetes": true, "kubernetes-manifests": true, "manifests": true, "base": true, "infra": true, "infrastructure": true, "ops": true, "config": true,
}

// SystemName is what a system may be called that is found in a folder: the folder's name, or that of the nearest one
// around it that says more than "deploy" or "k8s". It is empty for the root.
func SystemName(dir string) string {
	dir = filepath.ToSlash(dir)
	own := path.Base(dir)
	for d := dir; ; d = path.Dir(d) {
		base := path.Base(d)
		if base == "/" || base == "." {
			break
		}
		if !common[strings.ToLower(base)] {
			return base
		}
	}
	if own == "/" || own == "." {
		return ""
	}
	return own
}

// folder is the name of the folder that the first source stands in: a system's name where no source has one.
func folder(sources []Source) string {
	for _, s := range sources {
		for _, p := range s.Paths {
			if p == "-" {
				continue
			}
			abs, err := filepath.Abs(p)
			if err != nil {
				continue
			}
			if st, err := os.Stat(abs); err == nil && !st.IsDir() {
				abs = filepath.Dir(abs)
			}
			if name := SystemName(abs); name != "" {
				return name
			}
		}
	}
	return "system"
}
