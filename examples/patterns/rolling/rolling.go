// Package rolling replaces instances one at a time: a new one must be ready
// before an old one stops taking work, and an old one finishes what it holds.
package rolling

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Instance is one replica of the service.
type Instance struct {
	Version string
	URL     *url.URL
	server  *http.Server
	proxy   *httputil.ReverseProxy
	ready   atomic.Bool
	routed  atomic.Int64 // requests the balancer has sent here and not got back
}

// Start runs app on a loopback port. Like a pod it is running at once, and
// ready only when Ready is called.
func Start(version string, app http.Handler) (*Instance, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	in := &Instance{Version: version, server: &http.Server{Handler: app, ReadHeaderTimeout: time.Second},
		URL: &url.URL{Scheme: "http", Host: l.Addr().String()}}
	in.proxy = httputil.NewSingleHostReverseProxy(in.URL)
	in.proxy.Transport = &http.Transport{DisableKeepAlives: true} // no idle connection outlives a drain
	go func() { _ = in.server.Serve(l) }()
	return in, nil
}

// Ready is the readiness probe succeeding.
func (in *Instance) Ready() { in.ready.Store(true) }

// Balancer sends requests round robin to ready instances.
type Balancer struct {
	mu   sync.RWMutex
	all  []*Instance
	next atomic.Uint64
}

// Add makes an instance known; it gets traffic once it is ready.
func (b *Balancer) Add(in *Instance) { b.mu.Lock(); b.all = append(b.all, in); b.mu.Unlock() }

// ReadyInstances returns the versions that take traffic now.
func (b *Balancer) ReadyInstances() (out []*Instance) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, in := range b.all {
		if in.ready.Load() {
			out = append(out, in)
		}
	}
	return out
}

func (b *Balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for {
		ready := b.ReadyInstances()
		if len(ready) == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		in := ready[b.next.Add(1)%uint64(len(ready))]
		in.routed.Add(1)
		if in.ready.Load() { // still: nobody took it out between the list and the count
			defer in.routed.Add(-1)
			in.proxy.ServeHTTP(w, r)
			return
		}
		in.routed.Add(-1)
	}
}

// snippet:start

// Rollout is a rolling update with max_surge 1 and max_unavailable 0.
type Rollout struct {
	Balancer *Balancer
	Start    func() (*Instance, error)                  // a new instance, not ready yet
	Probe    func(context.Context, *Instance) error     // returns once it is ready
	Drain    time.Duration                              // balancers need this long to notice
	Grace    time.Duration                              // then in-flight work must end
	OnStep   func(ready int, replaced, added *Instance) // for metrics; may be nil
}

// Run replaces every instance of the balancer. It stops at the first new
// instance that does not become ready: the old ones are still serving.
func (r Rollout) Run(ctx context.Context) error {
	for _, old := range r.Balancer.ReadyInstances() {
		fresh, err := r.Start()
		if err != nil {
			return err
		}
		r.Balancer.Add(fresh)
		if err := r.Probe(ctx, fresh); err != nil {
			_ = fresh.server.Close()
			return fmt.Errorf("rollout halted at %s, old version keeps serving: %w", fresh.Version, err)
		}
		fresh.Ready()
		if err := r.retire(ctx, old); err != nil {
			return err
		}
		if r.OnStep != nil {
			r.OnStep(len(r.Balancer.ReadyInstances()), old, fresh)
		}
	}
	return nil
}

// retire takes an instance out in the only safe order: leave the rotation,
// wait until nobody routes here any more, finish what is in flight, stop.
func (r Rollout) retire(ctx context.Context, old *Instance) error {
	old.ready.Store(false)
	select {
	case <-time.After(r.Drain):
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Grace)
	defer cancel()
	for old.routed.Load() > 0 && grace.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	if old.server.Shutdown(grace) != nil {
		return old.server.Close() // out of time: what is still in flight is cut off
	}
	return nil
}

// snippet:end
