package dsl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/suggest"
)

// maxListed is how many valid names a message lists where nothing is near.
const maxListed = 8

// didYouMean is the sentence that follows a wrong name: the nearest candidate, else the list if it is short enough to
// help, else nothing. The quote function writes a candidate as it would stand in the file.
func didYouMean(word string, candidates []string, intro string, quote func(string) string) string {
	if n := suggest.Nearest(word, candidates); n != "" {
		return " Did you mean " + quote(n) + "?"
	}
	if len(candidates) == 0 {
		return ""
	}
	list, more := slices.Clone(candidates), len(candidates)-maxListed
	if more > 0 {
		list = list[:maxListed]
	}
	for i, c := range list {
		list[i] = quote(c)
	}
	if more > 0 {
		return fmt.Sprintf(" %s %s and %d more.", intro, strings.Join(list, ", "), more)
	}
	return fmt.Sprintf(" %s %s.", intro, allOf(list))
}

func quoted(s string) string { return `"` + s + `"` }
func plain(s string) string  { return s }

// oneOf joins words as a sentence does: a, b or c.
func oneOf(words []string) string { return joined(words, " or ") }

// allOf joins words as a sentence does: a, b and c.
func allOf(words []string) string { return joined(words, " and ") }

func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}
