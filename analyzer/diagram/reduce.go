package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// kindGroup is the kind of a collapsed part.
const kindGroup model.Kind = "team"

// reduce leaves of the selection what fits into one picture: the neighbourhood of a focus, then groups instead of parts.
// What it hides it says.
func (d *drawing) reduce() error {
	if err := d.focus(); err != nil {
		return err
	}
	if d.focusTeam != "" && d.opt.Collapse == "" {
		d.fold("team", teamOf) // but for the team itself
	}
	switch d.opt.Collapse {
	case "none":
	case "team":
		if len(d.keys(teamOf)) == 0 {
			return refuse("Write team = \"…\" on services, or use --collapse kind.", "--collapse team: no part of this model has a team")
		}
		d.fold("team", teamOf)
	case "kind":
		d.fold("kind", kindOf)
	case "":
		d.shrink()
	default:
		return refuse("Use team, kind or none.", "--collapse %s: there is no such way to collapse", d.opt.Collapse)
	}
	return nil
}

// shrink collapses a picture that is too large, one step after the other until it fits.
func (d *drawing) shrink() {
	all := len(d.show)
	if all <= Hard {
		return
	}
	d.hidePrivate()
	d.mergeExternals()
	for _, by := range []struct {
		name string
		key  func(*part) string
	}{{"team", teamOf}, {"region", regionOf}, {"kind", kindOf}} {
		if len(d.show) <= Hard {
			break
		}
		if by.name == "kind" || len(d.keys(by.key)) > 1 {
			d.fold(by.name, by.key)
		}
	}
	hint := ""
	if len(d.keys(teamOf)) == 0 && slices.ContainsFunc(d.show, func(p *part) bool { return p.members != nil }) {
		hint = " State a team on each service, or look at one part with --focus."
	}
	d.notes = append(d.notes, fmt.Sprintf("%s collapsed to %d because one picture holds %d; --collapse none draws all.%s", analyzer.Plural(all, "part"), len(d.show), Hard, hint))
}

func teamOf(p *part) string   { return p.team }
func regionOf(p *part) string { return p.region }

// kindOf groups by kind what is neither an entry nor outside.
func kindOf(p *part) string {
	switch p.kind {
	case model.KindClient, model.KindGateway, model.KindExternal, kindGroup:
		return ""
	}
	return string(p.kind) + "s"
}

// keys are the groups that a way of collapsing makes of the parts shown.
func (d *drawing) keys(key func(*part) string) map[string]int {
	out := map[string]int{}
	for _, p := range d.show {
		if k := key(p); k != "" && p.kind != model.KindClient && p.members == nil {
			out[k]++
		}
	}
	return out
}

// hidePrivate makes a store that one part uses a fact of that part.
func (d *drawing) hidePrivate() {
	user := map[model.Addr]map[model.Addr]bool{}
	for _, l := range d.wire {
		for _, x := range [][2]model.Addr{{l.from, l.to}, {l.to, l.from}} {
			if d.s.at[x[0]].kind == model.KindDatastore {
				if user[x[0]] == nil {
					user[x[0]] = map[model.Addr]bool{}
				}
				user[x[0]][x[1]] = true
			}
		}
	}
	into := map[model.Addr]*part{}
	for store, users := range user {
		if len(users) == 1 && store != d.focused {
			for u := range users {
				into[store] = d.s.at[u]
			}
		}
	}
	hidden := 0
	d.show = slices.DeleteFunc(d.show, func(p *part) bool {
		owner := into[p.addr]
		if owner == nil {
			return false
		}
		hidden++
		owner.owns = append(owner.owns, p)
		d.moved[p.addr] = owner
		return true
	})
	if hidden > 0 {
		d.notes = append(d.notes, analyzer.Plural(hidden, "store")+" with one user drawn in words on it.")
	}
	d.rewire()
}

// mergeExternals makes one part of three and more externals that one part alone talks to.
func (d *drawing) mergeExternals() {
	talks := map[model.Addr]map[model.Addr]bool{}
	for _, l := range d.wire {
		for _, x := range [][2]model.Addr{{l.from, l.to}, {l.to, l.from}} {
			if d.s.at[x[0]].kind == model.KindExternal {
				if talks[x[0]] == nil {
					talks[x[0]] = map[model.Addr]bool{}
				}
				talks[x[0]][x[1]] = true
			}
		}
	}
	by := map[model.Addr][]*part{}
	for _, p := range d.show {
		if len(talks[p.addr]) == 1 {
			for u := range talks[p.addr] {
				by[u] = append(by[u], p)
			}
		}
	}
	for u, list := range by {
		if len(list) >= 3 {
			d.join(&part{addr: "externals." + u, kind: model.KindExternal, label: analyzer.Plural(len(list), "external"), word: "external, collapsed"}, list)
		}
	}
	d.rewire()
}

// fold makes one part of every group with at least two members.
func (d *drawing) fold(name string, key func(*part) string) {
	groups := map[string][]*part{}
	for _, p := range d.show {
		if k := key(p); k != "" && p.kind != model.KindClient && p.members == nil && !d.pinned(p) {
			groups[k] = append(groups[k], p)
		}
	}
	for _, k := range sortedKeys(groups) {
		if list := groups[k]; len(list) > 1 {
			d.join(&part{addr: model.Addr(name + "." + k), kind: kindGroup, label: k, team: k, word: name + ", collapsed"}, list)
		}
	}
	d.rewire()
}

