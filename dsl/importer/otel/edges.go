package otel

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/model"
)

// Numbers of spans from which a quantile is stated: below them it says more about chance than about the service.
const (
	enoughP50 = 10
	enoughP99 = 100
)

func (r *reader) declare() {
	seen := map[string]bool{}
	for _, s := range r.spans {
		if seen[s.service] {
			continue
		}
		seen[s.service] = true
		r.services = append(r.services, s.service)
		c := r.component(s.service)
		if c.Place == "" {
			c.Place, c.What = s.place, "service in traces"
		}
	}
	for _, name := range r.services {
		var took []time.Duration
		for _, s := range r.served[name] {
			if s.kind == ptrace.SpanKindServer && s.end.After(s.start) {
				took = append(took, s.end.Sub(s.start))
			}
		}
		slices.Sort(took)
		note := fmt.Sprintf("%d requests in traces", len(took))
		l := &model.Latency{}
		if len(took) >= enoughP50 {
			l.P50 = draft.Stated(quantile(took, 0.50), note)
			if len(took) >= enoughP99 {
				l.P99 = draft.Stated(quantile(took, 0.99), note)
			}
			r.component(name).Service.Latency = draft.Object(l)
		}
	}
}

func (r *reader) component(name string) *draft.Component {
	if c := r.d.Host(name, ""); c != nil {
		return c
	}
	return r.d.Component(name, "")
}

// quantile of sorted durations by the nearest rank, rounded to what a reader compares: 0.1 ms.
func quantile(sorted []time.Duration, q float64) time.Duration {
	rank := int(math.Ceil(q * float64(len(sorted))))
	v := sorted[max(rank, 1)-1].Round(100 * time.Microsecond)
	return max(v, 100*time.Microsecond)
}

// pair is a caller and what it calls.
type pair struct{ from, to *draft.Component }

// edges reads calls: a server span below a span of another service, and client spans that nobody in the recording
// answers, which say what they reach.
func (r *reader) edges() {
	counts := map[pair]int{}
	places := map[pair]string{}
	order := []pair{}
	add := func(from, to *draft.Component, place string) {
		if from == nil || to == nil || from == to {
			return
		}
		p := pair{from, to}
		if counts[p] == 0 {
			order = append(order, p)
			places[p] = place
		}
		counts[p]++
	}
	for _, s := range r.spans {
		switch {
		case s.kind == ptrace.SpanKindServer && s.parent != nil && s.parent.service != s.service:
			add(r.component(s.parent.service), r.component(s.service), s.place)
		case s.kind == ptrace.SpanKindClient && !s.answered:
			add(r.component(s.service), r.peer(s), s.place)
		}
	}
	requests := map[*draft.Component]int{}
	for name, spans := range r.served {
		requests[r.component(name)] += len(spans)
	}
	for c, n := range requests {
		c.Requests = n
	}
	for _, p := range order {
		n := counts[p]
		e := r.d.Call(p.from, p.to, draft.Evidence{Place: places[p], How: fmt.Sprintf("%d calls in traces", n), Certainty: draft.Strong})
		if served := requests[p.from]; served >= enoughP50 {
			v := math.Round(float64(n)/float64(served)*1000) / 1000
			if v > 0 && v != 1 {
				e.Call.PerRequest = draft.Stated(v, fmt.Sprintf("%d in %d requests", n, served))
			}
		}
	}
}

