package dsl

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

func TestFormatUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1: "1ns", 300 * time.Microsecond: "300us", 1500 * time.Millisecond: "1500ms", 90 * time.Second: "90s",
		15 * time.Minute: "15m", 36 * time.Hour: "36h", 30 * 24 * time.Hour: "30d", 7 * 24 * time.Hour: "7d",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
	for v, want := range map[float64]string{0.999: "99.9%", 0.9995: "99.95%", 1: "100%", 0: "0%", 0.1: "10%", 0.07: "7%", 0.00005: "0.005%", 2.5: "250%"} {
		if got := FormatRatio(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0B", 1000: "1000B", 1024: "1KiB", 4 << 20: "4MiB", 1<<20 + 1024: "1025KiB"} {
		if got := FormatSize(n); got != want {
			t.Errorf("%v: got %s, want %s", n, got, want)
		}
	}
}

// facts lists what is written in a model, without places and spelling.
func facts(m *model.Model) string {
	var b strings.Builder
	m.Each(func(e model.Entity) {
		fmt.Fprintf(&b, "%s\n", e.Self().Addr)
		factsOf(&b, plans().blocks[e.Self().Kind], reflect.ValueOf(e).Elem())
	})
	return b.String()
}

func factsOf(b *strings.Builder, p *plan, v reflect.Value) {
	for i := range p.fields {
		fv := v.FieldByIndex(p.fields[i].index)
		if !fv.Field(2).Bool() {
			continue
		}
		st := model.State(fv.Field(1).Uint())
		fmt.Fprintf(b, "  %s %s ", p.fields[i].attr.Name, st)
		if p.fields[i].elem != nil && st.HasValue() {
			b.WriteString("{\n")
			factsOf(b, p.fields[i].elem, fv.Field(0).Elem())
			b.WriteString("  }\n")
			continue
		}
		if st.HasValue() {
			fmt.Fprintf(b, "%#v", fv.Field(0).Interface())
		}
		b.WriteByte('\n')
	}
}

// TestPrintLoad generates models from the table: printing and loading gives the same facts, printing again the same bytes.
func TestPrintLoad(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &modelGen{t: rt, addrs: map[model.Kind][]model.Addr{}}
		m := g.model()
		text := Print(m)
		back, diags := Parse([]model.File{{Name: "system.hcl", Bytes: text}})
		if len(diags) > 0 {
			rt.Fatalf("%s\n%s", diags.Error(), text)
		}
		if diff := cmp.Diff(facts(m), facts(back)); diff != "" {
			rt.Fatalf("-printed +loaded\n%s\n%s", diff, text)
		}
		if again := Print(back); !bytes.Equal(text, again) {
			rt.Fatalf("printed again: %s", cmp.Diff(string(text), string(again)))
		}
	})
}

func TestPrintComments(t *testing.T) {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}}}
	m.System.Platform = model.Of("vm", model.Stated)
	m.System.Platform.Origin = &model.Origin{Comment: "compose.yaml:\n1", Text: "virtual machine"}
	m.System.SLO = model.Of(&model.SLO{Availability: model.Of(0.999, model.Stated), LatencyP99: model.Value[time.Duration]{State: model.Unknown, Written: true}}, model.Stated)
	m.Services = []*model.Service{{Block: model.Block{Addr: "service.a", Kind: model.KindService, Label: "a"}}}
	want := `system "s" {
  platform = "vm" # compose.yaml: 1
  slo      = { availability = "99.9%", latency_p99 = unknown }
}

service "a" {}
`
	if diff := cmp.Diff(want, string(Print(m))); diff != "" {
		t.Error(diff)
	}
}

func TestFormatKeepsLineEndings(t *testing.T) {
	got, diags := Format("a.hcl", []byte("\ufeffsystem \"s\" {\r\nplatform=\"vm\"\r\n}"))
	if want := "system \"s\" {\r\n  platform = \"vm\"\r\n}\r\n"; string(got) != want || diags != nil {
		t.Errorf("got %q, %v", got, diags)
	}
	if got, diags := Format("a.hcl", []byte("system {")); got != nil || !diags.HasErrors() {
		t.Errorf("a broken file gives %q, %v", got, diags)
	}
}