// pinned reports whether a part stays itself: it is the focus, or in the team that is.
func (d *drawing) pinned(p *part) bool {
	return p.addr == d.focused || d.focusTeam != "" && p.team == d.focusTeam
}

// join puts a group in the place of its members.
func (d *drawing) join(g *part, members []*part) {
	g.members = members
	for d.s.at[g.addr] != nil {
		g.addr += "_"
	}
	d.s.at[g.addr] = g
	for _, p := range members {
		d.moved[p.addr] = g
	}
	d.show = slices.DeleteFunc(d.show, func(p *part) bool { return slices.Contains(members, p) })
	d.show = append(d.show, g)
}

// home is the part that stands for the one at an address; nil if nothing shown does.
func (d *drawing) home(a model.Addr) *part {
	p := d.s.at[a]
	for p != nil && d.moved[p.addr] != nil {
		p = d.moved[p.addr]
	}
	return p
}

// rewire ends every line at the part that stands for its end: lines inside one part vanish into it, several lines of one
// kind between two parts of which one is a group become one.
func (d *drawing) rewire() {
	slices.SortFunc(d.show, comparePart)
	var out []*line
	merged := map[string]*line{}
	for _, l := range d.wire {
		from, to := d.home(l.from), d.home(l.to)
		if from == nil || to == nil {
			continue
		}
		own := d.moved[l.from] == nil && d.moved[l.to] == nil
		if own && l.members == nil {
			out = append(out, l)
			continue
		}
		if from == to {
			d.inside[from.addr] = append(d.inside[from.addr], l.each()...)
			continue
		}
		kind := Call
		if l.kind == Message {
			kind = Message
		}
		key := fmt.Sprint(from.addr, "\x00", to.addr, "\x00", kind)
		m := merged[key]
		if m == nil {
			m = &line{addr: from.addr + "--" + to.addr, from: from.addr, to: to.addr, kind: kind}
			if kind == Message {
				m.addr += "--messages"
			}
			merged[key] = m
			out = append(out, m)
		}
		m.members = append(m.members, l.each()...)
	}
	slices.SortStableFunc(out, func(a, b *line) int {
		return cmp.Or(comparePart(d.s.at[a.from], d.s.at[b.from]), cmp.Compare(a.addr, b.addr))
	})
	d.wire = out
}

// each are the lines that a line stands for: itself, unless it is made of others.
func (l *line) each() []*line {
	if l.members == nil {
		return []*line{l}
	}
	return l.members
}

// focus keeps the neighbourhood of one part or team.
func (d *drawing) focus() error {
	if d.opt.Focus == "" {
		return nil
	}
	at := model.Addr(d.opt.Focus)
	seed := map[model.Addr]bool{}
	if team, ok := strings.CutPrefix(d.opt.Focus, "team."); ok {
		for _, p := range d.show {
			if p.team == team {
				seed[p.addr] = true
			}
		}
		d.focusTeam = team
	} else if d.s.at[at] != nil {
		seed[at] = true
		d.focused = at
	} else {
		for _, l := range d.wire {
			if l.addr == at || strings.HasPrefix(string(at), string(l.addr)+".") {
				seed[l.from], seed[l.to] = true, true
			}
		}
	}
	if len(seed) == 0 {
		return d.unknown("--focus", d.opt.Focus)
	}
	depth := d.opt.Depth
	if depth <= 0 {
		depth = 1
	}
	near := seed
	for range depth {
		next := map[model.Addr]bool{}
		for a := range near {
			next[a] = true
		}
		for _, l := range d.wire {
			if near[l.from] || near[l.to] {
				next[l.from], next[l.to] = true, true
			}
		}
		near = next
	}
	was, lines := len(d.show), len(d.wire)
	d.show = slices.DeleteFunc(d.show, func(p *part) bool { return !near[p.addr] })
	d.wire = slices.DeleteFunc(slices.Clone(d.wire), func(l *line) bool { return !near[l.from] || !near[l.to] })
	if len(d.show) == 0 {
		return refuse("Choose another view, or another part.", "--focus %s: the view %s does not show it", d.opt.Focus, d.opt.View)
	}
	if hidden := was - len(d.show); hidden > 0 {
		d.far = true
		d.notes = append(d.notes, fmt.Sprintf("Around %s, %s away at most: %s and %s further away not drawn.",
			middle(d.opt.Focus, 40), analyzer.Plural(depth, "step"), analyzer.Plural(hidden, "part"), analyzer.Plural(lines-len(d.wire), "line")))
	}
	return nil
}

// unknown refuses an address that nothing has, with the nearest one.
func (d *drawing) unknown(flag, what string) error {
	var all []string
	for _, p := range d.s.parts {
		all = append(all, string(p.addr))
		if p.team != "" {
			all = append(all, "team."+p.team)
		}
	}
	for _, l := range d.s.lines {
		all = append(all, string(l.addr))
	}
	slices.Sort(all)
	if near := suggest.Address(what, slices.Compact(all)); near != "" {
		return refuse(fmt.Sprintf("Did you mean %s?", near), "%s %s: the model has nothing at this address", flag, what)
	}
	return refuse("Give an address such as service.orders, service.orders.call.charge or team.ordering.", "%s %s: the model has nothing at this address", flag, what)
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
