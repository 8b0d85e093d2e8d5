package check

import (
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// The same change of the same block inside three subjects is one finding, and each change stays at its block.
func TestGroupOfChangesInside(t *testing.T) {
	m := &model.Model{System: &model.System{}}
	m.System.Addr = "system.shop"
	limited := func(a, in model.Addr) *analyzer.Finding {
		return &analyzer.Finding{Rule: "DSC-011", Kind: analyzer.Misconfigured, Subject: a, Detail: "Nothing limits it.",
			Facts: []analyzer.Fact{{Name: "leaky"}}, Fixes: []analyzer.Fix{{Ops: []analyzer.Op{{At: in, Set: "memory", Value: "64MiB"}}}}}
	}
	fs := []*analyzer.Finding{
		limited("service.a", "service.a.sidecar.otel"), limited("service.b", "service.b.sidecar.otel"), limited("service.c", "service.c.sidecar.otel"),
	}
	got := Group(m, fs)
	if len(got) != 1 || len(got[0].Fixes[0].Ops) != 3 || got[0].Fixes[0].Ops[1].At != "service.b.sidecar.otel" {
		t.Fatalf("grouped into %d: %+v", len(got), got[0].Fixes)
	}
	fs[1].Range.Start.Byte, fs[2].Range.Start.Byte = 90, 40 // the last one stands above it
	if ops := Group(m, fs)[0].Fixes[0].Ops; ops[0].At != "service.a.sidecar.otel" || ops[1].At != "service.c.sidecar.otel" {
		t.Errorf("changes in the order %v, want that of the file", ops)
	}
	for i, f := range fs { // the same block to add
		f.Fixes[0].Ops[0] = analyzer.Op{At: f.Subject, Add: "api", Label: "rest", Value: map[string]any{"version": "v1"}}
		if i == 2 {
			if got := Group(m, fs); len(got) != 1 || len(got[0].Fixes[0].Ops) != 3 {
				t.Errorf("one block to add to three services: %d findings", len(got))
			}
			f.Fixes[0].Ops[0].Label = "web"
			if got := Group(m, fs); len(got) != 3 {
				t.Errorf("with a block of another label %d findings", len(got))
			}
		}
	}
	fs[0], fs[1] = limited("service.a", "service.a.sidecar.otel"), limited("service.b", "service.b.sidecar.otel")
	for _, in := range []model.Addr{"service.cc", "service.c.sidecar.log"} { // another service, another block
		fs[2] = limited("service.c", in)
		if got := Group(m, fs); len(got) != 3 {
			t.Errorf("with a change at %s grouped into %d", in, len(got))
		}
	}
}
