// Package bulkhead gives each dependency its own share of a service's
// request slots, so that one that hangs cannot take them all.
package bulkhead

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/failsafe-go/failsafe-go"
	failsafebulkhead "github.com/failsafe-go/failsafe-go/bulkhead"
)

// ErrBusy says that the compartment of a dependency is full. It is an answer
// in microseconds instead of a slot lost for seconds.
var ErrBusy = errors.New("compartment full")

// snippet:start

// Slots sizes a compartment: the calls in flight on average (Little's law:
// rate × mean time) plus three standard deviations of a Poisson load.
func Slots(callsPerSecond float64, mean time.Duration) uint {
	inFlight := callsPerSecond * mean.Seconds()
	return uint(max(4, math.Ceil(inFlight+3*math.Sqrt(inFlight))))
}

// Refused is the share of healthy calls that k slots turn away (Erlang B,
// by its usual recursion). Above 1 % the compartment is too small.
func Refused(callsPerSecond float64, mean time.Duration, k uint) float64 {
	inFlight, b := callsPerSecond*mean.Seconds(), 1.0
	for i := range k {
		b = inFlight * b / (float64(i+1) + inFlight*b)
	}
	return b
}

// Dependency is one remote system behind its own compartment.
type Dependency struct {
	timeout     time.Duration
	compartment failsafe.Executor[any]
}

// NewDependency admits slots calls at a time and queues none: a queue in
// front of a hanging system only moves the wait.
func NewDependency(slots uint, timeout time.Duration) *Dependency {
	wall := failsafebulkhead.NewBuilder[any](slots).WithMaxWaitTime(0).Build()
	return &Dependency{timeout, failsafe.With[any](wall)}
}

// Call runs fn in the compartment. The limit on fn matters as much as the
// wall: without it the slots inside would stay taken forever.
func (d *Dependency) Call(ctx context.Context, fn func(context.Context) error) error {
	err := d.compartment.WithContext(ctx).RunWithExecution(func(e failsafe.Execution[any]) error {
		attempt, cancel := context.WithTimeout(e.Context(), d.timeout)
		defer cancel()
		return fn(attempt)
	})
	if errors.Is(err, failsafebulkhead.ErrFull) {
		return ErrBusy
	}
	return err
}

// snippet:end
