package engine

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/open-policy-agent/opa/v1/ast"
)

// lookup finds facts of one document again: a result holds their values, not where they stood.
type lookup struct {
	doc  *facts.Document
	cols []*column // what the rule reads
	i    int       // the document's row in them
}

// place picks, among the paths that a fact may have come from, the one that holds its value, and the unit there.
func (l lookup) place(paths []string, t *ast.Term) (path, unit string) {
	for _, p := range paths {
		n, leaf := l.walk(p)
		if n == nil {
			continue
		}
		if len(paths) == 1 || strings.Contains(p, "[]") || termOf(n).Equal(t) {
			if leaf != nil {
				unit = leaf.Unit
			}
			return p, unit
		}
	}
	return l.find(t)
}

// find looks for a fact that a helper put into the result: first for the very term, which stands at one place only, then
// for an equal one. Where several are equal and none is the same, their common unit is all that can be said.
func (l lookup) find(t *ast.Term) (path, unit string) {
	if _, ok := t.Value.(ast.Object); !ok {
		return "", ""
	}
	type place struct{ path, unit string }
	var equal []place
	for _, c := range l.cols {
		at := c.read.path()
		if found, u, ok := findWithin(c.term(l.i), c.node(l.i), t, at, true); ok {
			return found, u
		}
		if found, u, ok := findWithin(c.term(l.i), c.node(l.i), t, at, false); ok {
			equal = append(equal, place{found, u})
		}
	}
	switch {
	case len(equal) == 0:
		return "", ""
	case len(equal) == 1:
		return equal[0].path, equal[0].unit
	}
	for _, p := range equal[1:] {
		if p.unit != equal[0].unit {
			return "", ""
		}
	}
	return "", equal[0].unit
}

// sameValue reports whether two terms hold the very same object.
func sameValue(a, b *ast.Term) bool {
	x, ok := a.Value.(ast.Object)
	y, ok2 := b.Value.(ast.Object)
	return ok && ok2 && x == y
}

// findWithin looks for a fact in a node and what it contains.
func findWithin(have *ast.Term, n facts.Node, t *ast.Term, at string, same bool) (path, unit string, ok bool) {
	if have == nil {
		return "", "", false
	}
	var in facts.Obj
	switch x := n.(type) {
	case *facts.Leaf:
		if same && sameValue(have, t) || !same && have.Equal(t) {
			return at, x.Unit, true
		}
		in = x.Contains
	case facts.Obj:
		in = x
	}
	obj, isObj := have.Value.(ast.Object)
	for _, f := range in {
		if !isObj {
			break
		}
		if path, unit, ok = findWithin(get(obj, f.Name), f.Node, t, at+"."+f.Name, same); ok {
			return path, unit, true
		}
	}
	return "", "", false
}

// walk follows a path such as "subject.retry.max_attempts". leaf is the fact at its end, or the one that the last step
// (value, lo, hi) looks into. A list stands for its first element.
func (l lookup) walk(path string) (n facts.Node, leaf *facts.Leaf) {
	parts := strings.Split(strings.ReplaceAll(path, "[]", ".[]"), ".")
	section := sectionOf(l.doc, parts[0])
	if section == nil {
		return nodeOf(l.doc, nil, read{section: parts[0]}), nil
	}
	if len(parts) == 1 {
		return facts.Fields(section), nil
	}
	n = facts.Lookup(section, parts[1])
	for _, p := range parts[2:] {
		switch x := n.(type) {
		case *facts.Leaf:
			if in := child(x.Contains, p); in != nil {
				n = in
				continue
			}
			switch p {
			case "value", "lo", "hi":
				return facts.Plain{V: x.Val}, x
			}
			return nil, nil
		case facts.Obj:
			n = child(x, p)
		case facts.Arr:
			if p != "[]" || len(x) == 0 {
				return nil, nil
			}
			n = x[0]
		default:
			return nil, nil
		}
	}
	leaf, _ = n.(*facts.Leaf)
	return n, leaf
}

// needs lists what to state so that the unknown fact at a path becomes known. Inside a list nobody remembers which element
// the rule looked at: all of them that are unknown count.
func (l lookup) needs(path string) []string {
	head, tail, inList := strings.Cut(path, "[].")
	n, leaf := l.walk(head)
	if !inList {
		if leaf == nil {
			return nil
		}
		return leaf.Needs
	}
	list, _ := n.(facts.Arr)
	var out []string
	for _, e := range list {
		for _, part := range strings.Split(tail, ".") {
			switch x := e.(type) {
			case facts.Obj:
				e = child(x, part)
			case *facts.Leaf:
				e = child(x.Contains, part)
			default:
				e = nil
			}
		}
		if leaf, ok := e.(*facts.Leaf); ok && leaf.State == model.Unknown {
			out = append(out, leaf.Needs...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func child(o facts.Obj, name string) facts.Node {
	i, ok := slices.BinarySearchFunc(o, name, func(f facts.Field, name string) int { return strings.Compare(f.Name, name) })
	if !ok {
		return nil
	}
	return o[i].Node
}
