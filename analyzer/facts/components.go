package facts

// newComponents numbers the strongly connected components of any small graph (Tarjan 1972, without recursion).
func newComponents(n int, next func(v int32, visit func(int32))) []int32 {
	comp, low, num := make([]int32, n), make([]int32, n), make([]int32, n)
	var stack []int32
	var clock, comps int32
	type frame struct {
		v    int32
		kids []int32
	}
	for root := range int32(n) {
		if num[root] != 0 {
			continue
		}
		var path []frame
		open := func(v int32) {
			clock++
			num[v], low[v], comp[v] = clock, clock, -1
			stack = append(stack, v)
			f := frame{v: v}
			next(v, func(w int32) { f.kids = append(f.kids, w) })
			path = append(path, f)
		}
		open(root)
		for len(path) > 0 {
			f := &path[len(path)-1]
			if len(f.kids) > 0 {
				w := f.kids[0]
				f.kids = f.kids[1:]
				switch {
				case num[w] == 0:
					open(w)
				case comp[w] < 0:
					low[f.v] = min(low[f.v], num[w])
				}
				continue
			}
			v := f.v
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1].v
				low[up] = min(low[up], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			for {
				w := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				comp[w] = comps
				if w == v {
					break
				}
			}
			comps++
		}
	}
	return comp
}
