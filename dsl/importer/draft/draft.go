// Package draft is what the importers write into: components and edges as sources show them, before it is settled what
// each one is. Several sources of several kinds fill one draft; Build makes one model of it.
//
// Rules of the package:
//   - A fact is stated only with the place that shows it. What no source can show is `unknown`, so that a fresh import
//     raises questions and no accusations.
//   - Evidence adds up: a component or an edge that two sources show is one, named by both.
//   - Values of the environment are looked through for addresses and never copied: they may hold secrets.
package draft

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// Draft is a system being read.
type Draft struct {
	Name       string // of the system; the first source that has one sets it
	Components []*Component
	Edges      []*Edge
	Policies   []*model.Policy
	Meshes     []*Mesh
	Channels   []*Channel
	Platform   model.Value[string]
	Discovery  model.Value[string]
	Files      []model.File
	Diags      source.Diagnostics
	Left       []string // what was read and left out, one line each

	Kinds   []string // of all sources of the run
	Reading string   // the kind that is being read

	// ClosedWorld says that a source drew the whole picture: what it does not show is not there.
	ClosedWorld bool

	// Read reads a file that a source refers to; nil where nothing beside the sources may be read.
	Read func(name string) ([]byte, error)

	byHost map[string][]*Component
	parsed map[string]*yamldoc.File
	kept   []*model.Policy
	once   []string // keys of LeaveOnce
	edges  map[[2]*Component]*Edge
	made   map[*model.Policy]string // kind of source by policy
	shown  *model.Shown
}

// New is an empty draft.
func New() *Draft {
	return &Draft{byHost: map[string][]*Component{}, parsed: map[string]*yamldoc.File{}, edges: map[[2]*Component]*Edge{},
		made: map[*model.Policy]string{}}
}

// Mesh is a service mesh and its members.
type Mesh struct {
	model.Mesh
	Members []*Component
}

// Channel is a topic or a queue with those who use it.
type Channel struct {
	Name      string
	Queue     bool
	Broker    *Component
	Place     string
	StandIn   bool // stands for channels that no source names
	Topic     model.Topic
	Store     model.Queue
	Publishes []Use
	Consumes  []Use
	label     string
}

// Use is one component's publish or consume.
type Use struct {
	By       *Component
	Evidence Evidence
	Publish  model.Publish
	Consume  model.Consume

	DeadLetter *Channel // where a consumer's failed messages go; nil if no source shows it
}

// Component finds a component by name and space, or declares it. Sources without namespaces meet the one component of
// that name wherever it lives.
func (d *Draft) Component(name, space string) *Component {
	if c := d.Find(name, space); c != nil {
		d.see(c)
		return c
	}
	c := &Component{Name: name, Space: space, order: len(d.Components)}
	d.see(c)
	d.Components = append(d.Components, c)
	d.Alias(c, name, space)
	return c
}

// Find is the component of a name, nil if there is none or more than one.
func (d *Draft) Find(name, space string) *Component {
	var found []*Component
	for _, c := range d.byHost[name] {
		if c.Name == name && (c.Space == space || space == "" || c.Space == "") && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		for _, c := range found {
			if c.Space == space {
				return c
			}
		}
		return nil
	}
	return found[0]
}

// Alias makes a component reachable under a host name.
func (d *Draft) Alias(c *Component, host, space string) {
	add := func(h string) {
		h = strings.ToLower(h)
		if !slices.Contains(d.byHost[h], c) {
			d.byHost[h] = append(d.byHost[h], c)
		}
	}
	add(host)
	if space != "" {
		add(host + "." + space)
	}
	if host != strings.ToLower(host) && !slices.Contains(d.byHost[host], c) {
		d.byHost[host] = append(d.byHost[host], c)
	}
}

// clusterSuffixes end the long forms of a service's name inside a cluster.
var clusterSuffixes = []string{".svc.cluster.local", ".cluster.local", ".svc"}

var replica = regexp.MustCompile(`^[a-z0-9-]+-[0-9]+\.(.+)$`)

