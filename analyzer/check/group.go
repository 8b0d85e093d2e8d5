package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// groupFrom is how many subjects make it worth to mend a rule at a higher level.
const groupFrom = 3

// carried are the attributes that a policy block hands down to calls.
var carried = map[string]bool{
	"timeout": true, "deadline": true, "connect_timeout": true, "retry": true, "circuit_breaker": true, "bulkhead": true,
	"rate_limit": true, "fallback": true,
}

// systemWide are the attributes that the system hands down to its services and gateways.
var systemWide = map[string]bool{
	"deploy": true, "scale": true, "discovery": true, "load_balancing": true, "deadline_propagation": true, "auth": true, "team": true,
}

// Group shows findings of one rule as one where one change at a higher level mends at least three of them, or where
// they all ask for the same change (rules.md §2.5): one cause, one finding, with its places. It is presentation:
// waivers, baseline and gate have seen every member under its own id.
func Group(m *model.Model, findings []*analyzer.Finding) []*analyzer.Finding {
	if m.System == nil {
		return findings
	}
	groups := map[string][]*analyzer.Finding{}
	var order []string
	for _, f := range findings {
		if f.Waiver != nil || f.Expired != nil || f.Known { // a waiver that has ended is named with its finding
			continue
		}
		key := ""
		if len(f.Fixes) == 0 {
			key = f.Rule + " : " + f.Detail
		} else if same := advice(f); same != "" {
			key = f.Rule + " > " + same
		} else if a := higher(m, f); a != "" {
			key = f.Rule + " " + a
		} else if same := changes(f); same != "" {
			key = f.Rule + " = " + same
		} else {
			continue
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	grouped := map[*analyzer.Finding]bool{}
	out := sameFix(findings, grouped)
	places := newSharer(m)
	for _, key := range order {
		fs := slices.DeleteFunc(groups[key], func(f *analyzer.Finding) bool { return grouped[f] })
		if len(fs) < groupFrom {
			continue
		}
		parts := [][]*analyzer.Finding{fs}
		if len(fs[0].Fixes) > 0 && advice(fs[0]) == "" && higher(m, fs[0]) == "" {
			parts = places.divide(fs)
		}
		for _, part := range parts {
			for _, f := range part {
				grouped[f] = true
			}
			out = append(out, places.merge(part))
		}
	}
	for _, f := range findings {
		if !grouped[f] {
			out = append(out, f)
		}
	}
	analyzer.Rank(out)
	return out
}

// changes are what a fix sets and adds on its own subject and on blocks inside it, in words that are equal for equal changes;
// empty for a fix that only advises, or that belongs to one place.
func changes(f *analyzer.Finding) string {
	var parts []string
	for _, op := range f.Fixes[0].Ops {
		inside, ok := strings.CutPrefix(string(op.At), string(f.Subject))
		own := op.Set != "" && op.At == "" || ok && (inside == "" || inside[0] == '.') && (op.Set != "" || op.Add != "")
		if !own {
			return ""
		}
		parts = append(parts, fmt.Sprint(inside, " ", op.Set, op.Add, op.Label, "=", op.Value))
	}
	return strings.Join(parts, ",")
}

// advice is what all fixes say of a finding that only advise and name no place of their own: the same words serve all who
// get them. What is there and wrong by its own numbers stays apart.
func advice(f *analyzer.Finding) string {
	if f.Kind != analyzer.Missing && len(f.Facts) > 0 {
		return ""
	}
	var parts []string
	for _, fix := range f.Fixes {
		for _, op := range fix.Ops {
			if op.Advise == "" || op.At != "" && op.At != f.Subject {
				return ""
			}
			parts = append(parts, op.Advise)
		}
	}
	return strings.Join(parts, " ")
}

// elsewhere reports whether a fix changes another place than the subject: a path of a journey, what the system hands down,
// a new block beside all others.
func elsewhere(f *analyzer.Finding) bool {
	return !slices.ContainsFunc(f.Fixes[0].Ops, func(op analyzer.Op) bool { return op.At == "" && op.Add == "" || op.At == f.Subject })
}

// sameFix shows findings of one rule as one where they ask for the same change in another place: two journeys that share
// their path have one cause.
func sameFix(findings []*analyzer.Finding, grouped map[*analyzer.Finding]bool) []*analyzer.Finding {
	groups := map[string][]*analyzer.Finding{}
	var order []string
	for _, f := range findings {
		if len(f.Fixes) == 0 || f.Waiver != nil || f.Expired != nil || f.Known || !elsewhere(f) {
			continue
		}
		key := fmt.Sprint(f.Rule, f.Verdict, f.Fixes[0].Ops)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	var out []*analyzer.Finding
	for _, key := range order {
		fs := groups[key]
		if len(fs) < 2 {
			continue
		}
		g := *fs[0] // the findings are ranked: the one that most traffic takes speaks for all
		g.Members, g.Subsumes = fs, nil
		for _, f := range fs {
			grouped[f] = true
			g.Subjects = append(g.Subjects, f.Subject)
			g.Subsumes = append(g.Subsumes, f.Subsumes...)
		}
		slices.Sort(g.Subjects)
		slices.Sort(g.Subsumes)
		g.Subsumes = slices.Compact(g.Subsumes)
		out = append(out, &g)
	}
	return out
}

// higher is the attribute that a finding's fix sets, if a policy or the system can carry it for all who do not write it
// themselves; else empty.
func higher(m *model.Model, f *analyzer.Finding) string {
	if len(f.Fixes[0].Ops) != 1 || f.Kind != analyzer.Missing {
		return ""
	}
	op := f.Fixes[0].Ops[0]
	if op.Set == "" || op.At != "" && op.At != f.Subject {
		return ""
	}
	name, _, _ := strings.Cut(op.Set, ".")
	s := scene{m: m}
	if !s.attribute(f.Subject, name).IsZero() {
		return "" // what is written here hides what a higher level says
	}
	switch m.Lookup(f.Subject).(type) {
	case *model.Call:
		if carried[name] {
			return op.Set
		}
	case *model.Service, *model.Gateway:
		if systemWide[name] {
			return op.Set
		}
	}
	return ""
}

func (s *sharer) merge(fs []*analyzer.Finding) *analyzer.Finding {
	m := s.m
	slices.SortFunc(fs, func(a, b *analyzer.Finding) int { return cmp.Compare(a.Subject, b.Subject) })
	worst := slices.MaxFunc(fs, func(a, b *analyzer.Finding) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Share, b.Share), cmp.Compare(b.Subject, a.Subject))
	})
	g := *worst
	g.Subject, g.Range = m.System.Addr, m.System.Decl
	g.Subsumes, g.Evidence, g.Settles, g.Members = nil, nil, 0, fs
	var ops []analyzer.Op
	for _, f := range fs {
		g.Subjects = append(g.Subjects, f.Subject)
		g.Subsumes = append(g.Subsumes, f.Subsumes...)
		g.Settles += f.Settles
		g.Share = max(g.Share, f.Share)
		g.Evidence = append(g.Evidence, analyzer.Related{Addr: f.Subject, Range: f.Range})
	}
	for _, f := range slices.SortedFunc(slices.Values(fs), byPlace) { // changes read from the top of the file down
		if len(f.Fixes) == 0 {
			continue
		}
		for _, op := range f.Fixes[0].Ops {
			if op.At == "" {
				op.At = f.Subject
			}
			ops = append(ops, op)
		}
	}
	slices.Sort(g.Subsumes)
	g.Subsumes = slices.Compact(g.Subsumes)
	g.Detail = fmt.Sprintf("%s The same holds at %d other places.", sentence(worst.Detail), len(fs)-1)
	if len(ops) == 0 || advice(worst) != "" {
		return &g
	}
	if attr := higher(m, worst); attr != "" {
		g.Detail = fmt.Sprintf("%s The same holds at %d other places; one change mends all of them.", sentence(worst.Detail), len(fs)-1)
		ops = carrier(m, attr, common(fs))
	} else if at, change := s.shared(fs); at != "" {
		e := m.Lookup(at).Self()
		g.Subject, g.Range, ops = at, e.Decl, change
		g.Detail = fmt.Sprintf("%s The same holds at %d other places; one change mends all of them.", sentence(worst.Detail), len(fs)-1)
	}
	g.Fixes = []analyzer.Fix{{Ops: ops}}
	return &g
}

