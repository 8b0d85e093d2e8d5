package dsl

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

// rawModel is a random model as decoding leaves it, with products that have profiles.
func rawModel(t *rapid.T) *model.Model {
	m := (&modelGen{t: t, addrs: map[model.Kind][]model.Addr{}}).model()
	engines := []string{"something"}
	for _, p := range Profiles() {
		engines = append(engines, p.Name)
	}
	product := func(v *model.Value[string]) {
		if v.Has() {
			v.V = rapid.SampledFrom(engines).Draw(t, "engine")
		}
	}
	m.Each(func(e model.Entity) {
		switch e := e.(type) {
		case *model.Policy:
			product(&e.Engine)
		case model.Worker:
			product(&e.Work().Engine)
		case *model.Datastore:
			product(&e.Engine)
		case *model.Broker:
			product(&e.Engine)
		case *model.Registry:
			product(&e.Engine)
		case *model.Mesh:
			product(&e.Engine)
		}
	})
	return m
}

// law checks what Load promises of every fact of one block or object.
type law struct {
	t      *rapid.T
	exempt map[string]bool // attributes that may be absent though their class says unknown
}

func (l law) check(where string, v reflect.Value, p *plan, opaque bool) {
	for _, f := range p.fields {
		a := f.attr
		fact := v.FieldByIndex(f.index).Addr().Interface().(model.Fact)
		at, s := where+"."+a.Name, fact.Status()
		fail := func(why string) {
			l.t.Errorf("%s: class %c, %s, written %v: %s", at, a.Class, s, fact.IsWritten(), why)
		}
		if fact.IsWritten() && s != model.Stated && s != model.None && s != model.Unknown || !fact.IsWritten() && s == model.Stated && !strings.Contains(at, "policy") {
			fail("written and state disagree")
		}
		from := ""
		if o := fact.Source(); o != nil {
			from = o.From
		}
		if (s == model.Inherited || s == model.Profile) != (from != "") && s != model.None && s != model.Unknown && s != model.Derived {
			fail("origin " + from)
		}
		handed := p.typ.Kind == model.KindPolicy || p.typ.Kind == model.KindSystem && handedDown[a.Name]
		open := s == model.Absent || s == model.None && !fact.IsWritten() && from == ""
		switch {
		case !open || handed:
		case strings.HasPrefix(at, "system.") && strings.HasSuffix(at, ".deploy.router"): // each workload has its own
		case a.Class == Claim || a.Class == Measurement:
			if !l.exempt[p.typ.Name()+"."+a.Name] {
				fail("a claim or measurement must be unknown")
			}
		case a.Class == Defaulted:
			fail("a default must hold")
		case a.Class == Control && opaque:
			fail("a control of an opaque service must be unknown")
		}
		if f.elem == nil {
			continue
		}
		object := v.FieldByIndex(f.index).Field(0)
		there := a.Class == Claim || a.Class == Measurement || a.Object == "deploy"
		if object.IsNil() {
			if s.HasValue() || there && !handed {
				fail("no object")
			}
			continue
		}
		inner := l
		if a.Object == "deploy" && (s == model.Stated || s == model.Inherited) {
			opaque = opaque && s == model.Stated
		}
		inner.check(at, object.Elem(), f.elem, a.Object == "deploy" && opaque)
	}
}

// Whatever somebody writes, Load leaves no fact without the state that its class demands.
func TestEveryFactHasItsState(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := rawModel(rt)
		inherit(m)
		l := law{rt, map[string]bool{"call.idempotent": true}}
		m.Each(func(e model.Entity) {
			b := e.Self()
			l.check(string(b.Addr), reflect.ValueOf(e).Elem(), plans().blocks[b.Kind], (&completer{m: m}).opaque(b))
		})
	})
}

// dump is everything that a model says, one fact a line.
func dump(m *model.Model) string {
	var out strings.Builder
	var walk func(where string, v reflect.Value, p *plan)
	walk = func(where string, v reflect.Value, p *plan) {
		for _, f := range p.fields {
			fv := v.FieldByIndex(f.index)
			fact := fv.Addr().Interface().(model.Fact)
			from := ""
			if o := fact.Source(); o != nil {
				from = o.From
			}
			fmt.Fprintf(&out, "%s.%s %s %v %q", where, f.attr.Name, fact.Status(), fact.IsWritten(), from)
			if f.elem != nil {
				out.WriteByte('\n')
				if object := fv.Field(0); !object.IsNil() {
					walk(where+"."+f.attr.Name, object.Elem(), f.elem)
				}
				continue
			}
			fmt.Fprintf(&out, " %v\n", fact.Any())
		}
	}
	m.Each(func(e model.Entity) {
		b := e.Self()
		walk(string(b.Addr), reflect.ValueOf(e).Elem(), plans().blocks[b.Kind])
		if c, ok := e.(*model.Call); ok {
			fmt.Fprintf(&out, "%s mesh %s %s %s %v\n", b.Addr, c.Mesh, c.MeshRetry.State, c.MeshBreaker.State, c.LimitFromClient)
		}
	})
	return out.String()
}

// Completing a complete model changes nothing.
func TestInheritIsIdempotent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := rawModel(rt)
		inherit(m)
		once := dump(m)
		inherit(m)
		if twice := dump(m); twice != once {
			rt.Fatal(firstDifference(once, twice))
		}
	})
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return la[i] + "\nbecame " + lb[i]
		}
	}
	return "of different length"
}
