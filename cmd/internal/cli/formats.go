package cli

import (
	"io"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/compact"
	"github.com/archcheck/archcheck/analyzer/report/json"
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
