package patterns

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/suggest"
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

// Suggest returns the pattern whose id, slug, name or alias is closest to name, or nil when none is close.
func (c *Catalog) Suggest(name string) *Pattern {
	return c.byKey[suggest.Nearest(key(name), slices.Collect(maps.Keys(c.byKey)))]
}

// hint returns ` (did you mean "x"?)` for the closest of the known words, or nothing.
func hint(word string, known []string) string {
	if best := suggest.Nearest(word, known); best != "" {
		return fmt.Sprintf(" (did you mean %q?)", best)
	}
	return ""
}
