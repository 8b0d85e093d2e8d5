package cli

import (
	"os"
	"runtime"
	"runtime/debug"

	"github.com/archcheck/archcheck/dsl/model"
)

// smallModel is the number of bytes of text up to which a model is small: nearly all that its evaluation holds are rules.
const smallModel = 64 << 10

// headroom is how much more than twice what is in use a large model's evaluation may hold before it is collected, halved.
const headroom = 48 << 20

// tuneCollector sets how often garbage is collected while a model is evaluated, and returns what ends that.
//
// Of a small model the compiled rules are nearly all, and they stay: collecting sooner costs little, and examples/shop takes
// 64 MB instead of 72, for a tenth of a second of a processor that is idle. What a large one holds is marked again in every
// collection, a fifth of its time at 1,000 services. Memory that nobody touches takes no room, but counts as in use: with
// it, fewer collections stand against a limit that grows with the model no faster than before.
//
// Whoever sets GOGC knows better.
func tuneCollector(m *model.Model) (end func()) {
	size := 0
	for _, f := range m.Files {
		size += len(f.Bytes)
	}
	switch {
	case os.Getenv("GOGC") != "":
		return func() {}
	case size > smallModel:
		room := make([]byte, headroom)
		return func() { runtime.KeepAlive(room) }
	}
	before := debug.SetGCPercent(55)
	return func() { debug.SetGCPercent(before) }
}
