package diagram

import "github.com/archcheck/archcheck/analyzer/diagram/render"

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
