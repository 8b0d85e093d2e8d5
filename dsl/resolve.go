package dsl

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// computedKinds begin the addresses of what archcheck computes; waivers name them in quotes.
var computedKinds = []string{"journey", "cycle", "zone", "server"}

// maxSuggested bounds the search for what was meant: it looks at every address, and a renamed block of a large model
// leaves thousands of references behind.
const maxSuggested = 100

// resolver checks references across files.
type resolver struct {
	m     *model.Model
	known map[model.Addr]*model.Block
	diags source.Diagnostics

	apart [2]string // two files that describe a system each: what else they both declare has the same cause
	asked int       // suggestions looked for
	loose []string  // operations whose callee is not declared
}

func (r *resolver) errorf(s *scope, rng model.Range, summary, format string, args ...any) {
	r.diags = append(r.diags, source.Diagnostic{Summary: summary, Detail: fmt.Sprintf(format, args...), Context: s.String(), Range: rng})
}

// declare collects every address and reports those that are declared twice.
func (r *resolver) declare() {
	r.known = make(map[model.Addr]*model.Block)
	twin := map[string]bool{} // declared twice, and said so: what lies inside is
	r.m.Each(func(e model.Entity) {
		b := e.Self()
		first, twice := r.known[b.Addr]
		if !twice {
			r.known[b.Addr] = b
			return
		}
		if first.Decl.Compare(b.Decl) > 0 {
			first, b = b, first
		}
		if b.Kind == model.KindWaiver {
			r.errorf(nil, b.Decl, "Duplicate waiver", "%s is already waived at %s:%d. Keep one.", strings.TrimPrefix(string(b.Addr), "waiver."), first.Decl.File, first.Decl.Start.Line)
			return
		}
		twin[string(b.Addr)] = true
		if twin[parentOf(string(b.Addr))] || first.Decl.File != b.Decl.File && slices.Contains(r.apart[:], first.Decl.File) && slices.Contains(r.apart[:], b.Decl.File) {
			return
		}
		r.errorf(nil, b.Decl, "Duplicate "+string(b.Kind), "%s is already declared at %s:%d. Give one of them another name.", b.Addr, first.Decl.File, first.Decl.Start.Line)
	})
}

// parentOf is the address of the block around a nested one, empty for a block at the top.
func parentOf(addr string) string {
	parts := strings.Split(addr, ".")
	return strings.Join(parts[:max(0, len(parts)-2)], ".")
}

// check finds a reference's target and compares its kind with what the attribute takes.
func (r *resolver) check(p pendingRef) {
	addr := model.Addr(strings.Join(p.path, "."))
	if p.attr.Type == Subject && slices.Contains(computedKinds, p.path[0]) {
		return
	}
	b, ok := r.known[addr]
	if !ok {
		r.undeclared(p, addr)
		return
	}
	if p.attr.Type == Subject || slices.Contains(p.attr.Refs, b.Kind) {
		return
	}
	detail := fmt.Sprintf("%s is %s. %s takes %s.", addr, lowerArticle(string(b.Kind)), p.attr.Name, kindsOf(p.attr))
	block := p.scope.block()
	switch {
	case block.typ.Kind == model.KindCall && (b.Kind == model.KindTopic || b.Kind == model.KindQueue):
		detail += fmt.Sprintf(" To send it messages, write publish %q { to = %s }.", block.label, addr)
	case block.typ.Kind == model.KindPublish && p.attr.Name == "to":
		detail += fmt.Sprintf(" To wait for its reply, write call %q { to = %s }.", block.label, addr)
	}
	r.errorf(p.scope, p.rng, "Reference to the wrong kind", "%s", detail)
}

