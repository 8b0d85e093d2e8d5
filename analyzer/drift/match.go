package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// part is a component of one side with everything it is called.
type part struct {
	addr   model.Addr
	kind   model.Kind
	label  string
	others []string // aliases of a described one, further names of an imported one
	spelt  string   // the label without what spellings differ in
	engine string
	region model.Range
}

// parts are the components of a model that sources can show. Clients are compared where they are jobs of the system; the
// users that an import invents stand for whoever comes in.
func parts(m *model.Model, shown *model.Shown) []part {
	var out []part
	add := func(e model.Entity, engine model.Value[string]) {
		b := e.Self()
		p := part{addr: b.Addr, kind: b.Kind, label: b.Label, others: b.Aliases.V, spelt: spelling(b.Label), engine: strings.ToLower(engine.V), region: b.Decl}
		if shown != nil {
			s := shown.Blocks[b.Addr]
			if s == nil {
				return
			}
			p.others = s.Names
		}
		out = append(out, p)
	}
	for _, x := range m.Clients {
		if shown == nil || x.ClientKind.V == "scheduler" {
			add(x, model.Value[string]{})
		}
	}
	for _, x := range m.Gateways {
		add(x, x.Engine)
	}
	for _, x := range m.Services {
		add(x, x.Engine)
	}
	for _, x := range m.Datastores {
		add(x, x.Engine)
	}
	for _, x := range m.Brokers {
		add(x, x.Engine)
	}
	for _, x := range m.Registries {
		add(x, x.Engine)
	}
	for _, x := range m.Externals {
		add(x, model.Value[string]{})
	}
	return out
}

// spelling is a name without what spellings differ in: case, dashes, dots and underscores.
func spelling(s string) string { return separators.Replace(strings.ToLower(s)) }

var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// pass is one way in which two components may be the same. The passes are tried in turn, the surest first; each pairs
// only components that it pairs with nobody else.
type pass struct {
	by   string
	same func(d, s part) bool
}

var passes = []pass{
	{"alias", func(d, s part) bool {
		return slices.ContainsFunc(d.others, func(a string) bool {
			return strings.EqualFold(a, s.label) || slices.ContainsFunc(s.others, func(n string) bool { return strings.EqualFold(a, n) })
		})
	}},
	{"name", func(d, s part) bool { return d.kind == s.kind && d.label == s.label }},
	{"name", func(d, s part) bool { return d.label == s.label }},
	{"spelling", func(d, s part) bool { return d.kind == s.kind && d.spelt == s.spelt }},
	{"spelling", func(d, s part) bool { return d.spelt == s.spelt }},
	{"other name", func(d, s part) bool {
		return slices.ContainsFunc(s.others, func(n string) bool { return n == d.label || spelling(n) == d.spelt })
	}},
}

// match pairs the components of both sides.
func (c *comparison) match() {
	desc, src := parts(c.Model, nil), parts(c.Source, c.Shown)
	for _, p := range desc {
		if p.kind != model.KindClient {
			c.res.Components++
		}
	}
	pairs := map[model.Addr]Pair{}
	for _, pass := range passes {
		near := candidates(c.left(desc, c.byDesc), c.left(src, c.bySrc), pass.same)
		for _, d := range desc {
			s, ok := only(d, near)
			if !ok {
				continue
			}
			c.byDesc[d.addr], c.bySrc[s.addr] = s.addr, d.addr
			pairs[d.addr] = Pair{d.addr, s.addr, pass.by}
			if d.kind != model.KindClient {
				c.res.ComponentsShown++
			}
		}
	}
	for _, d := range desc {
		if p, ok := pairs[d.addr]; ok {
			c.res.Pairs = append(c.res.Pairs, p)
		}
	}
	c.unmatched(c.left(desc, c.byDesc), c.left(src, c.bySrc))
}

func (c *comparison) left(all []part, done map[model.Addr]model.Addr) []part {
	var out []part
	for _, p := range all {
		if _, ok := done[p.addr]; !ok {
			out = append(out, p)
		}
	}
	return out
}

