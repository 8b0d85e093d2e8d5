package facts

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// refs are the addresses that something else in the model refers to: every attribute that holds an address, and every
// value that something inherits. Edges are counted by the graph.
func (f *Facts) refs() map[model.Addr]bool {
	if f.paths.refs != nil {
		return f.paths.refs
	}
	refs := map[model.Addr]bool{}
	f.m.Each(func(e model.Entity) {
		self := e.Self()
		collectRefs(reflect.ValueOf(e).Elem(), func(a model.Addr) {
			if a != self.Addr {
				refs[a] = true
			}
		})
	})
	f.paths.refs = refs
	return refs
}

// factType is the interface of every attribute.
var factType = reflect.TypeFor[model.Fact]()

func collectRefs(v reflect.Value, add func(model.Addr)) {
	for i := range v.NumField() {
		field := v.Field(i)
		if field.Kind() != reflect.Struct || !v.Type().Field(i).IsExported() {
			continue
		}
		if !field.Addr().Type().Implements(factType) {
			collectRefs(field, add)
			continue
		}
		fact := field.Addr().Interface().(model.Fact)
		if o := fact.Source(); o != nil && o.From != "" {
			add(model.Addr(o.From))
		}
		switch x := fact.Any().(type) {
		case model.Addr:
			add(x)
		case []model.Addr:
			for _, a := range x {
				add(a)
			}
		case string: // discovery, fallback and cqrs.sync hold a word or an address
			if strings.Contains(x, ".") {
				add(model.Addr(x))
			}
		case nil:
		default:
			if p := reflect.ValueOf(x); p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.Struct {
				collectRefs(p.Elem(), add)
			}
		}
	}
}

func trimFloat(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// percent1 spells a share with one decimal at most: 25.3%.
func percent1(r float64) string { return FormatRatio(float64(int(r*1000+0.5)) / 1000) }
