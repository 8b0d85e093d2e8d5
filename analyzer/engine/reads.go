package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// read is one part of a document that a rule reads: a field of a section, a field of a group in it (part), the whole
// section (field ""), or a plain top-level key (addr, kind, format).
type read struct{ section, field, part string }

func compareReads(a, b read) int {
	return cmp.Or(cmp.Compare(a.section, b.section), cmp.Compare(a.field, b.field), cmp.Compare(a.part, b.part))
}

// path is the path of the read: "subject.rec.timeout".
func (r read) path() string {
	p := r.section
	for _, s := range []string{r.field, r.part} {
		if s != "" {
			p += "." + s
		}
	}
	return p
}

// wider lists what holds all that the read does, widest first, itself last.
func (r read) wider() []read {
	out := []read{{section: r.section}}
	if r.field != "" {
		out = append(out, read{section: r.section, field: r.field})
	}
	if r.part != "" {
		out = append(out, r)
	}
	return out
}

// prune drops the reads that others hold, and sorts.
func prune(reads []read) []read {
	slices.SortFunc(reads, compareReads)
	reads = slices.Compact(reads)
	all := map[read]bool{}
	for _, r := range reads {
		all[r] = true
	}
	return slices.DeleteFunc(reads, func(r read) bool {
		w := r.wider()
		return slices.ContainsFunc(w[:len(w)-1], func(x read) bool { return all[x] })
	})
}

// sections are the parts of a document that hold facts; every other top-level key is plain.
var sections = [...]string{"subject", "from", "to", "system"}

// reader finds what the rules of one compiler read, helpers and library included.
type reader struct {
	rules  map[string][]*ast.Rule // by path
	depths []int                  // lengths of these paths, ascending
	memo   map[string]map[read]bool
	names  map[*ast.Rule]aliases
}

func emptyReader() *reader {
	return &reader{rules: map[string][]*ast.Rule{}, memo: map[string]map[read]bool{}, names: map[*ast.Rule]aliases{}}
}

func newReader(c *ast.Compiler) *reader {
	r := emptyReader()
	for _, m := range c.Modules {
		for _, rule := range m.Rules {
			path := rule.Path()
			r.add(path.String(), len(path), rule)
		}
	}
	return r
}

// add adds one rule at a path of so many parts.
func (r *reader) add(path string, depth int, rule *ast.Rule) {
	r.rules[path] = append(r.rules[path], rule)
	if i, known := slices.BinarySearch(r.depths, depth); !known {
		r.depths = slices.Insert(r.depths, i, depth)
	}
}

// of lists what the rule set at path reads, sorted; a wide read swallows narrow ones.
func (r *reader) of(path string) []read {
	var out []read
	for x := range r.collect(path) {
		out = append(out, x)
	}
	return prune(out)
}

func (r *reader) collect(path string) map[read]bool {
	if got, ok := r.memo[path]; ok {
		return got
	}
	got := map[read]bool{}
	r.memo[path] = got // Rego has no recursion
	for _, rule := range r.rules[path] {
		for e := rule; e != nil; e = e.Else {
			r.walk(e, got)
		}
	}
	return got
}

// aliases are the local names that stand for a reference, as in "cb := input.subject.circuit_breaker".
type aliases map[ast.Var]ast.Ref

// aliasOf returns the name and the reference that an expression equates.
func aliasOf(e *ast.Expr) (ast.Var, ast.Ref, bool) {
	if !e.IsEquality() && !e.IsAssignment() || e.Negated || len(e.With) > 0 {
		return "", nil, false
	}
	for _, pair := range [2][2]int{{0, 1}, {1, 0}} {
		v, ok := e.Operand(pair[0]).Value.(ast.Var)
		if !ok {
			continue
		}
		switch x := e.Operand(pair[1]).Value.(type) {
		case ast.Ref:
			return v, x, true
		case ast.Var: // the name of a name
			return v, ast.Ref{ast.NewTerm(x)}, true
		}
	}
	return "", nil, false
}

func (r *reader) aliasesOf(rule *ast.Rule) aliases {
	if known, ok := r.names[rule]; ok {
		return known
	}
	out := aliases{}
	r.names[rule] = out
	note := func(e *ast.Expr) {
		if v, ref, ok := aliasOf(e); ok {
			if _, twice := out[v]; !twice {
				out[v] = ref
			}
		}
	}
	outer := map[ast.Var]bool{} // an equation inside a comprehension says nothing about a name outside it
	for _, e := range rule.Body {
		note(e)
		for v := range e.Vars(ast.VarVisitorParams{SkipClosures: true}) {
			outer[v] = true
		}
	}
	for _, t := range []*ast.Term{rule.Head.Key, rule.Head.Value} {
		if v, ok := valueOf(t).(ast.Var); ok {
			outer[v] = true
		}
	}
	ast.WalkClosures(rule.Body, func(x any) bool {
		ast.WalkExprs(x, func(e *ast.Expr) bool {
			if v, _, ok := aliasOf(e); ok && !outer[v] {
				note(e)
			}
			return false
		})
		return true
	})
	return out
}

func valueOf(t *ast.Term) ast.Value {
	if t == nil {
		return nil
	}
	return t.Value
}

// resolve follows local names and single-valued rules that only name a reference.
func (r *reader) resolve(ref ast.Ref, names aliases) ast.Ref {
	for range 16 { // chains are short; a cycle of unifications would not end
		head, ok := ref[0].Value.(ast.Var)
		if !ok {
			return ref
		}
		if to, ok := names[head]; ok {
			ref = append(slices.Clone(to), ref[1:]...)
			continue
		}
		to, n := r.ruleAlias(ref)
		if to == nil {
			return ref
		}
		ref = append(slices.Clone(to), ref[n:]...)
	}
	return ref
}

