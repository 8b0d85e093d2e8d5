package facts

// condense finds the strongly connected components over the arcs that follow keeps (Tarjan 1972, without recursion), and
// all pairs in a topological order of the components, tails before heads. Our own forty lines rather than a library's:
// graph libraries work on interfaces and maps, which cost ten times the rest of the analysis on a large model.
func (g *graph) condense(keep func(*arc) bool) (order, comp []int32) {
	n := int32(len(g.pairs))
	comp = make([]int32, n)
	low, num := make([]int32, n), make([]int32, n) // num 0: not seen
	at := make([]int32, n)                         // next arc to follow
	var stack, path, found []int32
	var clock, comps int32
	for root := range n {
		if num[root] != 0 {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			p := path[len(path)-1]
			if num[p] == 0 {
				clock++
				num[p], low[p], comp[p], at[p] = clock, clock, -1, g.outAt[p]
				stack = append(stack, p)
			}
			deeper := false
			for at[p] < g.outAt[p+1] {
				a := &g.arcs[at[p]]
				at[p]++
				if !keep(a) {
					continue
				}
				if num[a.head] == 0 {
					path = append(path, a.head)
					deeper = true
					break
				}
				if comp[a.head] < 0 {
					low[p] = min(low[p], num[a.head])
				}
			}
			if deeper {
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[p])
			}
			if low[p] != num[p] {
				continue
			}
			for {
				q := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				comp[q] = comps
				found = append(found, q)
				if q == p {
					break
				}
			}
			comps++
		}
	}
	// Components come out callees first: turn both around.
	order = make([]int32, n)
	for i, p := range found {
		order[int(n)-1-i] = p
	}
	for p := range comp {
		comp[p] = comps - 1 - comp[p]
	}
	return order, comp
}
