package engine

import (
	"cmp"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// unit is some modules compiled together with the library. Rules never see each other's packages, so the modules can be
// split over as many units as there are processors.
type unit struct {
	srcs   []*source
	reader *reader
	probs  Problems
	static map[*rule]*static

	lib  []*source
	full *ast.Compiler // of a checked unit

	mu    sync.Mutex
	asked map[string]*unit // by package: what OPA evaluates with
}

// compiler is what OPA evaluates the rules of a source with. Archcheck's own rules are walked and OPA is seldom asked about
// one, so its package is compiled for OPA then.
func (u *unit) compiler(s *source) (*ast.Compiler, Problems) {
	if u.full != nil {
		return u.full, nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	name := s.pkg
	x := u.asked[name]
	if x == nil {
		x = &unit{lib: undigested(u.lib)}
		for _, s := range u.srcs {
			if s.pkg == name {
				x.srcs = append(x.srcs, s)
			}
		}
		x.srcs = untyped(undigested(x.srcs))
		if x.probs = parse(slices.Concat(x.lib, x.srcs)); len(x.probs) == 0 { // the first syntax tree has no positions any more
			x.full, x.probs = x.build(passed)
		}
		if u.asked == nil {
			u.asked = map[string]*unit{}
		}
		u.asked[name] = x
	}
	return x.full, x.probs
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
		if !slices.Contains(u.srcs, r.src) || u.reader == nil {
			continue
		}
		ref := refOf(r.card)
		path := ref.String()
		u.static[r] = &static{
			path: path, query: ast.NewBody(ast.Equality.Expr(ast.NewTerm(ref), answer)), reads: u.reader.of(path), paths: u.reader.factPaths(path),
		}
	}
}

// passed are the stages of the compiler that only find errors or serve other uses; archcheck's own policies have passed
// them in its tests.
var passed = []ast.StageID{
	ast.StageCheckTypes, ast.StageCheckUnusedImports, ast.StageCheckDuplicateImports, ast.StageCheckKeywordOverrides,
	ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageRewriteRegoMetadataCalls,
	ast.StageCheckDeprecatedBuiltins, ast.StageBuildRequiredCapabilities, ast.StageRewriteTestRulesForTracing,
}

// walked are those that a walk over the rules does not need either: a third of the time of compiling.
var walked = append(slices.Clone(passed),
	ast.StageSetGraph, ast.StageCheckRecursion, ast.StageCheckRuleConflicts, ast.StageCheckUndefinedFuncs,
	ast.StageCheckSafetyRuleHeads, ast.StageCheckVoidCalls, ast.StageBuildRuleIndices, ast.StageBuildComprehensionIndices,
)

// lighten drops from a syntax tree comments, cards and the position of every term.
func lighten(m *ast.Module) {
	m.Comments, m.Annotations = nil, nil
	at := m.Package.Location
	ast.WalkRules(m, func(r *ast.Rule) bool {
		r.Annotations, r.Location, r.Head.Location = nil, at, at
		return false
	})
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		e.Location = at
		return false
	})
	ast.WalkTerms(m, func(t *ast.Term) bool {
		if t.Location != nil { // else it is shared
			t.Location = at
		}
		return false
	})
}

// split deals the sources out over n units of about equal size, in a fixed order. The files of one package stay together.
func split(srcs []*source, n int) []*unit {
	var packs [][]*source
	index := map[string]int{}
	size := map[string]int{}
	for _, s := range srcs {
		name := s.pkg
		i, ok := index[name]
		if !ok {
			i = len(packs)
			index[name] = i
			packs = append(packs, nil)
		}
		packs[i] = append(packs[i], s)
		size[name] += len(s.text)
	}
	sizeOf := func(pack []*source) int { return size[pack[0].pkg] }
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

// compile makes the rules of the unit readable, for modules that archcheck's tests have checked.
func (u *unit) compile(lib []*source) {
	u.lib = lib
	if digested := func(s *source) bool { return s.digest != nil }; !slices.ContainsFunc(u.srcs, func(s *source) bool { return !digested(s) }) {
		u.reader = emptyReader()
		for _, s := range slices.Concat(lib, u.srcs) {
			s.digest.addTo(u.reader)
		}
		return
	}
	c, probs := u.build(walked)
	if u.probs = probs; len(probs) == 0 {
		u.reader = newReader(c)
	}
}

// check compiles with every check there is, types included: for policies that no test of archcheck has seen.
func (u *unit) check(lib []*source, schemas *ast.SchemaSet) {
	u.lib = lib
	c, probs := u.build(nil, func(c *ast.Compiler) { c.WithSchemas(schemas).WithUseTypeCheckAnnotations(true) })
	if u.probs = probs; len(probs) == 0 {
		u.full, u.reader = c, newReader(c)
	}
}

// build compiles the unit's modules with the library.
func (u *unit) build(skip []ast.StageID, opts ...func(*ast.Compiler)) (*ast.Compiler, Problems) {
	mods := map[string]*ast.Module{}
	files := map[string]*source{}
	for _, list := range [][]*source{u.lib, u.srcs} {
		for _, s := range list {
			mods[s.path], files[s.path] = s.mod, s
		}
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithSkipStages(skip...)
	for _, opt := range opts {
		opt(c)
	}
	c.Compile(mods)
	if c.Failed() {
		return nil, problemsOf(c.Errors, func(p string) *source { return files[p] })
	}
	for _, s := range u.srcs {
		nativize(c.Modules[s.path])
	}
	return c, nil
}
