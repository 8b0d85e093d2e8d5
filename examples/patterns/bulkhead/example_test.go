package bulkhead_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/archcheck/archcheck/examples/patterns/bulkhead"
)

// One process, two dependencies. Payments hangs; the catalog does not notice.
func ExampleDependency() {
	payments := bulkhead.NewDependency(2, time.Minute)
	catalog := bulkhead.NewDependency(2, time.Second)

	var inside, done sync.WaitGroup
	release := make(chan struct{})
	inside.Add(2)
	for range 2 {
		done.Go(func() {
			_ = payments.Call(context.Background(), func(context.Context) error {
				inside.Done()
				<-release // hangs
				return nil
			})
		})
	}
	inside.Wait()

	ok := func(context.Context) error { return nil }
	fmt.Println("payments, third call:", payments.Call(context.Background(), ok))
	fmt.Println("catalog meanwhile:", catalog.Call(context.Background(), ok))
	close(release)
	done.Wait()
	fmt.Println("payments afterwards:", payments.Call(context.Background(), ok))
	// Output:
	// payments, third call: compartment full
	// catalog meanwhile: <nil>
	// payments afterwards: <nil>
}

// 80 calls/s over three replicas to a provider whose median is 180 ms and
// whose p99 is 900 ms. Read as lognormal, the mean is 180·exp(σ²/2) = 228.7 ms
// with σ = ln(900/180)/2.326 = 0.692, hence 6.1 calls in flight.
func ExampleSlots() {
	const rps, mean = 80.0 / 3, 228700 * time.Microsecond
	fmt.Println("slots:", bulkhead.Slots(rps, mean))
	for _, k := range []uint{8, 10, 12, 14} {
		fmt.Printf("%2d slots refuse %.2f %%\n", k, 100*bulkhead.Refused(rps, mean, k))
	}
	// Output:
	// slots: 14
	//  8 slots refuse 12.74 %
	// 10 slots refuse 4.62 %
	// 12 slots refuse 1.25 %
	// 14 slots refuse 0.25 %
}

// Erlang B by hand: one slot and one Erlang refuse 1/(1+1); two slots and one
// Erlang refuse (1/2)/(1+1+1/2) = 1/5.
func TestRefusedByHand(t *testing.T) {
	for k, want := range map[uint]float64{0: 1, 1: 0.5, 2: 0.2} {
		if got := bulkhead.Refused(1, time.Second, k); math.Abs(got-want) > 1e-12 {
			t.Errorf("Refused with %d slots = %v, want %v", k, got, want)
		}
	}
	if got := bulkhead.Slots(1, time.Millisecond); got != 4 {
		t.Errorf("Slots for an idle edge = %d, want the floor of 4", got)
	}
}
