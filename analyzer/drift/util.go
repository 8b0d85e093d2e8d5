package drift

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// each visits every call with the node that it starts at.
func each(m *model.Model, visit func(model.Entity, *model.Call)) {
	for _, n := range m.Nodes() {
		for _, e := range n.Out().Calls {
			visit(n, e)
		}
	}
	for _, x := range m.Externals {
		for _, e := range x.Calls {
			visit(x, e)
		}
	}
}

// labelOf is the last part of an address.
func labelOf(a model.Addr) string { return string(a[strings.LastIndexByte(string(a), '.')+1:]) }

// ownerOf is the address of the block around a block's address: service.orders of service.orders.call.charge.
func ownerOf(a model.Addr) (model.Addr, bool) {
	parts := strings.Split(string(a), ".")
	if len(parts) < 4 {
		return "", false
	}
	return model.Addr(strings.Join(parts[:len(parts)-2], ".")), true
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// maxListed is how many names a sentence lists.
const maxListed = 4

// list names things as a sentence does; beyond a few it counts.
func list(names []string) string {
	if n := len(names); n > maxListed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxListed-1], ", "), n-maxListed+1)
	} else if n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func join(addrs []model.Addr, word string) string {
	var names []string
	for _, a := range addrs {
		names = append(names, string(a))
	}
	return strings.Join(names, " "+word+" ")
}

func fix(title string, ops ...Op) *Fix { return &Fix{Title: title, Ops: ops} }

// weak reports whether nothing better than start order shows an edge.
func weak(evidence []model.Evidence) bool {
	return len(evidence) > 0 && evidence[0].Certainty == model.Weak
}

// perSecond is a rate for a sentence.
func perSecond(v float64) string { return analyzer.FormatQuantity(v, "rps") }

// rate is how much reaches an address of the description, as the beginning of a sentence; empty where nobody knows.
func (c *comparison) rate(a model.Addr) (float64, bool) {
	if c.Rate == nil {
		return 0, false
	}
	v, ok := c.Rate(a)
	return v, ok && v > 0
}

// free is an address of that kind that the description does not use yet.
func (c *comparison) free(k model.Kind, label string) model.Addr {
	for n := 1; ; n++ {
		l := label
		if n > 1 {
			l = fmt.Sprintf("%s_%d", label, n)
		}
		if a := model.Addr(string(k) + "." + l); c.Model.Lookup(a) == nil {
			return a
		}
	}
}

// freeEdge is an address for a new edge of a node, taken at once.
func (c *comparison) freeEdge(node model.Addr, kind model.Kind, label string) model.Addr {
	taken := c.labels[node]
	if taken == nil {
		taken = map[string]bool{}
		c.labels[node] = taken
	}
	for n := 1; ; n++ {
		l := label
		if n > 1 {
			l = fmt.Sprintf("%s_%d", label, n)
		}
		a := model.Addr(string(node) + "." + string(kind) + "." + l)
		if c.Model.Lookup(a) == nil && !taken[string(kind)+l] {
			taken[string(kind)+l] = true
			return a
		}
	}
}
