package drift_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/drift"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/importer"
	"github.com/archcheck/archcheck/dsl/model"
)

// compare compares a description with sources; each source is "kind: text".
func compare(t *testing.T, described string, sources []string, set func(*drift.Input)) *drift.Result {
	t.Helper()
	m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(described)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	t.Chdir(t.TempDir())
	var from []importer.Source
	for i, s := range sources {
		kind, text, _ := strings.Cut(s, ": ")
		name := strings.Repeat("s", i+1) + ".yaml"
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		from = append(from, importer.Source{Kind: kind, Paths: []string{name}})
	}
	r := importer.Import(from, importer.Options{Name: "shop"})
	if r.Diags.HasErrors() {
		t.Fatal(r.Diags)
	}
	loaded, diags := dsl.Parse([]model.File{{Name: "sources.hcl", Bytes: dsl.Print(r.Model)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := drift.Input{Model: m, Source: loaded, Raw: r.Model, Shown: r.Shown}
	if set != nil {
		set(&in)
	}
	return drift.Compare(in)
}

func ids(r *drift.Result) string {
	var out []string
	for _, i := range r.Items {
		out = append(out, i.Severity.String()+" "+i.ID())
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

const head = `system "shop" {}
`

const pods = `kubernetes: apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: x/a, env: [{name: B_URL, value: "http://b:80"}]}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b}
spec:
  selector: {matchLabels: {app: b}}
  template: {metadata: {labels: {app: b}}, spec: {containers: [{name: b, image: x/b}]}}
---
apiVersion: v1
kind: Service
metadata: {name: b}
spec: {selector: {app: b}, ports: [{port: 80}]}
`

// quiet is what the pods above show, so that only what a case changes is left.
const quiet = `scale = { replicas = 1 }
  deploy = { strategy = "rolling", readiness = false }
`

const ab = head + `service "a" {
  ` + quiet + `  call "b" {
    to = service.b
    LIMITS
  }
}
service "b" {
  ` + quiet + `}
`

func limits(lines string) string { return strings.Replace(ab, "LIMITS", lines, 1) }

const istio = `istio: apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: b}
spec:
  hosts: [b]
  http: [{timeout: 3s, retries: {attempts: 2}, route: [{destination: {host: b}}]}]
`

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: b}
spec:
  podSelector: {matchLabels: {app: b}}
  ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other}
spec: {selector: {matchLabels: {app: other}}, template: {metadata: {labels: {app: other}}, spec: {containers: [{name: other, image: x/other}]}}}
`

var cases = []struct {
	name, described string
	sources         []string
	want            string
}{
	{"the same", limits(""), []string{pods}, ""},
	{"what only a program could do is no drift", limits(`timeout = "1s"
    retry = { max_attempts = 3 }
    circuit_breaker = { window = "10s" }`), []string{pods}, ""},
	{"a breaker of the program beside a mesh without one", limits(`timeout = "1s"
    deadline = "3s"
    retry = { max_attempts = 3 }
    circuit_breaker = { window = "10s" }`), []string{pods, istio}, ""},
	{"tries of the program and of the mesh", limits(`deadline = "3s"
    retry = { max_attempts = 2 }`), []string{pods, istio}, "medium retry@service.a.call.b"},
	{"a mesh that waits longer than the program", limits(`deadline = "1s"
    retry = { max_attempts = 1 }`), []string{pods, istio}, "info deadline@service.a.call.b, medium retry@service.a.call.b"},
	{"a mesh that gives up sooner than the program", limits(`deadline = "8s"
    retry = { max_attempts = 1 }`), []string{pods, istio}, "medium deadline@service.a.call.b, medium retry@service.a.call.b"},
	{"a mesh where the description has nothing", limits(""), []string{pods, istio}, "low deadline@service.a.call.b, low retry@service.a.call.b"},
	{"one try: one limit says both", limits(`timeout = "3s"
    retry = { max_attempts = 3 }`), []string{pods, strings.Replace(istio, ", retries: {attempts: 2}", "", 1)}, ""},
	{"unknown is filled", limits(`deadline = unknown
    retry = unknown`), []string{pods, istio}, "info deadline@service.a.call.b, info retry@service.a.call.b"},

	{"a breaker that the mesh is to provide and does not", strings.Replace(limits(`deadline = "3s"
    retry = { max_attempts = 3 }`), "system \"shop\" {}", `system "shop" {}
policy "mesh" {
  circuit_breaker = { window = 5 }
}
mesh "m" {
  members = [service.a, service.b]
  policy  = policy.mesh
}`, 1), []string{pods, istio}, "high breaker@policy.mesh"},
	{"limits of the program's library", limits(`timeout = "1s"
    retry = { max_attempts = 2 }`), []string{pods, `resilience4j: spring.application.name: a
resilience4j.timelimiter.instances.b.timeoutDuration: 2s
resilience4j.retry.instances.b.maxAttempts: 3
`}, "medium retry@service.a.call.b, medium timeout@service.a.call.b"},
	{"limits of an instance that no name ties to a call", limits(`timeout = "1s"`), []string{pods, `resilience4j: spring.application.name: a
resilience4j.timelimiter.instances.backend.timeoutDuration: 2s
`}, ""},
	{"start order is no call", head + `service "a" {}
service "b" {}`, []string{`compose: services: {a: {image: x/a, depends_on: [b]}, b: {image: x/b}}`}, "info undeclared-call@service.a.call.b"},
	{"a link allows a call", head + `service "a" {}
service "b" {}`, []string{`compose: services: {a: {image: x/a, links: [b]}, b: {image: x/b}}`}, "low undeclared-call@service.a.call.b"},
	{"a bare name in a variable", head + `service "a" {}
service "b" {}`, []string{`compose: services: {a: {image: x/a, environment: {B_HOST: b}}, b: {image: x/b}}`}, "medium undeclared-call@service.a.call.b"},
	{"compose does not say how many run", head + `service "a" { scale = { replicas = 5 } }`, []string{`compose: services: {a: {image: x/a}}`}, ""},
	{"a managed store is in no manifest", head + `service "a" { call "db" { to = datastore.db } }
datastore "db" { kind = "relational" }`[0:0] + `service "a" {
  call "db" { to = datastore.db }
}
datastore "db" { kind = "relational" }`, []string{`compose: services: {a: {image: x/a}}`}, "info vanished-component@datastore.db"},
	{"a cache may have many readers", head + `service "a" {
  call "cache" { to = datastore.cache }
}
service "b" {}
datastore "cache" { kind = "cache" }`, []string{`compose: services: {a: {image: x/a, environment: {CACHE: "redis://cache:6379"}}, b: {image: x/b, environment: {CACHE: "redis://cache:6379"}}, cache: {image: redis}}`},
		"high undeclared-call@service.b.call.cache"},
	{"a published port is for developers, perhaps", head + `service "a" {}`, []string{`compose: services: {a: {image: x/a, ports: ["80:80"]}}`}, "low undeclared-call@client.users.call.a"},
	{"a policy that forbids a described call", strings.Replace(limits(""), "system \"shop\" {}", "system \"shop\" {}\nservice \"other\" {\n  "+quiet+"}", 1),
		[]string{strings.Replace(pods, `env: [{name: B_URL, value: "http://b:80"}]`, "ports: []", 1) + "---\n" + policy},
		"low undeclared-call@service.other.call.b, medium vanished-call@service.a.call.b"},
	{"canary", head + `service "a" {
  scale = { replicas = 1 }
  deploy = { strategy = "canary", steps = ["10%", "50%"], bake = "5m", readiness = false, analysis = ["errors"] }
}`, []string{`argo-rollouts: apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: a}
spec:
  replicas: 1
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: x/a}]}}
  strategy: {canary: {steps: [{setWeight: 10}, {pause: {duration: 1m}}, {setWeight: 100}]}}
