package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

// cached lists the files below dir, relative to it.
func cached(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			files = append(files, rel)
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// start makes a renderer in dir, draws once and returns the notices.
func start(t *testing.T, dir string) []string {
	t.Helper()
	var notices []string
	r, err := New(context.Background(), Options{CacheDir: dir, Notice: func(s string) { notices = append(notices, s) }})
	if err != nil {
		t.Error(err)
		return nil
	}
	defer r.Close()
	if svg, err := r.SVG(context.Background(), []byte("digraph { a }"), ""); err != nil || !strings.Contains(string(svg), "<title>a</title>") {
		t.Errorf("drew %q, %v", svg, err)
	}
	return notices
}

func TestChecksum(t *testing.T) {
	sum := sha256.Sum256(graphviz)
	if got := hex.EncodeToString(sum[:]); got != wasmSHA256 {
		t.Errorf("graphviz.wasm has SHA-256 %s, pinned is %s; run go generate", got, wasmSHA256)
	}
	notice, err := os.ReadFile("../../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(notice), "Graphviz "+GraphvizVersion) {
		t.Errorf("NOTICE does not name Graphviz %s", GraphvizVersion)
	}
	for _, name := range []string{"graphviz-EPL-1.0.txt", "viz-js-MIT.txt", "runtime-MIT.txt"} {
		if _, err := os.Stat(filepath.Join("licenses", name)); err != nil || !strings.Contains(string(notice), name) {
			t.Errorf("licence %s is missing or not in NOTICE: %v", name, err)
		}
	}
}

func TestWazeroVersion(t *testing.T) {
	mod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/tetratelabs/wazero "+wazeroVersion+"\n") {
		t.Errorf("go.mod requires another wazero than %s: change the constant with it", wazeroVersion)
	}
}

// One cold folder, in order: several starts at once fill it, a later one finds
// it warm, a damaged one is filled again.
func TestCacheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "cache")
	notices := make([][]string, 3)
	var wg sync.WaitGroup
	for i := range notices {
		wg.Go(func() { notices[i] = start(t, dir) })
	}
	wg.Wait()
	said := slices.Concat(notices...)
	for _, n := range said {
		if n != noticeFirst {
			t.Errorf("notice %q", n)
		}
	}
	if len(said) == 0 || len(said) > 3 {
		t.Errorf("%d notices of three starts", len(said))
	}
	files := cached(t, dir)
	if len(files) != 1 || strings.HasSuffix(files[0], ".tmp") {
		t.Fatalf("cache folder holds %q, want one file of code", files)
	}
	if n := start(t, dir); len(n) != 0 {
		t.Errorf("a warm start says %q", n)
	}

	code := filepath.Join(dir, files[0])
	if err := os.Truncate(code, 100_000); err != nil {
		t.Fatal(err)
	}
	if n := start(t, dir); len(n) != 1 {
		t.Errorf("mending a damaged cache says %q, want one notice", n)
	}
	if st, err := os.Stat(code); err != nil || st.Size() <= 100_000 {
		t.Errorf("the damaged cache was not filled again: %v", err)
	}
	if n := start(t, dir); len(n) != 0 {
		t.Errorf("a start after mending says %q", n)
	}
}

// A home that cannot be written, here because a file stands where the folder
// should be, costs the time of compiling and nothing else.
func TestUnwritableHome(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	if n := start(t, filepath.Join(file, "cache")); !slices.Equal(n, []string{noticeEvery}) {
		t.Errorf("notices %q", n)
	}
}

func TestCancelPreparing(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithTimeout(context.Background(), 60*time.Millisecond)
	defer stop()
	begin := time.Now()
	r, err := New(ctx, Options{CacheDir: dir})
	if !errors.Is(err, context.DeadlineExceeded) || r != nil {
		t.Errorf("New gives %v, %v", r, err)
	}
	if d := time.Since(begin); d > 2*time.Second {
		t.Errorf("stopping took %v", d)
	}
	if files := cached(t, dir); len(files) != 0 {
		t.Errorf("left behind: %q", files)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(ctx, Options{CacheDir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("New gives %v", err)
	}
}

// Code that others may replace is not run.
func TestSharedFolderIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no permission bits there
	}
	base := t.TempDir()
	dir := cacheFolder(base)
	if filepath.Dir(dir) != base {
		t.Fatalf("cache folder %q is not in %q", dir, base)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := cacheFolder(base); got != dir {
		t.Errorf("a private folder gives %q", got)
	}
	if err := os.Chmod(dir, 0o770); err != nil {
		t.Fatal(err)
	}
	if got := cacheFolder(base); got != "" {
		t.Errorf("a folder the group may write gives %q", got)
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	sub := filepath.Join(dir, "wazero-v1-"+runtime.GOARCH+"-"+runtime.GOOS)
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"old.tmp": 2 * abandoned, "young.tmp": time.Minute} {
		path := filepath.Join(sub, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if filled(dir) {
		t.Error("a folder of unfinished files counts as filled")
	}
	sweep(dir)
	if files := cached(t, dir); len(files) != 1 || filepath.Base(files[0]) != "young.tmp" {
		t.Errorf("left: %q", files)
	}
	if err := os.WriteFile(filepath.Join(sub, "code"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if !filled(dir) {
		t.Error("a folder with code does not count as filled")
	}
}

// The table of names and the module belong together: every import is known and
// provided, every export that the table names exists.
func TestTableFitsModule(t *testing.T) {
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer rt.Close(ctx)
	m, err := rt.CompileModule(ctx, graphviz)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(m.ImportedFunctions()); got != len(imports) || got != len(hostFuncs) {
		t.Errorf("the module imports %d functions, the table names %d, %d are provided", got, len(imports), len(hostFuncs))
	}
	for name, short := range exports {
		_, function := m.ExportedFunctions()[short]
		if !function && name != "memory" && name != "indirect_function_table" {
			t.Errorf("the module exports no %s (%s)", short, name)
		}
	}
}
