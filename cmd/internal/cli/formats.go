package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/compact"
	"github.com/archcheck/archcheck/analyzer/report/github"
	"github.com/archcheck/archcheck/analyzer/report/gitlab"
	"github.com/archcheck/archcheck/analyzer/report/json"
	"github.com/archcheck/archcheck/analyzer/report/junit"
	"github.com/archcheck/archcheck/analyzer/report/markdown"
	"github.com/archcheck/archcheck/analyzer/report/sarif"
	"github.com/archcheck/archcheck/analyzer/report/text"
	"github.com/archcheck/archcheck/dsl/source"
)

// reportFormats are the formats of a report; the first is the default. A new one is a package under report and a line
// here.
func reportFormats() []format {
	plain := func(f func(io.Writer, *report.Report) error) func(*app, *outputs, bool) render {
		return func(*app, *outputs, bool) render { return f }
	}
	return []format{
		{"text", (*app).textRender},
		{"compact", plain(compact.Render)},
		{"json", plain(json.Render)},
		{"sarif", func(_ *app, o *outputs, _ bool) render { return sarif.Render(sarif.Options{Suppressed: o.suppressed}) }},
		{"junit", plain(junit.Render)},
		{"gitlab", plain(gitlab.Render)},
		{"github", (*app).githubRender},
		{"markdown", plain(markdown.Render)},
	}
}

// textRender prints for the terminal that standard output is; a file gets 80 columns and never colour.
func (a *app) textRender(o *outputs, stdout bool) render {
	return func(w io.Writer, r *report.Report) error {
		st := source.Style{Width: 80}
		if stdout {
			st = a.style(a.Out)
		}
		return text.Render(w, r, text.Options{
			Width: st.Width, Color: st.Color, ASCII: st.ASCII, All: o.text.all, Summary: o.text.summary,
			Assumptions: o.text.assumptions, Path: o.text.path,
		})
	}
}

// githubRender prints the text for the log, then the workflow commands; in a job it also appends the step summary and
// the outputs to the files that GitHub names.
func (a *app) githubRender(o *outputs, stdout bool) render {
	return func(w io.Writer, r *report.Report) error {
		if err := a.textRender(o, stdout)(w, r); err != nil {
			return err
		}
		for name, write := range map[string]func(io.Writer, *report.Report) error{
			"GITHUB_STEP_SUMMARY": markdown.Render, "GITHUB_OUTPUT": github.Outputs,
		} {
			if file := os.Getenv(name); file != "" {
				if err := appendTo(file, r, write); err != nil {
					return fmt.Errorf("%s: %w", name, cause(err))
				}
			}
		}
		return github.Annotations(w, r)
	}
}

func appendTo(file string, r *report.Report, write func(io.Writer, *report.Report) error) (err error) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	return write(f, r)
}
