package model

import (
	"sort"
)

// Kind is the kind of a declared thing: its block type in the language.
type Kind string

// The declared kinds.
const (
	KindSystem       Kind = "system"
	KindPolicy       Kind = "policy"
	KindClient       Kind = "client"
	KindGateway      Kind = "gateway"
	KindService      Kind = "service"
	KindDatastore    Kind = "datastore"
	KindBroker       Kind = "broker"
	KindTopic        Kind = "topic"
	KindQueue        Kind = "queue"
	KindExternal     Kind = "external"
	KindRegistry     Kind = "registry"
	KindMesh         Kind = "mesh"
	KindTransaction  Kind = "transaction"
	KindMigration    Kind = "migration"
	KindFlag         Kind = "flag"
	KindWaiver       Kind = "waiver"
	KindCall         Kind = "call"
	KindPublish      Kind = "publish"
	KindConsume      Kind = "consume"
	KindAPI          Kind = "api"
	KindSidecar      Kind = "sidecar"
	KindSchemaChange Kind = "schema_change"
	KindStep         Kind = "step"
	KindRoute        Kind = "route"
)

// Entity is any declared thing.
type Entity interface{ Self() *Block }

// Node is an entity from which edges start: client, gateway or service.
type Node interface {
	Entity
	Out() *Edges
}

// Worker is a service or a gateway.
type Worker interface {
	Node
	Work() *Workload
}

// File is one source file of a model.
type File struct {
	Name  string // as the user gave it, slashes forward
	Bytes []byte
}

// Model is one system as described. Slices are in source order: files by name, blocks by position.
type Model struct {
	System       *System        `block:"system"`
	Policies     []*Policy      `block:"policy"`
	Clients      []*Client      `block:"client"`
	Gateways     []*Gateway     `block:"gateway"`
	Services     []*Service     `block:"service"`
	Datastores   []*Datastore   `block:"datastore"`
	Brokers      []*Broker      `block:"broker"`
	Topics       []*Topic       `block:"topic"`
	Queues       []*Queue       `block:"queue"`
	Externals    []*External    `block:"external"`
	Registries   []*Registry    `block:"registry"`
	Meshes       []*Mesh        `block:"mesh"`
	Transactions []*Transaction `block:"transaction"`
	Migrations   []*Migration   `block:"migration"`
	Flags        []*Flag        `block:"flag"`
	Waivers      []*Waiver      `block:"waiver"`
	Files        []File

	byAddr map[Addr]Entity
}

// Index makes every declared thing reachable by its address. Load and the importers call it once, at the end.
func (m *Model) Index() {
	m.byAddr = make(map[Addr]Entity)
	m.Each(func(e Entity) { m.byAddr[e.Self().Addr] = e })
}

// Lookup returns the declared thing at an address, or nil.
func (m *Model) Lookup(a Addr) Entity { return m.byAddr[a] }

// Addrs returns every declared address, sorted.
func (m *Model) Addrs() []Addr {
	out := make([]Addr, 0, len(m.byAddr))
	for a := range m.byAddr {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// Each visits every declared thing, nested ones after their parent, kind by kind in the order of the fields above.
func (m *Model) Each(visit func(Entity)) {
	if m.System != nil {
		visit(m.System)
	}
	each(m.Policies, visit)
	for _, c := range m.Clients {
		visit(c)
		c.Edges.each(visit)
	}
	for _, g := range m.Gateways {
		visit(g)
		each(g.APIs, visit)
		g.Edges.each(visit)
	}
	for _, s := range m.Services {
		visit(s)
		each(s.APIs, visit)
		each(s.Sidecars, visit)
		s.Edges.each(visit)
	}
	for _, d := range m.Datastores {
		visit(d)
		each(d.SchemaChanges, visit)
		each(d.Publishes, visit)
	}
	each(m.Brokers, visit)
	each(m.Topics, visit)
	each(m.Queues, visit)
	for _, x := range m.Externals {
		visit(x)
		each(x.Calls, visit)
	}
	each(m.Registries, visit)
	each(m.Meshes, visit)
	for _, t := range m.Transactions {
		visit(t)
		each(t.Steps, visit)
	}
	for _, g := range m.Migrations {
		visit(g)
		each(g.Routes, visit)
	}
	each(m.Flags, visit)
	each(m.Waivers, visit)
}

func (e *Edges) each(visit func(Entity)) {
	each(e.Calls, visit)
	each(e.Publishes, visit)
	each(e.Consumes, visit)
}

func each[T Entity](list []T, visit func(Entity)) {
	for _, e := range list {
		visit(e)
	}
}

// Workers returns gateways, then services, in source order.
func (m *Model) Workers() []Worker {
	out := make([]Worker, 0, len(m.Gateways)+len(m.Services))
	for _, g := range m.Gateways {
		out = append(out, g)
	}
	for _, s := range m.Services {
		out = append(out, s)
	}
	return out
}

// Nodes returns clients, gateways, then services, in source order.
func (m *Model) Nodes() []Node {
	out := make([]Node, 0, len(m.Clients)+len(m.Gateways)+len(m.Services))
	for _, c := range m.Clients {
		out = append(out, c)
	}
	for _, w := range m.Workers() {
		out = append(out, w)
	}
	return out
}
