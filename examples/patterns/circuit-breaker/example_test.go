package circuitbreaker_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sony/gobreaker/v2"

	circuitbreaker "github.com/archcheck/archcheck/examples/patterns/circuit-breaker"
)

func ExamplePayments() {
	var calls int
	hanging := false
	provider := func(ctx context.Context, order string) (string, error) {
		calls++
		if hanging {
			<-ctx.Done() // accepts the request and never answers
			return "", ctx.Err()
		}
		return "receipt " + order, nil
	}
	var queued []string
	queue := func(order string) error { queued = append(queued, order); return nil }
	onChange := func(from, to gobreaker.State) { fmt.Println("circuit:", from, "->", to) }

	const openFor = 250 * time.Millisecond
	p := circuitbreaker.NewPayments(provider, time.Millisecond, openFor, 4, queue, onChange)
	try := func(order string) {
		answer, err := p.Charge(context.Background(), order)
		fmt.Printf("%s: %q %v\n", order, answer, err)
	}

	try("o1")
	hanging = true
	for _, order := range []string{"o2", "o3", "o4"} {
		try(order)
	}
	try("o5") // rejected without a call
	fmt.Println("calls made:", calls, "queued:", queued)

	hanging = false
	time.Sleep(openFor + 10*time.Millisecond)
	try("o6") // the probe
	try("o7")
	// Output:
	// o1: "receipt o1" <nil>
	// o2: "" context deadline exceeded
	// o3: "" context deadline exceeded
	// circuit: closed -> open
	// o4: "" context deadline exceeded
	// o5: "queued" <nil>
	// calls made: 4 queued: [o5]
	// circuit: open -> half-open
	// circuit: half-open -> closed
	// o6: "receipt o6" <nil>
	// o7: "receipt o7" <nil>
}

// Neither a declined card nor a user who left may open the circuit.
func TestHealthyAnswersKeepTheCircuitClosed(t *testing.T) {
	for _, answer := range []error{circuitbreaker.ErrDeclined, context.Canceled} {
		provider := func(context.Context, string) (string, error) { return "", answer }
		p := circuitbreaker.NewPayments(provider, time.Second, time.Minute, 2,
			func(string) error { return nil },
			func(_, to gobreaker.State) { t.Errorf("%v: circuit became %s", answer, to) })
		for range 10 {
			if _, err := p.Charge(context.Background(), "o"); !errors.Is(err, answer) {
				t.Fatalf("Charge: %v, want %v", err, answer)
			}
		}
	}
}
