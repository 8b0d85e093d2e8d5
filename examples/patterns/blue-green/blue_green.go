// Package bluegreen switches all traffic between two complete stacks at once,
// and keeps the old one warm until the new one has proved itself.
package bluegreen

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
)

// Stack is one colour: a version behind one address.
type Stack struct {
	Version string
	URL     *url.URL
	proxy   *httputil.ReverseProxy
}

// NewStack fronts the service at u.
func NewStack(version string, u *url.URL) *Stack {
	return &Stack{Version: version, URL: u, proxy: httputil.NewSingleHostReverseProxy(u)}
}

// Get is a smoke check: path must answer 200 on the stack that is not live yet.
func Get(path string) Check {
	return func(ctx context.Context, s *Stack) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL.JoinPath(path).String(), nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s: %s", path, res.Status)
		}
		return nil
	}
}

// snippet:start

// Check probes a stack that receives no user traffic yet.
type Check func(context.Context, *Stack) error

// Switch is the router in front of both colours.
type Switch struct {
	mu   sync.Mutex // one promotion at a time
	live atomic.Pointer[Stack]
	old  *Stack // still running: the rollback target
}

// NewSwitch starts with one live stack and nothing to roll back to.
func NewSwitch(live *Stack) *Switch {
	s := &Switch{}
	s.live.Store(live)
	return s
}

// ServeHTTP reads the pointer once per request: a request that has started on
// blue finishes on blue.
func (s *Switch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.live.Load().proxy.ServeHTTP(w, r)
}

// Promote checks green out of sight of users and only then moves everybody.
func (s *Switch) Promote(ctx context.Context, green *Stack, checks ...Check) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, check := range checks {
		if err := check(ctx, green); err != nil {
			return fmt.Errorf("%s stays dark: %w", green.Version, err)
		}
	}
	s.old = s.live.Swap(green)
	return nil
}

// Rollback is the promotion read backwards: no build, no start, no checks.
func (s *Switch) Rollback() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.old == nil {
		return errors.New("bluegreen: the old stack is gone; redeploy it")
	}
	s.old = s.live.Swap(s.old)
	return nil
}

// Retire gives up the way back, once no slow alert can still fire.
func (s *Switch) Retire() { s.mu.Lock(); s.old = nil; s.mu.Unlock() }

// snippet:end
