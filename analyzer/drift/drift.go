// Package drift compares a description with what manifests, mesh configuration or traces show: two models and what the
// import knows beyond its own.
//
// Rules of the package:
//   - Nobody is accused by silence. A difference counts only if the kind of source could have shown the fact; what it
//     shows in part, or hardly, is said with that much certainty and is an item of severity info at most.
//   - One cause, one item: what several calls take from one policy is one difference of that policy.
//   - It is pure: no files, no clock, no output. Equal input gives equal items in equal order.
package drift

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// DefaultTolerance is the factor between a stated and a measured number up to which they agree: latencies and rates of
// one system differ by as much from day to day.
const DefaultTolerance = 1.5

// Input is what is compared.
type Input struct {
	Model     *model.Model // the description
	Source    *model.Model // the import, printed and loaded again, so that everything is inherited
	Raw       *model.Model // the import as it was built: its comments name the places
	Shown     *model.Shown // what the import knows beyond its facts
	Tolerance float64      // 0: DefaultTolerance

	// Rate is how many requests per second reach an address of the description; nil or false where nobody knows.
	Rate func(model.Addr) (float64, bool)
}

// Accept says what accepting an item does to the description.
type Accept string

// What accepting an item does.
const (
	Update Accept = "update" // writes a fact that the source shows
	Prune  Accept = "prune"  // removes what the source does not show any more
	Manual Accept = "manual" // needs a person: the evidence is weak, or the language has no single line for it
)

// Side is what one side says about a fact.
type Side struct {
	Text  string      // "2s", "no such call"
	Range model.Range // where the description says it; zero for the source
	Place string      // file:line where the source shows it; empty for the description
	How   string      // how it says so: "address in ORDERS_URL", "inherited from policy.rpc"
	Kind  string      // kind of source
}

// Item is one difference.
type Item struct {
	Kind        string
	Address     model.Addr // of the description; where it lacks the thing, the address that accepting gives it
	Severity    analyzer.Severity
	Subjects    []model.Addr // the calls concerned, where there are several
	Counterpart model.Addr   // the address in the import; empty if there is none
	Says, Shows Side
	Confidence  model.Certainty
	Ratio       float64 // measured over stated, 0 where nothing was measured
	Detail      string  // whole sentences: what differs, and what that means here
	Range       model.Range
	Fix         *Fix // accepts it; nil if there is nothing to write
	Accept      Accept
}

// ID is kind@address: the same string in every format and in --only and --ignore.
func (i *Item) ID() string { return i.Kind + "@" + string(i.Address) }

// Fills reports whether the item contradicts nothing: the description leaves the fact open.
func (i *Item) Fills() bool { return i.Says.Text == open }

// open is what the description says of a fact that nobody stated.
const open = "unknown"

// Unmatched is a component of one side for which no counterpart is certain.
type Unmatched struct {
	Address model.Addr
	Source  bool // it is the source's
	Place   string
	Range   model.Range
	Nearest []model.Addr // of the other side
	Reason  string       // why no name decides, where several could have
}

// Pair is a component of both sides.
type Pair struct {
	Described, Source model.Addr
	By                string // what decided: name, alias, spelling, other name
}

// Result is every difference, ranked, and what was compared at all.
type Result struct {
	Items     []*Item
	Pairs     []Pair // in the order of the description
	Unmatched []Unmatched

	// Components and Calls count the description's, and how many of them the sources show.
	Components, ComponentsShown int
	Calls, CallsShown           int
}

// comparison holds both sides while they are compared.
type comparison struct {
	Input
	res     *Result
	byDesc  map[model.Addr]model.Addr // description to source
	bySrc   map[model.Addr]model.Addr // source to description
	renamed map[model.Addr]bool       // both sides of an item about a name
	labels  map[model.Addr]map[string]bool
}

// Compare lists the differences, the gravest first.
func Compare(in Input) *Result {
	if in.Tolerance == 0 {
		in.Tolerance = DefaultTolerance
	}
	c := &comparison{Input: in, res: &Result{}, byDesc: map[model.Addr]model.Addr{}, bySrc: map[model.Addr]model.Addr{},
		renamed: map[model.Addr]bool{}, labels: map[model.Addr]map[string]bool{}}
	c.match()
	c.names()
	c.components()
	c.workloads()
	c.calls()
	c.messages()
	c.res.rank()
	return c.res
}

// rate is how many requests per second reach an address of the description; false where nobody knows or none do.
func (c *comparison) rate(a model.Addr) (float64, bool) {
	if c.Rate == nil {
		return 0, false
	}
	v, ok := c.Rate(a)
	return v, ok && v > 0
}

func (c *comparison) add(i *Item) {
	if i.Accept == "" {
		i.Accept = Update
	}
	if i.Fix == nil || len(i.Fix.Ops) == 0 {
		i.Accept = Manual
	}
	if i.Range.IsZero() {
		if i.Range = i.Says.Range; i.Range.IsZero() {
			i.Range = c.declared(i.Address)
		}
	}
	i.Detail = analyzer.Spaced(i.Detail)
	c.res.Items = append(c.res.Items, i)
}

// declared is the header of the block at an address, or of the nearest one around it; the system's where there is none.
func (c *comparison) declared(a model.Addr) model.Range {
	if e := c.Model.Lookup(a); e != nil {
		return e.Self().Decl
	}
	if owner, ok := ownerOf(a); ok {
		return c.declared(owner)
	}
	if c.Model.System != nil {
		return c.Model.System.Decl
	}
	return model.Range{}
}

func (r *Result) rank() {
	slices.SortStableFunc(r.Items, func(a, b *Item) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Confidence, a.Confidence),
			cmp.Compare(order(a.Kind), order(b.Kind)), cmp.Compare(a.Address, b.Address))
	})
	slices.SortStableFunc(r.Unmatched, func(a, b Unmatched) int {
		if a.Source != b.Source {
			if b.Source {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Address, b.Address)
	})
}
