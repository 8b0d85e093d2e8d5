package engine

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/open-policy-agent/opa/v1/ast"
)

var opKeys = []string{"add", "advise", "at", "label", "set", "unset", "value"}

func (r *result) addFix(f *analyzer.Fix) {
	if f != nil && !slices.ContainsFunc(r.fixes, func(g analyzer.Fix) bool { return g.Title == f.Title }) {
		r.fixes = append(r.fixes, *f)
	}
}

// fix reads operations that belong together. A fix that rests on a value which does not exist (a computed fix that had
// to refuse) is no fix: nil.
func (d *decoder) fix(t *ast.Term) *analyzer.Fix {
	out := &analyzer.Fix{}
	possible := true
	if err := eachElem(t, func(e *ast.Term) {
		obj, ok := e.Value.(ast.Object)
		if !ok {
			d.fail("Fix has the wrong type", "An operation is an object such as {\"set\": \"timeout\", \"value\": \"2s\"}, not %s.", e)
			return
		}
		op, ok := d.op(obj)
		possible = possible && ok
		out.Ops = append(out.Ops, op)
	}); err != "" {
		d.fail("Fix has the wrong type", "A fix is a list of operations, not %s.", err)
	}
	if !possible || len(out.Ops) == 0 {
		return nil
	}
	out.Title = titleOf(out.Ops)
	return out
}

// op reads one operation; ok is false if its value does not exist.
func (d *decoder) op(obj ast.Object) (op analyzer.Op, ok bool) {
	var verbs []string
	obj.Foreach(func(k, v *ast.Term) {
		key, _ := k.Value.(ast.String)
		if !slices.Contains(opKeys, string(key)) {
			d.fail("Unknown key in a fix", "An operation has no key %s. %s", k, didYouMean(string(key), opKeys))
			return
		}
		switch key {
		case "set", "unset", "add", "advise":
			verbs = append(verbs, string(key))
		}
		if _, isText := v.Value.(ast.String); !isText && key != "value" {
			d.fail("Fix has the wrong type", "%q is a text, not %s.", string(key), v)
		}
	})
	if len(verbs) != 1 {
		d.fail("Fix has no single verb", "An operation has exactly one of set, unset, add and advise; this one has %d.", len(verbs))
		return op, true
	}
	op = analyzer.Op{
		At: model.Addr(textOf(obj, "at")), Set: textOf(obj, "set"), Unset: textOf(obj, "unset"),
		Add: textOf(obj, "add"), Label: textOf(obj, "label"), Advise: textOf(obj, "advise"),
	}
	v := get(obj, "value")
	switch {
	case v == nil && op.Set != "":
		d.fail("Fix sets nothing", "\"set\": %q needs a \"value\".", op.Set)
	case v != nil && op.Set == "" && op.Add == "":
		d.fail("Fix has a value too many", "Only set and add take a \"value\".")
	case v != nil:
		op.Value, ok = d.opValue(v)
		return op, ok
	}
	return op, true
}

// opValue is a value as the language has it. A fact stands for its value, a control for its facts.
func (d *decoder) opValue(t *ast.Term) (any, bool) {
	switch x := t.Value.(type) {
	case ast.Object:
		if get(x, "state") == nil {
			return d.opObject(x, nil)
		}
		if slices.Contains([]string{"absent", "none", "unknown"}, textOf(x, "state")) {
			return nil, false
		}
		v := get(x, "value")
		if text := textOf(x, "text"); text != "" {
			if n, err := strconv.ParseFloat(text, 64); err == nil && v != nil { // a count as its author wrote it
				return n, true
			}
			return text, true
		}
		if v == nil {
			return d.opObject(x, []string{"state", "from", "text"})
		}
		if n, ok := plainValue(v).(float64); ok {
			return spell(n, d.unitOf(t)), true
		}
		return plainValue(v), true
	case *ast.Array:
		if words, ok := plainValue(t).([]string); ok {
			return words, true
		}
		out := []any{}
		whole := true
		x.Foreach(func(e *ast.Term) {
			v, ok := d.opValue(e)
			whole = whole && ok
			out = append(out, v)
		})
		return out, whole
	}
	return plainValue(t), true
}

// unitOf is the unit of a fact in a fix.
func (d *decoder) unitOf(t *ast.Term) string {
	_, unit := d.look.find(t)
	return unit
}

// opObject is an object of the language: what does not exist is left out, and an object of nothing does not exist.
func (d *decoder) opObject(x ast.Object, without []string) (any, bool) {
	out := map[string]any{}
	x.Foreach(func(k, v *ast.Term) {
		key, _ := k.Value.(ast.String)
		if slices.Contains(without, string(key)) {
			return
		}
		if val, ok := d.opValue(v); ok {
			out[string(key)] = val
		}
	})
	return out, len(out) > 0 || x.Len() == 0
}

// spell writes a number as an author would: a duration or a percentage as text, anything else as a number.
func spell(v float64, unit string) any {
	switch unit {
	case "ms", "minutes":
		if unit == "minutes" {
			v *= 60_000
		}
		return spellMillis(v)
	case "ratio":
		return strconv.FormatFloat(math.Round(v*1e7)/1e5, 'f', -1, 64) + "%"
	}
	return v
}

func spellMillis(v float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{86400e3, "d"}, {3600e3, "h"}, {60e3, "m"}} {
		if v >= u.size && math.Mod(v, u.size) == 0 && v >= 2*u.size {
			return strconv.FormatFloat(v/u.size, 'f', -1, 64) + u.name
		}
	}
	if v >= 1000 {
		return strconv.FormatFloat(math.Round(v)/1000, 'f', -1, 64) + "s"
	}
	return strconv.FormatFloat(v, 'f', -1, 64) + "ms"
}

// titleOf says in a few words what a fix does: its first operation, and how many belong to it.
func titleOf(ops []analyzer.Op) string {
	op := ops[0]
	var b strings.Builder
	switch {
	case op.Advise != "":
		return op.Advise
	case op.Set != "":
		b.WriteString("Set " + op.Set)
		switch v := op.Value.(type) {
		case string:
			b.WriteString(" = " + v)
		case float64:
			b.WriteString(" = " + strconv.FormatFloat(v, 'f', -1, 64))
		case bool:
			b.WriteString(" = " + strconv.FormatBool(v))
		}
	case op.Unset != "":
		b.WriteString("Remove " + op.Unset)
	case op.Add != "":
		b.WriteString("Add " + op.Add)
		if op.Label != "" {
			b.WriteString(" " + strconv.Quote(op.Label))
		}
	}
	if op.At != "" {
		b.WriteString(" on " + string(op.At))
	}
	if n := len(ops) - 1; n == 1 {
		b.WriteString(" and 1 more change")
	} else if n > 1 {
		b.WriteString(" and " + strconv.Itoa(n) + " more changes")
	}
	return b.String()
}
