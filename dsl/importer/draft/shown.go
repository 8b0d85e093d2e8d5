package draft

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// see records that the source being read shows a component.
func (d *Draft) see(c *Component) {
	if d.Reading != "" && !slices.Contains(c.kinds, d.Reading) {
		c.kinds = append(c.kinds, d.Reading)
	}
}

// kind is the kind of source that showed the component first.
func (c *Component) kind() string {
	if len(c.kinds) == 0 {
		return ""
	}
	return c.kinds[0]
}

// Shown is what the draft knew beyond the facts of the model that Build made of it; nil before Build.
func (d *Draft) Shown() *model.Shown { return d.shown }

// show begins the record, once every component has its label.
func (d *Draft) show() {
	s := &model.Shown{Kinds: slices.Clone(d.Kinds), Edges: map[model.Addr][]model.Evidence{}, Blocks: map[model.Addr]*model.ShownBlock{},
		Policies: map[model.Addr]string{}, Drawn: map[model.Addr]bool{}, StandIns: map[model.Addr]bool{}}
	d.shown = s
	names := d.names()
	for _, c := range d.Components {
		b := &model.ShownBlock{Place: c.Place, What: c.What, Names: names[c], Kinds: c.kinds, Requests: c.Requests}
		if !c.Fence.Open {
			b.Fence = c.Fence.Place
		}
		s.Blocks[c.Addr()] = b
	}
	for _, p := range d.Policies {
		s.Policies[model.Addr("policy."+p.Label)] = d.made[p]
	}
}

// names are the names under which the sources reach each component and nobody else.
func (d *Draft) names() map[*Component][]string {
	out := map[*Component][]string{}
	for host, cs := range d.byHost {
		if len(cs) != 1 || strings.Contains(host, ".") && host != strings.ToLower(cs[0].Name) {
			continue
		}
		out[cs[0]] = append(out[cs[0]], host)
	}
	for c := range out {
		out[c] = append(out[c], c.Name)
		slices.Sort(out[c])
		out[c] = slices.Compact(out[c])
	}
	return out
}

func (d *Draft) showEdge(at model.Addr, drawn bool, evidence ...Evidence) {
	for _, e := range evidence {
		d.shown.Edges[at] = append(d.shown.Edges[at], model.Evidence{Kind: e.Kind, Place: e.Place, How: e.How, Certainty: e.Certainty})
	}
	if drawn {
		d.shown.Drawn[at] = true
	}
}
