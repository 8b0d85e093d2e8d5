// Package microtosca reads microTOSCA models: services, stores, brokers and routers as nodes, their interactions with
// the properties timeout, circuit_breaker and dynamic_discovery, and groups of nodes at the edge or of a team.
//
// A microTOSCA model is a drawing of the whole system: an interaction without the property timeout has none. Of retries
// and of numbers it knows nothing; those stay unknown.
package microtosca

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// roles of the node types, in lower case: both spellings of data store are in use.
var roles = map[string]draft.Role{
	"micro.nodes.service": draft.Service, "micro.nodes.datastore": draft.Datastore, "micro.nodes.database": draft.Datastore,
	"micro.nodes.messagebroker": draft.Broker, "micro.nodes.messagerouter": draft.Gateway, "micro.nodes.container": draft.Service,
}

type node struct {
	name  string
	at    yamldoc.Node
	typ   string
	c     *draft.Component
	links []link
}

type link struct {
	to         string
	at         yamldoc.Node
	properties yamldoc.Node
}

type reader struct {
	d      *draft.Draft
	nodes  []*node
	byName map[string]*node
	drawn  map[[2]*draft.Component]bool
}

// Read adds microTOSCA models to the draft.
func Read(d *draft.Draft, files []model.File) {
	for _, f := range files {
		y := d.Parse(f)
		for _, doc := range y.Docs {
			topology := doc.Get("topology_template")
			if topology.IsZero() {
				d.Problem(doc.Problem("Not a microTOSCA model", "A microTOSCA model has its nodes under topology_template."))
				continue
			}
			r := &reader{d: d, byName: map[string]*node{}, drawn: map[[2]*draft.Component]bool{}}
			r.collect(topology)
			r.declare()
			r.connect()
			r.groups(topology.Get("groups"))
			d.ClosedWorld = true
		}
	}
}

func (r *reader) collect(topology yamldoc.Node) {
	relations := topology.Get("relationship_templates")
	for _, p := range topology.Get("node_templates").Pairs() {
		n := &node{name: p.Key, at: p.Value, typ: strings.ToLower(p.Value.Get("type").Str())}
		for _, req := range p.Value.Get("requirements").Items() {
			for _, q := range req.Pairs() {
				if q.Key != "interaction" && q.Key != "deployed_on" && q.Key != "connection" {
					continue
				}
				l := link{to: q.Value.Str(), at: q.Value}
				if q.Value.IsMap() {
					l.to = q.Value.Get("node").Str()
					rel := q.Value.Get("relationship")
					if name, ok := rel.Scalar(); ok {
						rel = relations.Get(name)
					}
					l.properties = rel.Get("properties")
				}
				if q.Key == "deployed_on" {
					r.d.Leave("%s runs on %s (%s): the description has no fact for who shares a machine", p.Key, l.to, q.Value.Place())
					continue
				}
				n.links = append(n.links, l)
			}
		}
		r.nodes = append(r.nodes, n)
		r.byName[n.name] = n
	}
}

// virtual reports whether a node is a mined Kubernetes Service: a router in front of one node that only gives it a name.
func (r *reader) virtual(n *node) bool {
	return strings.HasSuffix(n.name, ".svc") && strings.HasSuffix(n.typ, "messagerouter") && len(n.links) == 1
}

func (r *reader) declare() {
	for _, n := range r.nodes {
		if r.virtual(n) || strings.HasSuffix(n.typ, ".compute") {
			continue
		}
		role, ok := roles[n.typ]
		if !ok {
			r.d.Problem(n.at.Get("type").Warning("Unknown node type", fmt.Sprintf("Node %q is of type %q; known are micro.nodes.Service, Datastore, MessageBroker, MessageRouter and Compute. It is read as a service.", n.name, n.at.Get("type").Str())))
			role = draft.Service
		}
		name, space := n.name, ""
		if short, rest, ok := strings.Cut(n.name, "."); ok && r.mined(rest) {
			name, space = short, rest
		}
		n.c = r.d.Component(name, space)
		if n.c.Place == "" {
			n.c.Place, n.c.What = n.at.Place(), n.at.Get("type").Str()
		}
		if n.c.Role == "" && role != draft.Service {
			n.c.Role = role
		}
		if role == draft.Gateway && !n.c.Kind.Written {
			n.c.Kind = draft.Stated("proxy", n.at.Place(), "a message router")
		}
	}
}

