package check

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// journeys are the parts of some.
type journeys map[model.Addr][]model.Addr

func (j journeys) Standing(model.Addr) Standing    { return Standing{} }
func (j journeys) Parts(a model.Addr) []model.Addr { return j[a] }

// One cause, one finding: a consumer that repeats its effects is the cause of what the publish's finding is about.
func TestSubsume(t *testing.T) {
	m := &model.Model{Services: []*model.Service{{Block: model.Block{Addr: "service.a"}}, {Block: model.Block{Addr: "service.b"}}}}
	call := func(label string) *model.Call {
		return &model.Call{Block: model.Block{Addr: model.Addr("service.a.call." + label), Kind: model.KindCall}, To: model.Of(model.Addr("service.b"), model.Stated)}
	}
	m.Services[0].Calls = []*model.Call{call("x"), call("y")}
	m.Index()
	s := &scene{m: m, src: journeys{"journey.j": {"service.a", "service.a.call.x"}}}
	cards := map[string]*analyzer.Card{"P-001": {Subsumes: []string{"C-001"}}, "C-001": {}}
	finding := func(rule string, subject model.Addr, evidence ...model.Addr) *analyzer.Finding {
		f := &analyzer.Finding{Rule: rule, Subject: subject}
		for _, e := range evidence {
			f.Evidence = append(f.Evidence, analyzer.Related{Addr: e})
		}
		return f
	}
	for _, c := range []struct {
		name          string
		parent, child *analyzer.Finding
		hidden        bool
	}{
		{"the same subject", finding("P-001", "service.a"), finding("C-001", "service.a"), true},
		{"another subject", finding("P-001", "service.a"), finding("C-001", "service.b"), false},
		{"the parent names the child", finding("P-001", "service.a", "service.b"), finding("C-001", "service.b"), true},
		{"the child names the parent", finding("P-001", "service.a"), finding("C-001", "service.b", "service.a"), true},
		{"both name a third", finding("P-001", "service.a", "service.c"), finding("C-001", "service.b", "service.c"), false},
		{"the child lies inside the parent", finding("P-001", "service.a"), finding("C-001", "service.a.call.x"), true},
		{"the parent lies inside the child", finding("P-001", "service.a.call.x"), finding("C-001", "service.a"), true},
		{"the child leads to the parent", finding("P-001", "service.b"), finding("C-001", "service.a.call.x"), true},
		{"the parent is a part of the child", finding("P-001", "service.a.call.x"), finding("C-001", "journey.j"), true},
		{"the child is a part of the parent", finding("P-001", "journey.j"), finding("C-001", "service.a"), true},
		{"the parent names another call", finding("P-001", "service.a", "service.a.call.y"), finding("C-001", "service.a.call.x"), false},
		{"the parent names another call of its callers", finding("P-001", "service.b", "service.a.call.y"), finding("C-001", "service.a.call.x"), false},
		{"the parent names this call among others", finding("P-001", "service.b", "service.a.call.x", "service.a.call.y"), finding("C-001", "service.a.call.x"), true},
		{"another call of the same service", finding("P-001", "service.a.call.y"), finding("C-001", "service.a.call.x", "service.a.call.y"), false},
		{"the same call", finding("P-001", "service.a.call.x", "service.a.call.y"), finding("C-001", "service.a.call.x"), true},
		{"the journey passes by", finding("P-001", "service.b"), finding("C-001", "journey.j"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			left := s.subsume([]*analyzer.Finding{c.child, c.parent}, cards)
			if hidden := len(left) == 1 && left[0] == c.parent && strings.Join(c.parent.Subsumes, " ") == c.child.ID(); hidden != c.hidden {
				t.Errorf("%d left, the parent stands for %v", len(left), c.parent.Subsumes)
			}
		})
	}
}
