package diagram

import (
	"strings"

	"github.com/agext/levenshtein"
)

// nearest is the name closest to what was written, empty if none is close enough to suggest. The last word of an address
// counts more than its kind: "order" is near "service.orders".
func nearest(name string, all []string) string {
	best, limit := "", max(1, len(name)/3)+1
	for _, n := range all {
		if d := levenshtein.Distance(name, n, nil); d < limit {
			best, limit = n, d
		}
	}
	if best != "" {
		return best
	}
	tail := func(s string) string { return s[strings.LastIndexAny(s, "./")+1:] }
	limit = max(1, len(tail(name))/3) + 1
	for _, n := range all {
		if d := levenshtein.Distance(tail(name), tail(n), nil); d < limit {
			best, limit = n, d
		}
	}
	return best
}
