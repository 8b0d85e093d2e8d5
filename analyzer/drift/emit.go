package drift

import (
	"fmt"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// takers counts the calls that take each attribute from each policy, whatever it says there.
func (c *comparison) takers() map[string]int {
	out := map[string]int{}
	each(c.Model, func(_ model.Entity, e *model.Call) {
		for _, l := range limits {
			if p := from(l.of(&e.CallPolicies)); p != "" {
				out[p+" "+l.attr]++
			}
		}
		if p := from(&e.MeshBreaker); p != "" && !e.CircuitBreaker.Has() {
			out[p+" circuit_breaker"]++
		}
		if p := from(&e.MeshRetry); p != "" {
			out[p+" retry"]++
		}
	})
	return out
}

// emit makes one item of differences that are one. Where a policy is given, all that inherit the fact agree, and the
// policy is what to change.
func (c *comparison) emit(set []*difference, policy model.Addr) {
	x := set[0]
	item := &Item{Kind: x.limit.kind, Address: x.call.Addr, Severity: x.severity, Confidence: x.confidence, Counterpart: x.src.Addr,
		Says: x.says, Shows: x.shows, Detail: x.detail}
	if item.Range = x.says.Range; item.Range.IsZero() {
		item.Range = x.call.Decl
	}
	for _, d := range set {
		item.Subjects = append(item.Subjects, d.call.Addr)
		item.Severity = max(item.Severity, d.severity)
	}
	slices.Sort(item.Subjects)
	switch {
	case policy != "":
		item.Address = policy
		if x.says.Range.IsZero() {
			item.Range = c.declared(policy)
		}
	case len(set) > 1:
		item.Address = x.call.To.V
		item.Range = c.declared(x.call.To.V)
	}
	if len(set) == 1 {
		item.Subjects = nil
	} else {
		item.Detail += fmt.Sprintf(" The same holds of %s.", quoted(len(set)-1, "other call"))
	}
	if x.advise != "" {
		item.Fix, item.Accept = fix("One layer tries", Op{Advise: x.advise}), Manual
		c.add(item)
		return
	}
	var ops []Op
	if policy != "" {
		ops = append(ops, x.op(policy, at(c.Model, policy, x.limit.attr)))
	} else {
		for _, d := range set {
			ops = append(ops, d.op(d.call.Addr, d.object))
		}
	}
	item.Fix = fix("Take over what the sources show", ops...)
	c.add(item)
}

// op writes what the sources show into the block at an address.
func (x *difference) op(block model.Addr, object model.Fact) Op {
	if x.value == "none" || x.limit.key == "" {
		return Op{At: block, Set: x.limit.attr, Value: x.value}
	}
	if !object.Status().HasValue() {
		return Op{At: block, Set: x.limit.attr, Value: x.whole}
	}
	return setting(block, object, x.limit.attr, x.limit.key, x.value)
}

func fix(title string, ops ...Op) *Fix { return &Fix{Title: title, Ops: ops} }
