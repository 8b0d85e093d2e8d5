// Package ratelimiting admits what the system behind can serve, shares it
// fairly between tenants, and tells the rest when to come back.
package ratelimiting

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// snippet:start

// Limiter holds one token bucket for everybody and one per tenant. The first
// protects the system, the others protect the tenants from each other.
type Limiter struct {
	now       func() time.Time
	global    *rate.Limiter
	perTenant rate.Limit
	burst     int

	mu      sync.Mutex
	tenants map[string]*rate.Limiter // bounded by the number of issued API keys
}

// New admits rps requests a second in total and perTenant of them from one
// tenant; burst is how many may arrive at once after a quiet moment.
func New(rps, perTenant float64, burst int, now func() time.Time) *Limiter {
	return &Limiter{
		now: now, global: rate.NewLimiter(rate.Limit(rps), burst),
		perTenant: rate.Limit(perTenant), burst: max(1, int(perTenant)),
		tenants: map[string]*rate.Limiter{},
	}
}

// admit takes a token from both buckets or from neither, and otherwise says
// how long the tenant should wait.
func (l *Limiter) admit(tenant string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.tenants[tenant]
	if own == nil {
		own = rate.NewLimiter(l.perTenant, l.burst)
		l.tenants[tenant] = own
	}
	at := l.now()
	for _, bucket := range []*rate.Limiter{own, l.global} {
		r := bucket.ReserveN(at, 1)
		defer func() {
			if wait > 0 {
				r.CancelAt(at) // a rejected request must not use up tokens
			}
		}()
		wait = max(wait, r.DelayFrom(at))
	}
	return wait
}

// Wrap rejects with 429 and Retry-After; next runs only for admitted requests.
func (l *Limiter) Wrap(tenant func(*http.Request) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := l.admit(tenant(r)); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			http.Error(w, "rate limit exceeded", http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// snippet:end