// peer is what a client span reaches: a store by its system and name, another component or an outside system by its host.
func (r *reader) peer(s *span) *draft.Component {
	host := text(s.attrs, "server.address", "net.peer.name", "peer.hostname", "net.peer.ip", "peer.service")
	if c := r.d.Host(host, ""); host != "" && c != nil {
		return c
	}
	if system := text(s.attrs, "db.system.name", "db.system"); system != "" {
		name := cmp.Or(host, text(s.attrs, "db.namespace", "db.name"), system)
		c := r.d.Component(name, "")
		if c.Place == "" {
			c.Place, c.What, c.Role = s.place, "db.system "+system, draft.Datastore
			if p := draft.ByName(system); p != nil {
				c.Engine = draft.Stated(p.Name, s.place)
				if p.Kind != "" {
					c.Kind = draft.Stated(p.Kind, s.place)
				}
			} else {
				c.Engine = draft.Stated(system, s.place)
			}
		}
		return c
	}
	if text(s.attrs, "messaging.system") != "" {
		return nil
	}
	for _, a := range draft.Addresses("//" + host) {
		if slices.Contains([]byte(a.Host), '.') {
			c := r.d.Component(a.Host, "")
			if c.Place == "" {
				c.Place, c.What, c.Role = s.place, "outside these traces", draft.External
			}
			return c
		}
	}
	return nil
}

// messages reads who publishes to and consumes from which destination.
func (r *reader) messages() {
	type use struct {
		by      *draft.Component
		channel *draft.Channel
		publish bool
	}
	seen := map[use]*span{}
	counts := map[use]int{}
	var order []use
	for _, s := range r.spans {
		system := text(s.attrs, "messaging.system")
		name := text(s.attrs, "messaging.destination.name", "messaging.destination")
		op := text(s.attrs, "messaging.operation.type", "messaging.operation")
		publish := s.kind == ptrace.SpanKindProducer || op == "publish" || op == "send"
		if system == "" || name == "" || !publish && s.kind != ptrace.SpanKindConsumer {
			continue
		}
		u := use{r.component(s.service), r.d.Channel(name, isQueue(system), r.broker(system, s), s.place+" messaging destination"), publish}
		if seen[u] == nil {
			seen[u] = s
			order = append(order, u)
		}
		counts[u]++
	}
	for _, u := range order {
		ev := draft.Evidence{Kind: r.d.Reading, Place: seen[u].place, How: fmt.Sprintf("%d messages in traces", counts[u]), Certainty: draft.Strong}
		if u.publish {
			u.channel.Publishes = append(u.channel.Publishes, draft.Use{By: u.by, Evidence: ev})
		} else {
			u.channel.Consumes = append(u.channel.Consumes, draft.Use{By: u.by, Evidence: ev})
		}
	}
}

// isQueue tells products that give a message to one consumer from those that give it to every group. A RabbitMQ
// destination is named by its exchange or queue; it is taken for a queue.
func isQueue(system string) bool {
	switch system {
	case "aws_sqs", "rabbitmq", "servicebus", "activemq":
		return true
	}
	return false
}

func (r *reader) broker(system string, s *span) *draft.Component {
	host := text(s.attrs, "server.address", "net.peer.name")
	if c := r.d.Host(host, ""); host != "" && c != nil {
		if c.Role == "" {
			c.Role = draft.Broker
		}
		return c
	}
	c := r.d.Component(system, "")
	if c.Place == "" {
		c.Place, c.What, c.Role = s.place, "messaging.system "+system, draft.Broker
		c.Engine = draft.Stated(system, s.place)
	}
	return c
}

// entries are services whose server spans nobody in the recording called.
func (r *reader) entries() {
	window := r.last.Sub(r.first)
	roots := map[string]int{}
	for _, s := range r.spans {
		if s.kind == ptrace.SpanKindServer && s.parent == nil {
			roots[s.service]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(roots)) {
		how := fmt.Sprintf("%d requests from outside the traces", roots[name])
		if window >= time.Second {
			how += fmt.Sprintf(" in %s, %.3g a second", window.Round(time.Second), float64(roots[name])/window.Seconds())
		}
		c := r.component(name)
		c.Exposed = append(c.Exposed, draft.Exposure{Place: r.served[name][0].place, How: how})
		if window >= time.Second {
			c.EntryRate = draft.Stated(math.Round(float64(roots[name])/window.Seconds()*1000)/1000, "recorded; more if the traces were sampled")
		}
	}
}
