package dsl

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// A classPlan says what becomes of the unstated attributes of a block or object type: the class rules, resolved once.
type classPlan struct {
	fields   []classField // those that an ordinary pass has to look at
	controls [][]int      // those that are unknown in an opaque service
	finish   func(object any)
}

type classField struct {
	index []int
	def   reflect.Value // a model.Value to take over where nothing is known; the zero Value means leave it alone
	// There is always an object to look into: nobody states a latency that is not there. elem is its plan.
	always bool
	owned  bool // descend only into what was written here: shared objects are complete already
	elem   *classPlan
	typ    reflect.Type // of the object
}

// Attributes that derive completes alone, by "type.attribute": the class rule would come too early or say too much.
var derivedAlone = map[string]bool{
	"call.idempotent": true, // absent where a repetition moves money, else unknown
}

// Attributes of the system that are defaults for others: what it does not state it does not hand down.
var handedDown = map[string]bool{"deploy": true, "scale": true, "discovery": true, "load_balancing": true,
	"deadline_propagation": true, "auth": true}

type classPlans struct {
	blocks  map[model.Kind]*classPlan
	objects map[string]*classPlan
}

var classes = sync.OnceValue(func() *classPlans {
	all := &classPlans{blocks: map[model.Kind]*classPlan{}, objects: map[string]*classPlan{}}
	src := plans()
	for kind, p := range src.blocks {
		all.blocks[kind] = all.build(p)
	}
	return all
})

func (all *classPlans) build(p *plan) *classPlan {
	out := &classPlan{}
	if o := p.typ.Object; o != "" {
		if done := all.objects[o]; done != nil {
			return done
		}
		all.objects[o] = out
		out.finish = finishers[o]
	}
	for _, f := range p.fields {
		a, name := f.attr, p.typ.Name()+"."+f.attr.Name
		cf := classField{index: f.index, typ: p.goType.FieldByIndex(f.index).Type}
		defaults := p.typ.Kind == model.KindSystem && handedDown[a.Name]
		switch {
		case p.typ.Kind == model.KindPolicy || defaults || derivedAlone[name]: // what a policy leaves out it does not decide
		case a.Class == Claim || a.Class == Measurement:
			cf.def = unknownOf(cf.typ)
		case a.Default != "":
			cf.def = defaultOf(a, cf.typ)
		}
		if f.elem != nil {
			cf.elem = all.build(f.elem)
			cf.typ = f.elem.goType
			cf.always = cf.def.IsValid() || p.typ.Kind != model.KindSystem && a.Object == "deploy"
			cf.owned = p.typ.Kind == model.KindCall
		}
		if cf.def.IsValid() || cf.elem != nil {
			out.fields = append(out.fields, cf)
		}
		if (a.Class == Control || name == "call.fallback") && p.typ.Kind != model.KindSystem {
			out.controls = append(out.controls, f.index)
		}
	}
	return out
}

// unknownOf is an unknown model.Value of the given type.
func unknownOf(t reflect.Type) reflect.Value {
	v := reflect.New(t)
	v.Interface().(model.Fact).Set(nil, model.Unknown, nil)
	return v.Elem()
}

// defaultOf is the language's default of an attribute as a model.Value of the given type.
func defaultOf(a *Attr, t reflect.Type) reflect.Value {
	v := reflect.New(t)
	v.Interface().(model.Fact).Set(literal(a.Default, t.Field(0).Type), model.Default, nil)
	return v.Elem()
}

