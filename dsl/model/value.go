package model

import "cmp"

// Addr is the address of a declared or computed thing: "service.orders", "service.orders.call.charge",
// "journey.web.api/checkout". It is the thing's identity everywhere.
type Addr string

// Pos is a place in a file. Line and Column count from 1 (columns in the grapheme clusters that HCL counts; package
// source converts), Byte from 0.
type Pos struct{ Line, Column, Byte int32 }

// Range is a span of one file, End exclusive. The zero Range means "nowhere".
type Range struct {
	File       string
	Start, End Pos
}

// IsZero reports whether the range points nowhere.
func (r Range) IsZero() bool { return r.File == "" && r.End.Line == 0 }

// Compare orders ranges by file, then by start, then by end.
func (r Range) Compare(o Range) int {
	return cmp.Or(cmp.Compare(r.File, o.File), cmp.Compare(r.Start.Byte, o.Start.Byte), cmp.Compare(r.End.Byte, o.End.Byte))
}

// State says where a fact comes from. Unknown, None and Absent carry no value.
type State uint8

// The states of a fact (rules.md §2.1).
const (
	Absent    State = iota // a control that nobody provides
	Stated                 // written on this very subject
	Inherited              // written on a policy, a mesh, the callee's inbound or the system; Origin.From says where
	Profile                // a product's default; Origin.From names the product
	Default                // the language's own default: certain, not a guess
	Derived                // computed from other facts
	Assumed                // a table value with a range; printed wherever something rests on it
	Unknown                // nobody said, or the author wrote `unknown`
	None                   // the author wrote `none`
)

var stateNames = [...]string{"absent", "stated", "inherited", "profile", "default", "derived", "assumed", "unknown", "none"}

// String is the state's name in JSON and in policies.
func (s State) String() string { return stateNames[s] }

// HasValue reports whether a fact in this state carries a value.
func (s State) HasValue() bool { return s >= Stated && s <= Assumed }

// Origin is where a value was written, and how. Inherited and profile values share the origin of the place they were
// taken from.
type Origin struct {
	From  string // address of the policy, mesh or system it was inherited from, or the product's name; empty if written here
	Text  string // the author's spelling without quotes ("2s"), empty if there is none
	Range Range  // the expression's range; zero for defaults and profiles
	Name  Range  // the attribute name's range

	// Comment is what an importer has to say about the value ("compose.yaml:12"); printed beside it, never read back.
	Comment string
}

// Value is one fact of the model: a value of type T with its state and origin. The zero Value is an absent fact.
type Value[T any] struct {
	V       T
	State   State
	Written bool    // somebody wrote this attribute on this very block, be it a value, `none` or `unknown`
	Origin  *Origin // nil for language defaults and absent facts
}

// Has reports whether there is a value.
func (v Value[T]) Has() bool { return v.State.HasValue() }

// IsUnknown reports whether nobody knows the value.
func (v Value[T]) IsUnknown() bool { return v.State == Unknown }

// IsAbsent reports whether it is certain that there is none: nobody provides it, or `none` is stated.
func (v Value[T]) IsAbsent() bool { return v.State == Absent || v.State == None }

// Or returns the value, or d where there is none.
func (v Value[T]) Or(d T) T {
	if v.Has() {
		return v.V
	}
	return d
}

// Range is where the value was written; zero if it was not.
func (v Value[T]) Range() Range {
	if v.Origin == nil {
		return Range{}
	}
	return v.Origin.Range
}

// Text is the author's spelling, empty where there is none.
func (v Value[T]) Text() string {
	if v.Origin == nil {
		return ""
	}
	return v.Origin.Text
}

// From is the address or product that an inherited or profile value was taken from.
func (v Value[T]) From() string {
	if v.Origin == nil {
		return ""
	}
	return v.Origin.From
}

// Of is a derived value without an origin; importers and tests use it with state Stated.
func Of[T any](v T, s State) Value[T] { return Value[T]{V: v, State: s, Written: s == Stated} }
