package review

import (
	"regexp"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/html"
	"github.com/archcheck/archcheck/patterns"
)

// cards are those of the patterns that are in place, owed or open somewhere, or whose rules fired.
func cards(catalog *patterns.Catalog, r *report.Report) []html.Card {
	fired := map[string]bool{}
	for _, f := range r.Findings {
		fired[f.Pattern] = true
	}
	here := map[string]bool{}
	for _, p := range r.Patterns {
		here[p.ID] = len(p.Present)+len(p.Missing)+len(p.Questions) > 0
	}
	var out []html.Card
	for _, p := range catalog.Patterns() {
		if id := string(p.ID); here[id] || fired[id] {
			out = append(out, html.Card{ID: id, Name: p.Name, BestFor: p.BestFor, TradeOff: p.TradeOff, Overview: overview(p)})
		}
	}
	return out
}

var (
	link     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	emphasis = strings.NewReplacer("*", "", "`", "", "\n", " ")
)

// overview is the first paragraph of a pattern's page as plain text; nothing for a pattern without a page.
func overview(p *patterns.Pattern) []string {
	page, err := p.README()
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(page), "\n## Overview\n")
	text, _, _ := strings.Cut(strings.TrimSpace(rest), "\n## ")
	first, _, _ := strings.Cut(text, "\n\n")
	if first == "" {
		return nil
	}
	return []string{emphasis.Replace(link.ReplaceAllString(first, "$1"))}
}
