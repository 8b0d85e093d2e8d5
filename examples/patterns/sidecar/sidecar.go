// Package sidecar is an outbound proxy beside an application: the application
// speaks plain HTTP to localhost and names the service it wants.
package sidecar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"
)

// Upstream is the policy for one service: where it is and how long to wait.
type Upstream struct {
	Addrs   []string
	Timeout time.Duration
}

// Sidecar applies the same policy whatever language the application is in.
type Sidecar struct {
	Upstreams map[string]Upstream
	// Dial opens a connection to one address; nil means TCP.
	Dial func(ctx context.Context, addr string) (net.Conn, error)

	mu    sync.Mutex
	count map[string]int
}

// Count tells how many requests to service ended with status.
func (s *Sidecar) Count(service string, status int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[fmt.Sprintf("%s %d", service, status)]
}

func (s *Sidecar) observe(service string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[string]int{}
	}
	s.count[fmt.Sprintf("%s %d", service, status)]++
}

func (s *Sidecar) dialOne(ctx context.Context, addr string) (net.Conn, error) {
	if s.Dial != nil {
		return s.Dial(ctx, addr)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
}

// snippet:start

// Handler is what listens on localhost. The Host header names the service, as
// in Envoy's virtual hosts, so the application needs no client library.
func (s *Sidecar) Handler() http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", r.In.Host
			r.SetXForwarded()
		},
		Transport: &http.Transport{DialContext: s.dialAny, DisableKeepAlives: true},
		ModifyResponse: func(res *http.Response) error {
			s.observe(res.Request.URL.Host, res.StatusCode)
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			status := http.StatusBadGateway
			if errors.Is(err, context.DeadlineExceeded) {
				status = http.StatusGatewayTimeout
			}
			s.observe(r.URL.Host, status)
			w.WriteHeader(status)
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up, ok := s.Upstreams[r.Host]
		if !ok { // deny by default: an unknown name is a configuration error, not the internet
			http.Error(w, "no upstream "+r.Host, http.StatusNotFound)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), up.Timeout)
		defer cancel()
		proxy.ServeHTTP(w, r.WithContext(ctx))
	})
}

// dialAny retries connection failures only, on the next address: no byte of
// the request has been sent yet, so even a POST may be tried again.
func (s *Sidecar) dialAny(ctx context.Context, _, hostport string) (net.Conn, error) {
	service, _, _ := net.SplitHostPort(hostport)
	var last error
	for _, addr := range s.Upstreams[service].Addrs {
		conn, err := s.dialOne(ctx, addr)
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

// snippet:end