// ruleAlias returns the reference that the rule named by a prefix of ref stands for, as in "journey := input.subject".
func (r *reader) ruleAlias(ref ast.Ref) (ast.Ref, int) {
	path, n := r.ruleOf(ref)
	rules := r.rules[path]
	if len(rules) != 1 || rules[0].Else != nil || len(rules[0].Head.Args) > 0 || rules[0].Head.Value == nil {
		return nil, 0
	}
	rule := rules[0]
	if len(rule.Body) != 1 {
		return nil, 0
	}
	v, to, ok := aliasOf(rule.Body[0])
	if !ok || !rule.Head.Value.Equal(ast.NewTerm(v)) || !to.HasPrefix(ast.InputRootRef) {
		return nil, 0
	}
	return to, n
}

// ruleOf is the path of the rule set that a reference into data names, and the length of that prefix.
func (r *reader) ruleOf(ref ast.Ref) (string, int) {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return "", 0
	}
	for _, n := range r.depths { // spelling a path is slow
		if n > len(ref) || !ref[:n].IsGround() {
			break
		}
		if p := ref[:n].String(); r.rules[p] != nil {
			return p, n
		}
	}
	return "", 0
}

// isWide reports whether a reference only leads to facts: to a section, or to what lies directly in one where depth is 3.
// Equating a name with it reads nothing by itself.
func (r *reader) isWide(ref ast.Ref, depth int) bool {
	if !ref.HasPrefix(ast.InputRootRef) || len(ref) > depth {
		return false
	}
	if len(ref) == 1 {
		return true
	}
	s, ok := ref[1].Value.(ast.String)
	return ok && slices.Contains(sections[:], string(s))
}

func (r *reader) walk(rule *ast.Rule, into map[read]bool) {
	names := r.aliasesOf(rule)
	visit := func(ref ast.Ref) {
		ref = r.resolve(ref, names)
		if ref.HasPrefix(ast.InputRootRef) {
			record(ref, into)
			return
		}
		if path, n := r.ruleOf(ref); n > 0 {
			for x := range r.collect(path) {
				into[x] = true
			}
		} else if ref.HasPrefix(ast.DefaultRootRef) {
			record(ast.InputRootRef, into) // a whole package: whatever it reads
		}
	}
	var vis *ast.GenericVisitor
	vis = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Rule:
			for _, t := range x.Head.Args {
				vis.Walk(t)
			}
			for _, t := range []*ast.Term{x.Head.Key, x.Head.Value} {
				if t != nil {
					vis.Walk(t)
				}
			}
			vis.Walk(x.Body)
			return true // else is walked by the caller
		case *ast.Expr:
			if len(x.With) > 0 {
				record(ast.InputRootRef, into)
			}
			if _, ref, ok := aliasOf(x); ok {
				if full := r.resolve(ref, names); r.isWide(full, 3) {
					return true // "s := input.subject" reads nothing by itself
				}
			}
		case ast.Ref:
			visit(x)
			for _, t := range x[1:] {
				vis.Walk(t)
			}
			return true
		case ast.Var:
			if to, ok := names[x]; ok {
				if full := r.resolve(to, names); r.isWide(full, 3) {
					record(full, into)
				}
			}
		}
		return false
	})
	vis.Walk(rule)
}

// record notes what a reference into the input reads.
func record(ref ast.Ref, into map[read]bool) {
	part := func(i int) string {
		if i < len(ref) {
			if s, ok := ref[i].Value.(ast.String); ok {
				return string(s)
			}
		}
		return ""
	}
	section := part(1)
	if section == "" {
		for _, s := range append([]string{"addr", "kind", "format"}, sections[:]...) {
			into[read{section: s}] = true
		}
		return
	}
	if !slices.Contains(sections[:], section) {
		into[read{section: section}] = true
		return
	}
	x := read{section: section, field: part(2)}
	if x.field != "" {
		x.part = part(3)
	}
	into[x] = true
}

// factPaths finds, for each name that a rule's results give a fact, the places in the document it may come from.
func (r *reader) factPaths(path string) map[string][]string {
	out := map[string][]string{}
	for _, rule := range r.rules[path] {
		for e := rule; e != nil; e = e.Else {
			names := r.aliasesOf(e)
			ast.WalkTerms(e, func(t *ast.Term) bool {
				obj, ok := t.Value.(ast.Object)
				if !ok {
					return false
				}
				if in := obj.Get(ast.StringTerm("facts")); in != nil {
					if facts, ok := in.Value.(ast.Object); ok {
						facts.Foreach(func(k, v *ast.Term) { r.addFactPath(k, v, names, out) })
					}
				}
				return false
			})
		}
	}
	return out
}

func (r *reader) addFactPath(k, v *ast.Term, names aliases, out map[string][]string) {
	name, ok := k.Value.(ast.String)
	if !ok {
		return
	}
	var ref ast.Ref
	switch x := v.Value.(type) {
	case ast.Ref:
		ref = x
	case ast.Var:
		ref = ast.Ref{v}
	default:
		return
	}
	ref = r.resolve(ref, names)
	if !ref.HasPrefix(ast.InputRootRef) || len(ref) < 2 {
		return
	}
	if p := pathOf(ref[1:]); !slices.Contains(out[string(name)], p) {
		out[string(name)] = append(out[string(name)], p)
	}
}

// pathOf writes a reference as "subject.retry.max_attempts"; any element of a list is "[]".
func pathOf(ref ast.Ref) string {
	var b strings.Builder
	for i, t := range ref {
		s, ok := t.Value.(ast.String)
		switch {
		case !ok:
			b.WriteString("[]")
			continue
		case i > 0:
			b.WriteByte('.')
		}
		b.WriteString(string(s))
	}
	return b.String()
}
