// Package html writes the report as one page that loads nothing: verdict, pictures to walk through, findings with the
// lines to write, journeys, questions, waivers, the catalog's cards, every part, provenance.
//
// Rules of the package:
//   - The page is complete without its script: first picture, all tables, all cards. The script adds movement: views,
//     pan, zoom, search, the panel of details, filters. It computes nothing of the report.
//   - Every name is escaped by html/template, or set as text by the script. The Content-Security-Policy lets exactly
//     our style sheet and our script in, by their hashes, and nothing foreign.
//   - style.css, script-*.js and *.tmpl are the page's source, embedded as they are.
package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

//go:embed *.tmpl *.css *.js
var files embed.FS

var page = template.Must(template.New("page.tmpl").Funcs(words).ParseFS(files, "*.tmpl"))

// Page is a report with what the page shows beside it.
type Page struct {
	Report *report.Report
	Views  []View // in the order of the switch; the first is open
	Parts  []Part // in the order of the table
	Cards  []Card // of the patterns that have a say here
	Colors string // style rules of the pictures, for light and dark
}

// View is one picture. The SVG is trusted: it is our own drawing, whose names have been escaped and whose elements carry
// their ids as data-id.
type View struct {
	ID       string
	Name     string
	Question string // that the picture answers
	Journey  string // address, of a journey's picture
	SVG      []byte
	Width    int
	Height   int
	Home     map[string]string // address to the element that stands for it, where that is another
}

// Part is a part or a line of the system, or a group that stands for several in some picture.
type Part struct {
	ID       string // of its elements, and its anchor
	Name     string
	Kind     string
	Where    string // file:line
	Members  []string
	Findings []string // ids, worst first
	Facts    []Fact
	From, To string // ids of its ends, of a line
	Verb     string // what travels along it: calls, reads, writes, sends to
}

// Fact is one thing known of a part.
type Fact struct {
	Name, Value, State, From string
}

// Card is what the catalog says of a pattern.
type Card struct {
	ID, Name, BestFor, TradeOff string
	Overview                    []string // paragraphs
}

// Render writes the page.
func Render(w io.Writer, p Page) error {
	style := read("style.css") + "\n" + p.Colors
	script := "\"use strict\";\n" + read("script-diagram.js") + "\n" + read("script-panel.js") + "\n" + read("script-page.js")
	return page.Execute(w, content{
		Page: p, Style: template.CSS(style), Script: template.JS(script), // #nosec: our own files
		Policy: "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'; img-src data:; base-uri 'none'; form-action 'none'",
		lookup: newLookup(p),
	})
}

// read is an embedded file; one that is missing is a fault of the build, which every test sees.
func read(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(b)) + "\n"
}

// hash is a source expression of a Content-Security-Policy.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
