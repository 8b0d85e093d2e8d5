package source

import (
	"fmt"
	"slices"
)

// Edit replaces the bytes [Start, End) of a file; an insertion has Start = End.
type Edit struct {
	Start, End int
	New        string
}

// Apply makes the edits and leaves every other byte alone. Two edits that touch the same bytes are refused, as are edits
// outside the file; insertions at the same place keep their order.
func Apply(b []byte, edits []Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	out, at := make([]byte, 0, len(b)), 0
	for _, e := range sorted {
		if e.Start < 0 || e.End < e.Start || e.End > len(b) {
			return nil, fmt.Errorf("the edit of bytes %d to %d lies outside the file of %d bytes", e.Start, e.End, len(b))
		}
		if e.Start < at {
			return nil, fmt.Errorf("two edits overlap at byte %d", e.Start)
		}
		out = append(out, b[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, b[at:]...), nil
}
