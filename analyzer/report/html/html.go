// Package html writes the report as one page that loads nothing and runs nothing: verdict, picture, findings with the
// lines to write, questions, waivers, patterns, provenance. Every name is escaped by html/template.
package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

//go:embed page.tmpl
var source string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"mark": func(action string) string {
		return map[string]string{"add": "+", "change": "~", "remove": "-", "advise": ">"}[action]
	},
	"sub": func(a, b int) int { return a - b },
}).Parse(source))

// Picture is the drawing of the system and the anchors that its elements link to, by finding id.
type Picture struct {
	SVG     []byte
	Anchors map[string][]string
}

type finding struct {
	F       report.Finding
	Facts   []fact
	Anchors []string
}

type fact struct {
	Name string
	F    report.Fact
}

type count struct {
	Name string
	N    int
}

// Render writes the page. The SVG is trusted: it is our own drawing, whose names have been escaped.
func Render(w io.Writer, r *report.Report, p Picture) error {
	data := struct {
		R               *report.Report
		System, Verdict string
		Counts          []count
		Findings        []finding
		Waived          []report.Finding
		SVG             template.HTML
	}{R: r, System: strings.TrimPrefix(r.System, "system."), SVG: template.HTML(p.SVG)}
	s := r.Summary
	for _, c := range []count{{"critical", s.Critical}, {"high", s.High}, {"medium", s.Medium}, {"low", s.Low}, {"info", s.Info}} {
		if c.N > 0 {
			data.Counts = append(data.Counts, c)
		}
	}
	data.Verdict = fmt.Sprintf("%d findings: %d to add, %d to change, %d to remove.", s.Findings(), s.Add, s.Change, s.Remove)
	if s.Findings() == 0 {
		data.Verdict = "Nothing to change."
	}
	for _, f := range r.Visible() {
		x := finding{F: f, Anchors: p.Anchors[f.ID]}
		for _, name := range f.FactOrder {
			x.Facts = append(x.Facts, fact{strings.ReplaceAll(name, "_", " "), f.Facts[name]})
		}
		data.Findings = append(data.Findings, x)
	}
	for _, f := range r.Flat() {
		if f.Waiver != nil {
			data.Waived = append(data.Waived, f)
		}
	}
	return page.Execute(w, data)
}
