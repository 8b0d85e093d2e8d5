package dsl

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// generator writes random but correct descriptions from the language's own table.
type generator struct {
	r   *rand.Rand
	out strings.Builder
}

// named are the blocks of every generated description: references choose among them.
var named = map[model.Kind][]string{
	model.KindPolicy: {"p1", "p2", "p3"}, model.KindClient: {"c1", "c2"}, model.KindGateway: {"g1", "g2"},
	model.KindService: {"s1", "s2", "s3", "s4"}, model.KindDatastore: {"d1", "d2", "d3"}, model.KindBroker: {"b1", "b2"},
	model.KindTopic: {"t1", "t2"}, model.KindQueue: {"q1", "q2"}, model.KindExternal: {"x1"}, model.KindRegistry: {"r1"},
	model.KindMesh: {"m1"}, model.KindTransaction: {"tx"}, model.KindMigration: {"mig"}, model.KindFlag: {"f1"},
}

// Attributes with rules of their own beyond type and range.
var notGenerated = map[string]bool{"on": true, "op": true, "after": true, "gates": true, "subject": true, "broker": true}

var engines = []string{"kong", "envoy", "nginx", "aws-alb", "aws-apigw", "dotnet", "polly", "resilience4j", "aws-sdk", "temporal",
	"linkerd", "istio", "kafka", "rabbitmq4", "sqs", "postgresql", "eureka", "something"}

func generated(seed uint64) string {
	g := &generator{r: rand.New(rand.NewPCG(seed, 1))}
	g.block(Block(model.KindSystem), "shop", 0)
	for _, b := range Schema().TopLevel() {
		for _, name := range named[b.Kind] {
			g.block(b, name, 0)
		}
	}
	return g.out.String()
}

func (g *generator) one(list []string) string { return list[g.r.IntN(len(list))] }

func (g *generator) block(b *BlockType, name string, depth int) {
	in := strings.Repeat("  ", depth)
	fmt.Fprintf(&g.out, "%s%s %q {\n", in, b.Kind, name)
	for i := range b.Attrs {
		a := &b.Attrs[i]
		if b.Kind == model.KindQueue && a.Name == "broker" {
			fmt.Fprintf(&g.out, "%s  broker = broker.%s\n", in, g.one(named[model.KindBroker]))
		}
		if notGenerated[a.Name] || !a.Required && g.r.IntN(3) > 0 {
			continue
		}
		if text := g.value(a); text != "" {
			fmt.Fprintf(&g.out, "%s  %s = %s\n", in, a.Name, text)
		}
	}
	for _, k := range b.Blocks {
		labels := []string{"e1", "e2"}
		if nested := Block(k); nested.Labels != nil {
			labels = []string{"rest", "grpc"}
		}
		for _, l := range labels[:g.r.IntN(3)] {
			g.block(Block(k), l, depth+1)
		}
	}
	fmt.Fprintf(&g.out, "%s}\n", in)
}

func (g *generator) value(a *Attr) string {
	if a.UnknOK && g.r.IntN(12) == 0 {
		return "unknown"
	}
	if a.NoneOK && g.r.IntN(12) == 0 {
		return "none"
	}
	if a.Name == "engine" {
		return fmt.Sprintf("%q", g.one(engines))
	}
	if a.List {
		text := g.scalar(a)
		if text == "" {
			return ""
		}
		return "[" + text + "]"
	}
	return g.scalar(a)
}

