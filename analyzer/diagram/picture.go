package diagram

import (
	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// Picture is what a view shows, before any format.
type Picture struct {
	View      string
	Title     string
	Subtitle  []string // the question with its answer, then what was left out
	Desc      string   // one or two sentences for those who do not see it
	Direction string   // LR or TB
	Groups    []*Group // outer before inner
	Nodes     []*Node  // in the order of statements
	Edges     []*Edge
	Waterfall *Waterfall

	// Drawn tells for each address that the view includes the id of the element that stands for it.
	Drawn map[model.Addr]string
	// Findings are the ids of the findings at each element, worst first; known ones of a baseline are not among them.
	Findings map[string][]string

	heat bool   // fills mean shares of requests lost
	open bool   // of some of them only the range is known
	lost string // what these are shares of: requests, or journeys where nobody states rates
	tint bool   // fills mean kinds

	keepPatterns bool // badges of patterns are what the picture is about
}

// Group is a border around nodes.
type Group struct {
	ID     string
	Parent string // id of the group around it, empty at the top
	Label  string
	Badges []Badge
	Marked bool // --highlight
	Broker bool // white on the tint of the system
}

// Shape is the outline of a node: the kind without its colour.
type Shape uint8

// The shapes.
const (
	ShapeService Shape = iota
	ShapeLegacy
	ShapeClient
	ShapeGateway
	ShapeStore
	ShapeTopic
	ShapeQueue
	ShapeBroker
	ShapeExternal
	ShapeRegistry
	ShapeGroup  // collapsed
	ShapeSystem // context only
)

// Tone is what a line or an outline says beside its kind.
type Tone uint8

// The tones, from quiet to loud.
const (
	Plain Tone = iota
	LowTone
	MediumTone
	HighTone
	CriticalTone
	OKTone
	Marked // --highlight
)

func toneOf(s analyzer.Severity) Tone {
	return [...]Tone{Plain, LowTone, MediumTone, HighTone, CriticalTone}[s]
}

// Node is a part of the picture.
type Node struct {
	ID     string
	Addr   model.Addr // empty for synthetic parts
	Shape  Shape
	Kind   string // "api gateway"
	Name   string
	Facts  []Text // at most two
	Badges []Badge
	Zones  []int // replicas in each zone, of the failure view
	Group  string
	Tone   Tone
	Heat   int    // 1..4, of the failure view; 0 for none
	Title  string // a sentence

	Reserve Reserve // room for the other half of a comparison
}

// Text is one line of a label.
type Text struct {
	Text string
	Tone Tone
	Bold bool
}

// Look is the kind of a badge.
type Look uint8

// The badges, in the order in which they stand on a node.
const (
	LookFinding Look = iota
	LookRisk
	LookAdd
	LookChange
	LookWaived
	LookQuestion
	LookPattern
	LookData
)

// Badge is a pill on a node or a line.
type Badge struct {
	Look Look
	Tone Tone // of a finding
	Text string
}

// limit is the longest text of a badge.
func (b Badge) limit() int {
	if b.Look == LookAdd || b.Look == LookChange {
		return maxOp
	}
	return maxBadge
}

// LineKind is what travels along a line.
type LineKind uint8

// The kinds of lines.
const (
	Call LineKind = iota // somebody waits
	Read
	Write
	Message
)

// Edge is a line of the picture, from the one who calls, publishes or delivers.
type Edge struct {
	ID       string
	From, To string // ids of nodes
	Kind     LineKind
	Name     Text
	Facts    []Text
	Badges   []Badge
	Tone     Tone
	Count    int  // lines that it stands for
	Bold     bool // a write of the data view
	Step     int  // its number in a journey
	Main     bool // on the way of a journey: drawn straight
	Hidden   bool // only holds a part in its place
	Title    string

	Reserve Reserve // room for the other half of a comparison
}

// Waterfall is the table of waits below a journey.
type Waterfall struct {
	Heading string
	Scale   float64 // pixels per millisecond
	Max     float64 // ms
	Goal    float64 // objective in ms, 0 for none
	Rows    []Wait
}

// Wait is one row of a waterfall.
type Wait struct {
	Depth   int
	Text    string
	Waits   string
	Needs   string
	Tone    Tone // of the verdict
	Verdict string
	Bars    []Bar
}

// Bar is one try, in milliseconds from the start.
type Bar struct{ From, To float64 }

// node returns the node with an id, or nil.
func (p *Picture) node(id string) *Node {
	for _, n := range p.Nodes {
		if n.ID == id {
			return n
		}
	}
	return nil
}
