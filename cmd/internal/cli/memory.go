package cli

import (
	"os"
	"runtime"

	"github.com/archcheck/archcheck/dsl/model"
)

// largeModel is the number of bytes of text from which on a model is large.
const largeModel = 64 << 10

// headroom is half of what a large model's evaluation may hold beyond twice what is in use before it is collected.
const headroom = 48 << 20

// collectLess makes garbage collections rarer while a large model is evaluated, and returns what ends that. All that a
// model holds is marked again in every collection, a fifth of the time at 1,000 services. Memory that nobody touches takes
// no room but counts as in use, so that the limit is further off by a constant and grows with the model as before. A small
// model is seldom collected anyway, and whoever sets GOGC knows better.
func collectLess(m *model.Model) (end func()) {
	size := 0
	for _, f := range m.Files {
		size += len(f.Bytes)
	}
	if size < largeModel || os.Getenv("GOGC") != "" {
		return func() {}
	}
	room := make([]byte, headroom)
	return func() { runtime.KeepAlive(room) }
}
