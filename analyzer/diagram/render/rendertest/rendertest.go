// Package rendertest gives the tests of all packages one compiled Graphviz.
//
// Compiling takes seconds; with one cache folder the first test of the first
// package pays for all. A test that starts the archcheck program sets
// XDG_CACHE_HOME to [CacheHome] for the same effect.
package rendertest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/render"
)

// CacheHomeEnv names the environment variable that moves the shared cache, for
// a build machine that keeps folders between runs.
const CacheHomeEnv = "ARCHCHECK_TEST_CACHE"

// CacheHome returns the folder that stands in for the user's cache directory
// in tests. It is created, readable by its owner alone.
func CacheHome(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv(CacheHomeEnv)
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			user = os.TempDir()
		}
		dir = filepath.Join(user, "archcheck-test")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// CacheDir returns the folder for [render.Options]' CacheDir: the one the
// program finds by itself below [CacheHome] on Linux.
func CacheDir(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(CacheHome(tb), "archcheck")
}

var (
	once   sync.Once
	shared *render.Renderer
	failed error
)

// Renderer returns a renderer shared by all tests of the process. It is not to
// be closed.
func Renderer(tb testing.TB) *render.Renderer {
	tb.Helper()
	once.Do(func() {
		shared, failed = render.New(context.Background(), render.Options{CacheDir: CacheDir(tb)})
	})
	if failed != nil {
		tb.Fatal(failed)
	}
	return shared
}

// SVG lays dot out with the engine dot and fails the test on an error and on a
// warning: what archcheck writes gives none. Unknown widths of characters
// beyond ASCII are no fault of the DOT and pass.
func SVG(tb testing.TB, dot []byte) []byte {
	tb.Helper()
	svg, warnings, err := Renderer(tb).Layout(context.Background(), dot, "dot")
	if err != nil {
		tb.Fatal(err)
	}
	for _, w := range warnings {
		if !strings.Contains(w, "width of non-ASCII character") {
			tb.Errorf("Graphviz warns: %s", w)
		}
	}
	return svg
}
