package engine

import (
	"cmp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// unit is some modules compiled together with the library. Rules never see each other's packages, so the modules can be
// split over as many units as there are processors.
type unit struct {
	srcs     []*source
	compiler *ast.Compiler
	reader   *reader
	probs    Problems
	static   map[*rule]*static
}

// static is what a rule's syntax tree tells once and for all.
type static struct {
	path  string // "data.archcheck.rules.resilience.timeout.call_without_limit"
	query ast.Body
	reads []read
	paths map[string][]string // where the facts of results come from, by name
}

// analyse reads the syntax trees of the unit's rules among those given.
func (u *unit) analyse(rules []*rule) {
	u.static = map[*rule]*static{}
	for _, r := range rules {
		if !slices.Contains(u.srcs, r.src) || u.compiler == nil {
			continue
		}
		ref := refOf(r.card)
		path := ref.String()
		u.static[r] = &static{
			path: path, query: ast.NewBody(ast.Equality.Expr(ast.NewTerm(ref), answer)), reads: u.reader.of(path), paths: u.reader.factPaths(path),
		}
	}
}

// skipped are the stages of the compiler that only find errors or serve other uses; archcheck's own policies have passed
// them in its tests.
var skipped = []ast.StageID{
	ast.StageCheckTypes, ast.StageCheckUnusedImports, ast.StageCheckDuplicateImports, ast.StageCheckKeywordOverrides,
	ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageRewriteRegoMetadataCalls,
	ast.StageCheckDeprecatedBuiltins, ast.StageBuildRequiredCapabilities, ast.StageRewriteTestRulesForTracing,
}

// split deals the sources out over n units of about equal size, in a fixed order. The files of one package stay together.
func split(srcs []*source, n int) []*unit {
	var packs [][]*source
	index := map[string]int{}
	size := map[string]int{}
	for _, s := range srcs {
		name := packageName(s.mod)
		i, ok := index[name]
		if !ok {
			i = len(packs)
			index[name] = i
			packs = append(packs, nil)
		}
		packs[i] = append(packs[i], s)
		size[name] += len(s.text)
	}
	sizeOf := func(pack []*source) int { return size[packageName(pack[0].mod)] }
	slices.SortStableFunc(packs, func(a, b []*source) int { return cmp.Compare(sizeOf(b), sizeOf(a)) })
	units := make([]*unit, max(1, min(n, len(packs))))
	sizes := make([]int, len(units))
	for i := range units {
		units[i] = &unit{}
	}
	for _, pack := range packs {
		k := 0
		for i := range sizes {
			if sizes[i] < sizes[k] {
				k = i
			}
		}
		units[k].srcs = append(units[k].srcs, pack...)
		sizes[k] += sizeOf(pack)
	}
	return units
}

// compile compiles the unit's modules with the library. checked adds every check there is, types included: for policies
// that no test of archcheck has seen.
func (u *unit) compile(lib []*source, checked bool, schemas *ast.SchemaSet) {
	mods := map[string]*ast.Module{}
	files := map[string]*source{}
	for _, list := range [][]*source{lib, u.srcs} {
		for _, s := range list {
			mods[s.path], files[s.path] = s.mod, s
		}
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true)
	if checked {
		c = c.WithSchemas(schemas).WithUseTypeCheckAnnotations(true)
	} else {
		c = c.WithSkipStages(skipped...)
	}
	c.Compile(mods)
	if c.Failed() {
		u.probs = problemsOf(c.Errors, func(p string) *source { return files[p] })
		return
	}
	for _, s := range u.srcs {
		nativize(c.Modules[s.path])
	}
	u.compiler, u.reader = c, newReader(c)
}
