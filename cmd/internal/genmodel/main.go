// Command genmodel writes a description of a system of any size, the same bytes for the same arguments. Benchmarks and
// stress tests feed on it:
//
//	go run ./cmd/internal/genmodel -services 1000 > large.hcl
//
// The system is layered: clients, gateways, then services that call services of lower layers and stores of their own,
// five calls a service on average; rates, latencies, limits and policies vary as in a system that grew.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

func main() {
	services := flag.Int("services", 1000, "number of services; about five calls each")
	seed := flag.Uint64("seed", 1, "seed of the variation")
	flag.Parse()
	w := bufio.NewWriter(os.Stdout)
	write(w, *services, *seed)
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// layers is how deep calls go below a gateway.
const layers = 5

// write writes a system of n services.
func write(w io.Writer, n int, seed uint64) {
	g := &generator{Writer: w, r: rand.New(rand.NewPCG(seed, uint64(n))), n: n}
	g.head()
	for i := range max(1, n/50) {
		g.gateway(i)
	}
	for i := range n {
		g.service(i)
	}
	for i := 0; i < n; i += 2 {
		g.printf("datastore \"db_%d\" {\n  kind            = \"relational\"\n  availability    = \"99.95%%\"\n  max_connections = %d\n}\n\n", i, g.pick(100, 200, 500))
	}
	for i := 0; i < n; i += 10 {
		g.printf("topic \"events_%d\" { broker = broker.kafka }\n\n", i)
	}
}

type generator struct {
	io.Writer
	r *rand.Rand
	n int
}

func (g *generator) printf(format string, args ...any) { fmt.Fprintf(g, format, args...) }

func (g *generator) pick(xs ...int) int { return xs[g.r.IntN(len(xs))] }

func (g *generator) head() {
	g.printf(`system "large" {
  platform = "kubernetes"
  slo      = { availability = "99.9%%", latency_p99 = "2s" }
  policy   = policy.rpc
}

policy "rpc" { timeout = "800ms" }

broker "kafka" {
  engine       = "kafka"
  availability = "99.95%%"
}

`)
}

// gateway writes one gateway with its client; it routes to services of the top layer.
func (g *generator) gateway(i int) {
	g.printf("client \"web_%d\" {\n  kind     = \"web\"\n  rps      = %d\n  deadline = \"5s\"\n  call \"api\" { to = gateway.edge_%d }\n}\n\n", i, g.pick(20, 50, 120, 300), i)
	g.printf("gateway \"edge_%d\" {\n  kind       = \"api\"\n  auth       = \"oidc\"\n  scale      = { replicas = 3, zones = 3 }\n  rate_limit = { rps = %d }\n  api \"rest\" { version = \"v1\" }\n", i, g.pick(500, 1000))
	for k := range 5 {
		to := (i*5 + k) % max(1, g.n/layers)
		g.printf("  call \"r%d\" {\n    to          = service.s_%d\n    per_request = 0.2\n    timeout     = \"%dms\"\n  }\n", k, to, g.pick(1200, 1500, 2000))
	}
	g.printf("}\n\n")
}

// service writes one service: its calls go to the layer below, its writes to a store of its own.
func (g *generator) service(i int) {
	p50 := g.pick(8, 15, 25, 40, 60, 90)
	p99 := p50 * g.pick(3, 4, 6, 8)
	g.printf("service \"s_%d\" {\n  scale   = { replicas = %d, zones = %d, concurrency = %d, capacity = %d }\n  latency = { p50 = \"%dms\", p99 = \"%dms\" }\n",
		i, g.pick(2, 3, 4, 6), g.pick(1, 2, 3), g.pick(32, 64, 128), g.pick(50, 100, 200, 400), p50, p99)
	if g.r.IntN(3) == 0 {
		g.printf("  deploy  = { strategy = \"rolling\", readiness = true, drain = \"15s\" }\n")
	}
	g.printf("  api \"grpc\" {}\n")
	calls := 4
	if i%2 == 0 {
		calls = 3
	}
	width := max(1, g.n/layers)
	layer := i / width
	for k := range calls {
		if layer >= layers-1 { // the lowest layer keeps to its stores
			g.printf("  call \"db%d\" {\n    to     = datastore.db_%d\n    access = \"%s\"\n    pool   = %d\n  }\n", k, (i+2*k)%g.n/2*2, []string{"write", "read", "read", "read"}[k], g.pick(5, 10, 20))
			continue
		}
		to := min((layer+1)*width+g.r.IntN(width), g.n-1)
		g.printf("  call \"c%d\" {\n    to          = service.s_%d\n    per_request = 0.%d\n    timeout     = \"%dms\"\n", k, to, 1+g.r.IntN(4), g.pick(200, 300, 500, 750))
		switch g.r.IntN(5) {
		case 0:
			g.printf("    access      = \"read\"\n    retry       = { max_attempts = 2, budget = \"10%%\" }\n")
		case 1:
			g.printf("    access          = \"read\"\n    circuit_breaker = { window = \"10s\", min_calls = 20 }\n    fallback        = \"cache\"\n")
		}
		g.printf("  }\n")
	}
	if i%2 == 0 {
		g.printf("  call \"db\" {\n    to   = datastore.db_%d\n    pool = %d\n  }\n", i, g.pick(5, 10, 20))
	}
	if i%10 == 0 {
		g.printf("  publish \"done\" {\n    to     = topic.events_%d\n    outbox = { store = datastore.db_%d, relay = \"cdc\" }\n  }\n", i, i)
	}
	if i%10 == 5 {
		g.printf("  consume \"done\" {\n    from       = topic.events_%d\n    idempotent = true\n  }\n", i-5)
	}
	g.printf("}\n\n")
}
