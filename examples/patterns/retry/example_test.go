package retry_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/failsafe-go/failsafe-go/budget"

	"github.com/archcheck/archcheck/examples/patterns/retry"
)

func ExampleCaller() {
	// The callee drops the first answer on the floor: the work was done, the
	// caller never heard of it. The key makes attempt 2 harmless.
	reserved := map[string]bool{}
	attempt := 0
	send := func(ctx context.Context, key string) (string, error) {
		attempt++
		if reserved[key] {
			return "already reserved", nil
		}
		switch attempt {
		case 1:
			reserved[key] = true
			<-ctx.Done()
			return "", ctx.Err()
		default:
			return "", &retry.Status{Code: 404}
		}
	}
	caller := retry.NewCaller(send, 5*time.Millisecond, time.Millisecond, 4*time.Millisecond)

	answer, err := caller.Do(context.Background(), "order-1")
	fmt.Printf("%q %v after %d attempts\n", answer, err, attempt)

	attempt = 1
	answer, err = caller.Do(context.Background(), "order-2")
	fmt.Printf("%q %v after %d attempt\n", answer, err, attempt-1)
	// Output:
	// "already reserved" <nil> after 2 attempts
	// "" status 404 after 1 attempt
}

func TestThreeAttemptsAndNoMore(t *testing.T) {
	calls := 0
	send := func(context.Context, string) (string, error) {
		calls++
		return "", &retry.Status{Code: 503}
	}
	_, err := retry.NewCaller(send, time.Second, time.Microsecond, time.Microsecond).
		Do(context.Background(), "k")
	var status *retry.Status
	if !errors.As(err, &status) || calls != 3 {
		t.Errorf("%d calls, error %v; want 3 calls and the last status", calls, err)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	const advice = 30 * time.Millisecond
	var at []time.Time
	send := func(context.Context, string) (string, error) {
		if at = append(at, time.Now()); len(at) == 1 {
			return "", &retry.Status{Code: 429, RetryAfter: advice}
		}
		return "ok", nil
	}
	if _, err := retry.NewCaller(send, time.Second, time.Microsecond, time.Microsecond).
		Do(context.Background(), "k"); err != nil {
		t.Fatal(err)
	}
	if wait := at[1].Sub(at[0]); wait < advice {
		t.Errorf("second attempt after %v, advised %v", wait, advice)
	}
}

func TestTheDeadlineEndsTheRetries(t *testing.T) {
	calls := 0
	send := func(context.Context, string) (string, error) {
		calls++
		return "", &retry.Status{Code: 429, RetryAfter: time.Hour}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	_, err := retry.NewCaller(send, time.Second, time.Microsecond, time.Microsecond).Do(ctx, "k")
	if !errors.Is(err, context.DeadlineExceeded) || calls != 1 {
		t.Errorf("%d calls, error %v; want 1 call and the deadline", calls, err)
	}
}

// During an outage a hundred callers want two hundred retries. The budget
// admits a retry while retries are at most a tenth of the calls in flight:
// the 12th at 11/111 = 9.9 %, no 13th at 12/112 = 10.7 %. The library checks
// and counts in two steps, hence the tolerance.
func TestBudgetStopsARetryStorm(t *testing.T) {
	const callers = 100
	var first, decided, all sync.WaitGroup
	first.Add(callers)
	decided.Add(callers)
	var retries atomic.Int32
	var seen sync.Map
	hold := make(chan struct{})
	send := func(_ context.Context, key string) (string, error) {
		switch n, _ := seen.LoadOrStore(key, new(atomic.Int32)); n.(*atomic.Int32).Add(1) {
		case 1:
			first.Done()
			first.Wait() // all first attempts fail together
		case 2:
			retries.Add(1)
			decided.Done()
			<-hold // stay in flight until all others were decided
		}
		return "", &retry.Status{Code: 503}
	}
	caller := retry.NewCaller(send, time.Minute, time.Microsecond, time.Microsecond)
	for i := range callers {
		all.Go(func() {
			key := fmt.Sprint(i)
			_, err := caller.Do(context.Background(), key)
			n, _ := seen.Load(key)
			if errors.Is(err, budget.ErrExceeded) && n.(*atomic.Int32).Load() == 1 {
				decided.Done() // refused before its first retry
			}
		})
	}
	decided.Wait()
	n := retries.Load()
	close(hold)
	all.Wait()
	if n < 12 || n > 24 {
		t.Errorf("%d retries in flight for %d calls, the budget is 12", n, callers)
	}
}
