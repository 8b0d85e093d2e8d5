package facts

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/dsl/model"
)

// A call whose fallback is unknown, or a publish whose outbox is, is hard or not: nobody knows. Facts holds what follows if
// all such calls are answered for, and Facts.fails what follows if none is; a measure rises or falls with each call that is
// hard, so the truth lies between the two. What a document shows is both: a number's range holds what either says, and what
// they do not agree on has no value, and asks for the fallback or the outbox. Lists and plain words are those of the first:
// what is certain.
//
// Budgets, and shares of them, are the exception: what the most impatient caller leaves hangs on which callers wait and on
// what their other calls take, and neither end has to be the extreme. They are what both agree on, or the range of the two.

// hardFlag says whether the failure of a call fails its caller.
func (e *edge) hardFlag() Flag {
	if e.unseen {
		return Flag{State: model.Unknown, notes: needing(e.unseenAt())}
	}
	return Yes(e.hard)
}

// unseenAt is where to state what answers when a call or publish fails.
func (e *edge) unseenAt() string {
	if e.pub != nil {
		return string(e.addr) + ".outbox"
	}
	return whereTo(e.call, e.call.Fallback.From(), "fallback")
}

// either widens a document by what another one says of the same subject.
func (f *Facts) either(doc, other Document) {
	needs := sync.OnceValue(func() []string { return f.unseenAround(f.pairsAt(doc.Addr)) })
	if j, ok := doc.Subject.(*JourneyFacts); ok {
		needs = sync.OnceValue(func() []string { return f.unseenAround(f.paths.js[f.paths.byAd[doc.Addr]].pairs) })
		before, fails := j.JourneyAvailability, other.Subject.(*JourneyFacts)
		defer func() { j.settle(&before, &fails.JourneyAvailability) }()
		if !slices.Equal(j.Path, fails.Path) || f.mayGoBeside(j.Path) { // nobody knows which calls the longest chain is
			j.Propagation.Slack = Flag{State: model.Unknown, notes: needing(needs()...)}
			j.Propagation.ExhaustedAt = Word{State: model.Unknown, notes: needing(needs()...)}
		}
	}
	widen(doc.Subject, other.Subject, needs)
	if n, ok := doc.Subject.(*NodeFacts); ok && !slices.Equal(n.Journeys, other.Subject.(*NodeFacts).Journeys) {
		n.Outage.unknown(needs()) // it tells of the heaviest journey that fails: nobody knows which one that is
	}
}

// eitherOf is either for every document of a kind.
func (f *Facts) eitherOf(docs, others []Document) {
	at := map[model.Addr]int{}
	for i := range others {
		at[others[i].Addr] = i
	}
	for _, d := range docs {
		if i, ok := at[d.Addr]; ok {
			f.either(d, others[i])
		}
	}
}

// pairsAt are the triggers of what is at an address: of an entity, of the entity that a block is in, of an edge those at
// which it starts and the one that it reaches.
func (f *Facts) pairsAt(a model.Addr) []int32 {
	if id := f.edgeAt(a); id >= 0 {
		e := &f.g.edges[id]
		return append(f.g.pairsOf(e.to), f.g.pairsOf(e.from)...)
	}
	for s := string(a); s != ""; {
		if i := f.g.ent(model.Addr(s)); i >= 0 {
			return f.g.pairsOf(i)
		}
		at := strings.LastIndexByte(s, '.')
		if at < 0 {
			break
		}
		s = s[:at]
	}
	return nil
}

func (g *graph) pairsOf(ent int32) (out []int32) {
	for p := g.ents[ent].first; p < g.ents[ent].last; p++ {
		out = append(out, p)
	}
	return out
}

// mostUnseen bounds how many statements one fact asks for.
const mostUnseen = 4

// unseenAround are the statements that would say of the calls above and below some triggers what answers when they fail,
// the nearest first; of all there are where the triggers are none.
func (f *Facts) unseenAround(from []int32) []string {
	all := f.unseenPlaces()
	if len(all) <= 1 || len(from) == 0 {
		return all[:min(len(all), mostUnseen)]
	}
	g := f.g
	var out []string
	for _, down := range []bool{false, true} {
		met, queue := make([]bool, len(g.pairs)), slices.Clone(from)
		for _, p := range queue {
			met[p] = true
		}
		step := func(a *arc, to int32) {
			if a.async || a.edge < 0 {
				return
			}
			if e := &g.edges[a.edge]; e.unseen && len(out) < mostUnseen && !slices.Contains(out, e.unseenAt()) {
				out = append(out, e.unseenAt())
			}
			if !met[to] {
				met[to] = true
				queue = append(queue, to)
			}
		}
		for i := 0; i < len(queue) && len(out) < min(mostUnseen, len(all)); i++ {
			if down {
				for k := range g.outArcs(queue[i]) {
					a := &g.outArcs(queue[i])[k]
					step(a, a.head)
				}
				continue
			}
			for _, k := range g.inArcs(queue[i]) {
				step(&g.arcs[k], g.arcs[k].tail)
			}
		}
	}
	return out
}

// mayGoBeside reports whether two neighbours on a path are joined by a call of which nobody knows whether it is hard: the
// path may go by it or by another.
func (f *Facts) mayGoBeside(path []string) bool {
	if f.unseenHops == nil {
		f.unseenHops = map[[2]string]bool{}
		for i := range f.g.edges {
			if e := &f.g.edges[i]; e.unseen {
				f.unseenHops[[2]string{string(f.g.ents[e.from].addr), string(f.g.ents[e.to].addr)}] = true
			}
		}
	}
	for i := 1; i < len(path); i++ {
		if f.unseenHops[[2]string{path[i-1], path[i]}] {
			return true
		}
	}
	return false
}

