// Package otel reads OpenTelemetry traces (OTLP/JSON, one export per line or one per file, as the collector's file
// exporter writes them): who calls whom and how often per request, how long replies take, and which messages go where.
//
// A trace shows what happened and not what did not: calls that nobody made while it was recorded are missing. Rates are
// those of the recorded spans; where the recording was sampled they are a part of the real ones.
package otel

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// span is what is used of one span.
type span struct {
	service    string
	kind       ptrace.SpanKind
	start, end time.Time
	parent     *span
	id, above  key
	links      []key
	attrs      pcommon.Map
	place      string
	children   int // spans of the same or another service below it
	answered   bool
}

type key struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

type reader struct {
	d        *draft.Draft
	spans    []*span
	byID     map[key]*span
	first    time.Time
	last     time.Time
	services []string
	served   map[string][]*span // server and consumer spans by service
}

// Read adds traces to the draft.
func Read(d *draft.Draft, files []model.File) {
	r := &reader{d: d, byID: map[key]*span{}, served: map[string][]*span{}}
	for _, f := range files {
		r.file(f)
	}
	if len(r.spans) == 0 {
		return
	}
	for _, s := range r.spans {
		if p := r.byID[s.above]; p != nil && s.above.span != (pcommon.SpanID{}) && p != s {
			s.parent = p
			p.children++
			if s.kind == ptrace.SpanKindServer || s.kind == ptrace.SpanKindConsumer {
				p.answered = true
			}
		}
	}
	r.declare()
	r.edges()
	r.messages()
	r.entries()
}

// file reads one export, or one per line.
func (r *reader) file(f model.File) {
	chunks := [][]byte{f.Bytes}
	if lines := bytes.Split(bytes.TrimSpace(f.Bytes), []byte("\n")); len(lines) > 1 && bytes.HasPrefix(bytes.TrimSpace(lines[1]), []byte("{")) {
		chunks = lines
	}
	for i, c := range chunks {
		if len(bytes.TrimSpace(c)) == 0 {
			continue
		}
		traces, err := decode(c)
		if err != nil {
			rng := model.Range{File: f.Name}
			if len(chunks) > 1 {
				src := source.New(f.Name, f.Bytes)
				rng = src.Range(src.LineStart(i+1), src.LineStart(i+1)+len(src.Line(i+1)))
			}
			r.d.Problem(source.Diagnostic{Summary: "Unreadable traces", Range: rng,
				Detail: "This is no OTLP/JSON export of traces: " + strings.TrimSpace(err.Error()) + ". The collector's file exporter writes them."})
			return
		}
		place := f.Name
		if len(chunks) > 1 {
			place = fmt.Sprintf("%s:%d", f.Name, i+1)
		}
		r.export(traces, place)
	}
	if len(r.spans) == 0 {
		r.d.Problem(source.Diagnostic{Summary: "No spans", Range: model.Range{File: f.Name}, Detail: "The file holds no span; it was read as OTLP/JSON (resourceSpans)."})
	}
}

func decode(b []byte) (traces ptrace.Traces, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("the decoder gave up: %v", x)
		}
	}()
	if !bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		return ptrace.Traces{}, fmt.Errorf("it does not begin with {")
	}
	return (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(b)
}

// maxSpans bounds the memory of a recording.
const maxSpans = 2_000_000

func (r *reader) export(traces ptrace.Traces, place string) {
	for i := range traces.ResourceSpans().Len() {
		rs := traces.ResourceSpans().At(i)
		name := text(rs.Resource().Attributes(), "service.name")
		if name == "" || strings.HasPrefix(name, "unknown_service") {
			continue
		}
		for j := range rs.ScopeSpans().Len() {
			spans := rs.ScopeSpans().At(j).Spans()
			for k := range spans.Len() {
				if len(r.spans) >= maxSpans {
					return
				}
				r.span(name, spans.At(k), place)
			}
		}
	}
}

func (r *reader) span(service string, s ptrace.Span, place string) {
	x := &span{service: service, kind: s.Kind(), start: s.StartTimestamp().AsTime(), end: s.EndTimestamp().AsTime(), attrs: s.Attributes(), place: place}
	x.id, x.above = key{s.TraceID(), s.SpanID()}, key{s.TraceID(), s.ParentSpanID()}
	for i := range s.Links().Len() {
		l := s.Links().At(i)
		x.links = append(x.links, key{l.TraceID(), l.SpanID()})
	}
	r.spans = append(r.spans, x)
	r.byID[x.id] = x
	if r.first.IsZero() || x.start.Before(r.first) {
		r.first = x.start
	}
	if x.end.After(r.last) {
		r.last = x.end
	}
	if x.kind == ptrace.SpanKindServer || x.kind == ptrace.SpanKindConsumer {
		r.served[service] = append(r.served[service], x)
	}
}

// text is an attribute, by the first of several names that it has had.
func text(m pcommon.Map, names ...string) string {
	for _, n := range names {
		if v, ok := m.Get(n); ok {
			return v.AsString()
		}
	}
	return ""
}
