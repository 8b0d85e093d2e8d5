package diagram

import "github.com/archcheck/archcheck/analyzer/diagram/render"

// Caption is what the picture's SVG says beside its lines and boxes: title, description, and a sentence for every
// element.
func (p *Picture) Caption() render.Caption {
	c := render.Caption{Title: p.Title, Desc: p.Desc, Elements: map[string]render.Element{}}
	for _, n := range p.Nodes {
		c.Elements[n.ID] = render.Element{Title: n.Title}
	}
	for _, e := range p.Edges {
		if !e.Hidden {
			c.Elements[e.ID] = render.Element{Title: e.Title}
		}
	}
	return c
}
