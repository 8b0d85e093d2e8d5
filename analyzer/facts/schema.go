package facts

import (
	"reflect"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// Schema is the JSON Schema (draft 7) of the documents of one kind, closed and generated from the Go types; nil for a
// kind that there is not.
func Schema(kind string) map[string]any {
	k, ok := kinds[kind]
	if !ok {
		return nil
	}
	props := map[string]any{
		"format":  map[string]any{"type": "string", "enum": []any{Format}},
		"kind":    map[string]any{"type": "string", "enum": []any{kind}},
		"addr":    map[string]any{"type": "string"},
		"subject": schemaOf(k.subject),
		"system":  schemaOf(reflect.TypeFor[SystemFacts]()),
	}
	required := []any{"format", "kind", "addr", "subject", "system"}
	if k.edge {
		props["from"] = schemaOf(reflect.TypeFor[End]())
		props["to"] = schemaOf(reflect.TypeFor[End]())
		required = append(required, "from", "to")
	}
	return map[string]any{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "Facts of one " + kind, "type": "object",
		"additionalProperties": false, "required": required, "properties": props, "definitions": definitions(),
	}
}

func schemaOf(t reflect.Type) map[string]any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	props, required := map[string]any{}, []any{}
	for _, f := range planOf(t).fields {
		s := schemaOfField(f.typ)
		if f.doc != "" {
			if _, isRef := s["$ref"]; isRef { // draft 7 ignores what stands beside a $ref
				s = map[string]any{"allOf": []any{s}}
			}
			s["description"] = f.doc
		}
		props[f.name] = s
		if f.typ.Kind() != reflect.Pointer {
			required = append(required, f.name)
		}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": props, "required": required}
}

func ref(name string) map[string]any { return map[string]any{"$ref": "#/definitions/" + name} }

func schemaOfField(t reflect.Type) map[string]any {
	switch t {
	case reflect.TypeFor[Num](), reflect.TypeFor[model.Value[time.Duration]](), reflect.TypeFor[model.Value[float64]](),
		reflect.TypeFor[model.Value[int]](), reflect.TypeFor[model.Value[int64]](), reflect.TypeFor[model.Value[model.Window]]():
		return ref("number")
	case reflect.TypeFor[Word](), reflect.TypeFor[model.Value[string]](), reflect.TypeFor[model.Value[model.Addr]](), typWindowKind:
		return ref("text")
	case reflect.TypeFor[Flag](), reflect.TypeFor[model.Value[bool]]():
		return ref("flag")
	case reflect.TypeFor[List](), reflect.TypeFor[model.Value[[]string]](), reflect.TypeFor[model.Value[[]model.Addr]]():
		return ref("list")
	case reflect.TypeFor[model.Value[[]float64]]():
		return ref("numbers")
	case reflect.TypeFor[model.Addr]():
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOfField(t.Elem())
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64, reflect.Int:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOfField(t.Elem())}
	case reflect.Struct:
		if v, ok := t.FieldByName("V"); ok {
			if _, ok := t.FieldByName("Written"); ok {
				s := schemaOf(v.Type)
				props := s["properties"].(map[string]any)
				props["state"], props["from"] = ref("state"), map[string]any{"type": "string"}
				s["required"] = []any{"state"} // an absent control contains nothing
				return s
			}
		}
		return schemaOf(t)
	}
	panic("facts: no schema for " + t.String())
}

func definitions() map[string]any {
	fact := func(doc string, value map[string]any, more ...string) map[string]any {
		props := map[string]any{
			"state": ref("state"), "value": value, "text": map[string]any{"type": "string"}, "from": map[string]any{"type": "string"},
			"assumes": map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
			"needs":   map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
		}
		for _, m := range more {
			props[m] = map[string]any{"type": "number"}
		}
		return map[string]any{"description": doc, "type": "object", "required": []any{"state"}, "additionalProperties": false, "properties": props}
	}
	list := func(of string) map[string]any {
		return map[string]any{"type": "array", "items": map[string]any{"type": of}}
	}
	return map[string]any{
		"state": map[string]any{
			"description": "Where the fact comes from. unknown, none and absent have no value.", "type": "string", "enum": states(),
		},
		"text":    fact("A word: an enum value, a name or an address.", map[string]any{"type": "string"}),
		"flag":    fact("Yes or no.", map[string]any{"type": "boolean"}),
		"number":  fact("A quantity: ms, bytes, 1/s, ratios 0..1, counts. lo is always there, hi unless unbounded.", map[string]any{"type": "number"}, "lo", "hi"),
		"list":    fact("A list of words.", list("string")),
		"numbers": fact("A list of numbers.", list("number")),
	}
}
