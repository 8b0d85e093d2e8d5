package facts

import "math"

// dominators is the dominator tree of a walked closure. Its nodes are triggers and calls, so that a call that several
// triggers of one node use is one thing to change.
type dominators struct {
	up    []int32   // per node: its dominator, made before it; -1 for the root
	depth []int32   // per node
	gain  []float64 // per node: what hangs below it
	edge  []int32   // per node: the call or publish, -1 for a trigger
	pair  []int32   // per pair of the walk, by place: its node
}

// newDominators builds the tree over the last walk of c. One pass in topological order is exact except in loops that can
// be entered at several places, where a dominator may be missed.
func newDominators(c *closer, root int32) *dominators {
	n := len(c.order)
	d := &dominators{pair: make([]int32, n)}
	type in struct{ tail, edge int32 }
	first := make([]int32, n+1)
	for _, t := range c.order {
		for _, k := range c.kids[c.kidAt[t]:c.kidEnd[t]] {
			first[c.place[k.head]+1]++
		}
	}
	for i := range n {
		first[i+1] += first[i]
	}
	ins, fill := make([]in, first[n]), append([]int32(nil), first...)
	for i := n - 1; i >= 0; i-- {
		t := c.order[i]
		for _, k := range c.kids[c.kidAt[t]:c.kidEnd[t]] {
			h := c.place[k.head]
			ins[fill[h]] = in{t, k.edge}
			fill[h]++
		}
	}
	d.pair[c.place[root]] = d.node(-1, -1)
	for i := n - 1; i >= 0; i-- {
		h := c.order[i]
		if h == root {
			continue
		}
		above := int32(-1)
		list := ins[first[i]:first[i+1]]
		for a := range list {
			if c.place[list[a].tail] <= int32(i) || seenBefore(list[:a], func(x in) bool { return x.edge == list[a].edge }) {
				continue // a loop's way back, or another trigger's use of a call met already
			}
			tails := int32(-1)
			for _, x := range list[a:] {
				if x.edge == list[a].edge && c.place[x.tail] > int32(i) {
					tails = d.meet(tails, d.pair[c.place[x.tail]])
				}
			}
			above = d.meet(above, d.node(tails, list[a].edge))
		}
		d.pair[i] = d.node(above, -1)
	}
	return d
}

func seenBefore[T any](list []T, same func(T) bool) bool {
	for _, x := range list {
		if same(x) {
			return true
		}
	}
	return false
}

func (d *dominators) node(up, edge int32) int32 {
	depth := int32(0)
	if up >= 0 {
		depth = d.depth[up] + 1
	}
	d.up, d.depth, d.gain, d.edge = append(d.up, up), append(d.depth, depth), append(d.gain, 0), append(d.edge, edge)
	return int32(len(d.up) - 1)
}

// meet is the nearest common dominator; -1 stands for nothing yet.
func (d *dominators) meet(a, b int32) int32 {
	switch {
	case a < 0:
		return b
	case b < 0:
		return a
	}
	for a != b {
		if d.depth[a] < d.depth[b] {
			a, b = b, a
		}
		if d.up[a] < 0 {
			return a
		}
		a = d.up[a]
	}
	return a
}

// gains hangs the loss of every part below what all ways to it have in common, and calls visit with what each call takes
// with it, in logarithms, callers first.
func (d *dominators) gains(c *closer, s *closed, visit func(edge int32, gain float64)) {
	at := make([]int32, len(s.parts))
	for i := range at {
		at[i] = -1
	}
	for i := len(c.order) - 1; i >= 0; i-- {
		if ent := c.g.pairs[c.order[i]].ent; !c.avail[ent].absent() {
			k := c.entPos[ent]
			at[k] = d.meet(at[k], d.pair[i])
		}
	}
	for k, p := range s.parts {
		if at[k] >= 0 {
			d.gain[at[k]] -= math.Log(math.Max(1e-300, 1-p.p*(1-c.avail[p.ent].v)))
		}
	}
	for n := len(d.up) - 1; n > 0; n-- {
		if d.up[n] >= 0 {
			d.gain[d.up[n]] += d.gain[n]
		}
	}
	for n := range d.up {
		if d.edge[n] >= 0 {
			visit(d.edge[n], d.gain[n])
		}
	}
}
