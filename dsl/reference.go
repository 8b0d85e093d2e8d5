package dsl

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// names returns the names of a reference: service.orders.call.charge.
func names(x hclsyntax.Expression) ([]string, bool) {
	t, ok := x.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return nil, false
	}
	out := make([]string, 0, 4)
	for _, step := range t.Traversal {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			out = append(out, s.Name)
		case hcl.TraverseAttr:
			out = append(out, s.Name)
		default:
			return nil, false
		}
	}
	return out, true
}

// reference reads the address of a declared block. Whether it is declared is checked when all files are read.
func (d *decoder) reference(at site, x hclsyntax.Expression) (model.Addr, bool) {
	p, ok := names(x)
	if !ok {
		d.notReference(at, x)
		return "", false
	}
	d.refs = append(d.refs, pendingRef{path: p, attr: at.attr, scope: at.scope, rng: d.toRange(x.Range())})
	return model.Addr(d.slice(x.Range())), true
}

// notReference explains a value that should have been a reference.
func (d *decoder) notReference(at site, x hclsyntax.Expression) {
	a := at.attr
	s, isText := literalString(x)
	switch {
	case isText && s == "none" && a.NoneOK:
		d.quotedNone(at, x)
	case isText && addressForm.MatchString(s) && strings.Contains(s, "."):
		d.bad(at, x.Range(), "A reference has no quotes. Write %s.", assign(a, s))
	case isText && labelForm.MatchString(s):
		d.bad(at, x.Range(), "%s names %s. Write %s without quotes.", a.Name, kindsOf(a), assign(a, string(a.Refs[0])+"."+s))
	case d.notLiteral(at, x):
	default:
		d.bad(at, x.Range(), "%s names %s, as in %s.", a.Name, kindsOf(a), assign(a, string(a.Refs[0])+".NAME"))
	}
}

// kindsOf is what a reference may name, as a sentence has it.
func kindsOf(a *Attr) string {
	out := make([]string, len(a.Refs))
	for i, k := range a.Refs {
		out[i] = lowerArticle(string(k))
	}
	return oneOf(out)
}

// wordOrRef reads one of a few quoted words, or a reference.
func (d *decoder) wordOrRef(at site, x hclsyntax.Expression, s string, isText bool) (string, bool) {
	a := at.attr
	if !isText {
		if word, ok := bareWord(x); ok && contained(a.Values, word) {
			d.bad(at, x.Range(), "%s is a word here, not a block. Write %s.", word, assign(a, quoted(word)))
			return "", false
		}
		addr, ok := d.reference(at, x)
		return string(addr), ok
	}
	switch {
	case contained(a.Values, s):
		return s, true
	case s == "none" && a.NoneOK:
		d.quotedNone(at, x)
	case addressForm.MatchString(s) && strings.Contains(s, "."):
		d.bad(at, x.Range(), "A reference has no quotes. Write %s.", assign(a, s))
	default:
		d.bad(at, x.Range(), "%s has no value %q.%s Or it names %s.", a.Name, s,
			didYouMean(s, a.Values, "Its values are", quoted), kindsOf(a))
	}
	return "", false
}

// addressForm is the address of a declared block.
var addressForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$`)

// subjectForm is any address, computed ones and wildcards included: journey.web.api/checkout, service.orders.call.*.
var subjectForm = regexp.MustCompile(`^[A-Za-z_*][A-Za-z0-9_*-]*([./@][A-Za-z0-9_*-]+)+$`)

// subject reads a waiver's subject.
func (d *decoder) subject(at site, x hclsyntax.Expression, s string, isText bool) (string, bool) {
	if !isText {
		p, ok := names(x)
		if !ok {
			if !d.notLiteral(at, x) {
				d.bad(at, x.Range(), "A subject is a block, as in subject = service.orders.call.charge, or an address in quotes.")
			}
			return "", false
		}
		d.refs = append(d.refs, pendingRef{path: p, attr: at.attr, scope: at.scope, rng: d.toRange(x.Range())})
		return strings.Join(p, "."), true
	}
	if rule, rest, ok := strings.Cut(s, "@"); ok && rest != "" {
		d.bad(at, x.Range(), "The rule %s is the waiver's name, not part of its subject. Write subject = %q.", rule, rest)
		return "", false
	}
	free := strings.HasPrefix(s, "server.") || strings.HasPrefix(s, "zone.") // followed by what the author wrote as text
	if !free && !subjectForm.MatchString(s) {
		d.bad(at, x.Range(), "%q is no address. Addresses look like service.orders, service.orders.call.charge or journey.web.api/checkout.", s)
		return "", false
	}
	if !strings.Contains(s, "*") {
		d.refs = append(d.refs, pendingRef{path: strings.Split(s, "."), attr: at.attr, scope: at.scope, rng: d.toRange(x.Range())})
	}
	return s, true
}
