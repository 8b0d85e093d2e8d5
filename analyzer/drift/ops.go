package drift

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// Op is one change of the description. Exactly one of Set, Add, Drop and Advise is given.
type Op struct {
	At     model.Addr // the block to change; where a block is added, the one around it, empty at the top level
	Set    string     // attribute path, "retry.max_attempts"
	Value  any        // for Set and Add
	Add    string     // type of a block to add
	Label  string     // its label
	Drop   bool       // take the block out
	Advise string     // for a person, nothing to apply
}

// Fix is what accepts an item.
type Fix struct {
	Title string
	Ops   []Op
}

// block is what the sources say about a component, as the arguments of a new block of the description. References are
// left out: what they lead to may be called something else there. Its calls to components that the description has come
// with it.
func (c *comparison) block(e model.Entity) map[string]any {
	out := attributes(reflect.ValueOf(e).Elem(), true)
	n, ok := e.(model.Node)
	if !ok {
		return out
	}
	for _, call := range n.Out().Calls {
		if to, ok := c.bySrc[call.To.V]; ok && !weak(c.Shown.Edges[call.Addr]) {
			out["call "+call.Label] = c.callBlock(call, to, true)
		}
	}
	return out
}

// callBlock is a new call with what the sources say about it. What they cannot show is unknown, unless the caller or the
// system has a policy that says it for every call.
func (c *comparison) callBlock(call *model.Call, to model.Addr, fresh bool) map[string]any {
	out := attributes(reflect.ValueOf(call).Elem(), false)
	out["to"] = string(to)
	delete(out, "policy")
	for _, f := range limits {
		if fact := f.of(&call.CallPolicies); fact.Status() == model.Inherited { // in force for every call to the callee
			if v := literal(reflect.ValueOf(fact).Elem(), fact, false); v != nil {
				out[f.attr] = v
			}
		}
	}
	if s := c.Model.System; fresh && s != nil && !s.Policy.Has() {
		for _, name := range []string{"timeout", "deadline", "retry", "circuit_breaker"} {
			if _, ok := out[name]; !ok {
				out[name] = "unknown"
			}
		}
	}
	return out
}

// attributes are the written arguments of a block or an object, by name.
func attributes(v reflect.Value, unknown bool) map[string]any {
	out := map[string]any{}
	t := v.Type()
	for i := range v.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			for k, x := range attributes(v.Field(i), unknown) {
				out[k] = x
			}
			continue
		}
		name := f.Tag.Get("hcl")
		if name == "" {
			continue
		}
		fact, ok := v.Field(i).Addr().Interface().(model.Fact)
		if !ok || !fact.IsWritten() || fact.Status() == model.Unknown && !unknown {
			continue
		}
		if x := literal(v.Field(i), fact, unknown); x != nil {
			out[name] = x
		}
	}
	return out
}

// reference are the kinds that a word of the language may be the address of instead.
var reference = map[model.Kind]bool{model.KindRegistry: true, model.KindTopic: true, model.KindQueue: true, model.KindService: true,
	model.KindDatastore: true, model.KindExternal: true}

// literal is a fact as the language writes it, nil for references and for what has no form.
func literal(v reflect.Value, fact model.Fact, unknown bool) any {
	switch fact.Status() {
	case model.Unknown:
		return "unknown"
	case model.None:
		return "none"
	}
	text := ""
	if o := fact.Source(); o != nil {
		text = o.Text
	}
	switch x := fact.Any().(type) {
	case string:
		if kind, _, dotted := strings.Cut(x, "."); dotted && reference[model.Kind(kind)] {
			return nil
		}
		return x
	case bool, int:
		if x == model.Unlimited {
			return "unlimited"
		}
		return x
	case time.Duration:
		return duration(x)
	case model.Window:
		if x.Time > 0 {
			return duration(x.Time)
		}
		return x.Count
	case float64:
		if strings.HasSuffix(text, "%") {
			return text
		}
		return x
	case []float64:
		var list []any
		for _, r := range x {
			list = append(list, percent(r))
		}
		return list
	case []string:
		var list []any
		for _, s := range x {
			list = append(list, s)
		}
		return list
	case int64:
		if text != "" {
			return text
		}
	}
	if inner := v.Field(0); inner.Kind() == reflect.Pointer && !inner.IsNil() && inner.Elem().Kind() == reflect.Struct {
		return written(inner.Elem())
	}
	return nil
}

// written are the attributes of an object that somebody wrote, here or where it was inherited from.
func written(v reflect.Value) map[string]any {
	out := map[string]any{}
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("hcl")
		fact, ok := v.Field(i).Addr().Interface().(model.Fact)
		if name == "" || !ok {
			continue
		}
		switch s := fact.Status(); {
		case s == model.Stated, s == model.Inherited, fact.IsWritten(), s == model.None:
			if x := literal(v.Field(i), fact, true); x != nil {
				out[name] = x
			}
		}
	}
	return out
}

// duration is a time as the language writes it: in its largest unit that leaves no fraction.
func duration(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}, {time.Millisecond, "ms"}} {
		if d >= u.unit && d%u.unit == 0 {
			return fmt.Sprintf("%d%s", d/u.unit, u.name)
		}
	}
	if d == 0 {
		return "0s"
	}
	return fmt.Sprintf("%gms", float64(d)/float64(time.Millisecond))
}

// percent is a ratio as the language writes it.
func percent(r float64) string {
	return fmt.Sprintf("%g%%", float64(int64(r*1e6+0.5))/1e4)
}

// setting is the operation that sets one attribute of a block, or one key of an object there. Where the object is not
// written on that very block, what it inherits is kept beside the new key.
func setting(at model.Addr, object model.Fact, attr, key string, value any) Op {
	if key == "" {
		return Op{At: at, Set: attr, Value: value}
	}
	v := reflect.ValueOf(object).Elem().Field(0)
	if object.IsWritten() && object.Status() == model.Stated && !v.IsNil() {
		return Op{At: at, Set: attr + "." + key, Value: value}
	}
	all := map[string]any{}
	if object.Status().HasValue() && !v.IsNil() {
		all = written(v.Elem())
	}
	all[key] = value
	return Op{At: at, Set: attr, Value: all}
}

// attributesOf are the written arguments of an object.
func attributesOf(object any) map[string]any { return written(reflect.ValueOf(object).Elem()) }
