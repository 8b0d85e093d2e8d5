package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/archcheck/archcheck/cmd/internal/cli"
)

// driftFolder unpacks a fixture into a folder of its own and goes there.
func driftFolder(t *testing.T, fixture string) {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "drift", fixture))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, f := range a.Files {
		put(t, f.Name, string(f.Data))
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// swap replaces a text that stands in a file exactly once.
func swap(t *testing.T, name, old, new string) {
	t.Helper()
	if s := get(t, name); strings.Count(s, old) != 1 {
		t.Fatalf("%s has %q %d times", name, old, strings.Count(s, old))
	} else {
		put(t, name, strings.Replace(s, old, new, 1))
	}
}

// quietly runs a command and returns its output and exit code; what it says on stderr is for people.
func quietly(args ...string) (string, string, int) {
	var out, errs bytes.Buffer
	code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return out.String(), errs.String(), code
}

// driftItems runs drift and returns its items as "severity id".
func driftItems(t *testing.T, args ...string) []string {
	t.Helper()
	out, errs, code := quietly(append([]string{"drift", "-o", "json"}, args...)...)
	if code != 0 {
		t.Fatalf("drift %v: exit %d: %s", args, code, errs)
	}
	var doc struct {
		Items []struct{ ID, Severity string }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range doc.Items {
		got = append(got, i.Severity+" "+i.ID)
	}
	slices.Sort(got)
	return got
}

var shopSources = []string{"--from", "kubernetes", "k8s", "--from", "istio", "mesh"}

// driftCase changes one fact of the description or of the sources and names the items that follow from it.
type driftCase struct {
	name     string
	file     string // that is changed: system.hcl where it is empty
	old, new string
	want     string // items, separated by commas
	same     bool   // accepting restores the description byte by byte
	manual   bool   // accepting does nothing
}

var driftCases = []driftCase{
	{name: "more replicas described", old: "scale = { replicas = 3 }", new: "scale = { replicas = 4 }", want: "medium replicas@service.orders", same: true},
	{name: "fewer replicas described", old: "scale = { replicas = 3 }", new: "scale = { replicas = 2 }", want: "low replicas@service.orders", same: true},
	{name: "one replica runs", file: "k8s/orders.yaml", old: "replicas: 3", new: "replicas: 1", want: "high replicas@service.orders"},
	{name: "bounds of the autoscaler", old: "min = 2, max = 6", new: "min = 3, max = 6", want: "medium replicas@service.payments.scale.min", same: true},
	{name: "a fixed number within the bounds", old: "scale = { min = 2, max = 6 }", new: "scale = { replicas = 4 }", want: ""},
	{name: "a fixed number beyond the bounds", old: "scale = { min = 2, max = 6 }", new: "scale = { replicas = 8 }", want: "medium replicas@service.payments.scale.min"},
	{name: "no autoscaler any more", file: "k8s/payments.yaml", old: "kind: HorizontalPodAutoscaler", new: "kind: ConfigMap", want: "medium replicas@service.payments"},
	{name: "strategy", old: "strategy        = \"rolling\"", new: "strategy        = \"recreate\"", want: "medium strategy@service.orders", same: true},
	{name: "readiness claimed", file: "k8s/payments.yaml", old: "readinessProbe:", new: "livenessProbe:", want: "medium readiness@service.payments"},
	{name: "readiness not described", old: "readiness = true ", new: "readiness = false ", want: "low readiness@service.payments"},
	{name: "grace", old: `grace           = "45s"`, new: `grace           = "30s"`, want: "low rollout@service.orders.deploy.grace", same: true},
	{name: "surge", file: "k8s/orders.yaml", old: "maxSurge: 50%", new: "maxSurge: 100%", want: "low rollout@service.orders.deploy.max_surge"},
	{name: "engine", file: "k8s/stores.yaml", old: "metadata: {labels: {app: orders-db}}, spec: {containers: [{name: db, image: \"postgres:17\"}]}",
		new: "metadata: {labels: {app: orders-db}}, spec: {containers: [{name: db, image: \"mysql:9\"}]}", want: "medium engine@datastore.orders-db"},
	{name: "mtls", file: "mesh/payments.yaml", old: "STRICT", new: "PERMISSIVE", want: "high mtls@mesh.istio"},
	{name: "timeout of one try", old: `timeout  = "1s"`, new: `timeout  = "400ms"`, want: "medium timeout@policy.to_payments", same: true},
	{name: "the same length, spelt differently", old: `timeout  = "1s"`, new: `timeout  = "1000ms"`, want: ""},
	{name: "deadline", file: "mesh/payments.yaml", old: "timeout: 3s", new: "timeout: 9s", want: "medium deadline@policy.to_payments"},
	{name: "more tries", file: "mesh/payments.yaml", old: "attempts: 2", new: "attempts: 4", want: "medium retry@policy.to_payments"},
	{name: "fewer tries", file: "mesh/payments.yaml", old: "attempts: 2", new: "attempts: 1", want: "low retry@policy.to_payments"},
	{name: "bulkhead", file: "mesh/payments.yaml", old: "http2MaxRequests: 100", new: "http2MaxRequests: 40", want: "low bulkhead@policy.to_payments"},
	{name: "breaker claimed and absent", file: "mesh/payments.yaml", old: "    outlierDetection: {consecutive5xxErrors: 5, baseEjectionTime: 30s}\n", new: "", want: "high breaker@policy.to_payments"},
	{name: "time limits claimed and absent", file: "mesh/payments.yaml", old: "    - timeout: 3s\n      retries: {attempts: 2, perTryTimeout: 1s}\n      route", new: "    - route",
		want: "high deadline@policy.to_payments, high timeout@policy.to_payments, medium retry@policy.to_payments"},
	{name: "undeclared call", old: "  call \"payments\" {\n    to = service.payments # k8s/orders.yaml:21 address in PAYMENTS_URL, strong\n  }\n", new: "", want: "high undeclared-call@service.orders.call.payments"},
	{name: "new address in the sources", file: "k8s/payments.yaml", old: `            - {name: DB_URL`, new: "            - {name: BACK_URL, value: \"http://orders:80\"}\n            - {name: DB_URL",
		want: "high undeclared-call@service.payments.call.orders"},
	{name: "a store with a second user", file: "k8s/payments.yaml", old: `            - {name: DB_URL`, new: "            - {name: OTHER_DB_URL, value: \"postgres://orders-db:5432/orders\"}\n            - {name: DB_URL",
		want: "high second-writer@service.payments.call.orders-db"},
	{name: "described call of which no address is configured", old: "  call \"orders-db\" {", new: "  call \"others\" { to = datastore.payments-db }\n  call \"orders-db\" {",
		want: "info vanished-call@service.orders.call.others", manual: true},
	{name: "vanished service", old: "# k8s/stores.yaml:2 Stateful", new: "# Ships.\nservice \"shipping\" {}\n\n# k8s/stores.yaml:2 Stateful", want: "medium vanished-component@service.shipping", same: true},
	{name: "undeclared component and the calls around it", file: "k8s/payments.yaml", old: "            - {name: DB_URL, value: \"postgres://payments-db:5432/payments\"}\n",
		new: `            - {name: DB_URL, value: "postgres://payments-db:5432/payments"}
            - {name: SHIPPING_URL, value: "http://shipping:80"}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: shipping, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shipping}}
  template: {metadata: {labels: {app: shipping}}, spec: {containers: [{name: shipping, image: shop/shipping, env: [{name: ORDERS_URL, value: "http://orders:80"}, {name: CARRIER_URL, value: "http://carrier:80"}]}]}}
---
apiVersion: v1
kind: Service
metadata: {name: shipping, namespace: shop}
spec: {selector: {app: shipping}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: carrier, namespace: shop}
spec:
  selector: {matchLabels: {app: carrier}}
  template: {metadata: {labels: {app: carrier}}, spec: {containers: [{name: carrier, image: shop/carrier}]}}
---
apiVersion: v1
kind: Service
metadata: {name: carrier, namespace: shop}
spec: {selector: {app: carrier}, ports: [{port: 80}]}
`, want: "high undeclared-component@service.carrier, high undeclared-component@service.shipping"},
	{name: "another way in", file: "k8s/payments.yaml", old: "spec: {selector: {app: payments}, ports: [{port: 8080}]}", new: "spec: {type: LoadBalancer, selector: {app: payments}, ports: [{port: 8080}]}",
		want: "medium undeclared-call@client.users.call.payments", manual: true},
	{name: "what the ingress limits", file: "k8s/orders.yaml", old: "metadata: {name: edge, namespace: shop}",
		new: "metadata: {name: edge, namespace: shop, annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: \"5\"}}", want: "info timeout@gateway.edge.call.orders"},
}

// TestDrift starts from an import, which differs from its sources in nothing, changes one fact, and demands exactly the
// items that follow; accepting them leaves no difference, and every byte that is not about them alone.
func TestDrift(t *testing.T) {
	for _, c := range driftCases {
		t.Run(c.name, func(t *testing.T) {
			driftFolder(t, "shop.txtar")
			sources := shopSources
			base, _, code := quietly("-q", "import", "kubernetes", "k8s", "istio", "mesh")
			if code != 0 {
				t.Fatal("import failed")
			}
			put(t, "system.hcl", base)
			if got := driftItems(t, sources...); len(got) > 0 {
				t.Fatalf("a fresh import drifts: %v", got)
			}
			file := c.file
			if file == "" {
				file = "system.hcl"
			}
			swap(t, file, c.old, c.new)
			if got := strings.Join(driftItems(t, sources...), ", "); got != c.want {
				t.Fatalf("got  %s\nwant %s", got, c.want)
			}
			accept(t, c, base, sources)
		})
	}
}

// accept runs --update and looks at what it leaves.
func accept(t *testing.T, c driftCase, base string, sources []string) {
	t.Helper()
	before := get(t, "system.hcl")
	if out, errs, code := quietly(append([]string{"drift", "--update", "--prune"}, sources...)...); code != 0 {
		t.Fatalf("--update: exit %d\n%s%s", code, out, errs)
	}
	after := get(t, "system.hcl")
	if c.manual || c.want == "" {
		if after != before {
			t.Errorf("--update changed the file:\n%s", after)
		}
		return
	}
	if got := driftItems(t, sources...); len(got) > 0 {
		t.Errorf("after --update: %v\n%s", got, after)
	}
	if c.same && after != base {
		t.Errorf("--update did not restore the description:\n%s", after)
	}
	changed := 0
	lines := map[string]int{}
	for _, l := range strings.Split(before, "\n") {
		lines[l]++
	}
	for _, l := range strings.Split(after, "\n") {
		if lines[l]--; lines[l] < 0 {
			changed++
		}
	}
	// A call is a block of seven lines, a component with a call twice that; nothing else that is accepted here takes more.
	if changed > 20*len(strings.Split(c.want, ",")) {
		t.Errorf("--update changed %d lines", changed)
	}
	if again, errs, code := quietly(append([]string{"drift", "--update", "--prune"}, sources...)...); code != 0 || get(t, "system.hcl") != after {
		t.Errorf("a second --update: exit %d\n%s%s", code, again, errs)
	}
}

// TestDriftMatchesItsSchema validates the JSON of every case against the published schema, which knows no null.
func TestDriftMatchesItsSchema(t *testing.T) {
	schema := compile(t, run(t, 0, "schema", "drift"))
	driftFolder(t, "shop.txtar")
	put(t, "system.hcl", "system \"shop\" {}\n\nservice \"orders\" {\n  scale = { replicas = 9 }\n  call \"out\" { to = service.gone }\n}\n\nservice \"gone\" {}\n")
	var last []byte
	for _, args := range [][]string{shopSources, append([]string{"--fail-on", "critical"}, shopSources...), append([]string{"--only", "replicas"}, shopSources...)} {
		last = run(t, 0, append([]string{"drift", "-o", "json"}, args...)...)
		if err := schema.Validate(instance(t, last)); err != nil {
			t.Error(err)
		}
		if bytes.Contains(last, []byte("null")) {
			t.Errorf("a null in\n%s", last)
		}
		if again := run(t, 0, append([]string{"drift", "-o", "json"}, args...)...); !bytes.Equal(last, again) {
			t.Error("two runs differ")
		}
	}
	var broken map[string]any
	if err := json.Unmarshal(last, &broken); err != nil {
		t.Fatal(err)
	}
	broken["items"] = nil
	b, err := json.Marshal(broken)
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(instance(t, b)) == nil {
		t.Error("the schema accepts items that are null")
	}
}
