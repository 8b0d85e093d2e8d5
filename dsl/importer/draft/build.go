package draft

import (
	"cmp"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// Build settles what each component is and makes the model of the draft. The draft is used up.
func (d *Draft) Build() *model.Model {
	d.settle()
	d.settleChannels()
	d.labels()
	d.infrastructure()
	d.show()
	b := &builder{d: d, m: &model.Model{Files: d.Files}, taken: map[string]bool{}}
	b.system()
	b.policies()
	b.nodes()
	b.entries()
	b.edges()
	b.channels()
	b.meshes()
	b.m.Each(func(e model.Entity) { hoist(reflect.ValueOf(e).Elem()) })
	b.m.Index()
	for _, f := range d.Files {
		if y := d.parsed[f.Name]; y != nil {
			if x, ok := y.Spent(); ok {
				d.Problem(x)
			}
		}
	}
	d.Diags.Sort()
	slices.Sort(d.Left)
	return b.m
}

// infrastructure turns what is no call into what it is: a registry is asked where somebody is, a broker carries messages.
func (d *Draft) infrastructure() {
	keep := d.Edges[:0]
	for _, e := range d.Edges {
		switch {
		case e.From.Role != Service && e.From.Role != Gateway && e.From.Role != Client && e.From.Role != External:
			d.Leave("%s uses %s: %s", e.From.Name, e.To.Name, e.Evidence[0])
		case e.To.Role == Client:
		case e.To.Role == Registry && (e.From.Role == Service || e.From.Role == Gateway):
			if e.From.Registry == nil {
				e.From.Registry = e.To
				e.From.Service.Discovery = Stated("", comment(e.Evidence))
			}
		case e.To.Role == Broker:
			if d.uses(e.From, e.To) {
				continue
			}
			d.stands(e)
		default:
			keep = append(keep, e)
		}
	}
	d.Edges = keep
}

// stands records that a component uses a broker although no source shows what it sends or receives there. One topic,
// or one queue where the product's consumers take from queues, stands for all that the broker carries, and both
// directions for the one that holds.
func (d *Draft) stands(e *Edge) {
	const sure = "which way is not shown: keep what holds"
	queue := e.To.Kind.V == "queue" && e.Evidence[0].Kind != "dapr" // which publishes to topics, whatever carries them
	ch := d.Channel(e.To.label+"_messages", queue, e.To, "")
	ch.StandIn = true
	ch.Place = "No source names the topics and queues of " + e.To.Name + ": this one stands for them.\nName them instead, with who publishes and who consumes."
	ev := e.Evidence[0]
	ev.How += ", " + sure
	if e.From.Role != Gateway { // a gateway hardly ever publishes: it is told of changes
		ch.Publishes = append(ch.Publishes, Use{By: e.From, Evidence: ev})
	}
	ch.Consumes = append(ch.Consumes, Use{By: e.From, Evidence: ev})
}

// uses reports whether a channel shows already what a component does with a broker.
func (d *Draft) uses(c, broker *Component) bool {
	by := func(u Use) bool { return u.By == c }
	return slices.ContainsFunc(d.Channels, func(ch *Channel) bool {
		return ch.Broker == broker && !ch.StandIn && (slices.ContainsFunc(ch.Publishes, by) || slices.ContainsFunc(ch.Consumes, by))
	})
}

func comment(ev []Evidence) string {
	parts := make([]string, 0, len(ev))
	for i, e := range ev {
		if i == 3 {
			parts = append(parts, fmt.Sprintf("%d more", len(ev)-i))
			break
		}
		parts = append(parts, e.String())
	}
	return strings.Join(parts, "; ")
}

type builder struct {
	d      *Draft
	m      *model.Model
	taken  map[string]bool
	unseen *model.Policy
	drawn  *model.Policy
}

func (b *builder) system() {
	s := &model.System{Platform: b.d.Platform, Discovery: b.d.Discovery}
	s.Block = block("", model.KindSystem, Label(cmp.Or(b.d.Name, "system")))
	if len(b.d.Files) > 0 {
		s.Comment = "Imported from " + b.sources() + ".\nunknown marks what these files cannot show: replace it by what holds, or by none. archcheck plan\nasks for the facts that decide most."
	}
	s.Deploy = Unknown[*model.Deploy]()
	s.Auth = Unknown[string]()
	s.DeadlinePropagation = Unknown[bool]()
	b.m.System = s
}

// sources names the files that were read; many are named by their folders.
func (b *builder) sources() string {
	var names []string
	for _, f := range b.d.Files {
		names = append(names, f.Name)
	}
	if len(names) > 3 {
		dirs := map[string]bool{}
		names = nil
		for _, f := range b.d.Files {
			dir := filepath.ToSlash(filepath.Dir(f.Name))
			if dir == "." {
				dir = "this folder"
			}
			if !dirs[dir] {
				dirs[dir] = true
				names = append(names, dir)
			}
		}
	}
	if len(names) > 3 {
		return fmt.Sprintf("%d files", len(b.d.Files))
	}
	return strings.Join(names, ", ")
}

// policies writes the one policy by which calls inherit what the sources cannot show.
func (b *builder) policies() {
	open := slices.ContainsFunc(b.d.Edges, func(e *Edge) bool { return !e.Closed })
	closed := slices.ContainsFunc(b.d.Edges, func(e *Edge) bool { return e.Closed })
	taken := map[string]bool{}
	for _, p := range b.d.Policies {
		taken[p.Label] = true
	}
	name := "unseen"
	for taken[name] {
		name += "_"
	}
	p := &model.Policy{}
	p.Block = block("", model.KindPolicy, name)
	p.Comment = "What no call shows in these files, every call inherits from here. A call, a caller's policy or a\ncallee's inbound policy that states more comes first."
	p.ConnectTimeout = Unknown[timeDuration]()
	p.Retry, p.Bulkhead, p.RateLimit = Unknown[*model.Retry](), Unknown[*model.Bulkhead](), Unknown[*model.RateLimit]()
	if !b.d.ClosedWorld || open && closed {
		p.Timeout, p.Deadline, p.CircuitBreaker = Unknown[timeDuration](), Unknown[timeDuration](), Unknown[*model.CircuitBreaker]()
	}
	p.Fallback = Unknown[string]()
	b.unseen = p
	b.m.System.Policy = Stated(p.Addr)
	b.m.Policies = append(b.m.Policies, p)
	if open && closed {
		q := &model.Policy{}
		q.Block = block("", model.KindPolicy, free(taken, "", "drawn"))
		q.Comment = "The drawing says of every call whether it has a time limit and a breaker: these have none."
		q.Timeout, q.Deadline, q.CircuitBreaker = None[timeDuration](), None[timeDuration](), None[*model.CircuitBreaker]()
		b.drawn = q
		b.m.Policies = append(b.m.Policies, q)
	}
	for _, p := range b.d.Policies {
		if !b.inForce(p) {
			continue
		}
		place := p.Comment
		p.Block = block("", model.KindPolicy, p.Label)
		p.Comment = place
		b.m.Policies = append(b.m.Policies, p)
	}
}

// inForce reports whether anything refers to a policy.
func (b *builder) inForce(p *model.Policy) bool {
	return slices.Contains(b.d.kept, p) || slices.ContainsFunc(b.d.Components, func(c *Component) bool { return c.Outward == p || c.Inbound == p && c.takesPolicy() }) ||
		slices.ContainsFunc(b.d.Edges, func(e *Edge) bool { return e.To.Inbound == p || e.Call.Policy.V == model.Addr("policy."+p.Label) })
}

// takesPolicy reports whether a component's block can name the policy of the calls to it.
func (c *Component) takesPolicy() bool { return c.Role == Service || c.Role == Gateway }

func block(parent model.Addr, kind model.Kind, label string) model.Block {
	addr := model.Addr(string(kind) + "." + label)
	if parent != "" {
		addr = parent + "." + addr
	}
	return model.Block{Addr: addr, Kind: kind, Label: label, Parent: parent}
}

// Addr is the component's address in the model being built.
func (c *Component) Addr() model.Addr { return model.Addr(string(c.Role) + "." + c.label) }

// head is a component's block with what the sources say about it.
func (c *Component) head() model.Block {
	b := block("", model.Kind(c.Role), c.label)
	b.Team, b.Region = c.Service.Team, c.Service.Region
	first := strings.TrimSpace(c.Place + " " + c.What)
	if c.Why != "" {
		first += ": a " + string(c.Role) + " " + c.Why
		if c.Why != "by its name" {
			first = strings.Replace(first, ": a "+string(c.Role)+" ", ": a "+string(c.Role)+", ", 1)
		}
	} else if c.Image != "" {
		first += ", image " + c.Image
	}
	if c.Space != "" && c.Space != "default" {
		first += ", namespace " + c.Space
	}
	b.Comment = strings.Join(append([]string{first}, c.Notes...), "\n")
	return b
}

func (b *builder) nodes() {
	for _, c := range b.d.Components {
		switch c.Role {
		case Service:
			s := &c.Service
			s.Block = c.head()
			b.work(c, &s.Workload)
			b.m.Services = append(b.m.Services, s)
		case Gateway:
			g := &c.Gateway
			g.Workload = c.Service.Workload
			g.Block = c.head()
			g.GatewayKind = c.Kind
			b.work(c, &g.Workload)
			if !g.Timeout.Written && !c.Closed() {
				g.Timeout = Unknown[timeDuration]()
			}
			b.m.Gateways = append(b.m.Gateways, g)
		case Datastore:
			s := &c.Store
			s.Block = c.head()
			s.StoreKind, s.Engine, s.Scale = c.Kind, c.Engine, c.copies()
			b.m.Datastores = append(b.m.Datastores, s)
		case Broker:
			s := &c.Broker
			s.Block = c.head()
			s.Engine, s.Scale = c.Engine, c.copies()
			b.m.Brokers = append(b.m.Brokers, s)
		case Registry:
			s := &c.Reg
			s.Block = c.head()
			s.Engine, s.Scale = c.Engine, c.copies()
			b.m.Registries = append(b.m.Registries, s)
		case External:
			s := &c.Ext
			s.Block = c.head()
			b.m.Externals = append(b.m.Externals, s)
		case Client:
			s := &c.Client
			s.Block = c.head()
			s.ClientKind = c.Kind
			unstated(&s.Deadline)
			b.m.Clients = append(b.m.Clients, s)
		}
	}
}

// copies is a scale of failover copies: what one of them can do is not asked of a store.
func (c *Component) copies() model.Value[*model.Scale] {
	if c.Scale.V != nil && !c.Scale.V.Replicas.Written && !c.Scale.V.Zones.Written && !c.Scale.V.Min.Written && !c.Scale.V.Max.Written {
		return model.Value[*model.Scale]{}
	}
	return c.Scale
}

// Closed reports whether the component comes from a source that draws the whole picture.
func (c *Component) Closed() bool { return strings.HasPrefix(c.What, "micro.") }

func (b *builder) work(c *Component, w *model.Workload) {
	for _, a := range w.APIs {
		note := a.Comment
		a.Block = block(c.Addr(), model.KindAPI, a.Label)
		a.Comment = note
	}
	for _, s := range c.Service.Sidecars {
		note := s.Comment
		s.Block = block(c.Addr(), model.KindSidecar, s.Label)
		s.Comment = note
	}
	w.Scale, w.Deploy, w.RateLimit = c.Scale, c.Deploy, c.Limit
	if c.Engine.Written {
		w.Engine = c.Engine
	}
	if c.Inbound != nil {
		w.Inbound = Stated(model.Addr("policy."+c.Inbound.Label), c.InboundNote)
	}
	if c.Outward != nil {
		w.Policy = Stated(model.Addr("policy." + c.Outward.Label))
	}
	if c.Registry != nil {
		w.Discovery = model.Value[string]{V: string(c.Registry.Addr()), State: model.Stated, Written: true, Origin: w.Discovery.Origin}
	}
}
