package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// schemaSet holds the schema of every kind that some of the rules judge, under schema.<kind>, and of every group of kinds
// that a helper serves.
func (e *Engine) schemaSet(which func(*rule) bool) *ast.SchemaSet {
	set := ast.NewSchemaSet()
	done := map[string]bool{}
	put := func(kinds []string) {
		key := kindsKey(kinds)
		if done[key] {
			return
		}
		done[key] = true
		set.Put(ast.SchemaRootRef.Append(ast.StringTerm(key)), e.schemaOf(kinds))
	}
	for _, r := range e.rules {
		if which(r) {
			put([]string{r.card.Subject})
		}
	}
	for _, kinds := range e.reach(which) {
		put(kinds)
	}
	return set
}

// schemaOf is the schema of documents of these kinds; where no facts are derived, anything goes.
func (e *Engine) schemaOf(kinds []string) map[string]any {
	var all []map[string]any
	for _, k := range kinds {
		s := e.schemas(k)
		if s == nil {
			return map[string]any{}
		}
		all = append(all, s)
	}
	if len(all) == 1 {
		return all[0]
	}
	return union(all)
}

// reach is what reach says of the packages that have one of the rules.
func (e *Engine) reach(which func(*rule) bool) map[string][]string {
	packages := map[string]bool{}
	for _, r := range e.rules {
		packages[r.card.Package] = packages[r.card.Package] || which(r)
	}
	var mods []*ast.Module
	for _, s := range e.srcs {
		if s.mod != nil && packages[s.pkg] {
			mods = append(mods, s.mod)
		}
	}
	return reach(e.rules, mods)
}

func every(*rule) bool { return true }

// typed gives rules whose cards name no schema that of their subject, and helpers that of the subjects of all rules that
// lead to them: a misspelt fact is an error wherever it stands. Where all rules of a package judge one kind, the whole
// package gets it.
func (e *Engine) typed(which func(*rule) bool) {
	several := map[string]bool{} // packages whose rules judge several kinds
	kinds := map[string]string{}
	first := map[string]*source{}
	for _, r := range e.rules {
		if !which(r) {
			continue
		}
		p := r.card.Package
		if k, seen := kinds[p]; seen && k != r.card.Subject {
			several[p] = true
		} else if !seen {
			kinds[p], first[p] = r.card.Subject, r.src
		}
		if !hasSchema(r.meta) {
			r.meta.Schemas = append(r.meta.Schemas, schemaFor(r.card.Subject))
		}
	}
	served := e.reach(which)
	for p, kind := range kinds {
		if !several[p] {
			typePackage(first[p].mod, kind)
		}
	}
	for _, s := range e.srcs {
		if s.mod != nil && several[s.pkg] {
			typeHelpers(s.mod, s.pkg, served)
		}
	}
}

// typeHelpers gives every rule of a module the schema of the kinds that it serves, where it names none itself.
func typeHelpers(m *ast.Module, pkg string, served map[string][]string) {
	for _, r := range m.Rules {
		kinds := served[pkg+"."+nameOf(r, pkg)]
		switch {
		case len(kinds) == 0:
		case len(r.Annotations) == 0:
			a := &ast.Annotations{Scope: "rule", Schemas: []*ast.SchemaAnnotation{schemaFor(kindsKey(kinds))}, Location: r.Location}
			m.Annotations = append(m.Annotations, a.Copy(r))
		case !slices.ContainsFunc(r.Annotations, hasSchema):
			a := r.Annotations[len(r.Annotations)-1]
			a.Schemas = append(a.Schemas, schemaFor(kindsKey(kinds)))
		}
	}
}

func hasSchema(a *ast.Annotations) bool {
	for _, s := range a.Schemas {
		if s.Path.Equal(ast.InputRootRef) {
			return true
		}
	}
	return false
}

func schemaFor(kind string) *ast.SchemaAnnotation {
	return &ast.SchemaAnnotation{Path: ast.InputRootRef, Schema: ast.SchemaRootRef.Append(ast.StringTerm(kind))}
}

func typePackage(m *ast.Module, kind string) {
	for _, a := range m.Annotations {
		if a.Scope == "package" {
			if !hasSchema(a) {
				a.Schemas = append(a.Schemas, schemaFor(kind))
			}
			return
		}
	}
	a := &ast.Annotations{Scope: "package", Schemas: []*ast.SchemaAnnotation{schemaFor(kind)}, Location: m.Package.Location}
	m.Annotations = append(m.Annotations, a.Copy(m.Package))
}
