package model

// Certainty says how well a source shows that one component calls another.
type Certainty uint8

// The certainties of an edge.
const (
	Weak   Certainty = iota // start order, a name that nearly fits: perhaps no call at all
	Medium                  // allowed or prepared: network policies, links, a host's bare name
	Strong                  // configured or seen: an address, a route, a trace
)

// String is the certainty as comments print it.
func (c Certainty) String() string { return [...]string{"weak", "medium", "strong"}[c] }

// Evidence is one place of a source that shows an edge.
type Evidence struct {
	Kind      string // of the source: "kubernetes"
	Place     string // file:line
	How       string // "address in ORDERS_URL"
	Certainty Certainty
}

// Shown is what an import knows about its model beyond the facts: which places show an edge and how well, and what else
// the sources call a component. A description that somebody wrote has none.
type Shown struct {
	Kinds    []string             // of the sources, in the order in which they were read
	Edges    map[Addr][]Evidence  // of calls, publishes and consumes, the strongest first
	Blocks   map[Addr]*ShownBlock // of components
	Policies map[Addr]string      // the kind of source that a policy was made from
	Drawn    map[Addr]bool        // calls of a source that draws every call with every limit it has
	StandIns map[Addr]bool        // topics and queues that stand for those that no source names
}

// ShownBlock is what an import knows about one component.
type ShownBlock struct {
	Place    string   // file:line that declares it
	What     string   // what it is called there: "Deployment"
	Names    []string // under which the sources reach it, sorted
	Kinds    []string // of the sources that show it
	Requests int      // that it answered in a recording
	Fence    string   // the place of a network policy that lists everybody who may call it; empty if none does
}

// Has reports whether a source of a kind was read.
func (s *Shown) Has(kind string) bool {
	for _, k := range s.Kinds {
		if k == kind {
			return true
		}
	}
	return false
}
