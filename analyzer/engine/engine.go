package engine

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/policies"
)

// Options say which rules there are.
type Options struct {
	Policies []string                    // a team's own: .rego files, directories of them, bundles (.tar.gz)
	Select   func(c *analyzer.Card) bool // rules to evaluate; nil means all
	Places   func(id string) bool        // statements beside findings to make: see NewPresence; nil means none
}

// Engine holds the rules. It is safe for use by several goroutines.
type Engine struct {
	lib, srcs []*source
	rules     []*rule // by id
	selected  func(*analyzer.Card) bool
	placed    func(id string) bool
	schemas   func(kind string) map[string]any

	mu       sync.Mutex
	compiled map[*source]*unit
}

// New parses archcheck's own policies and those of the options, and reads their cards. A team's own policies are compiled
// here, with types; archcheck's own when a model has subjects for them. The error is Problems.
func New(opt Options) (*Engine, error) {
	own, err := readOwn(opt.Policies)
	if err != nil {
		return nil, err
	}
	lib, srcs := embedded(policies.Lib()), append(embedded(policies.Rules()), own...)
	if opt.Places != nil {
		for _, s := range placeSources() {
			s.places = true
			srcs = append(srcs, s)
		}
	}
	fromDigest(slices.Concat(lib, srcs)...)
	e, err := build(lib, untyped(srcs), opt.Select, facts.Schema)
	if err != nil {
		return nil, err
	}
	e.placed = opt.Places
	e.lighten()
	return e, nil
}

func build(lib, srcs []*source, selected func(*analyzer.Card) bool, schemas func(kind string) map[string]any) (*Engine, error) {
	e := &Engine{lib: lib, srcs: srcs, selected: selected, schemas: schemas, compiled: map[*source]*unit{}}
	probs := parse(srcs)
	if slices.ContainsFunc(srcs, func(s *source) bool { return s.digest == nil }) { // then the compiler needs the library
		plain := undigested(lib)
		probs = append(probs, parse(plain)...)
		for i := range lib {
			lib[i].mod, lib[i].pkg = plain[i].mod, plain[i].pkg
		}
	}
	if len(probs) > 0 {
		return nil, probs.err()
	}
	perSource := make([][]*rule, len(srcs))
	found := make([]Problems, len(srcs))
	parallel(len(srcs), func(i int) { perSource[i], found[i] = readCards(srcs[i]) })
	for i := range srcs {
		e.rules = append(e.rules, perSource[i]...)
		probs = append(probs, found[i]...)
	}
	probs = append(probs, checkIDs(slices.DeleteFunc(slices.Clone(e.rules), (*rule).places))...)
	if len(probs) > 0 {
		return nil, probs.err()
	}
	slices.SortFunc(e.rules, func(a, b *rule) int {
		return cmp.Or(cmp.Compare(a.card.ID, b.card.ID), cmp.Compare(a.card.Subject, b.card.Subject))
	})
	if err := e.compileOwn(); err != nil {
		return nil, err
	}
	return e, nil
}

// Cards lists the cards of all rules, selected or not, by id.
func (e *Engine) Cards() []*analyzer.Card {
	out := make([]*analyzer.Card, 0, len(e.rules))
	for _, r := range e.rules {
		if !r.places() {
			out = append(out, r.card)
		}
	}
	return out
}

// Kinds lists the kinds of subjects that are looked at, sorted.
func (e *Engine) Kinds() []string {
	var out []string
	for _, r := range e.rules {
		if e.wants(r) {
			out = append(out, r.card.Subject)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *Engine) wants(r *rule) bool {
	if r.places() {
		return e.placed(r.card.ID)
	}
	return e.selected == nil || e.selected(r.card)
}

// compileOwn compiles a team's own policies, each module for itself so that one cannot break another.
func (e *Engine) compileOwn() error {
	var own []*unit
	for _, s := range e.srcs {
		if s.own {
			own = append(own, &unit{srcs: []*source{s}})
		}
	}
	if len(own) == 0 {
		return nil
	}
	byPackage := map[string]*unit{} // files of one package see each other
	var units []*unit
	for _, u := range own {
		p := u.srcs[0].pkg
		if byPackage[p] == nil {
			byPackage[p] = u
			units = append(units, u)
			continue
		}
		byPackage[p].srcs = append(byPackage[p].srcs, u.srcs...)
	}
	schemas := e.schemaSet(ownRule)
	e.typed(ownRule)
	parallel(len(units), func(i int) {
		units[i].check(e.lib, schemas)
		units[i].analyse(e.rules)
	})
	return e.keep(units)
}

// keep records compiled units.
func (e *Engine) keep(units []*unit) error {
	var probs Problems
	for _, u := range units {
		probs = append(probs, u.probs...)
		for _, s := range u.srcs {
			if len(u.probs) == 0 {
				e.compiled[s] = u
			}
		}
	}
	return probs.err()
}

// Prepare compiles what the rules over a model need. Evaluating does too; this can go on beside other work.
func (e *Engine) Prepare(m *model.Model) {
	kinds := slices.DeleteFunc(e.Kinds(), func(k string) bool { return !facts.May(m, k) })
	_ = e.compileFor(kinds) // what does not compile is not kept, and evaluating reports it
}

// compileFor makes sure that the modules with selected rules for these kinds are compiled.
func (e *Engine) compileFor(kinds []string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var todo []*source
	wanted := map[string]bool{} // files of one package see each other
	for _, r := range e.rules {
		if slices.Contains(kinds, r.card.Subject) && e.wants(r) && e.compiled[r.src] == nil {
			wanted[r.card.Package] = true
		}
	}
	for _, s := range e.srcs {
		if wanted[s.pkg] {
			todo = append(todo, s)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	units := split(todo, runtime.GOMAXPROCS(0))
	parallel(len(units), func(i int) {
		units[i].compile(e.lib)
		units[i].analyse(e.rules)
	})
	return e.keep(units)
}

// lighten drops what only messages about mistakes in our own modules need. That is a third of what a plan of a small
// system holds.
func (e *Engine) lighten() {
	for _, r := range e.rules {
		if !r.src.own {
			r.meta = nil // it holds on to the rule
		}
	}
	parallel(len(e.srcs), func(i int) {
		if s := e.srcs[i]; !s.own && s.mod != nil {
			lighten(s.mod)
		}
	})
}

func ownRule(r *rule) bool { return r.src.own }

// places reports whether the results of a rule are places of its pattern or forces, and no findings.
func (r *rule) places() bool { return r.src.places }
