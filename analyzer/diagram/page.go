package diagram

import (
	"bytes"
	"html/template"

	"github.com/archcheck/archcheck/analyzer/report"
)

// page is a picture with its findings as text: one file that loads nothing and runs nothing.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
body{margin:1rem;font:14px/1.5 Helvetica,Arial,"Liberation Sans",Arimo,sans-serif;color:#1b2733;background:#ffffff}
svg{max-width:100%;height:auto}
table{border-collapse:collapse;margin-top:1rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #aab6c2}
code{font-size:13px}
tr:target{background:#e5f0fc}
@media (prefers-color-scheme:dark){body{color:#eef2f6;background:#0f161e}tr:target{background:#10294a}}
</style>
</head>
<body>
<main>
{{.SVG}}
{{if .Rows}}<table>
<caption>Findings in this picture</caption>
<thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col">Where</th><th scope="col">What</th><th scope="col">Line</th></tr></thead>
<tbody>
{{range .Rows}}<tr id="{{.ID}}"><td>{{.F.Severity}}</td><td>{{.F.Rule}}</td><td><code>{{.F.Subject}}</code></td><td>{{.F.Summary}}</td><td>{{if .F.Range.File}}{{.F.Range.File}}:{{.F.Range.Start.Line}}{{end}}</td></tr>
{{end}}</tbody>
</table>
{{end}}</main>
</body>
</html>
`))

type pageRow struct {
	ID string
	F  report.Finding
}

// Anchor is the place on a [Picture.Page] where the findings of an element start.
func Anchor(element string) string { return "at-" + element }

// Page is the picture as an HTML page: its SVG, whose elements link to their findings, and the findings as a table.
// The SVG is what package render made with [Picture.Caption] and [Anchor]; the report may be nil.
func (p *Picture) Page(svg []byte, r *report.Report) ([]byte, error) {
	var rows []pageRow
	if r != nil {
		byID := map[string]report.Finding{}
		for _, f := range r.Findings {
			byID[f.ID] = f
		}
		done := map[string]bool{}
		for _, id := range sortedKeys(p.Findings) {
			anchored := false
			for _, f := range p.Findings[id] {
				if done[f] && anchored {
					continue
				}
				row := pageRow{F: byID[f]}
				if !anchored {
					row.ID, anchored = Anchor(id), true
				}
				done[f] = true
				rows = append(rows, row)
			}
		}
	}
	var b bytes.Buffer
	err := page.Execute(&b, struct {
		Title string
		SVG   template.HTML
		Rows  []pageRow
	}{p.Title, template.HTML(svg), rows}) // #nosec: the SVG is ours, written by package render
	return b.Bytes(), err
}
