// Package policies embeds every Rego policy of archcheck. The folder is also the root of a plain OPA bundle:
// `opa test -b policies/` runs its tests.
//
//	<category>/<pattern>.rego  the rules of one pattern, package archcheck.rules.<category>.<pattern>
//	<…>_test.rego              their tests, beside them
//	lib/                       verdicts over facts, the only code rules share
//	given/                     facts for the tests of rules
//	presence/                  where patterns are in place
//	flowchart/, scenarios/     tests of the decision flowchart's leaves and of the scenarios, one file per kind of subject
//	stock/                     the entrypoint for any OPA
package policies

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed */*.rego
var files embed.FS

// Module is one embedded Rego file.
type Module struct {
	Path   string // "resilience/timeout.rego"
	Source string
}

// Lib lists the modules that rules may import, in the order of their paths.
func Lib() []Module {
	return list(func(dir, base string) bool { return dir == "lib" && !isTest(base) })
}

// Rules lists the modules with rules, in the order of their paths.
func Rules() []Module {
	return list(func(dir, base string) bool { return isRuleDir(dir) && !isTest(base) })
}

// Presence lists the modules that say where a pattern is in place, in the order of their paths. They have cards like
// rules, and no findings come of them.
func Presence() []Module {
	return list(func(dir, base string) bool { return dir == "presence" && !isTest(base) })
}

// Forces lists the modules that test leaves of the decision flowchart and scenarios, in the order of their paths. Their
// rules have one value and no card.
func Forces() []Module {
	return list(func(dir, base string) bool { return isForceDir(dir) && !isTest(base) })
}

// Stock lists the modules that make a bundle of rules and library run in any OPA.
func Stock() []Module {
	return list(func(dir, base string) bool { return dir == "stock" && !isTest(base) })
}

// Tests lists the tests of rules and library, with the facts they are written in.
func Tests() []Module {
	return list(func(dir, base string) bool { return dir == "given" || isTest(base) })
}

func isTest(base string) bool { return strings.HasSuffix(base, "_test.rego") }

func isRuleDir(dir string) bool {
	return dir != "lib" && dir != "given" && dir != "stock" && dir != "presence" && !isForceDir(dir)
}

func isForceDir(dir string) bool { return dir == "flowchart" || dir == "scenarios" }

func list(want func(dir, base string) bool) []Module {
	paths, err := fs.Glob(files, "*/*.rego") // sorted by Glob's contract: it reads directories in order
	if err != nil {
		panic(err) // the pattern is constant
	}
	var out []Module
	for _, p := range paths {
		if !want(path.Dir(p), path.Base(p)) {
			continue
		}
		src, err := files.ReadFile(p)
		if err != nil {
			panic(err) // embedded
		}
		out = append(out, Module{Path: p, Source: string(src)})
	}
	return out
}
