package diagram

import (
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// Limits of a picture within a comment.
const (
	aroundNodes = 12
	aroundEdges = 20
)

// Around draws the findings with the given ids and what they touch, for a comment: at most 12 parts and 20 lines, worst
// findings first. What does not fit is counted in the subtitle. It is a findings view; [Picture.Mermaid] writes it.
func Around(in Input, ids []string) (*Picture, error) {
	return Draw(in, Options{View: "findings", Collapse: "none", only: ids})
}

// nearOnly keeps of the selection the parts of the wanted findings, worst first, and the lines between them.
func (d *drawing) nearOnly() {
	if d.opt.only == nil {
		return
	}
	byAddr := map[model.Addr]*line{}
	for _, l := range d.wire {
		byAddr[l.addr] = l
	}
	shown := map[model.Addr]bool{}
	for _, p := range d.show {
		shown[p.addr] = true
	}
	keep, loud := map[model.Addr]bool{}, map[model.Addr]bool{}
	fits := func(parts ...model.Addr) bool {
		n := len(keep)
		for _, a := range parts {
			if !keep[a] {
				n++
			}
		}
		return n <= aroundNodes
	}
	left := 0
	for i := range d.in.Report.Findings {
		f := &d.in.Report.Findings[i]
		if !slices.Contains(d.opt.only, f.ID) {
			continue
		}
		placed := false
		for _, a := range append([]string{f.Subject}, f.Subjects...) {
			for _, at := range d.placesOf(model.Addr(a), byAddr, shown) {
				if l := byAddr[at]; l != nil && fits(l.from, l.to) {
					keep[l.from], keep[l.to], loud[at], placed = true, true, true, true
				} else if l == nil && fits(at) {
					keep[at], placed = true, true
				}
			}
		}
		if !placed {
			left++
		}
	}
	d.show = slices.DeleteFunc(d.show, func(p *part) bool { return !keep[p.addr] })
	lines := slices.DeleteFunc(slices.Clone(d.wire), func(l *line) bool { return !keep[l.from] || !keep[l.to] })
	spare := aroundEdges - len(loud)
	d.wire = slices.DeleteFunc(lines, func(l *line) bool {
		if loud[l.addr] {
			return false
		}
		spare--
		return spare < 0
	})
	d.far = true
	if left > 0 {
		d.notes = append(d.notes, analyzer.Plural(left, "finding")+" without a place in this picture: see the list.")
	}
}

// placesOf is the part or line that an address is drawn as: itself, what it lies in, or what it is about.
func (d *drawing) placesOf(a model.Addr, lines map[model.Addr]*line, shown map[model.Addr]bool) []model.Addr {
	if lines[a] != nil || shown[a] {
		return []model.Addr{a}
	}
	for _, about := range d.about(a) {
		if lines[about] != nil || shown[about] {
			return []model.Addr{about}
		}
	}
	for s := a; ; {
		i := lastDot(s)
		if i < 0 {
			return nil
		}
		if s = s[:i]; lines[s] != nil || shown[s] {
			return []model.Addr{s}
		}
	}
}

func lastDot(a model.Addr) int {
	for i := len(a) - 1; i >= 0; i-- {
		if a[i] == '.' {
			return i
		}
	}
	return -1
}
