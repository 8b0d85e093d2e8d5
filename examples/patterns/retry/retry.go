// Package retry repeats a failed call a few times, only where that can help:
// transient failures, spread out in time, within a budget, with one key.
package retry

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/budget"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// Status is a failed answer of the callee, HTTP style.
type Status struct {
	Code       int
	RetryAfter time.Duration // zero: the callee gave no advice
}

func (s *Status) Error() string { return fmt.Sprintf("status %d", s.Code) }

// Send makes one attempt. All attempts of one operation carry the same key,
// so the callee can recognise the second as a copy of the first.
type Send func(ctx context.Context, key string) (string, error)

// snippet:start

// transient tells failures that may be gone on the next attempt from those
// that will come back unchanged, such as 400 or 404.
func transient(err error) bool {
	if status, ok := errors.AsType[*Status](err); ok {
		return status.Code == 429 || status.Code == 503
	}
	return errors.Is(err, context.DeadlineExceeded) // the attempt's, see Do
}

// Caller retries one remote operation. Share one Caller per callee: the
// budget is only worth something if all requests draw on the same one.
type Caller struct {
	send    Send
	timeout time.Duration // of one attempt
	policy  failsafe.Executor[string]
}

// NewCaller allows three attempts with full jitter under an exponentially
// growing ceiling (base, 2·base, … up to max), and at most a tenth of the
// calls in flight may be retries.
func NewCaller(send Send, timeout, base, max time.Duration) *Caller {
	policy := retrypolicy.NewBuilder[string]().
		WithMaxAttempts(3). // counts the first one
		HandleIf(func(_ string, err error) bool { return transient(err) }).
		WithDelayFunc(func(a failsafe.ExecutionAttempt[string]) time.Duration {
			if s, ok := errors.AsType[*Status](a.LastError()); ok && s.RetryAfter > 0 {
				return s.RetryAfter + rand.N(base)
			}
			return rand.N(min(base<<a.Retries(), max))
		}).
		WithBudget(budget.NewBuilder().WithMaxRate(0.1).WithMinConcurrency(1).Build()).
		ReturnLastFailure().
		Build()
	return &Caller{send, timeout, failsafe.With(policy)}
}

// Do runs the operation named by key. The deadline of ctx covers all attempts
// and the pauses between them; timeout covers one attempt.
func (c *Caller) Do(ctx context.Context, key string) (string, error) {
	return c.policy.WithContext(ctx).GetWithExecution(func(e failsafe.Execution[string]) (string, error) {
		attempt, cancel := context.WithTimeout(e.Context(), c.timeout)
		defer cancel()
		return c.send(attempt, key)
	})
}

// snippet:end
