package cli

import (
	"bytes"
	"errors"
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
	plain := func(f render) func(*app, *outputs, bool) render {
		return func(*app, *outputs, bool) render { return f }
	}
	// forge is for what a code host reads: it knows files by their place in the repository.
	forge := func(f render) func(*app, *outputs, bool) render {
		return plain(func(w io.Writer, r *report.Report) error { return f(w, r.WithFiles(inRepository)) })
	}
	return []format{
		{name: "text", render: (*app).textRender, fixes: text.TopFindings},
		{name: "compact", render: plain(compact.Render)},
		{name: "json", render: plain(json.Render)},
		{name: "sarif", render: func(a *app, o *outputs, out bool) render {
			return forge(sarif.Render(sarif.Options{Suppressed: o.suppressed}))(a, o, out)
		}},
		{name: "junit", render: forge(junit.Render)},
		{name: "gitlab", render: forge(gitlab.Render)},
		{name: "github", render: (*app).githubRender, job: githubFiles},
		{name: "markdown", render: forge(markdown.Render)},
		{name: "html", render: func(_ *app, o *outputs, _ bool) render { return o.html }},
	}
}

// html writes the page of a design review, which is drawn from the system itself.
func (o *outputs) html(w io.Writer, r *report.Report) error {
	if o.page == nil {
		return withHint(errors.New("a saved plan has no system to draw"), "Write the page from the system: archcheck check -o html=page.html system.hcl.")
	}
	return o.page(w, r)
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

// githubRender prints the text for the log, then the workflow commands.
func (a *app) githubRender(o *outputs, stdout bool) render {
	return func(w io.Writer, r *report.Report) error {
		var log bytes.Buffer
		if err := a.textRender(o, stdout)(&log, r); err != nil {
			return err
		}
		if _, err := io.WriteString(w, github.Text(log.String())); err != nil {
			return err
		}
		return github.Annotations(w, r.WithFiles(inRepository))
	}
}

// githubFiles are the step summary and the step's outputs, appended to the files that GitHub names in a job.
func githubFiles(r *report.Report) ([]output, error) {
	var out []output
	for _, x := range []struct {
		name  string
		write render
	}{{"GITHUB_STEP_SUMMARY", markdown.Render}, {"GITHUB_OUTPUT", github.Outputs}} {
		file := os.Getenv(x.name)
		if file == "" {
			continue
		}
		var b bytes.Buffer
		if err := x.write(&b, r.WithFiles(inRepository)); err != nil {
			return nil, fmt.Errorf("%s: %w", x.name, err)
		}
		out = append(out, output{label: x.name, file: file, bytes: b.Bytes(), append: true})
	}
	return out, nil
}
