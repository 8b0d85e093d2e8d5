// Package stranglerfig is a façade that moves one route after another from a
// legacy system to its successors, and back.
package stranglerfig

import (
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Pick assigns a user to one of 100 buckets of a route, the same at every call.
func Pick(route, user string) int {
	h := fnv.New64a()
	h.Write([]byte(route + "/" + user))
	return int(h.Sum64() % 100)
}

// snippet:start

// Status is how far a route has moved.
type Status int

// Each step is a configuration change, and so is the step back.
const (
	Legacy   Status = iota // all traffic to the old system
	Shadow                 // reads are mirrored to the new one, its answers only compared
	Canary                 // a share of the users gets the new one
	Migrated               // all traffic to the new one; the old code can go
)

// Route is one interceptable slice of the legacy system.
type Route struct {
	Prefix  string
	To      http.Handler
	Status  Status
	Percent int // of users, while in Canary
}

// Facade is the only entrance: whoever bypasses it cannot be migrated.
type Facade struct {
	Legacy   http.Handler
	Routes   []Route
	Mismatch func(route Route, old, new int) // shadow answers that differ
}

func (f *Facade) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, rt := range f.Routes {
		if !strings.HasPrefix(r.URL.Path, rt.Prefix) {
			continue
		}
		switch user := r.Header.Get("X-User"); {
		case rt.Status == Migrated, rt.Status == Canary && Pick(rt.Prefix, user) < rt.Percent:
			rt.To.ServeHTTP(w, r)
		case rt.Status == Shadow && r.Method == http.MethodGet: // never mirror a write: it would happen twice
			old, probe := &recorder{ResponseWriter: w, status: http.StatusOK}, httptest.NewRecorder()
			f.Legacy.ServeHTTP(old, r)
			rt.To.ServeHTTP(probe, r.Clone(r.Context())) // off the request path in production
			if probe.Code != old.status {
				f.Mismatch(rt, old.status, probe.Code)
			}
		default:
			f.Legacy.ServeHTTP(w, r)
		}
		return
	}
	f.Legacy.ServeHTTP(w, r)
}

// snippet:end

// Progress is the share of traffic that the new system serves, weighted by the
// rate of each route. Below 100 % the legacy system still has to run.
func (f *Facade) Progress(rate func(prefix string) float64) float64 {
	var moved, total float64
	for _, rt := range f.Routes {
		share := map[Status]float64{Canary: float64(rt.Percent) / 100, Migrated: 1}[rt.Status]
		moved += share * rate(rt.Prefix)
		total += rate(rt.Prefix)
	}
	if total == 0 {
		return 0
	}
	return moved / total
}

// recorder remembers the status that went to the user.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) { r.status = status; r.ResponseWriter.WriteHeader(status) }
