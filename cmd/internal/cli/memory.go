package cli

import (
	"os"

	"github.com/archcheck/archcheck/dsl/model"
)

// largeModel is the number of bytes of text from which on a model is large.
const largeModel = 64 << 10

// headroom is half of what a model of this many bytes of text may hold beyond twice what is in use before it is collected:
// about what it takes when it is read.
func headroom(size int) int { return min(max(64<<20, 24*size), 256<<20) }

// collectLess makes garbage collections rarer from here to the end of a run over a large model. All that a model holds is
// marked again in every collection, a seventh of the time while it is read. Memory that nobody touches takes no room but
// counts as in use, so that the limit is further off by a constant and grows with the model as before. A small model is
// seldom collected anyway, and whoever sets GOGC knows better.
func (a *app) collectLess(files []model.File) {
	size := 0
	for _, f := range files {
		size += len(f.Bytes)
	}
	if size >= largeModel && os.Getenv("GOGC") == "" && a.room == nil {
		a.room = make([]byte, headroom(size))
	}
}