// undeclared explains a reference without a target.
func (r *resolver) undeclared(p pendingRef, addr model.Addr) {
	kind := p.path[0]
	top := Block(model.Kind(kind))
	switch {
	case top == nil || !IsTopLevel(model.Kind(kind)):
		r.unknownKind(p, addr)
		return
	case len(p.path) == 1:
		r.errorf(p.scope, p.rng, "Incomplete reference", "A reference is KIND.NAME.%s", r.near(p, model.Addr(kind+".")))
		return
	}
	parent := model.Addr(strings.Join(p.path[:2], "."))
	if len(p.path) > 2 && r.known[parent] != nil {
		r.errorf(p.scope, p.rng, "Reference to undeclared "+nestedKind(p.path), "%s has no such block.%s", parent, r.near(p, addr))
		return
	}
	r.errorf(p.scope, p.rng, "Reference to undeclared "+kind, "This model declares no %s %q.%s", kind, p.path[1], r.near(p, addr))
}

func nestedKind(path []string) string {
	if len(path) > 2 && Block(model.Kind(path[2])) != nil {
		return path[2]
	}
	return "block"
}

func (r *resolver) unknownKind(p pendingRef, addr model.Addr) {
	if len(p.path) == 1 {
		r.errorf(p.scope, p.rng, "Incomplete reference", "A reference is KIND.NAME; %s alone names nothing.%s", addr, r.near(p, addr))
		return
	}
	r.errorf(p.scope, p.rng, "Reference to an unknown kind", "There is no kind %q.%s", p.path[0], r.near(p, addr))
}

// near is the sentence that proposes a declared block: one of the same name first, then the nearest name that this
// attribute may take, else a few that it may take.
func (r *resolver) near(p pendingRef, addr model.Addr) string {
	if r.asked++; r.asked > maxSuggested {
		return ""
	}
	var fits []string
	for a, b := range r.known {
		if p.attr.Type == Subject && b.Kind != model.KindWaiver || slices.Contains(p.attr.Refs, b.Kind) {
			fits = append(fits, string(a))
		}
	}
	sort.Strings(fits)
	last := p.path[len(p.path)-1]
	var same []string
	for _, f := range fits {
		if f[strings.LastIndexByte(f, '.')+1:] == last {
			same = append(same, f)
		}
	}
	best := ""
	if len(same) == 1 {
		best = same[0]
	} else if len(same) > 1 {
		best = suggest.Nearest(string(addr), same)
		if best == "" {
			return " Did you mean " + oneOf(same[:min(len(same), maxListed)]) + "?"
		}
	} else {
		best = r.nearestLabel(addr, last, fits)
	}
	if best != "" {
		at := r.known[model.Addr(best)].Decl
		return fmt.Sprintf(" Did you mean %s, declared at %s:%d?", best, at.File, at.Start.Line)
	}
	if len(fits) == 0 {
		if len(p.attr.Refs) > 0 {
			return fmt.Sprintf(" Declare it, as in %s %q { … }.", p.attr.Refs[0], last)
		}
		return ""
	}
	return didYouMean(string(addr), fits, "Declared are", plain)
}

// nearestLabel compares labels, not whole addresses: the kind is long and would make everything look near.
func (r *resolver) nearestLabel(addr model.Addr, last string, fits []string) string {
	head := string(addr[:len(addr)-len(last)])
	var labels []string
	for _, f := range fits {
		if strings.HasPrefix(f, head) && !strings.Contains(f[len(head):], ".") {
			labels = append(labels, f[len(head):])
		}
	}
	if n := suggest.Nearest(last, labels); n != "" {
		return head + n
	}
	labels = labels[:0]
	homes := map[string]string{}
	for _, f := range fits {
		l := f[strings.LastIndexByte(f, '.')+1:]
		if homes[l] == "" {
			homes[l] = f
			labels = append(labels, l)
		}
	}
	return homes[suggest.Nearest(last, labels)]
}

// members puts every service into the meshes whose author wrote "all".
func (r *resolver) members() {
	for _, m := range r.m.Meshes {
		if m.Members.State == model.Stated && m.Members.Text() == "all" {
			all := make([]model.Addr, len(r.m.Services))
			for i, s := range r.m.Services {
				all[i] = s.Addr
			}
			m.Members.V = all
		}
	}
}
