package diagram

import (
	"maps"
	"net/url"
	"slices"

	"github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/dsl/model"
)

// Caption is what the picture's SVG says beside its lines and boxes: title, description, and a sentence for every
// element. Where anchor is not nil, an element with findings links to the place on the page that anchor names.
func (p *Picture) Caption(anchor func(element string) string) render.Caption {
	c := render.Caption{Title: p.Title, Desc: p.Desc, Elements: map[string]render.Element{}}
	add := func(id, title string) {
		e := render.Element{Title: title}
		if anchor != nil && len(p.Findings[id]) > 0 {
			e.Href = "#" + anchor(id)
		}
		c.Elements[id] = e
	}
	for _, g := range p.Groups {
		add(g.ID, "")
	}
	for _, n := range p.Nodes {
		add(n.ID, n.Title)
	}
	for _, e := range p.Edges {
		if !e.Hidden {
			add(e.ID, e.Title)
		}
	}
	return c
}

// PageCaption is the caption for a page that holds several pictures, this one under the name view: every part and line
// is a link to #address, borders only where something was found there; the page brings the style sheet.
func (p *Picture) PageCaption(view string) render.Caption {
	c := p.Caption(func(id string) string { return url.PathEscape(id) })
	c.ID, c.Inline, c.Data = view, true, true
	link := func(id string) {
		e := c.Elements[id]
		e.Href = "#" + url.PathEscape(id)
		c.Elements[id] = e
	}
	for _, n := range p.Nodes {
		link(n.ID)
	}
	for _, e := range p.Edges {
		if !e.Hidden {
			link(e.ID)
		}
	}
	return c
}

// Stands returns the addresses that each element stands for, by its id, sorted: one for a part or line of the model,
// several for a group or for lines drawn as one.
func (p *Picture) Stands() map[string][]model.Addr {
	out := map[string][]model.Addr{}
	for _, a := range slices.Sorted(maps.Keys(p.Drawn)) {
		out[p.Drawn[a]] = append(out[p.Drawn[a]], a)
	}
	return out
}