// byPlace orders findings by where they stand.
func byPlace(a, b *analyzer.Finding) int {
	return cmp.Or(cmp.Compare(a.Range.File, b.Range.File), cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte), cmp.Compare(a.Subject, b.Subject))
}

// sentence ends a text with a period.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// carrier sets an attribute where all subjects inherit it: in the system's policy, in a new policy, or in the system.
func carrier(m *model.Model, attr string, v any) []analyzer.Op {
	name, _, _ := strings.Cut(attr, ".")
	switch {
	case !carried[name]:
		return []analyzer.Op{{At: m.System.Addr, Set: attr, Value: v}}
	case m.System.Policy.Has():
		return []analyzer.Op{{At: m.System.Policy.V, Set: attr, Value: v}}
	}
	label := freshPolicy(m, "default")
	return []analyzer.Op{
		{At: m.System.Addr, Set: "policy", Value: "policy." + label},
		{Add: "policy", Label: label, Value: map[string]any{attr: v}},
	}
}

// common is one value for all members: theirs where they agree, the longest of differing durations (a ceiling that no
// member finds too short), else the keys on which their objects agree.
func common(fs []*analyzer.Finding) any {
	first := fs[0].Fixes[0].Ops[0].Value
	longest, text := time.Duration(0), ""
	var agreed map[string]any
	same := true
	for i, f := range fs {
		v := f.Fixes[0].Ops[0].Value
		same = same && fmt.Sprint(v) == fmt.Sprint(first)
		if s, ok := v.(string); ok {
			if d, err := time.ParseDuration(s); err == nil && d > longest {
				longest, text = d, s
			}
		}
		if o, ok := v.(map[string]any); ok {
			if i == 0 {
				agreed = map[string]any{}
				for k, x := range o {
					agreed[k] = x
				}
			}
			for k := range agreed {
				if fmt.Sprint(o[k]) != fmt.Sprint(agreed[k]) {
					delete(agreed, k)
				}
			}
		}
	}
	switch {
	case same:
		return first
	case text != "":
		return text
	case agreed != nil:
		return agreed
	}
	return first
}