// Host is the component that a host name means, seen from a namespace; nil if none or several do.
func (d *Draft) Host(host, space string) *Component {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, s := range clusterSuffixes {
		host = strings.TrimSuffix(host, s)
	}
	found := d.byHost[host]
	if len(found) == 0 { // one replica of a StatefulSet: cache-0.cache
		if m := replica.FindStringSubmatch(host); m != nil {
			found = d.byHost[m[1]]
		}
	}
	if len(found) > 1 {
		var near []*Component
		for _, c := range found {
			if c.Space == space {
				near = append(near, c)
			}
		}
		if len(near) == 1 {
			return near[0]
		}
		return nil
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// Call adds evidence for a call. The strongest evidence comes first in the comment.
func (d *Draft) Call(from, to *Component, ev Evidence) *Edge {
	if from == nil || to == nil || from == to {
		return &Edge{} // nothing to record; callers may set facts on it
	}
	d.see(from)
	d.see(to)
	ev.Kind = d.Reading
	key := [2]*Component{from, to}
	e := d.edges[key]
	if e == nil {
		e = d.NewCall(from, to)
		d.edges[key] = e
	}
	if !slices.Contains(e.Evidence, ev) {
		e.Evidence = append(e.Evidence, ev)
		slices.SortStableFunc(e.Evidence, func(a, b Evidence) int { return cmp.Compare(b.Certainty, a.Certainty) })
	}
	return e
}

// NewCall adds a call beside those that are there already.
func (d *Draft) NewCall(from, to *Component) *Edge {
	e := &Edge{From: from, To: to, order: len(d.Edges)}
	d.Edges = append(d.Edges, e)
	return e
}

// Forwards says of a call that it is a route: who forwards a request answers nothing itself when the other end fails.
func (e *Edge) Forwards() {
	if !e.Call.Fallback.Written {
		e.Call.Fallback = Stated("fail", "a route has no other answer")
	}
}

// Mesh is the mesh of a product, declared on first use.
func (d *Draft) Mesh(engine, place string) *Mesh {
	for _, m := range d.Meshes {
		if m.Engine.V == engine {
			return m
		}
	}
	m := &Mesh{}
	m.Label, m.Comment, m.Engine = engine, place, Stated(engine)
	d.Meshes = append(d.Meshes, m)
	return m
}

// Join makes a component a member of the mesh.
func (m *Mesh) Join(c *Component) {
	if !slices.Contains(m.Members, c) {
		m.Members = append(m.Members, c)
	}
}

// Policy is the policy of a name, declared on first use.
func (d *Draft) Policy(name string) *model.Policy {
	for _, p := range d.Policies {
		if p.Label == name {
			return p
		}
	}
	p := &model.Policy{}
	p.Label = name
	d.Policies = append(d.Policies, p)
	d.made[p] = d.Reading
	return p
}

// Keep writes a policy although nothing refers to it: a reader has to say where it belongs.
func (d *Draft) Keep(p *model.Policy) { d.kept = append(d.kept, p) }

// Channel is the topic or queue of a name at a broker, declared on first use.
func (d *Draft) Channel(name string, queue bool, broker *Component, place string) *Channel {
	for _, c := range d.Channels {
		if c.Name == name && c.Queue == queue && (c.Broker == broker || broker == nil) {
			return c
		}
	}
	c := &Channel{Name: name, Queue: queue, Broker: broker, Place: place}
	d.Channels = append(d.Channels, c)
	return c
}

// LeaveOnce records that something was left out, the first time for a key.
func (d *Draft) LeaveOnce(key, format string, args ...any) {
	if !slices.Contains(d.once, key) {
		d.once = append(d.once, key)
		d.Leave(format, args...)
	}
}

// Leave records that something was read and left out.
func (d *Draft) Leave(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(d.Left, s) {
		d.Left = append(d.Left, s)
	}
}

// maxBeside is the size of the largest file that is read because a source refers to it.
const maxBeside = 1 << 20

// Beside reads a file that a source names by a path relative to itself; false if there is none that could be read.
func (d *Draft) Beside(source, name string) (model.File, bool) {
	if d.Read == nil || name == "" || path.IsAbs(name) || strings.HasPrefix(name, "~") {
		return model.File{}, false
	}
	full := path.Join(path.Dir(source), name)
	for _, f := range d.Files {
		if f.Name == full {
			return f, true
		}
	}
	b, err := d.Read(full)
	if err != nil || len(b) > maxBeside || bytes.IndexByte(b, 0) >= 0 {
		return model.File{}, false
	}
	f := model.File{Name: full, Bytes: b}
	d.Files = append(d.Files, f)
	return f, true
}

// Problem adds a diagnostic.
func (d *Draft) Problem(x source.Diagnostic) { d.Diags = append(d.Diags, x) }

// Parse reads one of the draft's files, once; problems go to the draft.
func (d *Draft) Parse(f model.File) *yamldoc.File {
	if y := d.parsed[f.Name]; y != nil {
		return y
	}
	y, diags := yamldoc.Parse(f.Name, f.Bytes)
	d.Diags = append(d.Diags, diags...)
	d.parsed[f.Name] = y
	return y
}
