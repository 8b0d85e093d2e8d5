package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/archcheck/archcheck/analyzer/report"
)

// render writes one report in one format.
type render func(io.Writer, *report.Report) error

// format is one way to write a report.
type format struct {
	name   string
	render func(a *app, o *outputs, stdout bool) render
}

// outputs are the values of -o: formats and where each goes.
type outputs struct {
	specs      []string
	text       textFlags
	suppressed bool
}

// textFlags are the flags that only the text format reads.
type textFlags struct {
	all, summary, assumptions bool
	path                      string
}

func (o *outputs) register(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.specs, "output", "o", nil, "write as `FORMAT[=FILE]`, repeatable: "+formatNames(reportFormats()))
	f.BoolVar(&o.text.all, "all", false, "text: every finding and question, not the first ones")
	f.BoolVar(&o.text.summary, "summary", false, "text: the last lines only")
	f.BoolVar(&o.suppressed, "sarif-suppressed", false, "sarif: keep waived findings, as suppressions")
	f.BoolVar(&o.text.assumptions, "assumptions", false, "text: list the assumptions and what rests on them")
}

func formatNames(formats []format) string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

// destination is one format and its file; an empty file is standard output.
type destination struct {
	format format
	file   string
}

// destinations reads -o FORMAT[=FILE], which may be repeated; one format at most goes to standard output.
func (o *outputs) destinations(formats []format) ([]destination, error) {
	specs := o.specs
	if len(specs) == 0 {
		specs = []string{formats[0].name}
	}
	var out []destination
	stdout := ""
	files := map[string]bool{}
	for _, s := range specs {
		name, file, _ := strings.Cut(s, "=")
		f, ok := find(formats, name)
		if !ok {
			names := strings.Split(formatNames(formats), ", ")
			err := fmt.Errorf("-o %s: there is no format %q", s, name)
			if near := nearest(name, names); near != "" {
				return nil, withHint(err, "Did you mean -o %s? The formats are %s.", near, strings.Join(names, ", "))
			}
			return nil, withHint(err, "The formats are %s.", strings.Join(names, ", "))
		}
		if file == "-" {
			file = ""
		}
		if file == "" {
			if stdout != "" {
				return nil, withHint(fmt.Errorf("-o %s and -o %s both go to standard output", stdout, name), "Give one of them a file: -o %s=report.%s.", name, name)
			}
			stdout = name
		} else if files[file] {
			return nil, withHint(fmt.Errorf("two outputs go to %s", file), "Give each -o a file of its own.")
		}
		files[file] = true
		out = append(out, destination{f, file})
	}
	return out, nil
}

func find(formats []format, name string) (format, bool) {
	for _, f := range formats {
		if f.name == name {
			return f, true
		}
	}
	return format{}, false
}

// write renders everything first and then writes it: all files or none, standard output last.
func (a *app) write(r *report.Report, dests []destination, o *outputs) error {
	return a.emit(dests, func(d destination) ([]byte, error) {
		var b bytes.Buffer
		err := d.format.render(a, o, d.file == "")(&b, r)
		return b.Bytes(), err
	})
}

// emit makes and writes every output: all files or none, standard output last.
func (a *app) emit(dests []destination, bytesOf func(destination) ([]byte, error)) error {
	type done struct{ tmp, file string }
	var stdout []byte
	var staged []done
	discard := func() {
		for _, d := range staged {
			os.Remove(d.tmp)
		}
	}
	for _, d := range dests {
		b, err := bytesOf(d)
		if err != nil {
			discard()
			return fmt.Errorf("-o %s: %w", d.format.name, err)
		}
		if d.file == "" {
			stdout = b
			continue
		}
		tmp, err := stage(d.file, b)
		if err != nil {
			discard()
			return withHint(fmt.Errorf("-o %s=%s: %w", d.format.name, d.file, cause(err)), "No output was written. Name a file in a folder that exists and can be written to.")
		}
		staged = append(staged, done{tmp, d.file})
	}
	for i, d := range staged {
		if err := os.Rename(d.tmp, d.file); err != nil {
			for _, rest := range staged[i:] {
				os.Remove(rest.tmp)
			}
			return fmt.Errorf("%s: %w", d.file, cause(err))
		}
	}
	return a.print(stdout)
}

// print writes to standard output. A reader that has gone (a closed pipe) is no error of ours.
func (a *app) print(b []byte) error {
	_, err := a.Out.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("standard output: %w", cause(err))
	}
	return nil
}

// stage writes a file beside its destination, to be renamed once every other one is written too.
func stage(file string, b []byte) (string, error) {
	if st, err := os.Stat(file); err == nil && st.IsDir() {
		return "", errors.New("is a directory")
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return "", err
	}
	_, err = tmp.Write(b)
	if err2 := tmp.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return "", err
	}
	return tmp.Name(), nil
}