func (g *generator) scalar(a *Attr) string {
	switch a.Type {
	case String:
		return `"word"`
	case Bool:
		return g.one([]string{"true", "false"})
	case Int, Attempts, Window:
		return fmt.Sprint(1 + g.r.IntN(50))
	case Number:
		return fmt.Sprint(1 + g.r.IntN(500))
	case Duration:
		return g.one([]string{`"100ms"`, `"1s"`, `"5m"`})
	case Ratio:
		return g.one([]string{`"5%"`, `"50%"`, `"99.9%"`})
	case Size:
		return `"64KiB"`
	case CPU:
		return `"250m"`
	case Date:
		return `"2031-01-31"`
	case Enum:
		return fmt.Sprintf("%q", g.one(a.Values))
	case Ref:
		if len(a.Values) > 0 && !a.List && g.r.IntN(2) == 0 {
			return fmt.Sprintf("%q", g.one(a.Values))
		}
		kind := a.Refs[g.r.IntN(len(a.Refs))]
		if named[kind] == nil {
			return ""
		}
		return string(kind) + "." + g.one(named[kind])
	case Object:
		var parts []string
		for i := range ObjectType(a.Object).Attrs {
			o := &ObjectType(a.Object).Attrs[i]
			if o.Required || g.r.IntN(3) == 0 {
				if text := g.value(o); text != "" {
					parts = append(parts, o.Name+" = "+text)
				}
			}
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	}
	return ""
}

// law checks what Load promises of every fact of one block or object.
type law struct {
	t      *testing.T
	exempt map[string]bool // attributes that may be absent though their class says unknown
}

func (l law) check(where string, v reflect.Value, p *plan, opaque bool) {
	for _, f := range p.fields {
		a := f.attr
		fact := v.FieldByIndex(f.index).Addr().Interface().(model.Fact)
		at, s := where+"."+a.Name, fact.Status()
		fail := func(why string) {
			l.t.Errorf("%s: class %c, %s, written %v: %s", at, a.Class, s, fact.IsWritten(), why)
		}
		if fact.IsWritten() && s != model.Stated && s != model.None && s != model.Unknown || !fact.IsWritten() && s == model.Stated && !strings.Contains(at, "policy") {
			fail("written and state disagree")
		}
		from := ""
		if o := fact.Source(); o != nil {
			from = o.From
		}
		if (s == model.Inherited || s == model.Profile) != (from != "") && s != model.None && s != model.Unknown && s != model.Derived {
			fail("origin " + from)
		}
		handed := p.typ.Kind == model.KindPolicy || p.typ.Kind == model.KindSystem && handedDown[a.Name]
		open := s == model.Absent || s == model.None && !fact.IsWritten() && from == ""
		switch {
		case !open || handed:
		case strings.HasSuffix(at, "system.shop.deploy.router"): // each workload has its own
		case a.Class == Claim || a.Class == Measurement:
			if !l.exempt[p.typ.Name()+"."+a.Name] {
				fail("a claim or measurement must be unknown")
			}
		case a.Class == Defaulted:
			fail("a default must hold")
		case a.Class == Control && opaque:
			fail("a control of an opaque service must be unknown")
		}
		if f.elem == nil {
			continue
		}
		object := v.FieldByIndex(f.index).Field(0)
		there := a.Class == Claim || a.Class == Measurement || a.Object == "deploy"
		if object.IsNil() {
			if s.HasValue() || there && !handed {
				fail("no object")
			}
			continue
		}
		inner := l
		if a.Object == "deploy" && (s == model.Stated || s == model.Inherited) {
			opaque = opaque && s == model.Stated
		}
		inner.check(at, object.Elem(), f.elem, a.Object == "deploy" && opaque)
	}
}

// Whatever somebody writes, Load leaves no fact without the state that its class demands.
func TestEveryFactHasItsState(t *testing.T) {
	l := law{t, map[string]bool{"call.idempotent": true}}
	for seed := range uint64(60) {
		m := parsed(t, generated(seed))
		m.Each(func(e model.Entity) {
			b := e.Self()
			l.check(fmt.Sprintf("seed %d: %s", seed, b.Addr), reflect.ValueOf(e).Elem(), plans().blocks[b.Kind], (&completer{m: m}).opaque(b))
		})
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, generated(seed))
		}
	}
}

// dump is everything that a model says, one fact a line.
func dump(m *model.Model) string {
	var out strings.Builder
	var walk func(where string, v reflect.Value, p *plan)
	walk = func(where string, v reflect.Value, p *plan) {
		for _, f := range p.fields {
			fv := v.FieldByIndex(f.index)
			fact := fv.Addr().Interface().(model.Fact)
			from := ""
			if o := fact.Source(); o != nil {
				from = o.From
			}
			fmt.Fprintf(&out, "%s.%s %s %v %q", where, f.attr.Name, fact.Status(), fact.IsWritten(), from)
			if f.elem != nil {
				out.WriteByte('\n')
				if object := fv.Field(0); !object.IsNil() {
					walk(where+"."+f.attr.Name, object.Elem(), f.elem)
				}
				continue
			}
			fmt.Fprintf(&out, " %v\n", fact.Any())
		}
	}
	m.Each(func(e model.Entity) {
		b := e.Self()
		walk(string(b.Addr), reflect.ValueOf(e).Elem(), plans().blocks[b.Kind])
		if c, ok := e.(*model.Call); ok {
			fmt.Fprintf(&out, "%s mesh %s %s %s %v\n", b.Addr, c.Mesh, c.MeshRetry.State, c.MeshBreaker.State, c.LimitFromClient)
		}
	})
	return out.String()
}

// Completing a complete model changes nothing, and completing the same text twice gives the same.
func TestInheritIsIdempotent(t *testing.T) {
	for seed := range uint64(60) {
		m := parsed(t, generated(seed))
		once := dump(m)
		inherit(m)
		if twice := dump(m); twice != once {
			t.Fatalf("seed %d: %s", seed, firstDifference(once, twice))
		}
		if again := dump(parsed(t, generated(seed))); again != once {
			t.Fatalf("seed %d: another run: %s", seed, firstDifference(once, again))
		}
	}
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return la[i] + "\nbecame " + lb[i]
		}
	}
	return "of different length"
}
