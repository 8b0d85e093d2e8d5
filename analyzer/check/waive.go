package check

import (
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// warnDays is how long before its end a waiver is reported as expiring.
const warnDays = 14

// waive applies the model's waivers to the findings and says how each waiver stands. An expired one no longer accepts
// anything: the finding returns and names it.
func (s *scene) waive(findings []*analyzer.Finding, cards map[string]*analyzer.Card) []analyzer.WaiverState {
	out := make([]analyzer.WaiverState, 0, len(s.m.Waivers))
	today, _ := time.Parse(time.DateOnly, s.opt.Today)
	for _, w := range s.m.Waivers {
		st := analyzer.WaiverState{Waiver: w, State: "active"}
		if end, err := time.Parse(time.DateOnly, w.Expires.V); err == nil && s.opt.Today != "" {
			st.Days = int(end.Sub(today).Hours() / 24)
			switch {
			case st.Days < 0:
				st.State = "expired"
			case st.Days <= warnDays:
				st.State = "expiring"
			}
		}
		for _, f := range findings {
			if f.Rule != w.Label || f.Unwaivable || !matchAddr(w.Subject.V, string(f.Subject)) {
				continue
			}
			st.Matches = append(st.Matches, f.ID())
			if st.State == "expired" {
				f.Expired = w
			} else if w.MaxMatches.Has() && len(st.Matches) > w.MaxMatches.V {
				continue // more than the author accepted: the rest counts
			} else {
				f.Waiver = w
			}
		}
		if len(st.Matches) == 0 {
			if st.State != "expired" {
				st.State = "unmatched"
			}
			st.Nearest = s.nearestAddr(w.Subject.V)
		}
		out = append(out, st)
	}
	return out
}

// dropAnswered leaves out findings about a waiver whose own finding has returned: that one names the waiver.
func dropAnswered(findings []*analyzer.Finding, waivers []analyzer.WaiverState) []*analyzer.Finding {
	answered := map[model.Addr]bool{}
	for _, w := range waivers {
		if len(w.Matches) > 0 {
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

// nearestAddr is the declared address closest to one that matches nothing, for a waiver that a rename left behind.
func (s *scene) nearestAddr(written string) string {
	if s.m.Lookup(model.Addr(written)) != nil {
		return ""
	}
	var all []string
	for _, a := range s.m.Addrs() {
		all = append(all, string(a))
	}
	return suggest.Nearest(written, all)
}

// known marks the findings that the baseline accepted; one that has become worse since counts as new.
func (s *scene) known(findings []*analyzer.Finding) {
	for _, f := range findings {
		if sev, ok := s.opt.Baseline[f.ID()]; ok && f.Severity <= sev {
			f.Known = true
		}
	}
}

// Stale lists baseline entries that no finding matches any more, sorted.
func Stale(baseline map[string]analyzer.Severity, findings []*analyzer.Finding) []string {
	seen := map[string]bool{}
	for _, f := range findings {
		seen[f.ID()] = true
	}
	var out []string
	for id := range baseline {
		if !seen[id] {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