// unseenPlaces are all statements that would say what answers when a call fails, each once.
func (f *Facts) unseenPlaces() []string {
	if f.unseen == nil {
		for i := range f.g.edges {
			if e := &f.g.edges[i]; e.unseen {
				f.unseen = append(f.unseen, e.unseenAt())
			}
		}
		f.unseen = compact(f.unseen)
	}
	return f.unseen
}

// widen adds to the facts of a struct by those of another of the same type; needs says what to state where they differ.
func widen(a, b any, needs func() []string) {
	widenValues(reflect.ValueOf(a), reflect.ValueOf(b), needs)
}

func widenValues(a, b reflect.Value, needs func() []string) {
	switch a.Kind() {
	case reflect.Pointer:
		if !a.IsNil() && !b.IsNil() && a.Pointer() != b.Pointer() && a.Elem().Kind() == reflect.Struct {
			widenValues(a.Elem(), b.Elem(), needs)
		}
	case reflect.Slice:
		if a.Len() == b.Len() && a.Type().Elem().Kind() == reflect.Struct {
			for i := range a.Len() {
				if sameThing(a.Index(i), b.Index(i)) {
					widenValues(a.Index(i), b.Index(i), needs)
				}
			}
		}
	case reflect.Struct:
		switch x := a.Addr().Interface().(type) {
		case *Num:
			x.widen(b.Addr().Interface().(*Num), needs)
		case *Flag:
			if y := b.Addr().Interface().(*Flag); x.State.HasValue() != y.State.HasValue() || x.V != y.V {
				*x = Flag{State: model.Unknown, notes: needing(joined(x.Needs(), y.Needs(), needs())...)}
			}
		case *Word:
			if y := b.Addr().Interface().(*Word); x.State.HasValue() != y.State.HasValue() || x.V != y.V {
				*x = Word{State: model.Unknown, notes: needing(joined(x.Needs(), y.Needs(), needs())...)}
			}
		default:
			for i := range a.NumField() {
				if a.Type().Field(i).IsExported() {
					widenValues(a.Field(i), b.Field(i), needs)
				}
			}
		}
	}
}

// sameThing reports whether two members of lists are about the same address.
func sameThing(a, b reflect.Value) bool {
	x := a.FieldByName("Addr")
	return !x.IsValid() || x.Kind() != reflect.String || x.String() == b.FieldByName("Addr").String()
}

// widen takes in another number. What only one of the two has at all may be anything.
func (n *Num) widen(o *Num, needs func() []string) {
	switch {
	case !n.HasRange() && !o.HasRange():
	case !n.HasRange() || !o.HasRange():
		*n = Num{State: model.Unknown, V: nan, Hi: inf, notes: needing(joined(n.Needs(), o.Needs(), needs())...)}
	case close12(n.V, o.V) && close12(n.Lo, o.Lo) && close12(n.Hi, o.Hi):
	default:
		text := ""
		if n.Text() != "" && o.Text() != "" {
			if text = n.Text() + " to " + o.Text(); n.V > o.V {
				text = o.Text() + " to " + n.Text()
			}
		}
		n.Lo, n.Hi, n.Assumes = math.Min(n.Lo, o.Lo), math.Max(n.Hi, o.Hi), n.Assumes|o.Assumes
		if !close12(n.V, o.V) {
			n.State, n.V, n.Span, n.notes = model.Unknown, nan, false, notes{&said{text: text, needs: n.Needs()}}
		}
		n.setNeeds(joined(n.Needs(), o.Needs(), needs())...)
	}
}

// close12 reports whether two numbers differ in the last bits only.
func close12(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-12*math.Max(math.Abs(a), math.Abs(b))
}

// joined are needs without repetition.
func joined(lists ...[]string) (out []string) {
	for _, l := range lists {
		for _, n := range l {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// settle gives a journey whose availability depends on what is unknown a value where its objective does not: missed
// even if all calls are answered for, or met even if none is.
func (j *JourneyAvailability) settle(answered, fails *JourneyAvailability) {
	if j.AssumedShare.Lo != j.AssumedShare.Hi || answered.LossMinutes.V != fails.LossMinutes.V { // a share of what grows: it may lie outside of both
		j.AssumedShare.Lo, j.AssumedShare.Hi = 0, 1
	}
	slo := answered.Objective
	if !slo.HasValue() || j.Availability.HasValue() {
		return
	}
	at, more, less := answered, "at most ", "at least "
	switch {
	case answered.Availability.HasValue() && answered.Availability.V < slo.V:
	case fails.Availability.HasValue() && fails.Availability.V >= slo.V:
		at, more, less = fails, "at least ", "at most "
	default:
		return
	}
	value := func(to *Num, n Num, word string) {
		if to.State, to.V = n.State, n.V; n.Text() != "" {
			to.setText(word + n.Text())
		}
	}
	value(&j.Availability, at.Availability, more)
	value(&j.LossMinutes, at.LossMinutes, less)
	value(&j.LossOverBudget, at.LossOverBudget, less)
	value(&j.AssumedShare, at.AssumedShare, "")
	value(&j.Components, at.Components, "")
	j.Settled = at.Settled // parts that are perhaps needed as well change nothing about the verdict
}
