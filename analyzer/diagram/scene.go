package diagram

import (
	"cmp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// part is one thing of the model that a view may show.
type part struct {
	addr   model.Addr
	of     model.Entity // nil for what only a view knows
	kind   model.Kind
	label  string
	team   string
	region string

	word    string  // instead of the kind
	members []*part // of a collapsed part
	owns    []*part // stores in words
}

// line is one directed relation between two parts.
type line struct {
	addr     model.Addr
	from, to model.Addr
	kind     LineKind
	call     *model.Call
	publish  *model.Publish
	consume  *model.Consume
	word     string // what to call it where it is none of these

	members []*line // of an aggregated line
}

// label is the name of a line in its block.
func (l *line) label() string {
	switch {
	case l.call != nil:
		return l.call.Label
	case l.publish != nil:
		return l.publish.Label
	case l.consume != nil:
		return l.consume.Label
	}
	return l.word
}

// scene is the model as parts and lines, in the order in which a picture states them.
type scene struct {
	m     *model.Model
	parts []*part
	lines []*line
	at    map[model.Addr]*part

	callsTo    map[model.Addr][]*model.Call
	storeUsers map[model.Addr][]model.Addr
	flags      map[model.Addr][]string // labels of the flags that a node uses
	meshes     map[model.Addr][]*model.Mesh
}

// kindOrder is the order of kinds in a picture.
var kindOrder = map[model.Kind]int{
	model.KindClient: 0, model.KindGateway: 1, model.KindService: 2, model.KindDatastore: 3, model.KindTopic: 4,
	model.KindQueue: 5, model.KindBroker: 6, model.KindRegistry: 7, kindGroup: 2, model.KindExternal: 8,
}

func newScene(m *model.Model) *scene {
	s := &scene{
		m: m, at: map[model.Addr]*part{}, callsTo: m.CallsTo(), storeUsers: m.StoreUsers(),
		flags: map[model.Addr][]string{}, meshes: map[model.Addr][]*model.Mesh{},
	}
	m.Each(func(e model.Entity) {
		b := e.Self()
		if b.Kind == kindGroup {
			return
		}
		if _, ok := kindOrder[b.Kind]; ok && b.Parent == "" && s.at[b.Addr] == nil {
			s.add(&part{addr: b.Addr, of: e, kind: b.Kind, label: b.Label, team: b.Team.Or(""), region: b.Region.Or("")})
		}
	})
	slices.SortFunc(s.parts, comparePart)
	for _, f := range m.Flags {
		for _, a := range f.Used.Or(nil) {
			s.flags[a] = append(s.flags[a], f.Label)
		}
	}
	for _, x := range m.Meshes {
		for _, a := range x.Members.Or(nil) {
			s.meshes[a] = append(s.meshes[a], x)
		}
	}
	s.wire()
	return s
}

func (s *scene) add(p *part) {
	s.parts = append(s.parts, p)
	s.at[p.addr] = p
}

func comparePart(a, b *part) int {
	return cmp.Or(cmp.Compare(kindOrder[a.kind], kindOrder[b.kind]), cmp.Compare(a.addr, b.addr))
}

// wire collects the lines whose ends both exist.
func (s *scene) wire() {
	add := func(l *line) {
		if s.at[l.from] != nil && s.at[l.to] != nil {
			s.lines = append(s.lines, l)
		}
	}
	call := func(from model.Addr, c *model.Call) {
		k := Call
		if t := s.at[c.To.V]; t != nil && t.kind == model.KindDatastore {
			k = Write
			if c.Access.Or("") == "read" {
				k = Read
			}
		}
		add(&line{addr: c.Addr, from: from, to: c.To.V, kind: k, call: c})
	}
	for _, n := range s.m.Nodes() {
		at, out := n.Self().Addr, n.Out()
		for _, c := range out.Calls {
			call(at, c)
		}
		for _, p := range out.Publishes {
			add(&line{addr: p.Addr, from: at, to: p.To.V, kind: Message, publish: p})
		}
		for _, c := range out.Consumes {
			add(&line{addr: c.Addr, from: c.From.V, to: at, kind: Message, consume: c})
			if c.DeadLetter.Has() {
				add(&line{addr: c.Addr + ".dead_letter", from: at, to: c.DeadLetter.V, kind: Message, word: "dead letter"})
			}
		}
	}
	for _, x := range s.m.Externals {
		for _, c := range x.Calls {
			call(x.Addr, c)
		}
	}
	for _, d := range s.m.Datastores {
		for _, p := range d.Publishes {
			add(&line{addr: p.Addr, from: d.Addr, to: p.To.V, kind: Message, publish: p})
		}
	}
	for _, q := range s.m.Queues {
		if q.DeadLetter.Has() {
			add(&line{addr: q.Addr + ".dead_letter", from: q.Addr, to: q.DeadLetter.V, kind: Message, word: "dead letter"})
		}
	}
	seen := map[model.Addr]bool{}
	s.lines = slices.DeleteFunc(s.lines, func(l *line) bool {
		dup := seen[l.addr]
		seen[l.addr] = true
		return dup
	})
	slices.SortStableFunc(s.lines, func(a, b *line) int {
		return cmp.Or(comparePart(s.at[a.from], s.at[b.from]), cmp.Compare(a.addr, b.addr))
	})
}

// outside reports whether a part is drawn outside the border of the system.
func (p *part) outside() bool { return p.kind == model.KindClient || p.kind == model.KindExternal }

// broker is the broker that a topic or queue lives on, empty if it says none.
func (p *part) broker() model.Addr {
	switch x := p.of.(type) {
	case *model.Topic:
		return x.Broker.Or("")
	case *model.Queue:
		return x.Broker.Or("")
	}
	return ""
}

// systemAddr is the id of the border round the system.
func (s *scene) systemAddr() model.Addr {
	if s.m.System == nil || s.m.System.Addr == "" {
		return "system"
	}
	return s.m.System.Addr
}

// systemName is how titles call the system.
func (s *scene) systemName() string {
	if s.m.System == nil || oneLine(s.m.System.Label) == "" {
		return "system"
	}
	return middle(s.m.System.Label, 40)
}

// kindWord is the word on a part.
func (p *part) kindWord() string {
	if p.word != "" {
		return p.word
	}
	switch x := p.of.(type) {
	case *model.Gateway:
		switch x.GatewayKind.V {
		case "bff":
			return "backend for frontend"
		case "aggregator":
			return "aggregator"
		}
		return "api gateway"
	case *model.Service:
		if x.Legacy.Or(false) {
			return "legacy service"
		}
	case *model.Datastore:
		if x.StoreKind.Has() && x.StoreKind.V != "" {
			return strings.ReplaceAll(x.StoreKind.V, "_", " ")
		}
	}
	return string(p.kind)
}

func (p *part) shape() Shape {
	switch p.kind {
	case kindGroup:
		return ShapeGroup
	case model.KindClient:
		return ShapeClient
	case model.KindGateway:
		return ShapeGateway
	case model.KindDatastore:
		return ShapeStore
	case model.KindTopic:
		return ShapeTopic
	case model.KindQueue:
		return ShapeQueue
	case model.KindBroker:
		return ShapeBroker
	case model.KindExternal:
		return ShapeExternal
	case model.KindRegistry:
		return ShapeRegistry
	}
	if x, ok := p.of.(*model.Service); ok && x.Legacy.Or(false) {
		return ShapeLegacy
	}
	return ShapeService
}