// nearness are the pairs that a pass allows, from both sides.
type nearness struct{ ofDesc, ofSrc map[model.Addr][]part }

func candidates(desc, src []part, same func(d, s part) bool) nearness {
	n := nearness{map[model.Addr][]part{}, map[model.Addr][]part{}}
	for _, d := range desc {
		for _, s := range src {
			// A client is outside the system unless it is one of its own jobs.
			if (d.kind == model.KindClient) != (s.kind == model.KindClient) || !same(d, s) {
				continue
			}
			n.ofDesc[d.addr] = append(n.ofDesc[d.addr], s)
			n.ofSrc[s.addr] = append(n.ofSrc[s.addr], d)
		}
	}
	return n
}

// only is the one counterpart of a component. Where names leave several, kind and product decide; what they leave open
// stays open.
func only(d part, n nearness) (part, bool) {
	s, ok := best(d, n.ofDesc[d.addr])
	if !ok {
		return part{}, false
	}
	back, ok := best(s, n.ofSrc[s.addr])
	return s, ok && back.addr == d.addr
}

func best(p part, others []part) (part, bool) {
	if len(others) == 1 {
		return others[0], true
	}
	for _, same := range []func(o part) bool{
		func(o part) bool { return o.kind == p.kind },
		func(o part) bool { return o.kind == p.kind && o.engine != "" && o.engine == p.engine },
	} {
		var hit []part
		for _, o := range others {
			if same(o) {
				hit = append(hit, o)
			}
		}
		if len(hit) == 1 {
			return hit[0], true
		}
	}
	return part{}, false
}

// unmatched names what has no counterpart, with the nearest names of the other side.
func (c *comparison) unmatched(desc, src []part) {
	for _, d := range desc {
		if d.kind == model.KindClient || d.kind == model.KindExternal {
			continue // nothing shows who uses a system, nor what it does not call
		}
		c.res.Unmatched = append(c.res.Unmatched, Unmatched{Address: d.addr, Range: d.region, Nearest: nearest(d, src), Reason: several(d, src, "the sources")})
	}
	for _, s := range src {
		c.res.Unmatched = append(c.res.Unmatched, Unmatched{Address: s.addr, Source: true, Place: c.Shown.Blocks[s.addr].Place,
			Nearest: nearest(s, desc), Reason: several(s, desc, "the description")})
	}
}

// several says that a name fits more than one component of the other side.
func several(p part, others []part, side string) string {
	var hit []string
	for _, o := range others {
		if o.spelt == p.spelt {
			hit = append(hit, string(o.addr))
		}
	}
	if len(hit) < 2 {
		return ""
	}
	return "its name fits " + strings.Join(hit, " and ") + " of " + side + ": state aliases"
}

// maxNearest is how many names are suggested.
const maxNearest = 3

// nearest are the components of the other side whose names resemble one: a word of one in the other, or a few letters
// apart.
func nearest(p part, others []part) []model.Addr {
	var out []model.Addr
	var names []string
	byName := map[string]model.Addr{}
	for _, o := range others {
		if (o.kind == model.KindClient) != (p.kind == model.KindClient) || family(o.kind) != family(p.kind) {
			continue
		}
		if _, ok := byName[o.label]; !ok {
			names = append(names, o.label)
			byName[o.label] = o.addr
		}
		if within(p.label, o.label) {
			out = append(out, o.addr)
		}
	}
	if best := suggest.Nearest(p.label, names); best != "" && !slices.Contains(out, byName[best]) {
		out = append(out, byName[best])
	}
	slices.SortFunc(out, func(a, b model.Addr) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return out[:min(len(out), maxNearest)]
}

// family tells what runs from what keeps data: names of one are no names of the other.
func family(k model.Kind) bool {
	return k == model.KindDatastore || k == model.KindBroker || k == model.KindRegistry
}

// within reports whether all words of one name stand in the other: orders in orders-api.
func within(a, b string) bool {
	x, y := words(a), words(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 || len(strings.Join(x, "")) < 3 {
		return false
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
}
