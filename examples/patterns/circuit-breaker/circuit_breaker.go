// Package circuitbreaker guards one remote dependency with a circuit breaker:
// after enough failed calls it stops trying for a while and answers at once.
package circuitbreaker

import (
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
)

// ErrDeclined is a business answer of the payment provider. The provider
// works; the card does not.
var ErrDeclined = errors.New("card declined")

// Charge asks the payment provider to charge one order and returns its receipt.
type Charge func(ctx context.Context, order string) (receipt string, err error)

// snippet:start

// Payments calls the provider through a breaker; what the breaker rejects
// goes to a queue, so checkout keeps answering while the provider is down.
type Payments struct {
	charge  Charge
	timeout time.Duration // of one attempt: a hung call must become a failure
	queue   func(order string) error
	breaker *gobreaker.CircuitBreaker[string]
}

// NewPayments opens the circuit when at least minCalls calls ended within the
// last ten seconds and half of them failed, and probes again after openFor.
func NewPayments(charge Charge, timeout, openFor time.Duration, minCalls uint32,
	queue func(string) error, onChange func(from, to gobreaker.State)) *Payments {
	settings := gobreaker.Settings{
		Name:         "payments",
		Interval:     10 * time.Second, // a window that rolls, not one that resets
		BucketPeriod: time.Second,
		Timeout:      openFor,
		MaxRequests:  1, // probes that must succeed in half-open state
		ReadyToTrip: func(c gobreaker.Counts) bool {
			return c.Requests >= minCalls && 2*c.TotalFailures >= c.Requests
		},
		// A declined card proves that the provider is alive.
		IsSuccessful: func(err error) bool { return err == nil || errors.Is(err, ErrDeclined) },
		// A user who closed the page says nothing about the provider.
		IsExcluded:    func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(_ string, from, to gobreaker.State) { onChange(from, to) },
	}
	return &Payments{charge, timeout, queue, gobreaker.NewCircuitBreaker[string](settings)}
}

// Charge returns a receipt, or "queued" while the circuit is open.
func (p *Payments) Charge(ctx context.Context, order string) (string, error) {
	receipt, err := p.breaker.Execute(func() (string, error) {
		ctx, cancel := context.WithTimeout(ctx, p.timeout)
		defer cancel()
		return p.charge(ctx, order)
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return "queued", p.queue(order)
	}
	return receipt, err
}

// snippet:end
