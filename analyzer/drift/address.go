package drift

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

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
