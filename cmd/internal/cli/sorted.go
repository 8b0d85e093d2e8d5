package cli

import (
	"cmp"
	"maps"
	"slices"
)

// sortedKeys are a map's keys in order, so that equal input gives equal output.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
