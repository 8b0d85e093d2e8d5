package engine

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
)

// maxPolicyBytes bounds one file of a bundle: policies are text written by people.
const maxPolicyBytes = 4 << 20

func embedded(mods []policies.Module) []*source {
	out := make([]*source, len(mods))
	for i, m := range mods {
		out[i] = &source{path: "policies/" + m.Path, text: m.Source}
	}
	return out
}

var schemaLine = regexp.MustCompile(`(?m)^# schemas: \[\{input: schema\.[a-z_]+\}\]$`)

// untyped blanks the schemas of cards. Reading one costs OPA half a millisecond, they only serve the stock tools, and
// tests have held archcheck's own to their subjects. Every position stays.
func untyped(srcs []*source) []*source {
	for _, s := range srcs {
		if s.own || s.digest != nil {
			continue
		}
		s.text = untypedText(s.text)
	}
	return srcs
}

func untypedText(text string) string {
	return schemaLine.ReplaceAllStringFunc(text, func(line string) string { return "#" + strings.Repeat(" ", len(line)-1) })
}

// readOwn reads a team's own policies: files, directories (with what is below them) and OPA bundles. Tests are left out;
// a bundle's copies of archcheck's own packages too, for archcheck uses those it was built with.
func readOwn(paths []string) ([]*source, error) {
	var out []*source
	var probs Problems
	seen := map[string]bool{}
	for _, p := range paths {
		got, err := readPath(p)
		if err != nil {
			probs = append(probs, unreadable(p, err))
			continue
		}
		for _, s := range got {
			if !seen[s.path] {
				seen[s.path] = true
				s.own = true
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b *source) int { return strings.Compare(a.path, b.path) })
	return out, probs.err()
}

func unreadable(path string, err error) *Problem {
	p := &Problem{Summary: "Policies cannot be read", Detail: err.Error()}
	p.Range.File = path
	if errors.Is(err, fs.ErrNotExist) {
		p.Detail = fmt.Sprintf("There is no %s. Name a .rego file, a directory of them, or a bundle made by archcheck policy bundle.", path)
	}
	return p
}

func readPath(path string) ([]*source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		switch {
		case strings.HasSuffix(path, ".tar.gz"), strings.HasSuffix(path, ".tgz"):
			return readBundle(path)
		case strings.HasSuffix(path, ".rego"):
			b, err := os.ReadFile(path)
			return []*source{{path: filepath.ToSlash(path), text: string(b)}}, err
		}
		return nil, fmt.Errorf("%s is neither a .rego file nor a bundle (.tar.gz)", path)
	}
	var out []*source
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != path && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !isPolicy(p) {
			return nil
		}
		b, err := os.ReadFile(p)
		out = append(out, &source{path: filepath.ToSlash(p), text: string(b)})
		return err
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s holds no policy: no .rego file other than tests is below it. archcheck policy new writes one", path)
	}
	return out, err
}

// readTests reads the tests beside a team's own policies.
func readTests(paths []string) ([]*source, error) {
	var out []*source
	for _, p := range paths {
		err := filepath.WalkDir(p, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, "_test.rego") {
				return err
			}
			b, err := os.ReadFile(p)
			out = append(out, &source{path: filepath.ToSlash(p), text: string(b)})
			return err
		})
		if err != nil {
			return nil, Problems{unreadable(p, err)}
		}
	}
	slices.SortFunc(out, func(a, b *source) int { return strings.Compare(a.path, b.path) })
	return slices.CompactFunc(out, func(a, b *source) bool { return a.path == b.path }), nil
}

func isPolicy(path string) bool {
	return strings.HasSuffix(path, ".rego") && !strings.HasSuffix(path, "_test.rego")
}

// readBundle reads the Rego files of an OPA bundle.
func readBundle(path string) ([]*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s is no bundle: %w", path, err)
	}
	var out []*source
	tr := tar.NewReader(zr)
	for {
		h, err := tr.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s is no bundle: %w", path, err)
		}
		if h.Typeflag != tar.TypeReg || !isPolicy(h.Name) {
			continue
		}
		if h.Size > maxPolicyBytes {
			return nil, fmt.Errorf("%s in %s has %d bytes, more than the %d that a policy may have", h.Name, path, h.Size, maxPolicyBytes)
		}
		b, err := io.ReadAll(tr)
		if err != nil {
			return nil, fmt.Errorf("%s is no bundle: %w", path, err)
		}
		if ownPackage.MatchString(string(b)) {
			continue
		}
		out = append(out, &source{path: filepath.ToSlash(path) + "/" + strings.TrimPrefix(h.Name, "/"), text: string(b)})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no policy of a team: every package in it is one of archcheck's own", path)
	}
	return out, nil
}

// parse parses the sources side by side.
func parse(srcs []*source) Problems {
	opts := ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: capabilities()}
	var mu sync.Mutex
	var probs Problems
	parallel(len(srcs), func(i int) {
		s := srcs[i]
		if s.mod != nil || s.digest != nil {
			return
		}
		mod, err := ast.ParseModuleWithOpts(s.path, s.text, opts)
		if err == nil && mod == nil {
			err = ast.NewError(ast.ParseErr, &ast.Location{File: s.path, Row: 1, Col: 1}, "the file is empty")
		}
		if err != nil {
			mu.Lock()
			probs = append(probs, problemsOf(err, func(string) *source { return s })...)
			mu.Unlock()
			return
		}
		s.mod, s.pkg = mod, packageName(mod)
	})
	return probs
}

// parallel calls f for 0..n-1 on all processors and waits.
func parallel(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}
