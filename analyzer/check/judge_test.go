package check

import (
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

type nowhere struct{}

func (nowhere) Standing(model.Addr) Standing  { return Standing{} }
func (nowhere) Parts(model.Addr) []model.Addr { return nil }

// Subjects that agree in what a rule reads share one evaluation. Each finding still says where its own subject states the
// fact.
func TestFactsOfOneShapeKeepTheirPlaces(t *testing.T) {
	m := &model.Model{}
	for i, label := range []string{"a", "b"} {
		s := &model.Service{Block: model.Block{Addr: model.Addr("service." + label)}}
		at := model.Range{File: "x.hcl"}
		at.Start.Line, at.End.Line = int32(i+10), int32(i+10)
		s.Team = model.Value[string]{V: "t", State: model.Stated, Written: true, Origin: &model.Origin{Range: at}}
		m.Services = append(m.Services, s)
	}
	m.Index()
	s := &scene{m: m, src: nowhere{}}
	shared := []analyzer.Fact{{Name: "team", Path: "subject.team", State: model.Stated.String()}}
	card := &analyzer.Card{ID: "T-001", Severities: []analyzer.Severity{analyzer.High}}
	found, _ := s.judge(&Evaluation{Raws: []analyzer.Raw{
		{Card: card, Subject: "service.a", Verdict: analyzer.Violation, Facts: shared},
		{Card: card, Subject: "service.b", Verdict: analyzer.Violation, Facts: shared},
	}})
	for i, f := range found {
		if got := f.Facts[0].Range.Start.Line; got != int32(i+10) {
			t.Errorf("%s states its team on line %d", f.Subject, got)
		}
	}
}
