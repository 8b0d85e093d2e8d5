package engine

import (
	"slices"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/open-policy-agent/opa/v1/ast"
)

// lookup finds facts of one document again: a result holds their values, not where they stood.
type lookup struct {
	doc   *facts.Document
	cols  []*column // what the rule reads
	i     int       // the document's row in them
	units *sync.Map // units by path, the same in all documents of a kind
}

// place picks, among the paths that a fact may have come from, the one that holds its value, and the unit there.
func (l lookup) place(paths []string, t *ast.Term) (path, unit string) {
	if len(paths) == 1 {
		return paths[0], l.unit(paths[0])
	}
	for _, p := range paths {
		if n, _ := l.walk(p); n != nil && (strings.Contains(p, "[]") || termOf(n).Equal(t)) {
			return p, l.unit(p)
		}
	}
	return l.find(t)
}

// unit is the unit of the fact at a path, empty for words.
func (l lookup) unit(path string) string {
	if u, ok := l.units.Load(path); ok {
		return u.(string)
	}
	_, leaf := l.walk(path)
	if leaf == nil {
		return "" // not there in this document
	}
	l.units.Store(path, leaf.Unit)
	return leaf.Unit
}

// find looks for a fact that a helper put into the result: first for the very object, which stands at one place only,
// then for an equal one. Where several are equal and none is the same, their common unit is all that can be said.
func (l lookup) find(t *ast.Term) (path, unit string) {
	obj, ok := t.Value.(ast.Object)
	if !ok || obj.Get(keyState) == nil {
		return "", ""
	}
	var equal []string
	for _, same := range []bool{true, false} {
		for _, c := range l.cols {
			p := findWithin(c.term(l.i), obj, c.read.path(), same)
			if p != "" && same {
				return p, l.unit(p)
			}
			if p != "" {
				equal = append(equal, p)
			}
		}
	}
	for i, p := range equal {
		if u := l.unit(p); i > 0 && u != unit {
			return "", ""
		} else {
			unit = u
		}
	}
	if len(equal) == 1 {
		path = equal[0]
	}
	return path, unit
}

// findWithin is the path of an object in a term and what it contains, empty if it is not there.
func findWithin(have *ast.Term, t ast.Object, at string, same bool) (path string) {
	if have == nil {
		return ""
	}
	obj, ok := have.Value.(ast.Object)
	switch {
	case !ok:
		return ""
	case same && obj == t, !same && obj.Compare(t) == 0:
		return at
	}
	obj.Until(func(k, v *ast.Term) bool {
		if _, ok := v.Value.(ast.Object); ok {
			name, _ := k.Value.(ast.String)
			path = findWithin(v, t, at+"."+string(name), same)
		}
		return path != ""
	})
	return path
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
