package engine

import (
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/open-policy-agent/opa/v1/ast"
)

// lintResults holds what can be read of a rule's results without evaluating it to the contract.
func lintResults(rd *reader, r *rule) Problems {
	l := &resultLinter{reader: rd, rule: r}
	for _, b := range rd.rules[refOf(r.card).String()] {
		l.body(b)
	}
	return l.probs
}

type resultLinter struct {
	*reader
	*rule
	made  map[ast.Var]*ast.Term // what a name is equated with
	calls map[ast.Var]ast.Ref   // the function that a name is the value of
	loc   *ast.Location
	probs Problems
}

func (l *resultLinter) fail(summary, detail string, args ...any) {
	l.probs = append(l.probs, l.src.at(l.loc, "rule "+l.card.Rule, summary, detail, args...))
}

func (l *resultLinter) body(b *ast.Rule) {
	l.made, l.calls, l.loc = map[ast.Var]*ast.Term{}, map[ast.Var]ast.Ref{}, b.Location
	for _, e := range b.Body {
		terms, ok := e.Terms.([]*ast.Term)
		if !ok || e.Negated {
			continue
		}
		if e.IsEquality() || e.IsAssignment() {
			for _, p := range [2][2]int{{1, 2}, {2, 1}} {
				if v, ok := terms[p[0]].Value.(ast.Var); ok && l.made[v] == nil {
					l.made[v] = terms[p[1]]
				}
			}
			continue
		}
		if v, ok := terms[len(terms)-1].Value.(ast.Var); ok {
			if op, ok := terms[0].Value.(ast.Ref); ok {
				l.calls[v] = op
			}
		}
	}
	if b.Head.Key == nil {
		return
	}
	if obj, ok := l.follow(b.Head.Key).Value.(ast.Object); ok {
		l.object(obj)
	} else if !l.card.Plain() && l.known(b.Head.Key) {
		l.fail("Result chooses no severity", "The card lists %s: each result says which case it is, so it must be an object.", names(l.card.Severities))
	}
}

// follow replaces a name by what it is equated with, as far as that can be read.
func (l *resultLinter) follow(t *ast.Term) *ast.Term {
	for range 16 {
		v, ok := t.Value.(ast.Var)
		if !ok || l.made[v] == nil {
			return t
		}
		t = l.made[v]
	}
	return t
}

func (l *resultLinter) known(t *ast.Term) bool {
	_, isText := l.follow(t).Value.(ast.String)
	return isText
}

func (l *resultLinter) object(obj ast.Object) {
	obj.Foreach(func(k, _ *ast.Term) {
		key, ok := k.Value.(ast.String)
		if ok && !slices.Contains(resultKeys, string(key)) {
			l.fail("Unknown key in a result", "A result has no key %q. %s", string(key), didYouMean(string(key), resultKeys))
		}
	})
	l.verdict(get(obj, "verdict"))
	l.severity(get(obj, "severity"))
	l.message(obj)
	for _, key := range []string{"fix", "alternatives"} {
		if t := get(obj, key); t != nil {
			l.fixes(l.follow(t))
		}
	}
}

func (l *resultLinter) verdict(t *ast.Term) {
	if t == nil {
		l.fail("Result has no verdict", "Write \"verdict\", the outcome of the lib calls.")
		return
	}
	t = l.follow(t)
	switch x := t.Value.(type) {
	case ast.String:
		if _, err := analyzer.ParseVerdict(string(x)); err != nil {
			l.fail("Unknown verdict", "%s is no verdict: pass, unlikely, question, risk or violation.", x)
		}
	case ast.Var:
		if op := l.calls[x]; op != nil && !op.HasPrefix(ast.DefaultRootRef) && !op[0].Value.(ast.Var).Equal(ast.Var("archcheck")) {
			l.fail("Verdict is not from lib", "The verdict is the value of %s. Take it from lib, or write one of the five words.", op)
		}
	case ast.Number, ast.Boolean, ast.Object, *ast.Array, ast.Null:
		l.fail("Unknown verdict", "%s is no verdict: pass, unlikely, question, risk or violation.", x)
	}
}

func (l *resultLinter) severity(t *ast.Term) {
	if t == nil {
		if !l.card.Plain() {
			l.fail("Result chooses no severity", "The card lists %s: each result says which case it is.", names(l.card.Severities))
		}
		return
	}
	if s, ok := l.follow(t).Value.(ast.String); ok {
		sev, err := analyzer.ParseSeverity(string(s))
		switch {
		case err != nil:
			l.fail("Unknown severity", "%s is no severity. %s", s, didYouMean(string(s), analyzer.Severities()))
		case !l.card.Plain() && !slices.Contains(l.card.Severities, sev):
			l.fail("Severity is not on the card", "The card lists %s, the result chooses %s.", names(l.card.Severities), sev)
		}
	}
}

// message refuses names that the facts of the result lack.
func (l *resultLinter) message(obj ast.Object) {
	text := l.card.Say
	if t := get(obj, "say"); t != nil {
		s, ok := l.follow(t).Value.(ast.String)
		if !ok {
			return // computed
		}
		text = string(s)
	}
	parsed, err := parseSay(text)
	if err != nil {
		l.fail("Message is malformed", "In \"say\", %s.", err)
		return
	}
	var have []string
	if t := get(obj, "facts"); t != nil {
		facts, ok := l.follow(t).Value.(ast.Object)
		if !ok {
			return // computed
		}
		facts.Foreach(func(k, _ *ast.Term) {
			if s, ok := k.Value.(ast.String); ok {
				have = append(have, string(s))
			}
		})
	}
	slices.Sort(have)
	for _, name := range parsed.names() {
		if !slices.Contains(have, name) {
			l.fail("Message names a fact that the result lacks", "\"say\" prints {%s}. %s", name, didYouMean(name, append(slices.Clone(have), ends...)))
		}
	}
}

// fixes checks the operations that are written out, wherever they are nested.
func (l *resultLinter) fixes(t *ast.Term) {
	ast.WalkTerms(t, func(t *ast.Term) bool {
		obj, ok := t.Value.(ast.Object)
		if !ok || get(obj, "set") == nil && get(obj, "unset") == nil && get(obj, "add") == nil && get(obj, "advise") == nil {
			return false
		}
		obj.Foreach(func(k, _ *ast.Term) {
			if s, ok := k.Value.(ast.String); ok && !slices.Contains(opKeys, string(s)) {
				l.fail("Unknown key in a fix", "An operation has no key %q. %s", string(s), didYouMean(string(s), opKeys))
			}
		})
		if get(obj, "at") != nil {
			return true // another place, of whatever kind it is
		}
		for _, verb := range []string{"set", "unset"} {
			if v := get(obj, verb); v != nil {
				if path, ok := l.follow(v).Value.(ast.String); ok {
					l.attribute(string(path), get(obj, "value"))
				}
			}
		}
		return true
	})
}

// attribute holds a fix on the subject to the attributes of its block.
func (l *resultLinter) attribute(path string, value *ast.Term) {
	a := attributeOf(l.card.Subject, path)
	if a == nil {
		return
	}
	if !a.found {
		l.fail("Fix sets what the language lacks", "%s has no attribute %q. %s", a.block, path, didYouMean(a.last, a.siblings))
		return
	}
	if value == nil {
		return
	}
	v := l.follow(value)
	if _, isRef := v.Value.(ast.Ref); isRef || !isPlain(v.Value) {
		return
	}
	if want := a.refuses(v.Value); want != "" {
		l.fail("Fix has a value of the wrong type", "%q is %s, not %s.", path, want, v)
	}
}
