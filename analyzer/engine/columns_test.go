package engine

import (
	"reflect"
	"testing"
	"time"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestEqualKeysAreEqualNodes: a field's key, made without its node, tells apart what its node tells apart.
func TestEqualKeysAreEqualNodes(t *testing.T) {
	docs := benchDocs()[:60]
	origin := &model.Origin{From: "policy.rpc", Text: "2s"}
	for i := range docs {
		s := subject(docs[i])
		switch i % 6 {
		case 0:
			s.Timeout.Origin = origin
			s.RatePerReplica = assumed(1, 2, 3)
		case 1:
			s.Retry = model.Of(&model.Retry{MaxAttempts: model.Of(2+i%2, model.Stated)}, model.Inherited)
			s.Others = []string{"a", "b"}[:i%3]
		case 2:
			s.Deadline = model.Value[time.Duration]{V: time.Second, State: model.Unknown}
			s.Stores = []facts.StoreUse{{Addr: "datastore.a", Kind: facts.Is("sql")}}
		case 3:
			s.Rec.Timeout = facts.Exact(float64(i % 2))
			s.CircuitBreaker = model.Of(&model.CircuitBreaker{Window: model.Of(model.Window{Count: 100}, model.Stated)}, model.Stated)
		case 4:
			s.Access = model.Of("write", model.Stated)
			s.To = model.Of(model.Addr("service.z"), model.Stated)
		}
	}
	typ := reflect.TypeOf(docs[0].Subject)
	fields, unequal := 0, 0
	for _, f := range facts.Fields(docs[0].Subject) {
		a, _ := facts.NewAccess(typ, f.Name, "")
		if a == nil {
			t.Fatalf("no access to %s", f.Name)
		}
		fields++
		for i := range docs {
			for j := range docs[:i] {
				x, y := docs[i].Subject, docs[j].Subject
				byKey := string(a.AppendKey(nil, x)) == string(a.AppendKey(nil, y))
				byNode := string(appendKey(nil, a.Node(x))) == string(appendKey(nil, a.Node(y)))
				if byKey && !byNode {
					t.Fatalf("%s: one key for two nodes: %v and %v", f.Name, termOf(a.Node(x)), termOf(a.Node(y)))
				}
				if !byNode {
					unequal++
				}
			}
		}
	}
	if fields < 30 || unequal < 1000 {
		t.Errorf("only %d fields and %d unequal pairs", fields, unequal)
	}
}

func TestPartsOfGroupsAreReadOneByOne(t *testing.T) {
	e := with(t, own("p.rego", card("ACME-001", "")+`r contains "x" if {
	rec := input.subject.rec
	rec.timeout.value > 3
	input.subject.circuit_breaker.min_calls.value > 1
	input.subject.missing.part
}
`))
	if err := e.compileFor([]string{"call"}); err != nil {
		t.Fatal(err)
	}
	b := e.batch("call", []facts.Document{call("a")})
	var got []string
	for _, c := range b.cols {
		got = append(got, c.read.path())
	}
	want := []string{"subject.circuit_breaker", "subject.missing", "subject.rec.timeout"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("columns %v, want %v", got, want)
	}
	if in := inputOf(b.cols, 0).String(); in != `{"subject": {"circuit_breaker": {"state": "absent"}, "rec": {"timeout": {"hi": 1600, "lo": 1600, "state": "derived", "value": 1600}}}}` {
		t.Errorf("input %s", in)
	}
}
