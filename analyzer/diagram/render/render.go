// Package render turns DOT into SVG with a Graphviz that is part of the
// program, so that diagrams need nothing installed.
//
// Two steps, both deterministic. [Renderer.SVG] lays a graph out and returns
// what Graphviz drew. [Dress] turns that into a picture that stands alone:
// titles for people and screen readers, widths that hold without the font,
// light and dark, no link but to an address within the page.
//
// Rules of the package:
//   - Graphviz runs in a fresh WebAssembly instance per layout, without files,
//     clock, environment or randomness: the bytes depend on the DOT alone.
//   - A message of level error fails the render, even where Graphviz itself
//     carries on with a damaged picture.
//   - The compiled module is kept in the user's cache folder. Every trouble
//     with that folder costs time, never the picture.
package render

//go:generate go run ./refetch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Options choose where the renderer keeps its compiled code and how it speaks.
// The zero value is what a command-line run wants, only silent.
type Options struct {
	// CacheDir is the folder for compiled code; it is created when absent.
	// Empty means the folder archcheck in the user's cache directory.
	CacheDir string
	// Notice receives, at most once, one sentence without a final line break
	// when New has to compile the embedded Graphviz, which takes seconds.
	Notice func(string)
	// Dot is the path or name of an installed dot program to use in place of
	// the embedded Graphviz. Empty means embedded.
	Dot string
}

// Renderer lays graphs out. It may be used by several goroutines at once.
type Renderer struct {
	dot string // path of the installed program; empty: embedded

	mu       sync.RWMutex // held for reading by layouts, for writing by Close
	closed   bool
	runtime  wazero.Runtime
	cache    wazero.CompilationCache
	compiled wazero.CompiledModule
}

// Error is Graphviz's refusal of a graph, in its own words.
type Error struct {
	// Messages are those of level error in the order Graphviz gave them.
	Messages []string
}

func (e *Error) Error() string { return "Graphviz: " + strings.Join(e.Messages, "; ") }

// ErrClosed is returned by SVG after Close.
var ErrClosed = errors.New("render: renderer is closed")

// New prepares a renderer. It compiles the embedded Graphviz, or takes the
// compiled code from the cache folder. When ctx is done before that, New
// returns ctx's error and leaves nothing half-written behind.
func New(ctx context.Context, o Options) (*Renderer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &Renderer{}
	if o.Dot != "" {
		path, err := lookDot(o.Dot)
		if err != nil {
			return nil, err
		}
		r.dot = path
		return r, nil
	}
	if err := r.prepare(ctx, o); err != nil {
		return nil, err
	}
	return r, nil
}

// SVG lays dot out with the named engine (empty means "dot") and returns the
// SVG of Graphviz, unchanged but for what XML forbids. A graph that
// Graphviz refuses gives an [*Error]; a context that is done gives its error.
func (r *Renderer) SVG(ctx context.Context, dot []byte, engine string) ([]byte, error) {
	svg, _, err := r.Layout(ctx, dot, engine)
	return svg, err
}

// Layout is SVG with Graphviz's warnings, in its order and words. DOT written
// by archcheck gives none, except that the embedded Graphviz knows no widths
// for characters beyond ASCII and says so once per character.
func (r *Renderer) Layout(ctx context.Context, dot []byte, engine string) (svg []byte, warnings []string, err error) {
	if engine == "" {
		engine = "dot"
	}
	if !slices.Contains(engines, engine) {
		return nil, nil, fmt.Errorf("render: unknown layout engine %q (known: %s)", engine, strings.Join(engines, ", "))
	}
	if i := slices.Index(dot, 0); i >= 0 {
		return nil, nil, fmt.Errorf("render: the DOT has a NUL byte at offset %d; Graphviz would stop reading there", i)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.closed {
		return nil, nil, ErrClosed
	}
	var log messages
	if r.dot != "" {
		svg, log, err = runDot(ctx, r.dot, clean(dot), engine)
	} else {
		svg, log, err = r.layout(ctx, clean(dot), engine)
	}
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if len(log.errors) > 0 {
		return nil, nil, &Error{Messages: log.errors}
	}
	if err != nil {
		return nil, nil, err
	}
	return mend(clean(svg)), log.warnings, nil
}

// Close frees the renderer after the layouts under way. It may be called
// more than once.
func (r *Renderer) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	return r.free()
}

func (r *Renderer) free() error {
	ctx := context.Background()
	var errs []error
	if r.runtime != nil {
		errs = append(errs, r.runtime.Close(ctx))
	}
	if r.cache != nil {
		errs = append(errs, r.cache.Close(ctx))
	}
	r.runtime, r.cache, r.compiled = nil, nil, nil
	return errors.Join(errs...)
}

// call runs an exported function of an instance by its readable name.
func call(ctx context.Context, m api.Module, name string, args ...uint64) (uint32, error) {
	f := m.ExportedFunction(exports[name])
	if f == nil {
		return 0, fmt.Errorf("render: the embedded Graphviz does not export %s", name)
	}
	res, err := f.Call(ctx, args...)
	if err != nil || len(res) == 0 {
		return 0, err
	}
	return api.DecodeU32(res[0]), nil
}