// literal is a default of the table as the model holds it. The table is ours: a text that does not fit is a bug.
func literal(text string, t reflect.Type) any {
	s, quoted := strings.CutPrefix(text, `"`)
	s = strings.TrimSuffix(s, `"`)
	var v any
	var err error
	problem := ""
	switch {
	case t == reflect.TypeFor[time.Duration]():
		v, problem, _ = parseDuration(s)
	case t == reflect.TypeFor[model.Window]():
		w := model.Window{}
		w.Count, err = strconv.Atoi(s)
		v = w
	case t.Kind() == reflect.Bool:
		v, err = strconv.ParseBool(s)
	case t.Kind() == reflect.Int:
		v, err = strconv.Atoi(s)
	case t.Kind() == reflect.Int64:
		v, problem, _ = parseSize(s)
	case t.Kind() == reflect.Float64 && quoted:
		v, problem, _ = parseRatio(s)
	case t.Kind() == reflect.Float64:
		v, err = strconv.ParseFloat(s, 64)
	case t.Kind() == reflect.String && quoted:
		v = s
	default:
		problem = "no such type"
	}
	if err != nil || problem != "" {
		panic(fmt.Sprintf("dsl: the default %s does not fit a %s: %v%s", text, t, err, problem))
	}
	return v
}

// settle applies the class rules: an unstated claim or measurement is unknown, a language default counts, an unstated
// control stays absent, and is unknown in an opaque service.
func (c *completer) settle() {
	all := classes()
	c.m.Each(func(e model.Entity) {
		b := e.Self()
		settleStruct(reflect.ValueOf(e).Elem(), all.blocks[b.Kind], c.opaque(b))
	})
}

// opaque reports whether a block is a vendor's box or a part of one.
func (c *completer) opaque(b *model.Block) bool {
	at := b.Addr
	if b.Parent != "" {
		at = b.Parent
	}
	if kindOf(at) != model.KindService {
		return false
	}
	s, ok := c.m.Lookup(at).(*model.Service)
	return ok && s.Opaque.Has() && s.Opaque.V
}

func settleStruct(v reflect.Value, p *classPlan, opaque bool) {
	if opaque {
		for _, at := range p.controls {
			if f := v.FieldByIndex(at).Addr().Interface().(model.Fact); f.Unstated() {
				f.Set(nil, model.Unknown, nil)
			}
		}
	}
	for i := range p.fields {
		cf := &p.fields[i]
		var fv reflect.Value
		if len(cf.index) == 1 {
			fv = v.Field(cf.index[0])
		} else {
			fv = v.FieldByIndex(cf.index)
		}
		fact := fv.Addr().Interface().(model.Fact)
		if cf.def.IsValid() && fact.Unstated() {
			fv.Set(cf.def)
		}
		if cf.elem == nil || cf.owned && fact.Status() != model.Stated {
			continue
		}
		object := fv.Field(0)
		if object.IsNil() {
			if !cf.always {
				continue
			}
			object.Set(reflect.New(cf.typ))
		}
		if d, ok := object.Interface().(*model.Deploy); ok {
			settleDeploy(d, cf.elem, fact.Status(), opaque)
			continue
		}
		settleStruct(object.Elem(), cf.elem, false)
		if cf.elem.finish != nil {
			cf.elem.finish(object.Interface())
		}
	}
}

// settleDeploy knows that readiness, drain and analysis are claims while nobody stated a deploy: only inside a stated
// one does their absence say something.
func settleDeploy(d *model.Deploy, p *classPlan, s model.State, opaque bool) {
	if s != model.Stated && s != model.Inherited {
		unknown := func(f model.Fact) {
			if f.Unstated() {
				f.Set(nil, model.Unknown, nil)
			}
		}
		unknown(&d.Readiness)
		unknown(&d.Drain)
		unknown(&d.Analysis)
	}
	settleStruct(reflect.ValueOf(d).Elem(), p, opaque)
}

// finishers complete what one attribute of an object takes from another.
var finishers = map[string]func(any){
	"retry": func(o any) {
		r := o.(*model.Retry)
		take(&r.MaxBackoff, model.Of(10*r.InitialBackoff.V, model.Default)) // there always is an initial one
		take(&r.On, model.Of(model.FailureClasses, model.Default))
	},
	"rate_limit": func(o any) {
		r := o.(*model.RateLimit)
		if r.RPS.Has() {
			take(&r.Burst, model.Of(r.RPS.V, model.Default))
		}
		take(&r.Burst, model.Value[float64]{State: model.Unknown})
	},
}
