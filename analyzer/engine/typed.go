package engine

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// schemaSet holds the schema of every kind that some of the rules judge, under schema.<kind>.
func (e *Engine) schemaSet(which func(*rule) bool) *ast.SchemaSet {
	set := ast.NewSchemaSet()
	done := map[string]bool{}
	for _, r := range e.rules {
		k := r.card.Subject
		if done[k] || !which(r) {
			continue
		}
		done[k] = true
		s := e.schemas(k)
		if s == nil {
			s = map[string]any{} // no facts derived: anything goes
		}
		set.Put(ast.SchemaRootRef.Append(ast.StringTerm(k)), s)
	}
	return set
}

func every(*rule) bool { return true }

// typed gives rules whose cards name no schema that of their subject. Where all rules of a package judge one kind, the
// whole package gets it, so that helpers are checked too.
func typed(rules []*rule, which func(*rule) bool) {
	kinds := map[string]string{}
	first := map[string]*source{}
	for _, r := range rules {
		if !which(r) {
			continue
		}
		p := r.card.Package
		if k, seen := kinds[p]; seen && k != r.card.Subject {
			kinds[p] = "" // several
		} else if !seen {
			kinds[p], first[p] = r.card.Subject, r.src
		}
		if !hasSchema(r.meta) {
			r.meta.Schemas = append(r.meta.Schemas, schemaFor(r.card.Subject))
		}
	}
	for p, kind := range kinds {
		if kind != "" {
			typePackage(first[p].mod, kind)
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
