package cli

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/archcheck/archcheck/analyzer/report"
)

// render writes one report in one format.
type render func(io.Writer, *report.Report) error

// format is one way to write a report.
type format struct {
	name   string
	render func(a *app, o *outputs, stdout bool) render
	job    func(r *report.Report) ([]output, error) // what else it writes in a job of a code host; nil for nothing
	fixes  int                                      // how many findings it prints the fixes of, unless all are asked for; 0 for all
}

// outputs are the values of -o: formats and where each goes.
type outputs struct {
	specs      []string
	text       textFlags
	suppressed bool
	page       render // the page of an evaluation; nil for a saved plan
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

// label is the destination as the user gave it.
func (d destination) label() string {
	if d.file == "" {
		return "-o " + d.format.name
	}
	return "-o " + d.format.name + "=" + d.file
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
		name, file, named := strings.Cut(s, "=")
		f, ok := find(formats, name)
		if !ok {
			names := strings.Split(formatNames(formats), ", ")
			err := fmt.Errorf("-o %s: there is no format %q", s, name)
			if near := nearest(name, names); near != "" {
				return nil, withHint(err, "Did you mean -o %s? The formats are %s.", near, strings.Join(names, ", "))
			}
			return nil, withHint(err, "The formats are %s.", strings.Join(names, ", "))
		}
		if named && file == "" {
			return nil, withHint(fmt.Errorf("-o %s names no file", s), "Name one, -o %s=report.%s, or write to standard output: -o %s.", name, name, name)
		}
		if file == "-" {
			file = ""
		}
		if file == "" {
			if stdout != "" {
				return nil, withHint(fmt.Errorf("-o %s and -o %s both go to standard output", stdout, name), "Give one of them a file: -o %s=report.%s.", name, name)
			}
			stdout = name
		} else if at := filepath.Clean(file); files[at] {
			return nil, withHint(fmt.Errorf("two outputs go to %s", file), "Give each -o a file of its own.")
		} else {
			files[at] = true
		}
		out = append(out, destination{f, file})
	}
	return out, nil
}

// fixes is how many findings need their fixes for what is written of a plan, the first of those that count; 0 for all.
func (o *outputs) fixes(dests []destination) int {
	n := 0
	for _, d := range dests {
		if d.format.fixes == 0 || o.text.all {
			return 0
		}
		n = max(n, d.format.fixes)
	}
	return n
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
	for _, d := range dests {
		if d.file == "" {
			continue
		}
		for _, f := range r.Files {
			if sameFile(d.file, f.Path) {
				return withHint(fmt.Errorf("%s: the system is described in this file", d.label()), "No output was written. Name another file.")
			}
		}
	}
	var more []output
	for _, d := range dests {
		if d.format.job != nil {
			extra, err := d.format.job(r)
			if err != nil {
				return err
			}
			more = append(more, extra...)
		}
	}
	return a.emit(dests, more, func(d destination) ([]byte, error) {
		var b bytes.Buffer
		err := d.format.render(a, o, d.file == "")(&b, r)
		return b.Bytes(), err
	})
}

// emit makes every output and writes them all, those in more too, or none.
func (a *app) emit(dests []destination, more []output, bytesOf func(destination) ([]byte, error)) error {
	var stdout []byte
	var files []output
	for _, d := range dests {
		b, err := bytesOf(d)
		if err != nil {
			return fmt.Errorf("-o %s: %w", d.format.name, err)
		}
		if d.file == "" {
			stdout = b
			continue
		}
		files = append(files, output{label: d.label(), file: d.file, bytes: b})
	}
	return a.commit(append(files, more...), stdout)
}
