package render

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"
)

//go:embed graphviz.wasm
var graphviz []byte

// memoryPages limits an instance to 1 GiB (pages of 64 KiB). A graph of 200
// nodes takes some 30 MiB; the limit turns a runaway layout into an error.
const memoryPages = 16384

// wazeroVersion is the release that go.mod requires. It is part of the cache
// folder's name because wazero cannot always tell its own version, and code of
// another release must not run.
const wazeroVersion = "v1.12.0"

// folderName is that of the folder for compiled code.
const folderName = "graphviz-" + GraphvizVersion + "-wazero-" + wazeroVersion

// abandoned is the age from which a temporary file in the cache folder
// belongs to no living process: compiling takes seconds.
const abandoned = time.Hour

const (
	noticeFirst = "Preparing the diagram renderer; this happens once and takes a few seconds."
	noticeEvery = "Preparing the diagram renderer; its cache folder cannot be written, so every run takes a few seconds more."
)

// prepare compiles the module or loads it from the cache. A cache that turns
// out damaged is emptied and filled again; one that fails again is left alone.
func (r *Renderer) prepare(ctx context.Context, o Options) error {
	dir := cacheFolder(o.CacheDir)
	warm := dir != "" && filled(dir)
	if !warm && dir != "" {
		sweep(dir)
		if !writable(dir) {
			dir = ""
		}
	}
	if !warm && o.Notice != nil {
		if dir == "" {
			o.Notice(noticeEvery)
		} else {
			o.Notice(noticeFirst)
		}
	}
	err := r.compile(ctx, dir)
	if err != nil && ctx.Err() == nil && dir != "" {
		if warm && owned(dir) && os.RemoveAll(dir) == nil && writable(dir) {
			if o.Notice != nil {
				o.Notice(noticeFirst)
			}
			err = r.compile(ctx, dir)
		}
		if err != nil && ctx.Err() == nil {
			err = r.compile(ctx, "")
		}
	}
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), r.free())
	}
	return err
}

// compile makes the runtime, the compiled module and the functions it imports.
func (r *Renderer) compile(ctx context.Context, dir string) (err error) {
	defer func() {
		// The decoder of cached code trusts its input more than we do.
		if p := recover(); p != nil {
			err = fmt.Errorf("render: loading the embedded Graphviz: %v", p)
		}
		if err != nil {
			err = errors.Join(err, r.free())
		}
	}()
	r.cache = wazero.NewCompilationCache()
	if dir != "" {
		if r.cache, err = wazero.NewCompilationCacheWithDir(dir); err != nil {
			return err
		}
	}
	r.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
		WithCompilationCache(r.cache).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true))
	// Two workers at least: only then does compiling heed the context.
	workers := min(max(goruntime.GOMAXPROCS(0), 2), 8)
	r.compiled, err = r.runtime.CompileModule(experimental.WithCompilationWorkers(ctx, workers), graphviz)
	if err != nil {
		return err
	}
	return provideImports(ctx, r.runtime, r.compiled)
}

// cacheFolder returns the folder for this module's code, or "" where the user
// has no cache directory or others may write into it: what lies there is run.
func cacheFolder(base string) string {
	if base == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		base = filepath.Join(user, "archcheck")
	}
	dir := filepath.Join(base, folderName)
	if st, err := os.Stat(dir); err == nil && !private(st) {
		return ""
	}
	return dir
}

// private reports whether only the owner may change the folder. Windows keeps
// no such bits; there the user's profile is private by its access list.
func private(st os.FileInfo) bool {
	return st.IsDir() && (goruntime.GOOS == "windows" || st.Mode().Perm()&0o022 == 0)
}

// owned reports whether dir is one that cacheFolder named, and so ours to empty.
func owned(dir string) bool { return filepath.Base(dir) == folderName }

// filled reports whether the folder holds code compiled for this platform.
func filled(dir string) bool {
	entries, _ := filepath.Glob(filepath.Join(dir, "wazero-*-"+goruntime.GOARCH+"-"+goruntime.GOOS, "*"))
	for _, e := range entries {
		if filepath.Ext(e) != ".tmp" {
			return true
		}
	}
	return false
}

// sweep removes what processes that were killed while writing left behind.
func sweep(dir string) {
	entries, _ := filepath.Glob(filepath.Join(dir, "wazero-*", "*.tmp"))
	for _, e := range entries {
		if st, err := os.Stat(e); err == nil && time.Since(st.ModTime()) > abandoned {
			os.Remove(e)
		}
	}
}

// writable creates the folder and tries to write, before seconds are spent on
// code that could not be kept.
func writable(dir string) bool {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false
	}
	f, err := os.CreateTemp(dir, "probe")
	if err != nil {
		return false
	}
	f.Close()
	return os.Remove(f.Name()) == nil
}
