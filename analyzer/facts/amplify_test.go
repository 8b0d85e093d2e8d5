package facts

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
	"pgregory.net/rapid"
)

// The shared passes and the walks of single cones give what the definition of Q1 gives when it is applied target by
// target: a(v) = Σ a(u)·n·(m if the head sees the failure, else 1).
func TestAmplificationFollowsTheDefinition(t *testing.T) {
	type link struct {
		from, to int
		n, m     float64
		hard     bool
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(t, "services")
		var links []link
		mod := &model.Model{}
		c := &model.Client{Block: model.Block{Addr: "client.c", Kind: model.KindClient}, RPS: model.Of(7.0, model.Stated)}
		c.Calls = []*model.Call{{Block: model.Block{Addr: "client.c.call.x"}, To: model.Of(model.Addr("service.0"), model.Stated)}}
		mod.Clients = []*model.Client{c}
		for i := range n {
			s := &model.Service{Block: model.Block{Addr: model.Addr(fmt.Sprintf("service.%d", i)), Kind: model.KindService}}
			mod.Services = append(mod.Services, s)
			for j := i + 1; j < n; j++ {
				if j > i+1 && !rapid.Bool().Draw(t, "call") { // a chain at least, so that everything has a rate
					continue
				}
				l := link{i, j, float64(rapid.IntRange(1, 3).Draw(t, "n")), float64(rapid.IntRange(1, 4).Draw(t, "m")), rapid.IntRange(0, 3).Draw(t, "hard") > 0}
				links = append(links, l)
				k := &model.Call{Block: model.Block{Addr: model.Addr(fmt.Sprintf("%s.call.%d", s.Addr, j))}}
				k.To, k.PerRequest = model.Of(model.Addr(fmt.Sprintf("service.%d", j)), model.Stated), model.Of(l.n, model.Stated)
				k.Retry = model.Of(&model.Retry{MaxAttempts: model.Of(int(l.m), model.Stated)}, model.Stated)
				if !l.hard {
					k.Fallback = model.Of("cache", model.Stated)
				}
				s.Calls = append(s.Calls, k)
			}
		}
		mod.Index()
		f := Compute(mod, DefaultParams())
		for v := range n {
			active := make([]bool, n)
			active[v] = true
			for u := v - 1; u >= 0; u-- {
				for _, l := range links {
					active[u] = active[u] || l.from == u && l.hard && active[l.to]
				}
			}
			flow := func(retries bool) float64 {
				a := make([]float64, n)
				a[0] = 7
				for _, l := range links { // sorted by caller: a is complete before it is handed on
					m := 1.0
					if retries && active[l.to] {
						m = l.m
					}
					a[l.to] += a[l.from] * l.n * m
				}
				return a[v]
			}
			want, got := flow(true)/flow(false), f.amp[f.g.ent(model.Addr(fmt.Sprintf("service.%d", v)))]
			for k := range classes {
				if math.Abs(got.f[k].v-want) > 1e-9*want || math.Abs(got.load[k].v-flow(true)) > 1e-9*flow(true) {
					t.Fatalf("service.%d: F %v, want %v; L %v, want %v; links %+v", v, got.f[k].v, want, got.load[k].v, flow(true), links)
				}
			}
		}
	})
}

// Of targets that fail with the same retrying calls one speaks; a target is covered only by one that has all its calls.
func TestCoveringIncludes(t *testing.T) {
	f := shop(t)
	for i, by := range f.covered {
		if by < 0 {
			continue
		}
		has := map[int32]bool{}
		for _, e := range f.retryEdges(by) {
			has[e] = true
		}
		for _, e := range f.retryEdges(int32(i)) {
			if !has[e] {
				t.Errorf("%s speaks for %s but %s is not among its calls", f.g.ents[by].addr, f.g.ents[i].addr, f.g.edges[e].addr)
			}
		}
		if f.covered[by] >= 0 {
			t.Errorf("%s speaks for %s and is itself covered", f.g.ents[by].addr, f.g.ents[i].addr)
		}
	}
	if len(f.covered) == 0 {
		t.Error("no targets")
	}
}

// Walkers that share a graph find what one walker finds target by target. Several hundred targets below soft calls are
// walked side by side.
func TestConesWalkedSideBySide(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	const n = 3 * fewTargets
	var hcl strings.Builder
	hcl.WriteString("system \"s\" {}\nclient \"c\" {\n  rps = 7\n  call \"x\" { to = service.s0 }\n}\n")
	for i := range n {
		fmt.Fprintf(&hcl, "service \"s%d\" {\n", i)
		for _, j := range []int{i + 1, i + 2, i + 7} {
			if j >= n {
				continue
			}
			fallback := ""
			if (i+j)%3 == 0 {
				fallback = "\n    fallback = \"cache\""
			}
			fmt.Fprintf(&hcl, "  call \"s%d\" {\n    to = service.s%d\n    per_request = 0.3\n    retry = { max_attempts = %d }%s\n  }\n", j, j, 1+(i+j)%4, fallback)
		}
		hcl.WriteString("}\n")
	}
	f := load(t, hcl.String())
	alone := newAmplifier(f.g, f.r, f.k)
	soft := 0
	for i := range f.g.ents {
		below := alone.anyPair(int32(i), alone.softAbove)
		if below {
			soft++
		}
		want := newAmplifier(f.g, f.r, f.k).target(int32(i), below, f.capacity[i])
		if fmt.Sprint(f.amp[i]) != fmt.Sprint(want) {
			t.Fatalf("%s: %v, one walker finds %v", f.g.ents[i].addr, f.amp[i], want)
		}
	}
	if soft < 2*fewTargets {
		t.Errorf("only %d targets below soft calls: nothing was walked side by side", soft)
	}
}