`}, "low rollout@service.a.deploy.bake, low rollout@service.a.deploy.steps"},
	{"dapr", head + `policy "to_b" {
  engine          = "dapr"
  timeout         = "2s"
  circuit_breaker = { window = 5 }
}
service "a" {
  ` + quiet + `  call "b" { to = service.b }
}
service "b" {
  inbound = policy.to_b
  ` + quiet + `}`, []string{pods, `dapr: apiVersion: dapr.io/v1alpha1
kind: Resiliency
metadata: {name: r}
spec:
  policies: {timeouts: {short: 1s}, retries: {three: {policy: constant, duration: 1s, maxRetries: 3}}}
  targets: {apps: {b: {timeout: short, retry: three}}}
`}, "high breaker@policy.to_b, low retry@policy.to_b, medium timeout@policy.to_b"},
	{"drawings", head + `service "a" {
  call "b" {
    to              = service.b
    timeout         = "1s"
    circuit_breaker = {}
  }
  call "c" { to = service.c }
}
service "b" {}
service "c" {}`, []string{`microtosca: topology_template:
  node_templates:
    a: {type: micro.nodes.Service, requirements: [{interaction: {node: b, relationship: t}}]}
    b: {type: micro.nodes.Service}
    c: {type: micro.nodes.Service}
  relationship_templates: {t: {type: micro.relationships.InteractsWith, properties: {timeout: true}}}
