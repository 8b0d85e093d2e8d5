package model

import (
	"slices"
	"testing"
	"time"
)

func TestLimit(t *testing.T) {
	const s = time.Second
	of := func(d time.Duration) Value[time.Duration] { return Of(d, Stated) }
	state := func(s State) Value[time.Duration] { return Value[time.Duration]{State: s} }
	for _, x := range []struct {
		timeout, deadline Value[time.Duration]
		want              time.Duration
		state             State
	}{
		{of(s), of(2 * s), s, Stated},
		{of(3 * s), of(2 * s), 2 * s, Stated},
		{of(s), state(Unknown), s, Stated},
		{state(None), of(2 * s), 2 * s, Stated},
		{state(Unknown), state(Absent), 0, Unknown},
		{state(None), state(Unknown), 0, Unknown},
		{state(None), state(Absent), 0, None},
		{state(Absent), state(None), 0, None},
		{state(Absent), state(Absent), 0, Absent},
	} {
		c := &Call{CallPolicies: CallPolicies{Timeout: x.timeout, Deadline: x.deadline}}
		if got := c.Limit(); got.V != x.want || got.State != x.state {
			t.Errorf("timeout %v, deadline %v: limit %v (%s), want %v (%s)", x.timeout, x.deadline, got.V, got.State, x.want, x.state)
		}
	}
}

func TestRetries(t *testing.T) {
	for _, x := range []struct {
		policy *Retry
		want   []string
	}{
		{nil, nil},
		{&Retry{}, FailureClasses},
		{&Retry{On: Of([]string{"503", "429"}, Stated)}, []string{FailServer}},
		{&Retry{On: Of([]string{"refused-stream", "504"}, Stated)}, []string{FailConnect, FailTimeout}},
		{&Retry{On: Of([]string{"404"}, Stated)}, nil},
	} {
		var got []string
		for _, class := range FailureClasses {
			if x.policy.Retries(class) {
				got = append(got, class)
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%v retries %v, want %v", x.policy, got, x.want)
		}
	}
}

func TestUsersAndCallers(t *testing.T) {
	addr := func(a Addr) Value[Addr] { return Of(a, Stated) }
	call := func(from, label string, to Addr) *Call {
		return &Call{Block: Block{Addr: Addr(from + ".call." + label), Parent: Addr(from)}, To: addr(to)}
	}
	m := &Model{
		Datastores: []*Datastore{{Block: Block{Addr: "datastore.d"}}, {Block: Block{Addr: "datastore.idle"}}},
		Clients:    []*Client{{Block: Block{Addr: "client.c"}, Edges: Edges{Calls: []*Call{call("client.c", "s", "service.s")}}}},
		Services: []*Service{
			{Block: Block{Addr: "service.s"}, Workload: Workload{Edges: Edges{
				Calls:     []*Call{call("service.s", "x", "datastore.d"), call("service.s", "y", "datastore.d")},
				Publishes: []*Publish{{Outbox: Of(&Outbox{Store: addr("datastore.d")}, Stated)}}}}},
			{Block: Block{Addr: "service.projector"}, EventSourcing: Of(&EventSourcing{Store: addr("topic.log"),
				Projections: Of([]Addr{"datastore.d"}, Stated)}, Stated)},
			{Block: Block{Addr: "service.cqrs"}, CQRS: Of(&CQRS{Write: addr("datastore.d")}, Stated)},
		},
		Externals:    []*External{{Block: Block{Addr: "external.e"}, Calls: []*Call{call("external.e", "hook", "service.s")}}},
		Transactions: []*Transaction{{Steps: []*Step{{In: addr("service.step"), Writes: addr("datastore.d")}}}},
	}
	users := m.StoreUsers()
	if got := users["datastore.d"]; !slices.Equal(got, []Addr{"service.cqrs", "service.projector", "service.s", "service.step"}) {
		t.Errorf("users %v", got)
	}
	if _, ok := users["datastore.idle"]; !ok || len(users) != 2 {
		t.Errorf("users of %d stores", len(users))
	}
	to := m.CallsTo()
	if got := to["service.s"]; len(got) != 2 || got[0].Addr != "client.c.call.s" || got[1].Addr != "external.e.call.hook" || len(to["datastore.d"]) != 2 {
		t.Errorf("calls %v", to)
	}
}

func TestRoutes(t *testing.T) {
	for _, x := range []struct {
		kind, logic string
		want        bool
	}{{"api", "routing", true}, {"bff", "", true}, {"aggregator", "", false}, {"aggregator", "routing", false}, {"api", "composition", false},
		{"proxy", "business", false}} {
		g := &Gateway{GatewayKind: Of(x.kind, Stated)}
		if x.logic != "" {
			g.Logic = Of(x.logic, Stated)
		}
		if g.Routes() != x.want {
			t.Errorf("%s with logic %q: %v", x.kind, x.logic, g.Routes())
		}
	}
}
