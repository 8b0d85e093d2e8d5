package draft

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

type timeDuration = time.Duration

// entries writes the clients that come in from outside. Where a gateway has a way in, it is the way in: ports that its
// services publish beside it are named and not modelled.
func (b *builder) entries() {
	var open []*Component
	gateway := false
	for _, c := range b.d.Components {
		if len(c.Exposed) > 0 && (c.Role == Service || c.Role == Gateway) {
			open = append(open, c)
			gateway = gateway || c.Role == Gateway
		}
	}
	if len(open) == 0 {
		return
	}
	users := &Component{Name: "users", Role: Client, What: "Whoever comes in from outside: their kind, rate and patience are not in these files", label: "users"}
	users.label = free(b.labelsOf(Client), "", users.label)
	users.Client.Block = users.head()
	users.Client.ClientKind = Unknown[string]()
	users.Client.Deadline = Unknown[time.Duration]()
	b.m.Clients = append(b.m.Clients, &users.Client)
	rate, rated := 0.0, true
	for _, c := range open {
		rate, rated = rate+c.EntryRate.V, rated && c.EntryRate.Has()
	}
	if rated && rate > 0 {
		users.Client.RPS = Stated(rate, open[0].EntryRate.Origin.Comment)
	}
	for _, c := range open {
		if gateway && c.Role != Gateway && !c.onlyWay(b.d) {
			b.block(c).Comment += "\nAlso open to the outside (" + c.Exposed[0].Place + " " + c.Exposed[0].How + "): the description lets clients in by the gateway only."
			continue
		}
		e := &Edge{From: users, To: c, order: len(b.d.Edges)}
		e.Call.Fallback = Stated("fail", "nothing else answers what comes in here")
		for _, x := range c.Exposed {
			e.Evidence = append(e.Evidence, Evidence{Place: x.Place, How: x.How, Certainty: Strong, Kind: c.kind()})
		}
		if rated && len(open) > 1 && rate > 0 {
			e.Call.PerRequest = Stated(math.Round(c.EntryRate.V/rate*1000)/1000, "its share of the recorded requests")
		}
		b.d.Edges = append(b.d.Edges, e)
		c.unlimited()
		if c.Role == Gateway { // what it only forwards reaches the services behind it as it came in
			for _, behind := range b.d.Edges {
				if behind.From == c && behind.To.Role == Service {
					behind.To.unlimited()
				}
			}
		}
	}
}

// unlimited says of an entry that no source shows what bounds its requests.
func (c *Component) unlimited() {
	switch {
	case c.Limit.Written:
	case c.Role == Gateway:
		c.Gateway.RateLimit = Unknown[*model.RateLimit]()
	case c.Role == Service:
		c.Service.RateLimit = Unknown[*model.RateLimit]()
	}
}

// onlyWay reports whether a load balancer was put in front of this very component, which nobody does by accident.
func (c *Component) onlyWay(*Draft) bool {
	return slices.ContainsFunc(c.Exposed, func(x Exposure) bool {
		return strings.Contains(x.How, "LoadBalancer") || strings.HasPrefix(x.How, "drawn")
	})
}

func (b *builder) labelsOf(r Role) map[string]bool {
	out := map[string]bool{}
	for _, c := range b.d.Components {
		if c.Role == r {
			out[c.label] = true
		}
	}
	return out
}

func (b *builder) block(c *Component) *model.Block {
	if c.Role == Gateway {
		return &c.Gateway.Block
	}
	return &c.Service.Block
}

// out are the edges of the node that a component became; nil if it has none.
func (c *Component) out() *model.Edges {
	switch c.Role {
	case Service:
		return &c.Service.Edges
	case Gateway:
		return &c.Gateway.Edges
	case Client:
		return &c.Client.Edges
	}
	return nil
}

// readKinds are stores of which the language derives that they are read. Of the others it would derive that their only
// user writes them, on every request; no source of an import shows that.
var readKinds = []string{"cache", "search", "warehouse"}

func (b *builder) edges() {
	slices.SortStableFunc(b.d.Edges, func(x, y *Edge) int { return cmp.Compare(x.order, y.order) })
	names := map[*Component]map[string]bool{}
	for _, e := range b.d.Edges {
		if names[e.From] == nil {
			names[e.From] = map[string]bool{}
		}
		call := e.Call
		call.Block = block(e.From.Addr(), model.KindCall, free(names[e.From], "", Label(cmp.Or(e.Name, e.To.label))))
		b.d.showEdge(call.Addr, e.Closed, e.Evidence...)
		call.To = Stated(e.To.Addr(), comment(e.Evidence))
		if e.To.Role == Datastore && !call.Access.Written && !slices.Contains(readKinds, e.To.Kind.V) {
			call.Access = Unknown[string]()
		}
		if in := e.To.Inbound; in != nil && !e.To.takesPolicy() && !call.Policy.Written {
			call.Policy = Stated(model.Addr("policy."+in.Label), e.To.InboundNote)
		}
		if e.Closed && b.drawn != nil && !call.Policy.Written {
			call.Policy = Stated(b.drawn.Addr)
		}
		if e.From.Role == Client && !e.Closed { // clients inherit nothing from the system
			e.From.Client.Policy = Stated(b.unseen.Addr)
		}
		if out := e.From.out(); out != nil {
			out.Calls = append(out.Calls, &call)
		} else if e.From.Role == External {
			e.From.Ext.Calls = append(e.From.Ext.Calls, &call)
		}
	}
}

