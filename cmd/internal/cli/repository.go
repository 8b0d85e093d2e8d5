package cli

import (
	"os"
	"path/filepath"
	"strings"
)

// inRepository is a file's name as those know it who see a whole repository (code scanning, merge requests): relative to
// the folder with .git at or above the file, links resolved. Outside of any repository it is relative to the current
// directory, and a file that lies outside of that too keeps its base name: no name ever leads upward or from the root.
func inRepository(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return filepath.ToSlash(filepath.Base(name))
	}
	// The file may not exist (standard input); its folder may.
	dir := filepath.Dir(abs)
	if d, err := filepath.EvalSymlinks(dir); err == nil {
		dir = d
	}
	if f, err := filepath.EvalSymlinks(abs); err == nil {
		abs, dir = f, filepath.Dir(f)
	} else {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	root := repositoryRoot(dir)
	if root == "" {
		wd, err := os.Getwd()
		if err != nil {
			return filepath.ToSlash(filepath.Base(abs))
		}
		if root, err = filepath.EvalSymlinks(wd); err != nil {
			root = wd
		}
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		rel = filepath.Base(abs)
	}
	return filepath.ToSlash(rel)
}

// repositoryRoot is the nearest folder at or above dir that holds .git, a folder or, in a worktree, a file; empty where
// there is none.
func repositoryRoot(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
