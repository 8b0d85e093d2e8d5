package ratelimiting_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	ratelimiting "github.com/archcheck/archcheck/examples/patterns/rate-limiting"
)

// server returns a function that sends one request of a tenant and reports the
// status and Retry-After, on a clock that only advance moves.
func server(rps, perTenant float64, burst int) (get func(tenant string) string, advance func(time.Duration)) {
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	limiter := ratelimiting.New(rps, perTenant, burst, func() time.Time { return clock })
	handler := limiter.Wrap(
		func(r *http.Request) string { return r.Header.Get("X-API-Key") },
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	get = func(tenant string) string {
		request := httptest.NewRequest(http.MethodGet, "/orders", nil)
		request.Header.Set("X-API-Key", tenant)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if after := answer.Header().Get("Retry-After"); after != "" {
			return fmt.Sprintf("%d, retry after %s s", answer.Code, after)
		}
		return fmt.Sprint(answer.Code)
	}
	return get, func(d time.Duration) { clock = clock.Add(d) }
}

func ExampleLimiter() {
	// Ten requests a second in all, two of them for one tenant.
	get, advance := server(10, 2, 10)
	for range 3 {
		fmt.Println("noisy:", get("noisy"))
	}
	fmt.Println("quiet:", get("quiet"))
	advance(time.Second)
	fmt.Println("noisy, a second later:", get("noisy"))
	// Output:
	// noisy: 200
	// noisy: 200
	// noisy: 429, retry after 1 s
	// quiet: 200
	// noisy, a second later: 200
}

// Rejections must not eat the tokens of the tenants that behave: 50 refused
// requests later the global bucket still holds 10 - 2 tokens.
func TestRejectedRequestsCostNothing(t *testing.T) {
	get, _ := server(10, 2, 10)
	for range 52 {
		get("noisy")
	}
	for i := range 4 {
		for range 2 {
			if got := get(fmt.Sprint("tenant-", i)); got != "200" {
				t.Fatalf("tenant-%d: %s, want 200", i, got)
			}
		}
	}
	if got := get("late"); got != "429, retry after 1 s" {
		t.Errorf("eleventh request of the second: %s, want 429", got)
	}
}

// Over a long time exactly the rate is admitted: 10 at once, then 10 a second.
func TestLongRunRate(t *testing.T) {
	get, advance := server(10, 1000, 10)
	admitted := 0
	for range 5 * 100 { // five seconds at 100 requests a second
		if get("t") == "200" {
			admitted++
		}
		advance(10 * time.Millisecond)
	}
	if admitted != 10+5*10-1 { // the last token falls due when the loop is over
		t.Errorf("%d admitted in 5 s, want 59", admitted)
	}
}
