// Package apigateway is the one door of a system: it knows who calls, how often they may, and which service answers, and
// nothing of what the services do.
package apigateway

import (
	"context"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// snippet:start

// Gateway routes by the first path segment.
type Gateway struct {
	Routes  map[string]*url.URL                      // "orders" -> its service
	Verify  func(token string) (user string, _ bool) // checks signature, issuer, audience and expiry of a token
	Limit   *Limiter                                 // per user, so that one cannot spend everybody's share
	Timeout time.Duration                            // above the slowest service's p99, below what clients wait
}

func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	user, ok := g.Verify(token)
	if !ok {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	if !g.Limit.Allow(user) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "slow down", http.StatusTooManyRequests)
		return
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	target, ok := g.Routes[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), g.Timeout)
	defer cancel()
	(&httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.SetXForwarded()
			p.Out.Header.Del("Authorization") // the token stays here; services take X-User from the gateway alone, over mTLS
			p.Out.Header.Set("X-User", user)  // Set, not Add: a client's own X-User must not survive
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			if errors.Is(err, context.DeadlineExceeded) {
				http.Error(w, name+" did not answer in time", http.StatusGatewayTimeout)
				return
			}
			http.Error(w, name+" is unavailable", http.StatusBadGateway)
		},
	}).ServeHTTP(w, r.WithContext(ctx))
}

// snippet:end

// Limiter is a token bucket per user.
type Limiter struct {
	Every rate.Limit // tokens a second
	Burst int
	mu    sync.Mutex
	users map[string]*rate.Limiter // grows with the users: a real one forgets the idle, or counts in a shared store
}

// Allow takes a token of the user's bucket.
func (l *Limiter) Allow(user string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users == nil {
		l.users = map[string]*rate.Limiter{}
	}
	b, ok := l.users[user]
	if !ok {
		b = rate.NewLimiter(l.Every, l.Burst)
		l.users[user] = b
	}
	return b.Allow()
}
