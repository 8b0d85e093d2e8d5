package diagram

import (
	"fmt"
	"strings"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// spelling is how words of the language are written for people.
var spelling = map[string]string{
	"rest": "REST", "grpc": "gRPC", "graphql": "GraphQL", "websocket": "WebSocket", "oidc": "OIDC", "mtls": "mTLS", "jwt": "JWT",
	"2pc": "2PC", "blue_green": "blue-green", "cdc": "CDC", "bff": "backend for frontend", "at-least-once": "at least once",
	"at-most-once": "at most once", "exactly-once": "exactly once", "kv": "key-value",
}

func spelled(word string) string {
	if s, ok := spelling[word]; ok {
		return s
	}
	return strings.ReplaceAll(word, "_", " ")
}

// stated reports whether somebody wrote a value on the block itself: a picture prints what can be read there.
func stated[T any](v model.Value[T]) bool { return v.State == model.Stated }

// replicasWord is "4 replicas in 2 zones", empty where nobody said.
func replicasWord(s model.Value[*model.Scale]) string {
	if !s.Has() || s.V == nil {
		return ""
	}
	out := ""
	switch x := s.V; {
	case x.Replicas.Has():
		out = analyzer.Plural(x.Replicas.V, "replica")
	case x.Min.Has() && x.Max.Has():
		out = fmt.Sprintf("%d to %d replicas", x.Min.V, x.Max.V)
	case x.Min.Has():
		out = fmt.Sprintf("%d replicas and more", x.Min.V)
	case x.Max.Has():
		out = fmt.Sprintf("up to %d replicas", x.Max.V)
	}
	if z := s.V.Zones; z.Has() && z.V > 1 {
		if out != "" {
			out += " in "
		}
		out += analyzer.Plural(z.V, "zone")
	}
	return out
}

// facts are what a part says of itself, at most two lines.
func (s *scene) facts(p *part) []string {
	var out []string
	switch x := p.of.(type) {
	case *model.Client:
		if x.RPS.Has() {
			out = append(out, rate(x.RPS.V))
		}
		if x.Connections.Has() {
			out = append(out, number(float64(x.Connections.V))+" connections")
		}
	case *model.Gateway:
		out = append(out, replicasWord(x.Scale))
	case *model.Service:
		registry := ""
		if r := x.Discovery; stated(r) && strings.HasPrefix(r.V, "registry.") {
			registry = "registry " + strings.TrimPrefix(r.V, "registry.")
		}
		out = append(out, replicasWord(x.Scale), registry)
	case *model.Datastore:
		out = s.storeFacts(x)
	case *model.Topic:
		if x.Partitions.Has() {
			out = append(out, analyzer.Plural(x.Partitions.V, "partition"))
		}
		if stated(x.Delivery) {
			out = append(out, spelled(x.Delivery.V))
		}
	case *model.Queue:
		visible := ""
		if stated(x.VisibilityTimeout) {
			visible = "visible after " + duration(x.VisibilityTimeout.V)
		}
		out = append(out, fits(maxFact, x.Engine.Or(""), visible))
	case *model.Broker:
		out = append(out, x.Engine.Or(""))
	case *model.Registry:
		out = append(out, x.Engine.Or(""), replicasWord(x.Scale))
	case *model.External:
		out = append(out, externalFact(x))
	}
	var kept []string
	for _, f := range out {
		if f != "" && len(kept) < 2 {
			kept = append(kept, f)
		}
	}
	return kept
}

func externalFact(x *model.External) string {
	avail, limit := "", ""
	if x.Availability.Has() && x.Availability.State != model.Assumed {
		avail = percent(x.Availability.V)
	}
	if x.RPSLimit.Has() {
		limit = rate(x.RPSLimit.V)
	}
	return fits(maxFact, avail, limit)
}

// storeFacts: how many share it, then what is in it or what it is.
func (s *scene) storeFacts(d *model.Datastore) []string {
	var out []string
	if users := s.storeUsers[d.Addr]; len(users) > 1 {
		writers := map[model.Addr]bool{}
		for _, c := range s.callsTo[d.Addr] {
			if c.Access.Or("") == "write" {
				writers[c.Parent] = true
			}
		}
		fact := analyzer.Plural(len(users), "user")
		if len(writers) > 0 {
			fact += ", " + analyzer.Plural(len(writers), "writer")
		}
		out = append(out, fact)
	}
	return append(out, fits(maxFact, append([]string{d.Engine.Or("")}, d.Data.Or(nil)...)...))
}

// inPlace are the badges of what a part has, in the order of the language.
func (s *scene) inPlace(p *part) []Badge {
	var out []string
	add := func(text string) {
		if text != "" {
			out = append(out, text)
		}
	}
	work := func(w *model.Workload) {
		for _, a := range w.APIs {
			add(apiWord(a))
		}
		if stated(w.Auth) && w.Auth.V != "none" {
			add(spelled(w.Auth.V))
		}
		if l := w.RateLimit; stated(l) && l.V != nil {
			text := "rate limit"
			if l.V.RPS.Has() {
				text += " " + rate(l.V.RPS.V)
			}
			add(text)
		}
	}
	switch x := p.of.(type) {
	case *model.Gateway:
		work(&x.Workload)
		if stated(x.Deploy) && x.Deploy.V != nil && x.Deploy.V.Strategy.Has() {
			add(spelled(x.Deploy.V.Strategy.V))
		}
	case *model.Service:
		work(&x.Workload)
		for _, t := range s.m.Transactions {
			if t.Orchestrator.Or("") == p.addr && t.Pattern.Has() {
				add(spelled(t.Pattern.V))
			}
		}
		if x.CQRS.Has() {
			add("CQRS")
		}
		if x.EventSourcing.Has() {
			add("event log")
		}
		if stated(x.Deploy) && x.Deploy.V != nil && x.Deploy.V.Strategy.Has() {
			add(spelled(x.Deploy.V.Strategy.V))
		}
		for _, f := range s.flags[p.addr] {
			add("flag " + f)
		}
		for _, c := range x.Sidecars {
			add("sidecar " + c.Label)
		}
		for _, g := range s.m.Migrations {
			if g.Legacy.Or("") == p.addr {
				add(spelled(g.Strategy.Or("strangler")) + ": " + analyzer.Plural(len(g.Routes), "route"))
			}
		}
	case *model.Datastore:
		if x.ReadReplicas.Has() && x.ReadReplicas.V > 0 {
			add(analyzer.Plural(x.ReadReplicas.V, "read replica"))
		}
		if x.Shards.Has() && x.Shards.V > 1 {
			add(analyzer.Plural(x.Shards.V, "shard"))
		}
	}
	badges := make([]Badge, len(out))
	for i, t := range out {
		badges[i] = Badge{Look: LookPattern, Text: cut(t, maxBadge)}
	}
	return badges
}

func apiWord(a *model.API) string {
	out := spelled(a.Label)
	switch {
	case a.Version.Has():
		out += " " + a.Version.V
	case a.MaxDepth.Has():
		out += fmt.Sprintf(", depth %d", a.MaxDepth.V)
	}
	return out
}

// lineWords name a line and say what is stated on it.
func (s *scene) lineWords(l *line) (name string, facts []string) {
	switch {
	case l.call != nil:
		return s.callWords(l)
	case l.publish != nil:
		return edgeName(l.publish.Label, l.publish.To.V), nil
	case l.consume != nil:
		c := l.consume
		name = edgeName(c.Label, c.From.V)
		if c.Batch.Has() && c.Batch.V > 1 {
			name = fits(maxEdge, name, fmt.Sprintf("by %d", c.Batch.V))
		}
		return name, nil
	}
	return cut(l.word, maxEdge), nil
}

// edgeName is an edge's label, empty where it only repeats the box at the edge's other end.
func edgeName(label string, end model.Addr) string {
	if strings.HasSuffix(string(end), "."+label) {
		return ""
	}
	return cut(label, maxEdge)
}

func (s *scene) callWords(l *line) (name string, facts []string) {
	c := l.call
	name = edgeName(c.Label, c.To.V)
	if l.kind != Call {
		name = c.Access.Or("")
		if name == "" {
			name = oneLine(edgeName(c.Label, c.To.V))
		}
		cached, pool := "", ""
		if c.CacheHit.Has() && c.CacheHit.V > 0 && stated(c.CacheHit) {
			cached = share(c.CacheHit.V) + " cached"
		}
		if stated(c.Pool) {
			pool = fmt.Sprintf("pool %d", c.Pool.V)
		}
		name = fits(maxEdge, name, cached, pool)
	} else if n := c.PerRequest; n.Has() && n.V > 1 {
		name = withTail(name, "x"+number(n.V))
	} else if n.Has() && n.V < 1 {
		name = withTail(name, share(n.V))
	}
	if f := limitWords(c); f != "" {
		facts = append(facts, f)
	}
	return name, facts
}

// withTail appends a number that must not be lost to a name that may be cut.
func withTail(name, tail string) string {
	if name == "" {
		return tail
	}
	return cut(name, maxEdge-1-len(tail)) + " " + tail
}

// limitWords is "600 ms, 3 tries", of what is written on the call itself.
func limitWords(c *model.Call) string {
	limit := ""
	switch {
	case stated(c.Timeout):
		limit = duration(c.Timeout.V)
	case stated(c.Deadline):
		limit = duration(c.Deadline.V)
	case c.Timeout.State == model.None && c.Timeout.Written:
		limit = "no time limit"
	}
	tries := ""
	if stated(c.Retry) && c.Retry.V != nil && c.Retry.V.MaxAttempts.Has() {
		tries = triesWord(c.Retry.V.MaxAttempts.V)
	}
	return fits(maxEdge, limit, tries)
}

func triesWord(n int) string {
	switch {
	case n == model.Unlimited:
		return "endless tries"
	case n == 1:
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}

// guards are the badges of what protects a line, as written on it.
func guards(l *line) []Badge {
	var out []Badge
	add := func(text string) { out = append(out, Badge{Look: LookPattern, Text: cut(text, maxBadge)}) }
	switch {
	case l.call != nil:
		c := l.call
		if stated(c.CircuitBreaker) {
			add("breaker")
		}
		if b := c.Bulkhead; stated(b) && b.V != nil {
			text := "bulkhead"
			if b.V.MaxConcurrent.Has() {
				text += fmt.Sprintf(" %d", b.V.MaxConcurrent.V)
			}
			add(text)
		}
		if r := c.RateLimit; stated(r) && r.V != nil {
			text := "rate limit"
			if r.V.RPS.Has() {
				text += " " + rate(r.V.RPS.V)
			}
			add(text)
		}
		if stated(c.Fallback) && c.Fallback.V != "" && c.Fallback.V != "fail" {
			word := c.Fallback.V
			if i := strings.LastIndexByte(word, '.'); i >= 0 {
				word = word[i+1:] // another node
			}
			if text := "fallback " + spelled(word); len(text) <= maxBadge {
				add(text)
			} else {
				add("fallback")
			}
		}
	case l.publish != nil:
		if l.publish.Outbox.Has() {
			add("outbox")
		}
	}
	return out
}

// inheritedLimit is the time limit that calls without one of their own mostly get, zero for none.
func (s *scene) inheritedLimit() (time.Duration, bool) {
	count := map[time.Duration]int{}
	for _, l := range s.lines {
		if l.call != nil && l.call.Timeout.State == model.Inherited {
			count[l.call.Timeout.V]++
		}
	}
	best, n := time.Duration(0), 0
	for d, k := range count {
		if k > n || k == n && d < best {
			best, n = d, k
		}
	}
	return best, n > 0
}
