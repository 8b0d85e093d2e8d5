package check

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// waive applies the model's waivers to the findings and says how each waiver stands. An expired one no longer accepts
// anything: the finding returns and names it, unless another waiver accepts it. What the run did not look at (--only,
// --skip, --target) and what another finding stands for are no reason to call a waiver unmatched.
func (s *scene) waive(findings []*analyzer.Finding, cards map[string]*analyzer.Card) []analyzer.WaiverState {
	out := make([]analyzer.WaiverState, 0, len(s.m.Waivers))
	for _, w := range s.m.Waivers {
		st := s.standing(w)
		matched := matching(findings, w)
		for i, f := range matched {
			st.Matches = append(st.Matches, f.ID())
			switch {
			case st.State == "expired":
				f.Expired = w
			case w.MaxMatches.Has() && i >= w.MaxMatches.V: // more than the author accepted: the rest counts
			default:
				f.Waiver = w
			}
		}
		card := cards[w.Label]
		switch {
		case card != nil && card.Unwaivable:
			st.State = "refused"
		case len(matched) > 0 || st.State == "expired":
		case card != nil && !s.sees(card, model.Addr(w.Subject.V)) || stoodFor(findings, w):
		default:
			st.State, st.Nearest = "unmatched", s.nearestAddr(findings, w)
		}
		if len(matched) == 0 && st.State == "expired" {
			st.Nearest = s.nearestAddr(findings, w)
		}
		out = append(out, st)
	}
	for _, f := range findings {
		if f.Waiver != nil {
			f.Expired = nil // renewed by another block
		}
	}
	return out
}

// standing is how a waiver stands by its date alone.
func (s *scene) standing(w *model.Waiver) analyzer.WaiverState {
	st := analyzer.WaiverState{Waiver: w, State: "active"}
	today, err := time.Parse(time.DateOnly, s.opt.Today)
	if err != nil {
		return st
	}
	if end, err := time.Parse(time.DateOnly, w.Expires.V); err == nil {
		st.Days = int(end.Sub(today).Hours() / 24)
		switch {
		case st.Days < 0:
			st.State = "expired"
		case st.Days <= analyzer.WarnDays:
			st.State = "expiring"
		}
	}
	return st
}

// matching are the findings that a waiver speaks of, by address: of more than it allows, which ones count does not hang
// on the order of evaluation.
func matching(findings []*analyzer.Finding, w *model.Waiver) []*analyzer.Finding {
	var out []*analyzer.Finding
	for _, f := range findings {
		if f.Rule == w.Label && !f.Unwaivable && matchAddr(w.Subject.V, string(f.Subject)) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *analyzer.Finding) int { return cmp.Compare(a.Subject, b.Subject) })
	return out
}

// stoodFor reports whether another finding stands for one that the waiver speaks of: that one is there, only not shown.
func stoodFor(findings []*analyzer.Finding, w *model.Waiver) bool {
	return slices.ContainsFunc(findings, func(f *analyzer.Finding) bool {
		return slices.ContainsFunc(f.Subsumes, func(id string) bool {
			rule, addr, _ := strings.Cut(id, "@")
			return rule == w.Label && matchAddr(w.Subject.V, addr)
		})
	})
}

// dropAnswered leaves out findings about a waiver whose own finding has returned, which names the waiver, or is still
// there behind another one.
func dropAnswered(findings []*analyzer.Finding, waivers []analyzer.WaiverState) []*analyzer.Finding {
	answered := map[model.Addr]bool{}
	for _, w := range waivers {
		if len(w.Matches) > 0 || stoodFor(findings, w.Waiver) {
			answered[w.Waiver.Addr] = true
		}
	}
	return slices.DeleteFunc(findings, func(f *analyzer.Finding) bool { return answered[f.Subject] })
}

// matchAddr compares a waiver's subject with an address; each * stands for any text.
func matchAddr(pattern, addr string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == addr
	}
	if !strings.HasPrefix(addr, parts[0]) {
		return false
	}
	addr = addr[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(addr, p)
		if i < 0 {
			return false
		}
		addr = addr[i+len(p):]
	}
	return strings.HasSuffix(addr, parts[len(parts)-1])
}

// nearestAddr is the address that a waiver which matches nothing probably meant: after a rename, where its rule fires
// on a thing of the same last name; else the closest declared address. It is empty where the subject is still there, for
// then the rule no longer fires on it.
func (s *scene) nearestAddr(findings []*analyzer.Finding, w *model.Waiver) string {
	written := w.Subject.V
	if s.m.Lookup(model.Addr(written)) != nil || strings.Contains(written, "*") {
		return ""
	}
	var fires, renamed, all []string
	for _, f := range findings {
		if f.Rule != w.Label || f.Waiver != nil {
			continue
		}
		fires = append(fires, string(f.Subject))
		if alike(written, string(f.Subject)) {
			renamed = append(renamed, string(f.Subject))
		}
	}
	for _, a := range s.m.Addrs() {
		all = append(all, string(a))
	}
	switch near := suggest.Nearest(written, fires); {
	case len(renamed) == 1:
		return renamed[0]
	case len(renamed) > 1: // only a name that is spelt alike tells them apart
		return likest(written, renamed)
	case near != "":
		return near
	}
	return suggest.Nearest(written, all)
}

// likest is the address whose one other name is spelt most like the one in its place; empty where none is near.
func likest(written string, renamed []string) string {
	names := map[string]string{}
	var old string
	for _, r := range renamed {
		x, y := strings.Split(written, "."), strings.Split(r, ".")
		for i := range x {
			if x[i] != y[i] {
				old = x[i]
				names[y[i]] = r
			}
		}
	}
	return names[suggest.Nearest(old, slices.Sorted(maps.Keys(names)))]
}

// alike reports whether two addresses differ in exactly one name, as they do after a rename: the same kinds, and nested
// things agree in all other names.
func alike(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	if len(x) != len(y) || len(x) < 2 {
		return false
	}
	differ := 0
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		if i%2 == 0 {
			return false
		}
		differ++
	}
	return differ == 1
}

// known marks the findings that the baseline accepted; one that has become worse since counts as new.
func (s *scene) known(findings []*analyzer.Finding) {
	for _, f := range findings {
		if sev, ok := s.opt.Baseline[f.ID()]; ok && f.Severity <= sev {
			f.Known = true
		}
	}
}

// stale lists baseline entries that no finding matches any more, sorted. An entry that the run did not look at, or that
// another finding stands for, is not stale.
func (s *scene) stale(findings []*analyzer.Finding, cards map[string]*analyzer.Card) []string {
	seen := map[string]bool{}
	for _, f := range findings {
		seen[f.ID()] = true
		for _, id := range f.Subsumes {
			seen[id] = true
		}
	}
	out := []string{}
	for id := range s.opt.Baseline {
		rule, addr, _ := strings.Cut(id, "@")
		if card := cards[rule]; seen[id] || card != nil && !s.sees(card, model.Addr(addr)) {
			continue
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
