package dsl

import (
	"fmt"
	"reflect"
	"time"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

// modelGen makes correct models from the table: every block type, every attribute, every keyword that is legal.
type modelGen struct {
	t     *rapid.T
	addrs map[model.Kind][]model.Addr // declared so far
	later []func()                    // attributes, filled once everything is declared
}

func (g *modelGen) model() *model.Model {
	m := &model.Model{}
	v := reflect.ValueOf(m).Elem()
	for _, t := range Schema().TopLevel() {
		bf := plans().root[t.Kind]
		f := v.FieldByIndex(bf.index)
		if f.Kind() != reflect.Slice {
			f.Set(g.block(bf.plan, "", 0))
			continue
		}
		for i := range rapid.IntRange(1, 2).Draw(g.t, "blocks") {
			f.Set(reflect.Append(f, g.block(bf.plan, "", i)))
		}
	}
	for _, fill := range g.later {
		fill()
	}
	m.Index()
	return m
}

func (g *modelGen) block(p *plan, parent model.Addr, i int) reflect.Value {
	v := reflect.New(p.goType)
	e := v.Interface().(model.Entity).Self()
	e.Kind, e.Label, e.Parent = p.typ.Kind, fmt.Sprintf("n-%d", i), parent
	if len(p.typ.Labels) > 0 {
		e.Label = p.typ.Labels[i]
	}
	e.Addr = model.Addr(string(e.Kind) + "." + e.Label)
	if parent != "" {
		e.Addr = parent + "." + e.Addr
	}
	g.addrs[e.Kind] = append(g.addrs[e.Kind], e.Addr)
	for _, k := range p.typ.Blocks {
		bf := p.blocks[k]
		f := v.Elem().FieldByIndex(bf.index)
		for j := range rapid.IntRange(1, 2).Draw(g.t, "nested") {
			f.Set(reflect.Append(f, g.block(bf.plan, e.Addr, j)))
		}
	}
	g.later = append(g.later, func() {
		g.attrs(p, v.Elem())
		switch x := v.Interface().(type) {
		case *model.Queue:
			x.Engine = model.Of("sqs", model.Stated)
		case *model.Waiver:
			x.Addr = model.Addr("waiver." + x.Label + "@" + x.Subject.V)
		}
	})
	return v
}

func (g *modelGen) attrs(p *plan, v reflect.Value) {
	for i := range p.fields {
		f := &p.fields[i]
		if f.attr.Name == "on" && f.attr.Type == String || f.attr.Name == "after" {
			continue // name other edges; triggers_wrong.txtar has them
		}
		choices := 2
		if f.attr.UnknOK {
			choices = 3
		}
		choice := rapid.IntRange(0, choices).Draw(g.t, "state")
		if f.attr.Required {
			choice = 1
		}
		fv := v.FieldByIndex(f.index)
		switch choice {
		case 1, 2:
			g.value(f, fv)
		case 3:
			put(fv, nil, model.Unknown, nil)
			if f.attr.NoneOK && rapid.Bool().Draw(g.t, "none") {
				put(fv, nil, model.None, nil)
			}
		}
	}
}

func (g *modelGen) value(f *field, v reflect.Value) {
	a := f.attr
	if a.Type == Object {
		obj := reflect.New(f.elem.goType)
		g.attrs(f.elem, obj.Elem())
		v.Field(0).Set(obj)
		put(v, nil, model.Stated, nil)
		return
	}
	if !a.List {
		put(v, g.one(a, v.Field(0).Type()), model.Stated, nil)
		return
	}
	list := reflect.MakeSlice(v.Field(0).Type(), 0, 2)
	for range rapid.IntRange(0, 2).Draw(g.t, "length") {
		list = reflect.Append(list, reflect.ValueOf(g.one(a, v.Field(0).Type().Elem())))
	}
	put(v, list.Interface(), model.Stated, nil)
}

func (g *modelGen) one(a *Attr, t reflect.Type) any {
	n := rapid.IntRange(1, 5000).Draw(g.t, "n")
	switch a.Type {
	case Enum:
		return rapid.SampledFrom(a.Values).Draw(g.t, "word")
	case Date:
		return time.Date(2027, 1, n%365, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case CPU:
		return fmt.Sprintf("%dm", n)
	case Bool:
		return n%2 == 0
	case Int:
		return n
	case Attempts:
		if n%3 == 0 {
			return model.Unlimited
		}
		return n
	case Number:
		return a.Min + float64(n)/8
	case Ratio:
		return float64(n) / 5000
	case Size:
		if t.Kind() == reflect.String {
			return fmt.Sprintf("%dMi", n)
		}
		return int64(n) * rapid.SampledFrom([]int64{1, 1000, 1024, 1 << 20}).Draw(g.t, "unit")
	case Duration:
		return time.Duration(n) * rapid.SampledFrom(durationUnits).Draw(g.t, "unit").d
	case Window:
		if n%2 == 0 {
			return model.Window{Count: n}
		}
		return model.Window{Time: time.Duration(n) * time.Second}
	case Subject:
		return rapid.SampledFrom([]string{"service.n-0", "journey.n-0.api/checkout", "service.n-0.call.n-0", "client.n-0"}).Draw(g.t, "subject")
	case Ref:
		var all []model.Addr
		for _, k := range a.Refs {
			all = append(all, g.addrs[k]...)
		}
		addr := rapid.SampledFrom(all).Draw(g.t, "target")
		if t.Kind() != reflect.String || t == reflect.TypeFor[model.Addr]() {
			return addr
		}
		if len(a.Values) > 0 && n%2 == 0 {
			return rapid.SampledFrom(a.Values).Draw(g.t, "word")
		}
		return string(addr)
	}
	return rapid.SampledFrom([]string{"x", "two words", `quo"te\`, "${not} a %{template}", "tab\tline\nend", "ümlaut 漢"}).Draw(g.t, "text")
}
