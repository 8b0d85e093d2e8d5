package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/drift"
)

// driftSelection says which items count.
type driftSelection struct {
	only, ignore []driftPattern
	minimum      analyzer.Severity
	failOn       analyzer.Severity
	gates        bool
}

// driftPattern is one value of --only or --ignore.
type driftPattern struct {
	text, kind, address string // kind or address is empty where any will do
	hits                int
}

// matches reports whether a pattern means an item: its kind, and its address or one of the calls it speaks of.
func (p *driftPattern) matches(i *drift.Item) bool {
	if p.kind != "" && !glob(p.kind, i.Kind) {
		return false
	}
	if p.address == "" || glob(p.address, string(i.Address)) {
		return true
	}
	for _, s := range i.Subjects {
		if glob(p.address, string(s)) {
			return true
		}
	}
	return false
}

// glob reports whether a pattern, in which * stands for anything, is a text.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		k := strings.Index(rest, p)
		if k < 0 {
			return false
		}
		rest = rest[k+len(p):]
	}
	return strings.HasSuffix(rest, last)
}

// selection reads the flags that choose items.
func (f *driftFlags) selection() (*driftSelection, error) {
	s := &driftSelection{}
	var err error
	if s.only, err = driftPatterns("--only", f.only); err != nil {
		return nil, err
	}
	if s.ignore, err = driftPatterns("--ignore", f.ignore); err != nil {
		return nil, err
	}
	if s.minimum, err = severity("--min-severity", f.minSeverity); err != nil {
		return nil, err
	}
	if f.failOn != "" {
		s.gates = true
		if s.failOn, err = severity("--fail-on", f.failOn); err != nil {
			return nil, err
		}
	}
	if !(f.tolerance >= 1) {
		return nil, withHint(fmt.Errorf("--tolerance %g is no factor", f.tolerance), "It is 1 or more: with 1.5, 300ms agree with 200ms and 400ms do not.")
	}
	return s, nil
}

func driftPatterns(flag string, texts []string) ([]driftPattern, error) {
	var kinds []string
	for _, k := range drift.Kinds() {
		kinds = append(kinds, k.Name)
	}
	var out []driftPattern
	for _, t := range texts {
		p := driftPattern{text: t}
		switch kind, address, both := strings.Cut(t, "@"); {
		case both:
			p.kind, p.address = kind, address
		case strings.Contains(t, "."):
			p.address = t
		default:
			p.kind = t
		}
		if p.kind != "" && !slices.ContainsFunc(kinds, func(k string) bool { return glob(p.kind, k) }) {
			err := fmt.Errorf("%s %s: there is no kind of difference %q", flag, t, p.kind)
			if near := nearest(p.kind, kinds); near != "" {
				return nil, withHint(err, "Did you mean %s? archcheck drift --help lists the kinds.", near)
			}
			return nil, withHint(err, "The kinds are %s.", strings.Join(kinds, ", "))
		}
		if t == "" || both(t) && p.address == "" {
			return nil, withHint(fmt.Errorf("%s %q names nothing", flag, t), "Write a kind, an address, or kind@address: timeout@service.orders.*")
		}
		out = append(out, p)
	}
	return out, nil
}

func both(pattern string) bool { return strings.Contains(pattern, "@") }

// chosen are the items that count, and how many do not.
func (s *driftSelection) chosen(items []*drift.Item) (keep []*drift.Item, left int) {
	hit := func(ps []driftPattern, i *drift.Item) bool {
		found := false
		for k := range ps {
			if ps[k].matches(i) {
				ps[k].hits++
				found = true
			}
		}
		return found
	}
	for _, i := range items {
		in := len(s.only) == 0 || hit(s.only, i)
		if out := hit(s.ignore, i); !in || out || i.Severity < s.minimum {
			left++
			continue
		}
		keep = append(keep, i)
	}
	return keep, left
}

// warnUnmatched says which patterns mean nothing any more: an exception that outlives its reason hides the next one.
func (a *app) warnUnmatched(d *drifter) {
	if a.global.quiet {
		return
	}
	for _, set := range []struct {
		flag string
		ps   []driftPattern
	}{{"--only", d.sel.only}, {"--ignore", d.sel.ignore}} {
		for _, p := range set.ps {
			if p.hits == 0 {
				fmt.Fprintf(a.Err, "Warning: %s %s matches no difference.\n", set.flag, p.text)
			}
		}
	}
}
