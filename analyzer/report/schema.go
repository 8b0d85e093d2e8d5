package report

import (
	"maps"
	"reflect"
	"strings"
)

// Schema is the JSON Schema (2020-12) of the report's JSON, generated from the Go types. Objects stay open, since a
// minor version adds fields; nothing but a finding's waiver may be null.
func Schema() map[string]any { return schemaFor(reflect.TypeFor[Report](), "report") }

// DriftSchema is the JSON Schema of what `drift -o json` writes; nothing in it may be null.
func DriftSchema() map[string]any { return schemaFor(reflect.TypeFor[Drift](), "drift report") }

func schemaFor(t reflect.Type, what string) map[string]any {
	defs := map[string]any{}
	root := schemaOf(t, defs)
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "archcheck " + what + ", format " + FormatVersion,
		"$ref": root["$ref"], "$defs": defs,
	}
}

// enums are the closed sets of words, by type and field.
var enums = map[string][]any{
	"Finding.kind":     {"missing", "misconfigured", "misuse", "conflict"},
	"Finding.verdict":  {"violation", "risk"},
	"Finding.severity": {"critical", "high", "medium", "low", "info"},
	"Finding.action":   {"add", "change", "remove"},
	"Fix.safety":       {"manual", "unsafe", "safe"},
	"Change.action":    {"add", "change", "remove", "advise"},
	"Waiver.state":     {"active", "expiring", "expired", "unmatched", "refused"},
	"Journey.verdict":  {meets, mayMiss, likelyMisses, misses, undecided, noObjective},
	"Latency.verdict":  {meets, mayMiss, likelyMisses, misses, undecided, noObjective},
	"Demand.status":    {"in_place", "recommended", "not_needed", "undecided"},

	"DriftItem.severity":   {"critical", "high", "medium", "low", "info"},
	"DriftItem.confidence": {"weak", "medium", "strong"},
	"DriftItem.accept":     {"update", "prune", "manual"},
	"DriftName.side":       {"description", "sources"},
}

func schemaOf(t reflect.Type, defs map[string]any) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), defs)
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Interface:
		return map[string]any{}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), defs)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), defs)}
	}
	ref := map[string]any{"$ref": "#/$defs/" + t.Name()}
	if _, done := defs[t.Name()]; done {
		return ref
	}
	defs[t.Name()] = nil // a type may contain itself
	props, required := map[string]any{}, []any{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous { // its fields stand among the others
			inner := map[string]any{}
			schemaOf(f.Type, inner)
			def := inner[f.Type.Name()].(map[string]any)
			maps.Copy(props, def["properties"].(map[string]any))
			required = append(required, def["required"].([]any)...)
			continue
		}
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		s := schemaOf(f.Type, defs)
		if words := enums[t.Name()+"."+name]; words != nil {
			s["enum"] = words
		}
		if f.Type.Kind() == reflect.Pointer && opts != "omitempty" {
			s = map[string]any{"oneOf": []any{s, map[string]any{"type": "null"}}}
		}
		props[name] = s
		if opts != "omitempty" {
			required = append(required, name)
		}
	}
	defs[t.Name()] = map[string]any{"type": "object", "properties": props, "required": required}
	return ref
}
