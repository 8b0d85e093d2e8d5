// Package suggest finds the name that somebody probably meant.
package suggest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// Nearest returns the candidate that was most probably meant, empty if none is close: within an edit distance of a third of the word's length,
// two neighbouring letters swapped counting once. Equal distances go to the first in the alphabet; a word that shares no
// letter with another is never near it, however short both are.
func Nearest(word string, candidates []string) string {
	limit := max(1, len([]rune(word))/3)
	best, bestDist := "", limit+1
	for _, c := range candidates {
		if diff := len(c) - len(word); c == word || diff > 4*limit || -diff > 4*limit {
			continue
		}
		d := osa(strings.ToLower(word), strings.ToLower(c), bestDist)
		if d >= max(len(word), len(c)) {
			continue
		}
		if d < bestDist || d == bestDist && best != "" && c < best {
			best, bestDist = c, d
		}
	}
	return best
}

// Address returns the address that was most probably meant, empty if none is close. Where the whole is near none, its last
// part decides: both "orders" and "gateway.order" mean service.orders. Of several, the shallowest is meant.
func Address(word string, candidates []string) string {
	if best := Nearest(word, candidates); best != "" {
		return best
	}
	last := func(a string) string { return a[strings.LastIndexAny(a, "./")+1:] }
	depth := func(a string) int { return strings.Count(a, ".") }
	called := map[string]string{}
	var names []string
	for _, c := range candidates {
		name := last(c)
		old, ok := called[name]
		if !ok {
			names = append(names, name)
		}
		if !ok || depth(c) < depth(old) || depth(c) == depth(old) && c < old {
			called[name] = c
		}
	}
	if a, ok := called[last(word)]; ok && a != word {
		return a
	}
	return called[Nearest(last(word), names)]
}

// File returns the path, with forward slashes, of the folder or file with one of these endings that stands beside a path
// which does not exist and was probably meant; empty if none is close.
func File(missing string, endings ...string) string {
	var names []string
	entries, _ := os.ReadDir(filepath.Dir(missing)) // none where the folder is missing too
	for _, e := range entries {
		if e.IsDir() || slices.ContainsFunc(endings, func(end string) bool { return strings.HasSuffix(e.Name(), end) }) {
			names = append(names, e.Name())
		}
	}
	near := Nearest(filepath.Base(missing), names)
	if near == "" {
		return ""
	}
	return filepath.ToSlash(filepath.Join(filepath.Dir(missing), near))
}

// osa is the optimal string alignment distance; limit+1 stands for every distance beyond limit. The library's plain
// distance decides first: it exceeds this one by at most one for each swap, so twice the limit excludes nothing near.
func osa(a, b string, limit int) int {
	if levenshtein.Distance(a, b, levenshtein.NewParams().MaxCost(2*limit)) > 2*limit {
		return limit + 1
	}
	x, y := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return min(prev[len(y)], limit+1)
}
