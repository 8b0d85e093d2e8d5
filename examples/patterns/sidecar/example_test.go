package sidecar_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"time"

	"github.com/archcheck/archcheck/examples/patterns/sidecar"
)

// The application posts to localhost; failover, deadline and counters happen
// beside it.
func Example() {
	payments := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "charged %s for %s", body, r.Header.Get("X-Forwarded-Host"))
	}))
	defer payments.Close()

	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)

	side := &sidecar.Sidecar{
		Upstreams: map[string]sidecar.Upstream{
			"payments": {Addrs: []string{"payments-1:80", "payments-2:80"}, Timeout: 5 * time.Second},
			"ranking":  {Addrs: []string{"ranking-1:80"}, Timeout: 30 * time.Millisecond},
		},
		Dial: func(ctx context.Context, addr string) (net.Conn, error) {
			real := map[string]string{
				"payments-2:80": payments.Listener.Addr().String(),
				"ranking-1:80":  slow.Listener.Addr().String(),
			}[addr]
			if real == "" {
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			}
			return (&net.Dialer{}).DialContext(ctx, "tcp", real)
		},
	}
	local := httptest.NewServer(side.Handler())
	defer local.Close()

	call := func(service, body string) {
		req, err := http.NewRequest(http.MethodPost, local.URL, strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Host = service
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		fmt.Println(strings.TrimSpace(fmt.Sprintf("%s: %d %s", service, res.StatusCode, text)))
	}
	call("payments", "42 EUR") // payments-1 refuses, payments-2 answers
	call("ranking", "query")
	call("example.org", "exfiltrate")
	fmt.Println("counted:", side.Count("payments", 200), side.Count("ranking", 504))
	// Output:
	// payments: 200 charged 42 EUR for payments
	// ranking: 504
	// example.org: 404 no upstream example.org
	// counted: 1 1
}
