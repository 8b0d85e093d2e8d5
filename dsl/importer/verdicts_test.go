package importer

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// judge answers the published verdicts of a case that the imported files can show, from the facts of the description
// alone, and counts those that agree. A verdict that must not be given is an error.
func judge(t *testing.T, m *model.Model, args string, alias [2]string, want int) {
	t.Helper()
	b, err := os.ReadFile("expected.yaml")
	if err != nil {
		t.Fatal(err)
	}
	y, diags := yamldoc.Parse("expected.yaml", b)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	all, agree := 0, 0
	for _, f := range y.Docs[0].Get("findings").Items() {
		if ok, _ := f.Get("score").Bool(); !ok || !observable(f, args) {
			continue
		}
		all++
		at := f.Get("location").Str()
		if find(m, at) == nil && at == alias[1] {
			at = alias[0]
		}
		got := verdict(m, f.Get("pattern").Str(), at)
		if got == f.Get("verdict").Str() {
			agree++
		} else {
			t.Logf("verdict    %s: %s at %s is %q, published %q", f.Get("id").Str(), f.Get("pattern").Str(), f.Get("location").Str(), got, f.Get("verdict").Str())
		}
	}
	for _, f := range y.Docs[0].Get("must_not_report").Items() {
		if got := verdict(m, f.Get("pattern").Str(), f.Get("location").Str()); got == f.Get("forbidden_verdict").Str() {
			t.Errorf("%s: %s at %s is %q, which must not be", f.Get("id").Str(), f.Get("pattern").Str(), f.Get("location").Str(), got)
		}
	}
	t.Logf("verdicts   %d of %d", agree, all)
	if agree < want {
		t.Errorf("%d verdicts recovered, want at least %d", agree, want)
	}
}

func observable(f yamldoc.Node, args string) bool {
	for _, o := range f.Get("observable_from").Strings() {
		o = strings.TrimSuffix(o, "/")
		if slices.Contains(strings.Fields(args), o) {
			return true
		}
	}
	return false
}

// find is the node that a published name means.
func find(m *model.Model, name string) model.Entity {
	var found model.Entity
	m.Each(func(e model.Entity) {
		if b := e.Self(); b.Parent == "" && b.Kind != model.KindPolicy && b.Kind != model.KindClient && plain(b.Label) == plain(name) {
			found = e
		}
	})
	return found
}

func verdict(m *model.Model, pattern, location string) string {
	switch pattern {
	case "api_gateway":
		return gatewayAt(m, location)
	case "database_per_service":
		return storeAt(m, location)
	case "message_queue", "event_driven":
		return some(len(m.Brokers) > 0)
	case "cqrs":
		return some(slices.ContainsFunc(m.Services, func(s *model.Service) bool {
			return s.CQRS.Has() && slices.Contains(strings.Split(location, ","), s.Label)
		}))
	case "service_registry":
		if from, to, ok := strings.Cut(location, "->"); ok {
			for _, c := range callsBetween(m, from, to) {
				if c.Discovery.V == "static" {
					return "missing"
				}
			}
			return "present"
		}
		return some(len(m.Registries) > 0)
	case "timeout", "circuit_breaker", "timeout_or_circuit_breaker":
		from, to, ok := strings.Cut(location, "->")
		if !ok {
			return "?"
		}
		if from == "*" { // every caller, those that no source shows included: what the callee's inbound policy says
			if w, ok := find(m, to).(model.Worker); ok && w.Work().Inbound.Has() {
				p, _ := m.Lookup(w.Work().Inbound.V).(*model.Policy)
				return some(p != nil && p.Timeout.Has() && p.Timeout.V == 10*time.Second)
			}
			return "missing"
		}
		return protected(callsBetween(m, from, to), pattern)
	}
	return "?"
}

func some(yes bool) string {
	if yes {
		return "present"
	}
	return "missing"
}

func gatewayAt(m *model.Model, location string) string {
	if location == "system" {
		return some(len(m.Gateways) > 0)
	}
	e := find(m, location)
	if e == nil {
		return "?"
	}
	if e.Self().Kind == model.KindGateway {
		return "present"
	}
	for _, c := range m.Clients {
		for _, call := range c.Calls {
			if call.To.V == e.Self().Addr {
				return "missing"
			}
		}
	}
	return "present"
}

func storeAt(m *model.Model, location string) string {
	worst := "present"
	for store, users := range m.StoreUsers() {
		_, label, _ := strings.Cut(string(store), ".")
		if location != "*" && plain(label) != plain(location) && !(strings.HasPrefix(location, "*") && strings.HasSuffix(plain(label), location[1:])) {
			continue
		}
		if len(users) > 1 {
			worst = "antipattern"
		} else if len(users) == 0 && worst == "present" {
			worst = "unused"
		}
	}
	return worst
}

func callsBetween(m *model.Model, from, to string) []*model.Call {
	var out []*model.Call
	a, b := find(m, from), find(m, to)
	n, ok := a.(model.Node)
	if !ok || b == nil {
		return nil
	}
	for _, c := range n.Out().Calls {
		if c.To.V == b.Self().Addr {
			out = append(out, c)
		}
	}
	return out
}

// protected judges calls as the published rule does: each one needs a time limit or a breaker. Unknown is no verdict.
func protected(calls []*model.Call, pattern string) string {
	if len(calls) == 0 {
		return "?"
	}
	for _, c := range calls {
		limit := c.Limit()
		breaker := c.CircuitBreaker.Has() || c.MeshBreaker.Has()
		switch {
		case breaker || pattern != "circuit_breaker" && limit.Has():
		case pattern != "circuit_breaker" && limit.IsUnknown():
			if len(calls) == 1 {
				return "unknown"
			}
		default:
			return "missing"
		}
	}
	return "present"
}
