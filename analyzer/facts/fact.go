package facts

import (
	"math"
	"math/bits"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// Num is a quantity with its range. V is NaN where there is no value (an unknown number, or a derived one of which only
// the range is known); Hi is +Inf where nothing bounds it. Certain numbers have Lo = V = Hi.
type Num struct {
	State     model.State
	Span      bool        // spelt as a duration where nobody wrote it: Text says how
	Assumes   Assumptions // the §2.4 values it was computed with
	V, Lo, Hi float64
	notes
}

// Text is the author's spelling, that of a computed duration, or empty.
func (n Num) Text() string {
	if text := n.notes.Text(); text != "" || !n.Span {
		return text
	}
	return FormatMillis(three(n.V))
}

// notes are what a fact says beside its value. Most computed ones say nothing, and a call has a hundred facts: kept apart,
// they make documents half as large.
type notes struct{ said *said }

type said struct {
	text  string   // the author's spelling, empty for computed facts
	from  string   // where an inherited or profile value came from
	needs []string // of a computed fact that is unknown: what to state, "service.orders.scale.concurrency"
}

// Text is the author's spelling, empty for computed facts.
func (n notes) Text() string {
	if n.said == nil {
		return ""
	}
	return n.said.text
}

// From is where an inherited or profile value came from.
func (n notes) From() string {
	if n.said == nil {
		return ""
	}
	return n.said.from
}

// Needs are, of a computed fact that is unknown, what to state: "service.orders.scale.concurrency".
func (n notes) Needs() []string {
	if n.said == nil {
		return nil
	}
	return n.said.needs
}

// A fact is copied with its notes: what sets one note makes new ones.
func (n *notes) setText(text string)     { n.said = &said{text, n.From(), n.Needs()} }
func (n *notes) setFrom(from string)     { n.said = &said{n.Text(), from, n.Needs()} }
func (n *notes) setNeeds(list ...string) { n.said = &said{n.Text(), n.From(), list} }

// needing are the notes of a fact that others would settle.
func needing(list ...string) notes {
	if list == nil {
		return notes{}
	}
	return notes{&said{needs: list}}
}

// spelt are the notes of a fact that somebody wrote, here or where it was handed down from.
func spelt(text, from string) notes {
	if text == "" && from == "" {
		return notes{}
	}
	return notes{&said{text: text, from: from}}
}

// Exact is a derived number without uncertainty.
func Exact(v float64) Num { return Num{State: model.Derived, V: v, Lo: v, Hi: v} }

// Between is a derived number with a range.
func Between(lo, v, hi float64) Num { return Num{State: model.Derived, V: v, Lo: lo, Hi: hi} }

// Unknown is a number that nobody knows and that nothing bounds but lo; needs would settle it.
func Unknown(lo float64, needs ...string) Num {
	return Num{State: model.Unknown, V: math.NaN(), Lo: lo, Hi: math.Inf(1), notes: needing(needs...)}
}

// Absent is the number of a control that nobody provides.
func Absent() Num { return Num{State: model.Absent, V: math.NaN(), Hi: math.NaN(), Lo: math.NaN()} }

// HasValue reports whether there is a value to print and to compare at.
func (n Num) HasValue() bool { return n.State.HasValue() && !math.IsNaN(n.V) }

// HasRange reports whether the number can be compared at all; an absent one cannot.
func (n Num) HasRange() bool { return n.State != model.Absent && n.State != model.None }

// Certain reports whether the range is a point.
func (n Num) Certain() bool { return n.HasValue() && n.Lo == n.Hi }

// Word is a fact that holds one word: an enum value, a name or an address.
type Word struct {
	State   model.State
	Assumes Assumptions
	V       string
	notes
}

// Flag is a yes or no.
type Flag struct {
	State   model.State
	V       bool
	Assumes Assumptions
	notes
}

// List is a list of words.
type List struct {
	State model.State
	V     []string
	Text  string
	From  string
}

// Yes is a derived flag.
func Yes(v bool) Flag { return Flag{State: model.Derived, V: v} }

// Is is a derived word.
func Is(v string) Word { return Word{State: model.Derived, V: v} }

// NumOf turns a number of the model into a fact; unknown ones range over [0, inf).
func NumOf[T ~int | ~int64 | ~float64](v model.Value[T]) Num {
	return numOf(v.State, float64(v.V), v.Text(), v.From())
}

// MillisOf turns a duration of the model into a fact in milliseconds.
func MillisOf(v model.Value[time.Duration]) Num {
	return numOf(v.State, float64(v.V)/float64(time.Millisecond), v.Text(), v.From())
}

func numOf(s model.State, v float64, text, from string) Num {
	switch {
	case s.HasValue():
		return Num{State: s, V: v, Lo: v, Hi: v, notes: spelt(text, from)}
	case s == model.Unknown:
		n := Unknown(0)
		n.notes = spelt("", from)
		return n
	}
	n := Absent()
	n.State = s
	return n
}

// WordOf turns a word of the model into a fact.
func WordOf[T ~string](v model.Value[T]) Word {
	return Word{State: v.State, V: string(v.V), notes: spelt(v.Text(), v.From())}
}

// FlagOf turns a yes or no of the model into a fact.
func FlagOf(v model.Value[bool]) Flag {
	return Flag{State: v.State, V: v.V, notes: spelt(v.Text(), v.From())}
}

// Assumptions is a set of default assumptions (rules.md §2.4), as a bit set in the order of the `assume` object.
type Assumptions uint32

// The default assumptions, in the order of the `assume` object of a system.
const (
	AssumeInstanceAvailability Assumptions = 1 << iota
	AssumeCommonCause
	AssumeReplicas
	AssumeStoreMultiZone
	AssumeStoreSingleZone
	AssumeExternalAvailability
	AssumeTailRatio
	AssumeMeanShare
	AssumeRTTInZone
	AssumeRTTCrossZone
	AssumeRTTWan
	AssumeRTTCellular
	AssumeProxyOverhead
	AssumePeakToMean
	AssumeConsumerOutage
	AssumeDeploysPerWeek
)

// AssumptionKeys are the keys of the `assume` object, in the order of the bits.
var AssumptionKeys = [...]string{
	"instance_availability", "common_cause", "replicas", "store_multi_zone", "store_single_zone", "external_availability",
	"tail_ratio", "mean_share", "rtt_in_zone", "rtt_cross_zone", "rtt_wan", "rtt_cellular", "proxy_overhead",
	"peak_to_mean", "consumer_outage", "deploys_per_week",
}

// Keys lists the assumptions by their keys, in the order of the `assume` object.
func (a Assumptions) Keys() []string {
	out := make([]string, 0, bits.OnesCount32(uint32(a)))
	for i, k := range AssumptionKeys {
		if a&(1<<i) != 0 {
			out = append(out, k)
		}
	}
	return out
}