`}, "high breaker@service.a.call.b, medium vanished-call@service.a.call.c"},
	{"aliases", head + `service "web" {
  aliases = ["a"]
  ` + quiet + `  call "back" { to = service.back }
}
service "back" {
  aliases = ["b"]
  ` + quiet + `}`, []string{pods}, ""},
	{"spelling", head + `service "order_items" {}`, []string{`compose: services: {Order-Items: {image: x/a}}`}, ""},
	{"one letter apart is no match", head + `service "payment" {}`, []string{`compose: services: {payments: {image: x/a}}`}, "medium other-name@service.payment"},
	{"two that could be meant", head + `service "orders" {}`, []string{`compose: services: {orders-api: {image: x/a}, orders-worker: {image: x/b}}`},
		"low vanished-component@service.orders, medium undeclared-component@service.orders-api, medium undeclared-component@service.orders-worker"},
	{"a kind tells namesakes apart", head + `service "orders" {}
datastore "Orders" { engine = "postgresql" }`, []string{`compose: services: {orders: {image: x/a}, ORDERS: {image: postgres}}`}, ""},
	{"a client is nobody's service", head + `client "web" {
  kind = "web"
  call "a" { to = service.a }
}
service "a" {}`, []string{`compose: services: {a: {image: x/a}, web: {image: x/web}}`}, "medium undeclared-component@service.web"},
	{"a broker without messages", head + `service "a" {}
broker "mq" { engine = "rabbitmq" }`, []string{`compose: services: {a: {image: x/a, environment: {MQ: "amqp://mq:5672"}}, mq: {image: rabbitmq}}`}, "medium undeclared-message@service.a"},
	{"a broker with messages", head + `service "a" {
  publish "x" { to = topic.x }
}
broker "mq" { engine = "rabbitmq" }
topic "x" { broker = broker.mq }`, []string{`compose: services: {a: {image: x/a, environment: {MQ: "amqp://mq:5672"}}, mq: {image: rabbitmq}}`}, ""},
}

func TestCompare(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := compare(t, c.described, c.sources, nil)
			if got := ids(r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
				for _, i := range r.Items {
					t.Log(i.Detail)
				}
			}
			seen := map[string]bool{}
			for _, i := range r.Items {
				if seen[i.ID()] || drift.KindOf(i.Kind).Title == "" || i.Detail == "" || i.Range.IsZero() || i.Says.Text == "" || i.Shows.Text == "" {
					t.Errorf("incomplete or twice: %+v", i)
				}
				seen[i.ID()] = true
			}
		})
	}
}