// mined reports whether a suffix is a namespace of a model that was mined from a cluster.
func (r *reader) mined(space string) bool {
	return slices.ContainsFunc(r.nodes, func(n *node) bool { return strings.HasSuffix(n.name, "."+space+".svc") })
}

// target is the component behind a name, through virtual routers.
func (r *reader) target(name string) *draft.Component {
	for range 8 {
		n := r.byName[name]
		if n == nil {
			return nil
		}
		if n.c != nil {
			return n.c
		}
		if len(n.links) != 1 {
			return nil
		}
		name = n.links[0].to
	}
	return nil
}

func (r *reader) connect() {
	named := false
	for _, n := range r.nodes {
		for _, l := range n.links {
			to := r.target(l.to)
			if to == nil {
				r.d.Problem(l.at.Problem("Interaction with a node that is not there", fmt.Sprintf("%q interacts with %q, and the model has no such node.", n.name, l.to)))
				continue
			}
			if n.c == nil || n.c == to {
				continue
			}
			named = named || r.byName[l.to].c == nil
			r.call(n.c, to, l)
		}
	}
	if !r.d.Discovery.Written && len(r.nodes) > 0 {
		if named {
			r.d.Discovery = draft.Stated("dns", r.nodes[0].at.Place(), "nodes are reached by the names of Kubernetes Services")
		} else {
			r.d.Discovery = draft.Stated("static", r.nodes[0].at.Place(), "interactions are drawn without dynamic_discovery")
		}
	}
}

// call adds one interaction. Two interactions of the same nodes are two calls: one may have a limit that the other has not.
func (r *reader) call(from, to *draft.Component, l link) {
	ev := draft.Evidence{Kind: r.d.Reading, Place: l.at.Place(), How: "drawn", Certainty: draft.Strong}
	key := [2]*draft.Component{from, to}
	var e *draft.Edge
	if r.drawn[key] && to.Role != draft.Broker {
		e = r.d.NewCall(from, to)
		e.Evidence = []draft.Evidence{ev}
	} else {
		e = r.d.Call(from, to, ev)
	}
	r.drawn[key] = true
	e.Closed = true
	if v, _ := l.properties.Get("timeout").Bool(); v {
		e.Call.Timeout = draft.Unknown[time.Duration](l.properties.Get("timeout").Place(), "it has one; how long is not drawn")
	}
	if v, _ := l.properties.Get("circuit_breaker").Bool(); v {
		e.Call.CircuitBreaker = draft.Stated(&model.CircuitBreaker{}, l.properties.Get("circuit_breaker").Place())
	}
	if v, _ := l.properties.Get("dynamic_discovery").Bool(); v {
		e.Call.Discovery = draft.Unknown[string](l.properties.Get("dynamic_discovery").Place(), "dynamic; by what is not drawn")
	}
}

func (r *reader) groups(groups yamldoc.Node) {
	for _, g := range groups.Pairs() {
		for _, m := range g.Value.Get("members").Items() {
			c := r.target(m.Str())
			if c == nil {
				continue
			}
			switch strings.ToLower(g.Value.Get("type").Str()) {
			case "micro.groups.edge":
				if c.Role == draft.Datastore || c.Role == draft.Broker {
					r.d.Leave("%s is drawn at the edge (%s): clients of a %s are not described", c.Name, m.Place(), c.Role)
					continue
				}
				x := draft.Exposure{Place: m.Place(), How: "drawn at the edge, group " + g.Key}
				if !slices.ContainsFunc(c.Exposed, func(o draft.Exposure) bool { return strings.HasPrefix(o.How, "drawn") }) {
					c.Exposed = append(c.Exposed, x)
				}
			case "micro.groups.team":
				c.Service.Team = draft.Stated(g.Key, m.Place())
			}
		}
	}
}
