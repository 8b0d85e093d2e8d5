package diagram

import "github.com/archcheck/archcheck/dsl/model"

// Estimates of the room that one part takes with the line to the next, in pixels, and the width beyond which a picture
// from left to right is turned.
const (
	rankWidth  = 230 // in the direction of the lines
	rankBare   = 170 // without words on the lines
	placeWidth = 200 // across
	maxWidth   = 1600
)

// turn draws from top to bottom what would be too wide from left to right, if that is narrower. It goes by the lines
// alone, never by what is laid over them: all overlays of a model have one direction.
func (d *drawing) turn() {
	if d.pic.Direction != "" || d.flat {
		return
	}
	ranks := d.ranks()
	count := map[int]int{}
	deepest, broadest := 0, 0
	for _, r := range ranks {
		count[r]++
		deepest, broadest = max(deepest, r+1), max(broadest, count[r])
	}
	step := rankWidth
	if d.crowded {
		step = rankBare
	}
	if wide := deepest * step; wide > maxWidth && broadest*placeWidth < wide {
		d.pic.Direction = "TB"
	}
}

// ranks are the columns of the parts: one more than that of the farthest caller, lines that close a loop left out.
func (d *drawing) ranks() map[model.Addr]int {
	out := map[model.Addr][]model.Addr{}
	for _, l := range d.wire {
		out[l.from] = append(out[l.from], l.to)
	}
	const open, done = 1, 2
	state := map[model.Addr]int{}
	var order []model.Addr // callees before callers
	var back = map[[2]model.Addr]bool{}
	type frame struct {
		at   model.Addr
		next int
	}
	for _, p := range d.show {
		if state[p.addr] != 0 {
			continue
		}
		state[p.addr] = open
		stack := []frame{{at: p.addr}}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next == len(out[f.at]) {
				state[f.at] = done
				order = append(order, f.at)
				stack = stack[:len(stack)-1]
				continue
			}
			to := out[f.at][f.next]
			f.next++
			switch state[to] {
			case 0:
				state[to] = open
				stack = append(stack, frame{at: to})
			case open:
				back[[2]model.Addr{f.at, to}] = true
			}
		}
	}
	rank := map[model.Addr]int{}
	for i := len(order) - 1; i >= 0; i-- {
		at := order[i]
		rank[at] = max(rank[at], 0)
		for _, to := range out[at] {
			if !back[[2]model.Addr{at, to}] {
				rank[to] = max(rank[to], rank[at]+1)
			}
		}
	}
	return rank
}
