// Command genmodel writes a description of a system of any size, the same bytes for the same arguments. Benchmarks and
// stress tests feed on it:
//
//	go run ./cmd/internal/genmodel -services 1000 > large.hcl
//
// The system is layered: clients, gateways, then services that call services of the next layer and stores of their own.
// It has exactly five calls for each service, those of clients and gateways included. It is decently run: time limits
// shrink from layer to layer, pools fit their databases, a database has one writer. One call or service in twelve or so
// departs from that, as in a system that grew, and rates, latencies, limits and policies vary.
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
	services := flag.Int("services", 1000, "number of services; five calls each")
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

// limits are the time limits in milliseconds of calls into each layer, and of calls of the last layer's stores: each
// leaves room for two tries of the next.
var limits = [layers + 1]int{3000, 1400, 650, 300, 140, 60}

// routes is how many calls a gateway makes.
const routes = 5

// write writes a system of n services.
func write(w io.Writer, n int, seed uint64) {
	g := &generator{Writer: w, r: rand.New(rand.NewPCG(seed, uint64(n))), n: n}
	g.head()
	gateways := max(1, n/50)
	for i := range gateways {
		g.gateway(i)
	}
	left := max(0, 5*n-gateways*(routes+1)) // calls that the services share
	for i := range n {
		g.service(i, (i+1)*left/n-i*left/n)
	}
	for i := 0; i < n; i += 2 {
		g.printf("datastore \"db_%d\" {\n  kind            = \"relational\"\n  availability    = \"99.99%%\"\n  latency         = { p50 = \"3ms\", p99 = \"%dms\" }\n  max_connections = %d\n}\n\n", i, g.pick(10, 15, 20), g.pick(500, 800, 1000))
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

// departs is true now and then: something that nobody looked after.
func (g *generator) departs() bool { return g.r.IntN(12) == 0 }

func (g *generator) head() {
	g.printf(`system "large" {
  platform = "kubernetes"
  slo      = { availability = "99.9%%", latency_p99 = "2s" }
  policy   = policy.rpc
  deploy   = { strategy = "rolling", readiness = true, drain = "15s" }

  load_balancing       = "l7"
  deadline_propagation = true
}

policy "rpc" { timeout = "300ms" }

broker "kafka" {
  engine       = "kafka"
  availability = "99.99%%"
}

`)
}

// gateway writes one gateway with its client; it routes to services of the top layer.
func (g *generator) gateway(i int) {
	g.printf("client \"web_%d\" {\n  kind     = \"web\"\n  rps      = %d\n  deadline = \"7s\"\n  call \"api\" { to = gateway.edge_%d }\n}\n\n", i, g.pick(20, 50, 120, 300), i)
	g.printf("gateway \"edge_%d\" {\n  kind       = \"api\"\n  auth       = \"oidc\"\n  scale      = { replicas = 3, zones = 3 }\n  rate_limit = { rps = %d }\n  api \"rest\" { version = \"v1\" }\n", i, g.pick(500, 1000))
	for k := range routes {
		to := (i*routes + k) % g.width()
		g.printf("  call \"r%d\" {\n    to          = service.s_%d\n    per_request = 0.2\n    timeout     = \"%dms\"\n  }\n", k, to, limits[0])
	}
	g.printf("}\n\n")
}

// width is how many services a layer has.
func (g *generator) width() int { return max(1, g.n/layers) }

// service writes one service: its calls go to the layer below, its writes to a store of its own.
func (g *generator) service(i, calls int) {
	layer := min(i/g.width(), layers-1)
	below := limits[layer+1]
	p50 := below / g.pick(12, 16, 20)
	p99 := p50 * g.pick(3, 4, 6, 8)
	g.printf("service \"s_%d\" {\n  scale   = { replicas = %d, zones = %d, concurrency = %d, capacity = %d }\n  latency = { p50 = \"%dms\", p99 = \"%dms\" }\n",
		i, g.pick(3, 4, 6), g.pick(2, 3), g.pick(32, 64, 128), g.pick(100, 200, 400), p50, p99)
	if g.departs() {
		g.printf("  deploy  = { strategy = \"recreate\" }\n")
	}
	g.printf("  api \"grpc\" {}\n")
	if i%2 == 0 {
		calls--
		g.store("db", i, "")
	}
	group := "    parallel = \"page\"\n" // calls that do not wait for each other
	if g.departs() {
		group = ""
	}
	for k := range calls {
		if layer == layers-1 { // the lowest layer keeps to its stores
			g.store(fmt.Sprint("db", k), (i+2*k)%g.n/2*2, "    access   = \"read\"\n"+group)
			continue
		}
		g.call(k, min((layer+1)*g.width()+g.r.IntN(g.width()), g.n-1), below, group)
	}
	if i%10 == 0 {
		g.printf("  publish \"done\" {\n    to     = topic.events_%d\n    outbox = { store = datastore.db_%d, relay = \"cdc\" }\n  }\n", i, i)
	}
	if i%10 == 5 {
		g.printf("  consume \"done\" {\n    from       = topic.events_%d\n    idempotent = true\n  }\n", i-5)
	}
	g.printf("}\n\n")
}

// store writes a call of a database; more are further lines of it.
func (g *generator) store(name string, db int, more string) {
	pool := g.pick(5, 8, 10)
	if g.departs() {
		pool = 60
	}
	g.printf("  call \"%s\" {\n    to       = datastore.db_%d\n%s    timeout  = \"%dms\"\n    pool     = %d\n  }\n", name, db, more, limits[layers], pool)
}

// call writes a call of a service of the layer below.
func (g *generator) call(k, to, limit int, more string) {
	if g.departs() {
		limit = limit * g.pick(1, 5) / 2
	}
	g.printf("  call \"c%d\" {\n    to          = service.s_%d\n    per_request = 0.%d\n    timeout     = \"%dms\"\n%s", k, to, 1+g.r.IntN(4), limit, more)
	switch g.r.IntN(5) {
	case 0:
		g.printf("    access      = \"read\"\n    retry       = { max_attempts = 2, budget = \"10%%\" }\n")
	case 1:
		g.printf("    access          = \"read\"\n    circuit_breaker = { window = \"%ds\", min_calls = 10 }\n    fallback        = \"cache\"\n", g.pick(30, 60, 120))
	}
	g.printf("  }\n")
}
