// Package serviceregistry keeps a directory of live instances by lease, and a
// client that goes on working while the directory is away.
package serviceregistry

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// ErrNoInstance means no address was ever known for the service.
var ErrNoInstance = errors.New("serviceregistry: no instance known")

// Registry holds one lease per instance. Whoever stops renewing disappears
// after the lease; a deregistration on shutdown makes that immediate.
type Registry struct {
	mu      sync.Mutex
	lease   time.Duration
	now     func() time.Time
	expires map[string]map[string]time.Time // service, address
}

// New returns a registry whose entries live for lease after each heartbeat.
func New(lease time.Duration, now func() time.Time) *Registry {
	return &Registry{lease: lease, now: now, expires: map[string]map[string]time.Time{}}
}

// NewResolver returns a client that asks lookup when refreshed.
func NewResolver(lookup func(string) ([]string, error)) *Resolver {
	return &Resolver{lookup: lookup, known: map[string][]string{}, next: map[string]int{}}
}

// snippet:start

// Heartbeat registers an instance or renews its lease.
func (r *Registry) Heartbeat(service, addr string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.expires[service] == nil {
		r.expires[service] = map[string]time.Time{}
	}
	r.expires[service][addr] = r.now().Add(r.lease)
}

// Lookup lists the instances whose lease runs, in a stable order.
func (r *Registry) Lookup(service string) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var live []string
	for addr, until := range r.expires[service] {
		if r.now().Before(until) {
			live = append(live, addr)
		} else {
			delete(r.expires[service], addr)
		}
	}
	slices.Sort(live)
	return live, nil
}

// Refresh runs in the background, once per fetch interval. When it fails, or
// comes back empty, the last known list stays: stale addresses beat none.
func (c *Resolver) Refresh(service string) error {
	addrs, err := c.lookup(service)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(addrs) > 0 {
		c.known[service] = addrs
	}
	return nil
}

// Pick returns an address, round robin. It reads only the local list, so a
// slow or dead registry never delays a request.
func (c *Resolver) Pick(service string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	addrs := c.known[service]
	if len(addrs) == 0 {
		return "", ErrNoInstance
	}
	c.next[service]++
	return addrs[(c.next[service]-1)%len(addrs)], nil
}

// snippet:end

// Deregister removes an instance that shuts down on purpose.
func (r *Registry) Deregister(service, addr string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.expires[service], addr)
}

// Resolver is the caller's side: a list of addresses that outlives the registry.
type Resolver struct {
	mu     sync.Mutex
	lookup func(string) ([]string, error)
	known  map[string][]string
	next   map[string]int
}
