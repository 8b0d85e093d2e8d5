package facts

import (
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// refs are the addresses that something else in the model refers to or inherits from; edges are counted by the graph. A
// waiver is no use. A test holds the list of attributes below to those of the language.
func (f *Facts) refs() map[model.Addr]bool {
	if f.paths.refs != nil {
		return f.paths.refs
	}
	r := refs{}
	f.m.Each(func(e model.Entity) { r.of(e) })
	f.paths.refs = r
	return r
}

type refs map[model.Addr]bool

func (r refs) to(list ...model.Value[model.Addr]) {
	for _, v := range list {
		if v.Has() {
			r[v.V] = true
		}
	}
}

func (r refs) many(v model.Value[[]model.Addr]) {
	for _, a := range v.V {
		r[a] = true
	}
}

// word is an attribute that holds a word or an address.
func (r refs) word(v model.Value[string]) {
	if v.Has() && strings.Contains(v.V, ".") {
		r[model.Addr(v.V)] = true
	}
}

// from is where inherited values come from.
func (r refs) from(list ...string) {
	for _, a := range list {
		if a != "" {
			r[model.Addr(a)] = true
		}
	}
}

func (r refs) of(e model.Entity) {
	b := e.Self()
	r.from(b.Team.From(), b.Region.From())
	switch x := e.(type) {
	case *model.System:
		r.to(x.Policy)
		r.word(x.Discovery)
	case *model.Policy:
		r.word(x.Fallback)
	case *model.Client:
		r.to(x.Policy)
	case *model.Gateway:
		r.many(x.Serves)
		r.work(&x.Workload)
	case *model.Service:
		r.work(&x.Workload)
		if q := valueOf(x.CQRS); q != nil {
			r.to(q.Write, q.Read)
			r.word(q.Sync)
		}
		if s := valueOf(x.EventSourcing); s != nil {
			r.to(s.Store, s.Publishes)
			r.many(s.Projections)
		}
	case *model.API:
		r.to(x.Backplane)
	case *model.Sidecar:
		r.to(x.Store)
	case *model.Call:
		r.call(x)
	case *model.Publish:
		r.to(x.To)
		if o := valueOf(x.Outbox); o != nil {
			r.to(o.Store)
		}
	case *model.Consume:
		r.to(x.From, x.DeadLetter)
	case *model.Datastore:
		r.to(x.Owner)
	case *model.Topic:
		r.to(x.Broker)
	case *model.Queue:
		r.to(x.Broker, x.DeadLetter)
	case *model.Mesh:
		r.to(x.Policy)
		r.many(x.Members)
	case *model.Transaction:
		r.to(x.Orchestrator, x.Durable)
	case *model.Step:
		r.to(x.In, x.Writes, x.Via)
	case *model.Migration:
		r.to(x.Legacy, x.Facade, x.AntiCorruption)
	case *model.Route:
		r.to(x.To, x.Flag)
	case *model.Flag:
		r.many(x.Used)
		r.to(x.Provider, x.Gates)
	}
}

func (r refs) work(w *model.Workload) {
	r.to(w.Policy, w.Inbound)
	r.word(w.Discovery)
	r.from(w.Deploy.From(), w.Scale.From(), w.Discovery.From(), w.LoadBalancing.From(), w.DeadlinePropagation.From(), w.Auth.From())
}

func (r refs) call(c *model.Call) {
	r.to(c.To, c.Policy)
	r.word(c.Discovery)
	r.word(c.Fallback)
	r.from(
		c.Timeout.From(), c.Deadline.From(), c.ConnectTimeout.From(), c.Retry.From(), c.CircuitBreaker.From(), c.Bulkhead.From(),
		c.RateLimit.From(), c.Fallback.From(), c.MeshRetry.From(), c.MeshBreaker.From(), c.Discovery.From(),
	)
}

func trimFloat(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
