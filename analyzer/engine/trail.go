package engine

// trail remembers what a rule looked at in documents, and what came of it. A rule looks at the same columns in the same
// order as long as it finds the same in them. So a document is followed along what earlier ones showed, and the rule is
// walked only where that ends. Most rules are done with most documents after a word or two: the numbers, which differ
// from document to document, are never looked at.
type trail struct {
	stops []stop
	next  map[fork]int32 // index of a stop
}

// stop is a point of a trail: the column that is looked at next, or the outcome.
type stop struct {
	kind stopKind
	at   int32 // index of a column, or slot of an outcome
}

type stopKind uint8

const (
	unseen stopKind = iota // no document came here yet
	looks
	done
)

// fork is one way on from a stop: what stands in the column there.
type fork struct {
	stop int32
	id   uint32
}

func newTrail() *trail { return &trail{stops: make([]stop, 1), next: map[fork]int32{}} }

// follow goes on as far as the trail is known for a document: to an outcome, or to a stop that is unseen. seen is how many
// columns it looked at.
func (t *trail) follow(cols []*column, doc int) (at int32, seen int) {
	for t.stops[at].kind == looks {
		col := t.stops[at].at
		way := fork{at, cols[col].id(doc)}
		to, known := t.next[way]
		if !known {
			to = int32(len(t.stops))
			t.stops = append(t.stops, stop{})
			t.next[way] = to
		}
		at = to
		seen++
	}
	return at, seen
}

// extend leads on from an unseen stop through the given columns of a document to an outcome.
func (t *trail) extend(at int32, cols []*column, through []int32, doc int, slot int32) {
	for _, col := range through {
		t.stops[at] = stop{looks, col}
		to := int32(len(t.stops))
		t.stops = append(t.stops, stop{})
		t.next[fork{at, cols[col].id(doc)}] = to
		at = to
	}
	t.stops[at] = stop{done, slot}
}
