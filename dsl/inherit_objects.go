package dsl

import (
	"reflect"

	"github.com/archcheck/archcheck/dsl/model"
)

// eachAttr visits the attributes of an object, a pointer to one of the model's object structs.
func eachAttr(object any, visit func(i int, f model.Fact)) {
	v := reflect.ValueOf(object)
	if v.IsNil() {
		return
	}
	v = v.Elem()
	for i := range v.NumField() {
		visit(i, v.Field(i).Addr().Interface().(model.Fact))
	}
}

// inheritObject marks what an object states as inherited; the object has to be a copy.
func inheritObject(object any, from string) {
	eachAttr(object, func(_ int, f model.Fact) {
		if f.Unstated() {
			return
		}
		s := f.Status()
		if s == model.Stated {
			s = model.Inherited
		}
		f.Set(nil, s, originFrom(f.Source(), from))
	})
}

// complete fills what an object leaves out from another of its type.
func complete[T any](dst, src *T) {
	if dst == nil || src == nil {
		return
	}
	from := reflect.ValueOf(src).Elem()
	to := reflect.ValueOf(dst).Elem()
	eachAttr(dst, func(i int, f model.Fact) {
		if f.Unstated() {
			to.Field(i).Set(from.Field(i))
		}
	})
}

// completeObjects fills what the objects of a call or policy leave out with a product's defaults.
func completeObjects(p *model.CallPolicies, product *Profile) {
	if product == nil {
		return
	}
	complete(p.Retry.V, product.Retry)
	complete(p.CircuitBreaker.V, product.Breaker)
	complete(p.Bulkhead.V, product.Bulkhead)
	complete(p.RateLimit.V, product.RateLimit)
}

// completeWritten is completeObjects for what was written on this very call: inherited objects are complete.
func completeWritten(p *model.CallPolicies, product *Profile) {
	own := model.CallPolicies{}
	if p.Retry.Written {
		own.Retry.V = p.Retry.V
	}
	if p.CircuitBreaker.Written {
		own.CircuitBreaker.V = p.CircuitBreaker.V
	}
	if p.Bulkhead.Written {
		own.Bulkhead.V = p.Bulkhead.V
	}
	if p.RateLimit.Written {
		own.RateLimit.V = p.RateLimit.V
	}
	completeObjects(&own, product)
}

// cloneObjects gives call policies objects of their own.
func cloneObjects(p *model.CallPolicies) {
	p.Retry.V = clone(p.Retry.V)
	p.CircuitBreaker.V = clone(p.CircuitBreaker.V)
	p.Bulkhead.V = clone(p.Bulkhead.V)
	p.RateLimit.V = clone(p.RateLimit.V)
}

// settleObjects applies the class rules to the objects of call policies.
func settleObjects(p *model.CallPolicies) {
	all := classes().objects
	one := func(object any, name string) {
		v := reflect.ValueOf(object)
		if v.IsNil() {
			return
		}
		settleStruct(v.Elem(), all[name], false)
		if f := all[name].finish; f != nil {
			f(object)
		}
	}
	one(p.Retry.V, "retry")
	one(p.CircuitBreaker.V, "circuit_breaker")
	one(p.Bulkhead.V, "bulkhead")
	one(p.RateLimit.V, "rate_limit")
}
