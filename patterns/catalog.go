// Package patterns is the catalog: 29 architecture patterns in seven categories, how they relate, the decision flowchart
// that leads to them and the scenarios that call for several at once.
//
// The texts live in HCL beside each pattern's README (<category>/<pattern>/pattern.hcl, categories.hcl, flowchart.hcl,
// scenarios.hcl) and are embedded. Nothing is parsed before the first use, everything is parsed once, and a catalog that
// Load returned is never changed: callers share it and must not write to it.
package patterns

import (
	"io/fs"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// ID names a pattern for good: category and slug, "resilience/circuit-breaker". It is also the pattern's folder.
type ID string

// Category returns the part before the slash.
func (id ID) Category() string { c, _, _ := strings.Cut(string(id), "/"); return c }

// Slug returns the part after the slash.
func (id ID) Slug() string { _, s, _ := strings.Cut(string(id), "/"); return s }

// Source says who claims a leaf or relation.
type Source string

const (
	// Seed marks what the pattern guide behind the catalog says itself.
	Seed Source = "seed"
	// Ext marks archcheck's own extension of it.
	Ext Source = "ext"
)

// Category is one chapter of the catalog.
type Category struct {
	ID       string     // folder, "resilience"
	Title    string     // "Resilience Patterns"
	Focus    string     // "Fault tolerance"
	Code     string     // prefix of its rule ids, "RES"
	Patterns []*Pattern // in the order of every listing
	Precedes []string   // categories that the layer diagram draws behind it
}

// Pattern is one manifest.
type Pattern struct {
	ID        ID
	Name      string
	Category  *Category
	Focus     string
	BestFor   string
	TradeOff  string
	Aliases   []string // other words Lookup finds it by
	Scenarios []*Scenario
	Sources   []string // https links to what the manifest rests on
	Leaves    []*Leaf
	Relations []*Relation
	Range     hcl.Range

	files fs.FS
}

// README returns the pattern's page; an error that satisfies errors.Is(err, fs.ErrNotExist) when there is none.
func (p *Pattern) README() ([]byte, error) {
	return fs.ReadFile(p.files, string(p.ID)+"/README.md")
}

// Kind is what a relation says.
type Kind string

// The kinds of relation. Conflicts, Alternative and Complements hold in both directions and are declared once.
const (
	Requires    Kind = "requires"    // without To, From is a conflict
	Conflicts   Kind = "conflicts"   // both on one subject is a conflict
	Alternative Kind = "alternative" // one in place is reason enough not to recommend the other
	Complements Kind = "complements" // worth considering together
	Precedes    Kind = "precedes"    // in a plan, From comes first
)

// Symmetric reports whether a relation of this kind reads the same from both ends.
func (k Kind) Symmetric() bool { return k == Conflicts || k == Alternative || k == Complements }

// Node is one end of a relation: a pattern, or a property such as "idempotency" that is no pattern of the catalog.
type Node struct {
	Pattern  ID     // empty for a property
	Property string // empty for a pattern
}

func (n Node) String() string {
	if n.Property != "" {
		return n.Property + "*"
	}
	return string(n.Pattern)
}

// Relation is one relation block of a manifest.
type Relation struct {
	Kind   Kind
	From   Node
	To     []Node
	AnyOf  bool   // one of To is enough; otherwise each holds by itself
	When   string // the condition under which it holds; empty: always
	Rules  []string
	Source Source
	Range  hcl.Range
}

// Leaf is an end of the decision flowchart; those of archcheck's own have no path.
type Leaf struct {
	ID      string // "D05"
	Pattern *Pattern
	Path    []Step
	Subject string // kind of subject the force is judged on, "call"
	Force   string // prose of the test that chooses the leaf
	Rules   []string
	Source  Source
	Range   hcl.Range
}

// Step is one answered question on the way to a leaf.
type Step struct{ Question, Answer string }

// Question is one diamond of the flowchart.
type Question struct {
	ID      string // "Q4"
	Text    string
	Answers []*Answer
	Range   hcl.Range
}

// Answer leads to the next question or to a leaf: exactly one of Next and Leaf is set.
type Answer struct {
	ID   string // "cascading_failures"
	Text string
	Next *Question
	Leaf *Leaf
}

// Flowchart is the decision tree. Questions[0] is asked first.
type Flowchart struct {
	Start     string // the text above the first question
	Questions []*Question
}

// Question returns the question with this id, or nil.
func (f *Flowchart) Question(id string) *Question {
	for _, q := range f.Questions {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// Answer returns the answer with this id, or nil.
func (q *Question) Answer(id string) *Answer {
	for _, a := range q.Answers {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// Scenario is a situation that calls for several patterns at once.
type Scenario struct {
	ID        string // "SCN-07"
	Name      string
	Trigger   string     // prose of what makes it apply
	Unless    string     // prose of what makes it not apply
	Demands   []*Pattern // in the order a reader expects
	Also      []*Pattern // what archcheck adds
	CheckedBy []string   // rule ids
	Note      string
	Range     hcl.Range
}

// Catalog is the whole of it, checked: every reference resolves and every question leads somewhere.
type Catalog struct {
	Categories []*Category
	Flowchart  Flowchart
	Scenarios  []*Scenario // by id
	patterns   []*Pattern
	byID       map[ID]*Pattern
	byKey      map[string]*Pattern
	rank       map[ID]int
}

// Patterns returns all patterns in catalog order: categories as listed, and the patterns of each as listed there.
func (c *Catalog) Patterns() []*Pattern { return c.patterns }

// Scenario returns the scenario with this id, or nil.
func (c *Catalog) Scenario(id string) *Scenario {
	for _, s := range c.Scenarios {
		if s.ID == id {
			return s
		}
	}
	return nil
}
