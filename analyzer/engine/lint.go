package engine

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
)

// Check compiles policies with every check there is and refuses what compiles and is still wrong: whole facts that are
// compared, a "not" that turns ignorance into a verdict, results and fixes that the contract does not know. Without
// paths it checks archcheck's own. It returns the cards, by id; the error is Problems.
func Check(paths []string) ([]*analyzer.Card, error) {
	srcs := embedded(policies.Rules())
	if len(paths) > 0 {
		own, err := readOwn(paths)
		if err != nil {
			return nil, err
		}
		srcs = own
	}
	e, err := build(embedded(policies.Lib()), srcs, nil, facts.Schema)
	if err != nil {
		return nil, err
	}
	if err := e.lint(); err != nil {
		return nil, err
	}
	return e.Cards(), nil
}

// lint compiles what is not compiled yet, with types, and looks through every rule.
func (e *Engine) lint() error {
	served := e.reach(every)
	e.typed(every)
	byPackage := map[string]*unit{}
	var units []*unit
	for _, s := range e.srcs {
		p := packageName(s.mod)
		if byPackage[p] == nil {
			byPackage[p] = &unit{}
			units = append(units, byPackage[p])
		}
		byPackage[p].srcs = append(byPackage[p].srcs, s)
	}
	schemas := e.schemaSet(every)
	parallel(len(units), func(i int) { units[i].check(e.lib, schemas) })
	var probs Problems
	for _, u := range units {
		probs = append(probs, u.probs...)
		if len(u.probs) > 0 {
			continue
		}
		for _, s := range u.srcs {
			l := &linter{reader: u.reader, src: s, schemas: e.schemas}
			for _, r := range u.full.Modules[s.path].Rules {
				l.kinds = served[packageName(s.mod)+"."+nameOf(r, packageName(s.mod))]
				for x := r; x != nil; x = x.Else {
					l.rule(x)
				}
			}
			probs = append(probs, l.probs...)
		}
		for _, r := range e.rules {
			if slices.Contains(u.srcs, r.src) {
				probs = append(probs, lintResults(u.reader, r)...)
			}
		}
	}
	return probs.err()
}

// linter looks through the rules of one module, helpers included.
type linter struct {
	*reader
	src     *source
	schemas func(kind string) map[string]any
	kinds   []string // that the rule at hand is evaluated on
	ctx     string
	names   aliases
	made    map[ast.Var]*ast.Expr // the expression that gives a name its value
	probs   Problems
}

func (l *linter) fail(loc *ast.Location, summary, detail string, args ...any) {
	l.probs = append(l.probs, l.src.at(loc, l.ctx, summary, detail, args...))
}

func (l *linter) rule(r *ast.Rule) {
	l.ctx = "rule " + r.Head.Name.String()
	if r.Head.Name == "" {
		l.ctx = "rule " + ruleName(r.Ref().GroundPrefix(), packageName(l.src.mod))
	}
	l.names, l.made = l.aliasesOf(r), map[ast.Var]*ast.Expr{}
	ast.WalkExprs(r, func(e *ast.Expr) bool {
		if terms, ok := e.Terms.([]*ast.Term); ok && !e.Negated {
			for _, t := range terms[1:] {
				if v, ok := t.Value.(ast.Var); ok && l.made[v] == nil {
					l.made[v] = e
				}
			}
		}
		return false
	})
	ast.WalkExprs(r, func(e *ast.Expr) bool {
		l.comparison(e)
		l.negation(e)
		return false
	})
	l.references(r)
}

var orders = map[string]string{"lt": "below", "lte": "at_most", "gt": "above", "gte": "at_least"}

// comparison refuses to order whole facts: an object is greater than every number, whatever is in it.
func (l *linter) comparison(e *ast.Expr) {
	terms, ok := e.Terms.([]*ast.Term)
	if !ok || orders[terms[0].String()] == "" {
		return
	}
	for _, t := range terms[1:] {
		path := l.pathOfTerm(t)
		if path != "" && l.isFact(path) {
			l.fail(e.Location, "Whole fact is compared",
				"%s is a fact, an object that is greater than every number. Write %s.value, or compare the ranges with lib.%s.",
				path, path, orders[terms[0].String()])
			return
		}
	}
}

// pathOfTerm is the path in the document that a term stands for, empty if it stands for none.
func (l *linter) pathOfTerm(t *ast.Term) string {
	var ref ast.Ref
	switch x := t.Value.(type) {
	case ast.Ref:
		ref = x
	case ast.Var:
		ref = ast.Ref{t}
	default:
		return ""
	}
	ref = l.resolve(ref, l.names)
	if !ref.HasPrefix(ast.InputRootRef) || len(ref) < 2 {
		return ""
	}
	return "input." + pathOf(ref[1:])
}

// isFact reports whether the schema of a kind that the rule serves has a fact at a path.
func (l *linter) isFact(path string) bool {
	return slices.ContainsFunc(l.kinds, func(kind string) bool {
		root := l.schemas(kind)
		at := root
		for _, p := range strings.Split(strings.ReplaceAll(strings.TrimPrefix(path, "input."), "[]", ".[]"), ".") {
			if at == nil {
				return false
			}
			at = schemaStep(root, at, p)
		}
		props, _ := deref(root, at)["properties"].(map[string]any)
		return props["state"] != nil
	})
}

