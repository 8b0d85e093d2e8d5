package importer

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// cases are real systems with published architectures, beside the repository where they are at hand. want are the
// recall and precision that an import reaches on components and on edges between them.
var cases = []struct {
	name, args, truth string
	components, edges [2]float64 // recall, precision
	verdicts          int        // scored ones that are recovered
	alias             [2]string  // a published name and what the sources call it
}{
	{name: "mm-sock-shop", args: "kubernetes k8s netpol", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 5},
	{name: "mm-sock-shop", args: "microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 13},
	{name: "mm-sock-shop", args: "kubernetes k8s netpol microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 13},
	{name: "mm-sock-shop", args: "compose compose.yaml", truth: "model.yaml", components: [2]float64{1, 0.9}, edges: [2]float64{0.07, 1}, verdicts: 2},
	{name: "mm-nginx-ingress", args: "kubernetes k8s", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 1, alias: [2]string{"ingress-nginx-controller-f8d756996-gqmpj", "cafe-ingress"}},
	{name: "mm-nginx-ingress", args: "microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 1, alias: [2]string{"ingress-nginx-controller-f8d756996-gqmpj", "cafe-ingress"}},
	{name: "ref-dsb-hotel", args: "compose compose.yaml", truth: "system.hcl", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 9},
	{name: "ref-dsb-hotel", args: "kubernetes k8s", truth: "system.hcl", components: [2]float64{0.78, 0.94}, edges: [2]float64{0, 0}, verdicts: 1},
	{name: "ref-dsb-hotel", args: "compose compose.yaml kubernetes k8s", truth: "system.hcl", components: [2]float64{1, 0.95}, edges: [2]float64{1, 1}, verdicts: 9},
	{name: "ref-dsb-social", args: "compose compose.yaml appconfig service-config.json", truth: "system.hcl", components: [2]float64{1, 0.96}, edges: [2]float64{0.24, 1}, verdicts: 19},
	{name: "mse-yidongnan", args: "compose compose.yaml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 3},
	{name: "damp-micro-company", args: "compose compose.yaml", truth: "system.hcl", components: [2]float64{1, 1}, edges: [2]float64{0, 1}, verdicts: 7},
	{name: "mf-helloworld", args: "microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 4},
	{name: "mf-sockshop", args: "microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 16},
	{name: "mf-sockshop-istio", args: "microtosca microtosca.yml istio istio.yaml", components: [2]float64{0, 0}, verdicts: 4},
	{name: "mf-unit-nogateway", args: "microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 3},
	{name: "mf-unit-sharedpersistency", args: "microtosca microtosca.yml", truth: "model.yaml", components: [2]float64{1, 1}, edges: [2]float64{1, 1}, verdicts: 2},
}

// TestCases prints recall and precision per case and holds them.
func TestCases(t *testing.T) {
	root, err := filepath.Abs("../../../shared/cases")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		t.Logf("the cases are not beside the repository (%v); testdata asserts the same behaviours", err)
		return
	}
	for _, c := range cases {
		t.Run(c.name+" "+c.args, func(t *testing.T) {
			dir := filepath.Join(root, c.name)
			t.Chdir(dir)
			r := Import(sourcesIn(c.args), Options{Beside: os.ReadFile})
			if r.Diags.HasErrors() {
				t.Fatal(r.Diags)
			}
			sameWhenRead(t, r.Model)
			reread, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: dsl.Print(r.Model)}})
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			if c.truth != "" {
				wantC, wantE, ignore := truth(t, c.truth)
				gotC, gotE := graph(reread)
				rename(wantC, c.alias)
				rename(wantE, c.alias)
				rename(gotC, c.alias)
				rename(gotE, c.alias)
				for n := range ignore {
					delete(gotC, n)
				}
				maps.DeleteFunc(gotE, func(e string, _ bool) bool {
					from, to, _ := strings.Cut(e, "->")
					return ignore[from] || ignore[to]
				})
				compare(t, "components", wantC, gotC, c.components)
				compare(t, "edges", wantE, gotE, c.edges)
			}
			judge(t, reread, c.args, c.alias, c.verdicts)
		})
	}
}

// rename uses the sources' name for what is published under another one.
func rename(set map[string]bool, alias [2]string) {
	if alias[0] == "" {
		return
	}
	for k := range set {
		if n := strings.ReplaceAll(k, alias[0], alias[1]); n != k {
			delete(set, k)
			set[n] = true
		}
	}
}

func compare(t *testing.T, what string, want, got map[string]bool, min [2]float64) {
	t.Helper()
	hit := 0
	var missing, extra []string
	for w := range want {
		if got[w] {
			hit++
		} else {
			missing = append(missing, w)
		}
	}
	for g := range got {
		if !want[g] {
			extra = append(extra, g)
		}
	}
	slices.Sort(missing)
	slices.Sort(extra)
	recall, precision := 1.0, 1.0
	if len(want) > 0 {
		recall = float64(hit) / float64(len(want))
	}
	if len(got) > 0 {
		precision = float64(hit) / float64(len(got))
	}
	t.Logf("%-10s recall %.2f precision %.2f of %d; missing %v, extra %v", what, recall, precision, len(want), missing, extra)
	if recall < min[0] || precision < min[1] {
		t.Errorf("%s: recall %.2f precision %.2f, want at least %v", what, recall, precision, min)
	}
}

func plain(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// graph is a model's components and the edges between them, clients left out.
func graph(m *model.Model) (components, edges map[string]bool) {
	components, edges = map[string]bool{}, map[string]bool{}
	name := func(a model.Addr) string { _, l, _ := strings.Cut(string(a), "."); return plain(l) }
	m.Each(func(e model.Entity) {
		switch b := e.Self(); b.Kind {
		case model.KindService, model.KindGateway, model.KindDatastore, model.KindBroker, model.KindRegistry:
			components[plain(b.Label)] = true
		}
	})
	channel := map[model.Addr]model.Addr{}
	for _, x := range m.Topics {
		channel[x.Addr] = x.Broker.V
	}
	for _, x := range m.Queues {
		channel[x.Addr] = x.Broker.V
	}
	for _, w := range m.Workers() {
		from := name(w.Self().Addr)
		for _, c := range w.Out().Calls {
			edges[from+"->"+name(c.To.V)] = true
		}
		for _, p := range w.Out().Publishes {
			edges[from+"->"+name(channel[p.To.V])] = true
		}
		for _, p := range w.Out().Consumes {
			edges[from+"->"+name(channel[p.From.V])] = true
		}
	}
	return components, edges
}

// truth reads a published architecture: a model in neutral form, or a description. Names that a description leaves out
// on purpose (tracing, configuration, machines) are to be ignored.
func truth(t *testing.T, file string) (components, edges, ignore map[string]bool) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(file, ".hcl") {
		m, diags := dsl.Parse([]model.File{{Name: file, Bytes: b}})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		components, edges = graph(m)
		return components, edges, nil
	}
	y, diags := yamldoc.Parse(file, b)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return neutral(y.Docs[0])
}

func neutral(doc yamldoc.Node) (components, edges, ignore map[string]bool) {
	components, edges, ignore = map[string]bool{}, map[string]bool{}, map[string]bool{}
	targets := map[string][]string{}
	for _, c := range doc.Get("calls").Items() {
		targets[c.Get("from").Str()] = append(targets[c.Get("from").Str()], c.Get("to").Str())
	}
	name := func(id string) string {
		for strings.HasSuffix(id, ".svc") && len(targets[id]) == 1 { // a name in front of a component
			id = targets[id][0]
		}
		id, _, _ = strings.Cut(id, ".")
		return plain(id)
	}
	for _, c := range doc.Get("components").Items() {
		id := c.Get("id").Str()
		switch c.Get("kind").Str() {
		case "service", "datastore", "broker", "registry", "gateway", "router":
			components[name(id)] = true
		default:
			ignore[name(id)] = true
		}
	}
	registry := map[string]bool{}
	for _, c := range doc.Get("components").Items() {
		registry[name(c.Get("id").Str())] = c.Get("kind").Str() == "registry"
	}
	for from, all := range targets {
		for _, to := range all {
			f, g := name(from), name(to)
			if f != g && !ignore[f] && !ignore[g] && !registry[f] && !registry[g] { // a registry is discovery, no callee
				edges[fmt.Sprintf("%s->%s", f, g)] = true
			}
		}
	}
	return components, edges, ignore
}