// settleChannels drops what a channel's broker turned out not to be.
func (d *Draft) settleChannels() {
	for _, ch := range d.Channels {
		if ch.Broker != nil && ch.Broker.Role != Broker {
			if ch.Broker.Role == Service || ch.Broker.Role == Datastore { // a Redis that carries messages is a broker here
				ch.Broker.Role, ch.Broker.Why = Broker, "it carries "+ch.Name
				continue
			}
			ch.Broker = nil
		}
	}
}

func (b *builder) channels() {
	taken := map[string]bool{}
	for _, ch := range b.d.Channels {
		ch.label = free(taken, string(ch.kind())+".", Label(ch.Name))
	}
	for _, ch := range b.d.Channels {
		kind := ch.kind()
		head := block("", kind, ch.label)
		head.Comment = ch.Place
		addr := head.Addr
		if ch.StandIn {
			b.d.shown.StandIns[addr] = true
		}
		if ch.Queue {
			q := &ch.Store
			q.Block = head
			if ch.Broker != nil {
				q.Broker = Stated(ch.Broker.Addr())
			} else if !q.Engine.Written {
				q.Engine = Stated("unknown_broker", "not in these files: name the product")
			}
			unstated(&q.DeadLetter)
			unstated(&q.DedupWindow)
			unstated(&q.MaxAge)
			unstated(&q.MaxLength)
			b.m.Queues = append(b.m.Queues, q)
		} else {
			t := &ch.Topic
			t.Block = head
			if ch.Broker != nil {
				t.Broker = Stated(ch.Broker.Addr())
			}
			unstated(&t.OrderingKey)
			unstated(&t.Schema)
			unstated(&t.DedupWindow)
			b.m.Topics = append(b.m.Topics, t)
		}
		b.uses(ch, addr)
	}
}

func (ch *Channel) kind() model.Kind {
	if ch.Queue {
		return model.KindQueue
	}
	return model.KindTopic
}

func (b *builder) uses(ch *Channel, addr model.Addr) {
	for _, u := range ch.Publishes {
		if out := u.By.out(); out != nil {
			p := u.Publish
			names := map[string]bool{}
			for _, o := range out.Publishes {
				names[o.Label] = true
			}
			p.Block = block(u.By.Addr(), model.KindPublish, free(names, "", ch.label))
			p.To = Stated(addr, u.Evidence.String())
			b.d.showEdge(p.Addr, false, u.Evidence)
			unstated(&p.Outbox)
			out.Publishes = append(out.Publishes, &p)
		}
	}
	for _, u := range ch.Consumes {
		if out := u.By.out(); out != nil {
			c := u.Consume
			names := map[string]bool{}
			for _, o := range out.Consumes {
				names[o.Label] = true
			}
			c.Block = block(u.By.Addr(), model.KindConsume, free(names, "", ch.label))
			c.From = Stated(addr, u.Evidence.String())
			b.d.showEdge(c.Addr, false, u.Evidence)
			unstated(&c.DedupWindow)
			unstated(&c.Retry)
			if d := u.DeadLetter; d != nil {
				c.DeadLetter = Stated(model.Addr(string(d.kind())+"."+d.label), d.Place)
			} else if !ch.Queue {
				unstated(&c.DeadLetter)
			}
			if ch.Queue && ch.StandIn { // both directions stand for the one that holds: perhaps only one of them consumes
				unstated(&c.Competing)
			}
			out.Consumes = append(out.Consumes, &c)
		}
	}
}

// unstated makes a control unknown that no source states.
func unstated[T any](v *model.Value[T]) {
	if !v.Written {
		*v = Unknown[T]()
	}
}

func (b *builder) meshes() {
	for _, x := range b.d.Meshes {
		mesh := &x.Mesh
		head := block("", model.KindMesh, Label(x.Label))
		head.Comment = x.Comment
		mesh.Block = head
		var members []model.Addr
		for _, c := range x.Members {
			if c.Role == Service && !slices.Contains(members, c.Addr()) {
				members = append(members, c.Addr())
			}
		}
		slices.Sort(members)
		origin := mesh.Members.Origin
		mesh.Members = Stated(members)
		mesh.Members.Origin = origin
		if p := b.meshRetry(x); p != nil {
			mesh.Policy = Stated(p.Addr)
		}
		unstated(&mesh.ControlPlane)
		b.m.Meshes = append(b.m.Meshes, mesh)
	}
}

// meshRetry is the policy of a mesh whose retries are stated callee by callee: its own retry on the other edges is
// not asked for on top of them.
func (b *builder) meshRetry(x *Mesh) *model.Policy {
	for _, c := range x.Members {
		if c.Inbound == nil || !c.Inbound.Retry.Written {
			continue
		}
		taken := map[string]bool{}
		for _, p := range b.m.Policies {
			taken[p.Label] = true
		}
		p := &model.Policy{}
		p.Block = block("", model.KindPolicy, free(taken, "", "mesh"))
		p.Comment = "The mesh's retries are stated per callee, in the inbound policies."
		p.Retry = Unknown[*model.Retry]()
		b.m.Policies = append(b.m.Policies, p)
		return p
	}
	return nil
}
