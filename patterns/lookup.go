package patterns

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// key folds spelling: case, dashes, underscores, slashes and blanks do not tell patterns apart.
func key(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, s)
}

// keys builds the look-up table; a word that would name two patterns is a fault of the catalog.
func (b *builder) keys() {
	for _, p := range b.cat.patterns {
		for _, w := range words(p) {
			k := key(w)
			if o := b.cat.byKey[k]; k == "" || o != nil && o != p {
				b.errorf(p.Range, "Ambiguous name", "%q is empty or names another pattern already.", w)
			}
			b.cat.byKey[k] = p
		}
	}
}

func words(p *Pattern) []string {
	return append([]string{string(p.ID), p.ID.Slug(), p.Name}, p.Aliases...)
}

// Lookup finds a pattern by id, slug, name or alias, however it is spelt: "2PC", "circuit_breaker", "Pub/Sub".
func (c *Catalog) Lookup(name string) (*Pattern, bool) {
	p, ok := c.byKey[key(name)]
	return p, ok
}

// Suggest returns the pattern whose id, slug, name or alias is closest to name, or nil when none is close. Ties go to
// the earlier pattern of the catalog.
func (c *Catalog) Suggest(name string) *Pattern {
	var best *Pattern
	at := nearest + 1
	for _, p := range c.patterns {
		for _, w := range words(p) {
			if d := distance(key(name), key(w)); d < at {
				best, at = p, d
			}
		}
	}
	return best
}

// nearest is the largest edit distance that still counts as a misspelling.
const nearest = 2

// distance is the edit distance, or more than nearest when the words are too short to be told apart by it.
func distance(a, b string) int {
	d := levenshtein.Distance(a, b, nil)
	if d*3 > max(len(a), len(b)) {
		return nearest + 1
	}
	return d
}

// hint returns ` (did you mean "x"?)` for the closest of the known words, or nothing.
func hint(word string, known []string) string {
	best, at := "", nearest+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(word, k); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