// schemaStep goes one step down in a JSON Schema.
func schemaStep(root, at map[string]any, part string) map[string]any {
	at = deref(root, at)
	if part == "[]" {
		items, _ := at["items"].(map[string]any)
		return items
	}
	props, _ := at["properties"].(map[string]any)
	next, _ := props[part].(map[string]any)
	return next
}

// deref follows $ref, also where it stands alone in allOf.
func deref(root, at map[string]any) map[string]any {
	for range 8 {
		if all, ok := at["allOf"].([]any); ok && len(all) == 1 {
			at, _ = all[0].(map[string]any)
		}
		ref, ok := at["$ref"].(string)
		if !ok {
			return at
		}
		defs, _ := root["definitions"].(map[string]any)
		at, _ = defs[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
	}
	return at
}

// negation refuses a "not" before a comparison or call that reads a value, lo or hi. Where the fact has none, the one
// accuses and the other loses its finding; a bare "not x.value" is fine and means "nobody said".
func (l *linter) negation(e *ast.Expr) {
	if !e.Negated {
		return
	}
	terms, ok := e.Terms.([]*ast.Term)
	if !ok {
		return
	}
	bad := slices.ContainsFunc(terms[1:], func(t *ast.Term) bool { return l.readsValue(t, e) })
	if op, ok := terms[0].Value.(ast.Ref); ok && op.HasPrefix(ast.DefaultRootRef) {
		bad = bad || l.functionReadsValue(op.String(), map[string]bool{})
	}
	if bad {
		l.fail(e.Location, "Not before a value",
			"Where the fact has no value, this is true or undefined by accident: nobody knows becomes a verdict. Use lib.unless(lib.is(…)) or lib.unless(lib.above(…)), which ask.")
	}
}

// readsValue reports whether an operand of a negated expression is the value of a fact, written there or moved out of
// the expression by the compiler.
func (l *linter) readsValue(t *ast.Term, within *ast.Expr) bool {
	switch x := t.Value.(type) {
	case ast.Ref:
		return endsInValue(l.resolve(x, l.names))
	case ast.Var:
		def := l.made[x]
		if def == nil || def.Location == nil || within.Location == nil || def.Location.Row != within.Location.Row || def == within {
			return false
		}
		if _, ref, ok := aliasOf(def); ok {
			return endsInValue(l.resolve(ref, l.names))
		}
		if terms, ok := def.Terms.([]*ast.Term); ok {
			if op, ok := terms[0].Value.(ast.Ref); ok && op.HasPrefix(ast.DefaultRootRef) && l.functionReadsValue(op.String(), map[string]bool{}) {
				return true
			}
			return slices.ContainsFunc(terms[1:], func(t *ast.Term) bool {
				v, isVar := t.Value.(ast.Var)
				return (!isVar || v != x) && l.readsValue(t, def)
			})
		}
	}
	return false
}

func endsInValue(ref ast.Ref) bool {
	if len(ref) < 3 {
		return false
	}
	s, ok := ref[len(ref)-1].Value.(ast.String)
	return ok && (s == "value" || s == "lo" || s == "hi")
}

// functionReadsValue reports whether a helper reads the value of a fact. The library does, and answers for every state.
func (l *linter) functionReadsValue(path string, seen map[string]bool) bool {
	if seen[path] || strings.HasPrefix(path, libRef.String()+".") {
		return false
	}
	seen[path] = true
	found := false
	for _, r := range l.rules[path] {
		ast.WalkRefs(r, func(ref ast.Ref) bool {
			if len(ref) > 1 && endsInValue(append(ast.Ref{ref[0]}, ref...)) {
				found = true
			}
			if ref.HasPrefix(ast.DefaultRootRef) {
				found = found || l.functionReadsValue(ref.String(), seen)
			}
			return found
		})
	}
	return found
}

// documentKeys are the parts of a document.
var documentKeys = []string{"addr", "format", "from", "kind", "subject", "system", "to"}

// references refuses what lies outside the document, the library and the own package.
func (l *linter) references(r *ast.Rule) {
	pkg := l.src.mod.Package.Path
	ast.WalkRefs(r, func(ref ast.Ref) bool {
		switch {
		case ref.HasPrefix(ast.InputRootRef) && len(ref) > 1:
			if s, ok := ref[1].Value.(ast.String); ok && !slices.Contains(documentKeys, string(s)) {
				l.fail(r.Location, "Unknown part of the document", "A document has no %q. %s", string(s), didYouMean(string(s), documentKeys))
			}
		case ref.HasPrefix(ast.DefaultRootRef) && !ref.HasPrefix(libRef) && !ref.HasPrefix(pkg):
			l.fail(r.Location, "Reference outside the package",
				"%s is neither in data.archcheck.lib nor in %s. A rule is a function of its document; thresholds are in input.system.params.", ref, pkg)
		}
		return false
	})
}
