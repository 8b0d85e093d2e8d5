package dsl

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// Limits of the input. At HCL's parsing speed a model of this size takes half a minute.
const (
	MaxFile  = 32 << 20 // bytes of one file
	MaxModel = 64 << 20 // bytes of all files together
)

// Options say where Load finds what paths do not.
type Options struct {
	Stdin     io.Reader         // read for the path "-"
	StdinName string            // its name in messages; "<stdin>" if empty
	Alone     bool              // a file stands for itself: waivers.hcl beside it is not read
	Skipped   func(name string) // told of every *.hcl file of a directory that is left out
}

// Load reads a model from files, directories or "-", the current directory where no path is given. A directory is one
// model of its *.hcl files; its subdirectories are not read. Beside a file, waivers.hcl is read too.
//
// The model is never nil and always holds the files that could be read, for snippets; where the diagnostics have errors
// it must not be evaluated.
func Load(paths []string, opts Options) (*model.Model, source.Diagnostics) {
	files, diags := ReadFiles(paths, opts)
	if diags.HasErrors() {
		m := &model.Model{Files: files}
		m.Index()
		return m, diags
	}
	return Parse(files)
}

// Parse builds a model from files in memory; Load describes what it returns.
func Parse(files []model.File) (*model.Model, source.Diagnostics) {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b model.File) int { return cmp.Compare(a.Name, b.Name) })
	m := &model.Model{Files: files}
	perFile := make([][]*decoder, len(files))
	parallel(len(files), func(i int) { perFile[i] = decode(files[i]) })
	decoders := slices.Concat(perFile...)
	r := &resolver{m: m}
	complete := true
	for _, d := range decoders {
		r.diags = append(r.diags, d.diags...)
		complete = complete && len(d.diags) == 0
		r.merge(d)
	}
	m.Index()
	r.declare()
	if len(r.known) == 0 && complete {
		r.diags = append(r.diags, nothing(files))
	} else if m.System == nil && complete {
		r.diags = append(r.diags, source.Diagnostic{Summary: "Missing system block", Range: model.Range{File: files[0].Name},
			Detail: "A model describes one system. Write system \"NAME\" { … } once, with its platform and objective if you know them."})
	}
	if !slices.ContainsFunc(decoders, func(d *decoder) bool { return d.lost.top }) {
		for _, d := range decoders {
			for _, p := range d.refs {
				r.check(p)
			}
		}
		if !slices.ContainsFunc(decoders, func(d *decoder) bool { return d.lost.nested }) {
			r.triggers()
		}
	}
	r.members()
	r.diags.Sort()
	if !r.diags.HasErrors() {
		r.diags = append(r.diags, inherit(m)...)
		r.diags.Sort()
	}
	return m, r.diags
}

// merge appends one decoder's entities.
func (r *resolver) merge(d *decoder) {
	if d.out.System != nil && r.m.System != nil {
		first, second := r.m.System.Decl, d.out.System.Decl
		detail := fmt.Sprintf("A model describes one system; the first is declared at %s:%d.", first.File, first.Start.Line)
		if first.File != second.File {
			r.apart = [2]string{first.File, second.File}
			detail += " The files named, or all *.hcl of a folder, form one model: name one of these two, or move the other away."
		}
		r.errorf(nil, second, "Two systems", "%s", detail)
	} else if d.out.System != nil {
		r.m.System = d.out.System
	}
	from, to := reflect.ValueOf(&d.out).Elem(), reflect.ValueOf(r.m).Elem()
	for _, bf := range plans().root {
		if f := to.FieldByIndex(bf.index); f.Kind() == reflect.Slice {
			f.Set(reflect.AppendSlice(f, from.FieldByIndex(bf.index)))
		}
	}
}

func nothing(files []model.File) source.Diagnostic {
	d := source.Diagnostic{Summary: "Nothing to evaluate", Detail: "The input holds no block. A description begins with system \"NAME\" { … }; archcheck init writes a first one."}
	if len(files) == 1 {
		d.Range.File = files[0].Name
	}
	return d
}

