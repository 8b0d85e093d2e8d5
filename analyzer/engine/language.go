package engine

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/open-policy-agent/opa/v1/ast"
)

// blocks are the Go types of the blocks that a fix on a subject of a kind changes. Kinds without a block of their own
// (journeys, cycles, …) are not here: their fixes name another place.
var blocks = map[string][]reflect.Type{
	"api": {reflect.TypeFor[model.API]()}, "bff": {reflect.TypeFor[model.Gateway]()}, "broker": {reflect.TypeFor[model.Broker]()},
	"call": {reflect.TypeFor[model.Call]()}, "client": {reflect.TypeFor[model.Client]()}, "consume": {reflect.TypeFor[model.Consume]()},
	"datastore": {reflect.TypeFor[model.Datastore]()}, "external": {reflect.TypeFor[model.External]()}, "flag": {reflect.TypeFor[model.Flag]()},
	"gateway": {reflect.TypeFor[model.Gateway]()}, "mesh": {reflect.TypeFor[model.Mesh]()}, "migration": {reflect.TypeFor[model.Migration]()},
	"policy": {reflect.TypeFor[model.Policy]()}, "publish": {reflect.TypeFor[model.Publish]()}, "queue": {reflect.TypeFor[model.Queue]()},
	"registry": {reflect.TypeFor[model.Registry]()}, "route": {reflect.TypeFor[model.Route]()},
	"schema_change": {reflect.TypeFor[model.SchemaChange]()}, "service": {reflect.TypeFor[model.Service]()},
	"step": {reflect.TypeFor[model.Step]()}, "store": {reflect.TypeFor[model.Datastore]()}, "system": {reflect.TypeFor[model.System]()},
	"topic": {reflect.TypeFor[model.Topic]()}, "transaction": {reflect.TypeFor[model.Transaction]()},
	"workload": {reflect.TypeFor[model.Service](), reflect.TypeFor[model.Gateway]()},
}

// attribute is what the language says about an attribute path of a block.
type attribute struct {
	found    bool
	block    string   // the block or object that was looked into
	last     string   // the part of the path that was looked for there
	siblings []string // what there is
	typ      reflect.Type
}

// attributeOf looks an attribute path up; nil for a kind without a block.
func attributeOf(kind, path string) *attribute {
	var a *attribute
	for _, t := range blocks[kind] {
		if a = lookupAttribute(t, kind, strings.Split(path, ".")); a.found {
			break
		}
	}
	return a
}

func lookupAttribute(t reflect.Type, block string, path []string) *attribute {
	a := &attribute{block: block, last: path[0]}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("hcl"), ",")
		if name == "" {
			continue
		}
		a.siblings = append(a.siblings, name)
		if name != path[0] {
			continue
		}
		v, ok := f.Type.FieldByName("V")
		if !ok {
			continue
		}
		inner := v.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if len(path) > 1 {
			if inner.Kind() != reflect.Struct {
				return &attribute{block: block + "." + name, last: path[1]}
			}
			return lookupAttribute(inner, block+"."+name, path[1:])
		}
		a.found, a.typ = true, inner
	}
	slices.Sort(a.siblings)
	return a
}

// refuses says which type the attribute has, if a written value cannot be one. Texts pass for numbers: "10%", "64KB" and
// "unlimited" are spelled so.
func (a *attribute) refuses(v ast.Value) string {
	_, text := v.(ast.String)
	_, number := v.(ast.Number)
	_, yesNo := v.(ast.Boolean)
	_, object := v.(ast.Object)
	_, list := v.(*ast.Array)
	if text && (v == ast.Value(ast.String("none")) || v == ast.Value(ast.String("unknown"))) {
		return ""
	}
	switch {
	case a.typ == reflect.TypeFor[time.Duration]() && !text:
		return "a duration such as \"2s\""
	case a.typ == reflect.TypeFor[model.Window]() && !text && !number:
		return "a window, a duration or a number of calls"
	case a.typ == reflect.TypeFor[model.Window](), a.typ == reflect.TypeFor[time.Duration]():
		return ""
	}
	switch a.typ.Kind() {
	case reflect.Bool:
		if !yesNo {
			return "true or false"
		}
	case reflect.String:
		if !text {
			return "a word or an address"
		}
	case reflect.Int, reflect.Int64, reflect.Float64:
		if !number && !text {
			return "a number"
		}
	case reflect.Struct:
		if !object {
			return "an object"
		}
	case reflect.Slice:
		if !list {
			return "a list"
		}
	}
	return ""
}
