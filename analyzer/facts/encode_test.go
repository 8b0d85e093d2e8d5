package facts

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/archcheck/archcheck/dsl/model"
)

// sample stands for a subject: a model block whose attributes are facts, one of them replaced by a computed one.
type sample struct {
	*model.Call
	Rate    Num      `fact:"rate" unit:"rps"`
	Payload Num      `fact:"payload" unit:"bytes"`
	Others  []string `fact:"others"`
	Rec     struct {
		Timeout string `fact:"timeout"`
	} `fact:"rec"`
}

func TestEncode(t *testing.T) {
	call := &model.Call{}
	call.Timeout = model.Value[time.Duration]{V: 2 * time.Second, State: model.Inherited, Origin: &model.Origin{From: "policy.rpc", Text: "2s"}}
	call.Idempotent = model.Value[bool]{State: model.Unknown}
	call.CircuitBreaker = model.Of(&model.CircuitBreaker{
		Window:   model.Of(model.Window{Time: 10 * time.Second}, model.Stated),
		MinCalls: model.Of(100, model.Default),
	}, model.Stated)
	s := sample{Call: call, Rate: Between(1, 2, 3), Payload: Unknown(0), Others: []string{"a"}}
	s.Rec.Timeout = "1.6s"
	got := Fields(&s).json()

	want := map[string]any{
		"timeout":    map[string]any{"state": "inherited", "value": 2000.0, "lo": 2000.0, "hi": 2000.0, "text": "2s", "from": "policy.rpc"},
		"deadline":   map[string]any{"state": "absent"},
		"idempotent": map[string]any{"state": "unknown"},
		"payload":    map[string]any{"state": "unknown", "lo": 0.0}, // the computed one replaces the declared one
		"rate":       map[string]any{"state": "derived", "value": 2.0, "lo": 1.0, "hi": 3.0},
		"others":     []string{"a"},
		"rec":        map[string]any{"timeout": "1.6s"},
		"retry":      map[string]any{"state": "absent"},
	}
	for name, w := range want {
		if d := cmp.Diff(w, got[name]); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	cb := got["circuit_breaker"].(map[string]any)
	if cb["state"] != "stated" || cb["window_kind"].(map[string]any)["value"] != "time" || cb["window"].(map[string]any)["value"] != 10000.0 {
		t.Errorf("circuit_breaker: %v", cb)
	}
	if one := Lookup(&s, "rate"); one.(*Leaf).Val != 2.0 {
		t.Errorf("Lookup(rate) = %v", one)
	}
	if Lookup(&s, "tiemout") != nil {
		t.Error("Lookup of a field that is not there")
	}
}
