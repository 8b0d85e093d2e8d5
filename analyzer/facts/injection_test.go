package facts

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

// randomSystem writes a random layered system in which every part states its availability.
func randomSystem(t *rapid.T) string {
	var b strings.Builder
	n := rapid.IntRange(2, 9).Draw(t, "services")
	fmt.Fprintf(&b, "system \"s\" {}\nclient \"c\" {\n  kind = \"web\"\n  rps  = 10\n  call \"api\" { to = service.s0 }\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "service \"s%d\" {\n  availability = \"%.2f%%\"\n", i, 90+float64(rapid.IntRange(0, 999).Draw(t, "availability"))/100)
		for k := range rapid.IntRange(0, 3).Draw(t, "calls") {
			if i == n-1 {
				break
			}
			to := rapid.IntRange(i+1, n-1).Draw(t, "to")
			fmt.Fprintf(&b, "  call \"c%d\" {\n    to = service.s%d\n", k, to)
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				fmt.Fprintf(&b, "    any_of = \"g\"\n")
				if rapid.Bool().Draw(t, "both") {
					fmt.Fprintf(&b, "    fallback = service.s%d\n", rapid.IntRange(i+1, n-1).Draw(t, "fallback"))
				}
			case 1:
				fmt.Fprintf(&b, "    fallback = \"default\"\n")
			case 2:
				fmt.Fprintf(&b, "    fallback = service.s%d\n", rapid.IntRange(i+1, n-1).Draw(t, "fallback"))
			}
			b.WriteString("  }\n")
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// works evaluates the definition: does a service answer when those in lost are gone?
func works(f *Facts, e int32, lost map[int32]bool) bool {
	if lost[e] {
		return false
	}
	groups, ok := map[int32]bool{}, map[int32]bool{}
	for _, id := range f.g.ents[e].out {
		x := &f.g.edges[id]
		answers := works(f, x.to, lost)
		if fb := f.g.ent(model.Addr(x.call.Fallback.Or(""))); fb >= 0 {
			answers = answers || works(f, fb, lost)
		} else if x.call.Fallback.Or("fail") != "fail" {
			answers = true
		}
		if x.anyOf != 0 {
			groups[x.anyOf] = true
			ok[x.anyOf] = ok[x.anyOf] || answers
		} else if !answers {
			return false
		}
	}
	for g := range groups {
		if !ok[g] {
			return false
		}
	}
	return true
}

// Failure injection says the same as taking each service out and asking who still answers; and the availability is never
// above the best part that all need, nor below the product of everything there is.
func TestInjectionMatchesDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hcl := randomSystem(rt)
		f := load(t, hcl)
		root, product := f.g.ent("service.s0"), 1.0
		for i := range f.g.ents {
			if f.g.ents[i].kind != model.KindService {
				continue
			}
			product *= f.paths.avail[i].v
			fails := !works(f, root, map[int32]bool{int32(i): true})
			if got := f.paths.blast[i]; fails != (got > 0.5) {
				rt.Fatalf("%s: blast %v, want %v in\n%s", f.g.ents[i].addr, got, fails, hcl)
			}
		}
		a := f.paths.js[0].avail.v
		if a < product-1e-12 || a > f.paths.avail[root].v+1e-12 {
			rt.Fatalf("availability %v outside [%v, %v] in\n%s", a, product, f.paths.avail[root].v, hcl)
		}
	})
}

// Without alternatives the availability is exactly the chance that all parts work, summed over every state of the system.
func TestAvailabilityMatchesAllStates(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hcl := strings.ReplaceAll(randomSystem(rt), "    any_of = \"g\"\n", "")
		f := load(t, hcl)
		root := f.g.ent("service.s0")
		var services []int32
		shared := false
		for i := range f.g.ents {
			if f.g.ents[i].kind == model.KindService {
				services = append(services, int32(i))
			}
		}
		for i := range f.g.edges {
			shared = shared || f.g.ent(model.Addr(f.g.edges[i].call.Fallback.Or(""))) >= 0
		}
		if shared { // alternatives that overlap count as independent
			return
		}
		want := 0.0
		for state := range 1 << len(services) {
			chance, lost := 1.0, map[int32]bool{}
			for b, e := range services {
				if state>>b&1 == 1 {
					lost[e] = true
					chance *= 1 - f.paths.avail[e].v
				} else {
					chance *= f.paths.avail[e].v
				}
			}
			if works(f, root, lost) {
				want += chance
			}
		}
		if got := f.paths.js[0].avail.v; math.Abs(got-want) > 1e-9 {
			rt.Fatalf("availability %v, want %v in\n%s", got, want, hcl)
		}
	})
}
