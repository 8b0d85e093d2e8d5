package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
)

// setting is one argument of the configuration.
type setting struct {
	name, typ, def, doc string
	value               any // the default in JSON, nil if there is none
}

// settings are the arguments of a block, in the order of its struct. defaults holds their values where nothing is set.
func settings(t reflect.Type, defaults map[string]any) []setting {
	var out []setting
	for i := range t.NumField() {
		f := t.Field(i)
		name, kind, _ := strings.Cut(f.Tag.Get("hcl"), ",")
		if kind != "optional" {
			continue
		}
		ft := f.Type
		if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		s := setting{name: name, doc: f.Tag.Get("doc"), value: defaults[name]}
		switch {
		case name == "fail_on" || name == "severity":
			s.typ = "severity"
		case ft.Kind() == reflect.Slice:
			s.typ = "list of strings"
		case ft.Kind() == reflect.Bool:
			s.typ = "bool"
		case ft.Kind() == reflect.String:
			s.typ = "string"
		default:
			s.typ = "number"
		}
		if s.value != nil {
			s.def = fmt.Sprint(s.value)
			if s.typ == "severity" || s.typ == "string" {
				s.def = fmt.Sprintf("%q", s.value)
			}
		}
		out = append(out, s)
	}
	return out
}

func top() []setting {
	d := Default()
	return settings(reflect.TypeFor[file](), map[string]any{"policies": []string{}, "fail_on": analyzer.Critical.String(), "max_waiver_days": d.MaxWaiverDays,
		"count_risks": d.CountRisks, "strict_waivers": d.StrictWaivers})
}

func thresholds() []setting {
	defaults := map[string]any{}
	v := reflect.ValueOf(facts.DefaultParams())
	for i := range v.NumField() {
		if name, _, ok := strings.Cut(v.Type().Field(i).Tag.Get("hcl"), ","); ok {
			defaults[name] = v.Field(i).Interface()
		}
	}
	return settings(v.Type(), defaults)
}

func rules() []setting {
	return settings(reflect.TypeFor[rule](), map[string]any{"enabled": true})
}

// Markdown is the reference of the configuration.
func Markdown() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nThe nearest one from the system upward, as far as the root of the repository, is in force; `archcheck config show`\nprints it. All arguments are optional. A severity is one of %s.\n",
		Name, strings.Join(analyzer.Severities(), ", "))
	for _, part := range []struct {
		head, doc string
		list      []setting
	}{
		{"Arguments", "", top()},
		{"params", "`params { … }`: the thresholds of the rule book, positive numbers.", thresholds()},
		{"rule", "`rule \"RES-011\" { … }`: overrides one rule.", rules()},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n", part.head)
		if part.doc != "" {
			b.WriteString(part.doc + "\n\n")
		}
		b.WriteString("| argument | type | default | |\n|---|---|---|---|\n")
		for _, s := range part.list {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.name, s.typ, code(s.def), capital(s.doc))
		}
	}
	return []byte(b.String())
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

// capital makes a sentence of a phrase.
func capital(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// Schema is the JSON Schema of the configuration as HCL's JSON syntax would hold it.
func Schema() map[string]any {
	var severities []any
	for _, s := range analyzer.Severities() {
		severities = append(severities, s)
	}
	object := func(list []setting, positive bool) map[string]any {
		props := map[string]any{}
		for _, s := range list {
			p := map[string]any{"description": capital(s.doc)}
			switch s.typ {
			case "severity":
				p["type"], p["enum"] = "string", severities
			case "list of strings":
				p["type"], p["items"] = "array", map[string]any{"type": "string"}
			case "bool":
				p["type"] = "boolean"
			default:
				p["type"] = s.typ
			}
			if positive {
				p["exclusiveMinimum"] = 0
			}
			if s.value != nil {
				p["default"] = s.value
			}
			props[s.name] = p
		}
		return map[string]any{"type": "object", "properties": props, "additionalProperties": false}
	}
	root := object(top(), false)
	props := root["properties"].(map[string]any)
	props["max_waiver_days"].(map[string]any)["type"], props["max_waiver_days"].(map[string]any)["minimum"] = "integer", 1
	props["params"] = object(thresholds(), true)
	one := object(rules(), false)
	props["rule"] = map[string]any{"type": "object", "additionalProperties": one, "description": "Overrides of rules, by id."}
	root["$schema"], root["title"] = "https://json-schema.org/draft/2020-12/schema", "archcheck configuration, "+Name
	return root
}
