package drift

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// maxListed is how many names a sentence lists.
const maxListed = 4

// list names things as a sentence does; beyond a few it counts.
func list(names []string) string {
	if n := len(names); n > maxListed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxListed-1], ", "), n-maxListed+1)
	} else if n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func join(addrs []model.Addr, word string) string {
	var names []string
	for _, a := range addrs {
		names = append(names, string(a))
	}
	return strings.Join(names, " "+word+" ")
}

// perSecond is a rate for a sentence.
func perSecond(v float64) string { return analyzer.FormatQuantity(v, "rps") }