// parallel runs work for 0 … n-1 on all processors.
func parallel(n int, work func(int)) {
	if n == 1 {
		work(0)
		return
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// ReadFiles finds and reads the files of a model; Load describes what belongs to one. Names are as the user gave them,
// with forward slashes.
func ReadFiles(paths []string, opts Options) ([]model.File, source.Diagnostics) {
	r := &reader{opts: opts, seen: map[string]bool{}}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, p := range paths {
		r.path(p)
	}
	r.diags.Sort()
	slices.SortStableFunc(r.files, func(a, b model.File) int { return cmp.Compare(a.Name, b.Name) })
	return r.files, r.diags
}

type reader struct {
	opts  Options
	files []model.File
	seen  map[string]bool
	total int64
	diags source.Diagnostics
}

func (r *reader) errorf(name, summary, format string, args ...any) {
	r.diags = append(r.diags, source.Diagnostic{Summary: summary, Detail: fmt.Sprintf(format, args...), Range: model.Range{File: name}})
}

func (r *reader) path(p string) {
	if p == "-" {
		name := cmp.Or(r.opts.StdinName, "<stdin>")
		if r.opts.Stdin != nil && !r.seen["-"] {
			r.seen["-"] = true
			r.read(name, r.opts.Stdin)
		}
		return
	}
	name := filepath.ToSlash(filepath.Clean(p))
	st, err := os.Stat(p)
	switch {
	case err != nil:
		r.unreadable(p, err)
	case st.IsDir():
		r.dir(p, name)
	default:
		r.file(p, name)
		if beside := filepath.Join(filepath.Dir(p), "waivers.hcl"); !r.opts.Alone && filepath.Base(p) != "waivers.hcl" {
			if st, err := os.Stat(beside); err == nil && st.Mode().IsRegular() {
				r.file(beside, path.Join(path.Dir(name), "waivers.hcl"))
			}
		}
	}
}

func (r *reader) unreadable(name string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		hint := "Name an HCL file, a directory of them, or - for standard input."
		if near := suggest.File(name, ".hcl"); near != "" {
			hint = "Did you mean " + near + "?"
		}
		r.errorf("", "File not found", "There is no file or directory %q. %s", name, hint)
		return
	}
	r.errorf("", "Unreadable input", "%q cannot be read: %s.", name, source.Cause(err))
}

// otherTools are endings of HCL files that belong to other programs.
var otherTools = []string{".pkr.hcl", ".nomad.hcl"}

// IsModelFile reports whether a file of this name is part of the model that its directory is.
func IsModelFile(name string) bool { return strings.HasSuffix(name, ".hcl") && !left(name) }

// left reports whether a directory's file is no part of the model.
func left(name string) bool {
	return strings.HasPrefix(name, ".") || name == "terragrunt.hcl" ||
		slices.ContainsFunc(otherTools, func(end string) bool { return strings.HasSuffix(name, end) })
}

func (r *reader) dir(dir, shown string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		r.unreadable(dir, err)
		return
	}
	found, skipped := 0, 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".hcl") || e.IsDir() {
			continue
		}
		name := path.Join(shown, e.Name())
		if !IsModelFile(e.Name()) {
			skipped++
			if r.opts.Skipped != nil {
				r.opts.Skipped(name)
			}
			continue
		}
		found++
		r.file(filepath.Join(dir, e.Name()), name)
	}
	if found == 0 {
		more := "Subdirectories are not read: name the one that you mean."
		if skipped > 0 {
			more = fmt.Sprintf("%d of other tools were left out; name a file to read it.", skipped)
		}
		r.errorf("", "Nothing to evaluate", "The directory %q holds no *.hcl file that describes a system. %s", dir, more)
	}
}

func (r *reader) file(p, name string) {
	if r.seen[name] {
		return
	}
	r.seen[name] = true
	f, err := os.Open(p)
	if err != nil {
		r.unreadable(p, err)
		return
	}
	defer f.Close()
	r.read(name, f)
}

// read takes at most what is left of the limits.
func (r *reader) read(name string, in io.Reader) {
	b, err := io.ReadAll(io.LimitReader(in, MaxFile+1))
	if err != nil {
		r.unreadable(name, err)
		return
	}
	if len(b) > MaxFile {
		r.errorf(name, "File too large", "A file holds at most %d MiB. Split it: a directory of files is one model.", MaxFile>>20)
		return
	}
	if r.total += int64(len(b)); r.total > MaxModel {
		r.errorf(name, "Model too large", "The files of a model hold at most %d MiB together.", MaxModel>>20)
		return
	}
	r.files = append(r.files, model.File{Name: name, Bytes: b})
}
