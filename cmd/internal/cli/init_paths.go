package cli

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer"
)

// importLine is the command that reads sources, which were found below a folder. Long lists of files are named by folders
// and patterns that mean them and nothing that was left alone: charts, variants, the same parts a second time.
func importLine(base string, sources []importer.Source, others ...importer.Source) string {
	var apart []string
	for _, o := range others {
		apart = append(apart, o.Paths...)
	}
	line := "archcheck import"
	for _, s := range sources {
		paths := s.Paths
		if len(paths) > 3 {
			paths = shorter(base, paths, apart)
		}
		line += " " + s.Kind + " " + strings.Join(paths, " ")
	}
	return line
}

// shorter names files by folders and patterns that mean none of those that are to stay apart.
func shorter(base string, paths, apart []string) []string {
	var out, whole []string
	done := map[string]bool{}
	for _, p := range paths {
		dir := path.Dir(p)
		if done[p] || slices.ContainsFunc(whole, func(w string) bool { return within(p, w) }) {
			continue
		}
		if dir != "." && covers(base, dir, paths, apart, true) {
			whole = append(whole, dir)
			out = slices.DeleteFunc(out, func(o string) bool { return within(o, dir) })
			out = append(out, dir)
			continue
		}
		glob := path.Join(dir, "*"+path.Ext(p))
		if !covers(base, glob, paths, apart, false) {
			out = append(out, p)
			continue
		}
		out = append(out, glob)
		for _, o := range paths {
			done[o] = done[o] || path.Dir(o) == dir && path.Ext(o) == path.Ext(p)
		}
	}
	return out
}

func within(p, dir string) bool { return strings.HasPrefix(p, dir+"/") }

// covers reports whether a folder with all below it, or a pattern of one folder, means nothing beyond the given files but
// what lies beside them and shows no parts.
func covers(base, what string, paths, apart []string, deep bool) bool {
	dir, ext := what, ""
	if !deep {
		dir, ext = path.Dir(what), path.Ext(what)
	}
	root := filepath.Join(base, filepath.FromSlash(dir))
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if p != root && !deep {
				return fs.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(base, p)
		if err != nil {
			return err
		}
		switch x := strings.ToLower(path.Ext(p)); {
		case strings.HasPrefix(e.Name(), "."), ext != "" && x != ext, x != ".yaml" && x != ".yml" && x != ".json":
		case slices.Contains(apart, filepath.ToSlash(rel)):
			return os.ErrExist
		case !slices.ContainsFunc(paths, func(o string) bool { return path.Dir(o) == path.Dir(filepath.ToSlash(rel)) }):
			return os.ErrExist
		}
		return nil
	})
	return err == nil
}
