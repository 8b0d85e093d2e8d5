package timeout_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/archcheck/archcheck/examples/patterns/timeout"
)

// Edge waits 400 ms for orders, orders would wait 10 s for inventory, and
// inventory hangs. The deadline reaches inventory, so it stops as well.
func Example() {
	stopped := make(chan error, 1)
	inventory := httptest.NewServer(timeout.Serve(time.Minute,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done() // hangs as long as anybody may wait
			w.WriteHeader(http.StatusGatewayTimeout)
			stopped <- r.Context().Err()
		})))
	defer inventory.Close()

	orders := httptest.NewServer(timeout.Serve(time.Minute,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stock, err := timeout.Call(r.Context(), http.DefaultClient, inventory.URL,
				10*time.Second, 200*time.Millisecond, time.Millisecond)
			if err == nil {
				stock.Body.Close()
			}
			if err != nil || stock.StatusCode != http.StatusOK {
				http.Error(w, "stock unknown", http.StatusServiceUnavailable)
			}
		})))
	defer orders.Close()

	response, err := timeout.Call(context.Background(), http.DefaultClient, orders.URL,
		400*time.Millisecond, 0, 0)
	if err != nil {
		fmt.Println("edge:", err)
		return
	}
	defer response.Body.Close()
	fmt.Println("edge got an answer in time:", response.StatusCode)
	<-stopped
	fmt.Println("inventory stopped working")
	// Output:
	// edge got an answer in time: 503
	// inventory stopped working
}

func TestRemainingTimeIsPassedOn(t *testing.T) {
	got := make(chan string, 1)
	callee := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get(timeout.Header)
	}))
	defer callee.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	response, err := timeout.Call(ctx, callee.Client(), callee.URL, time.Minute, time.Second, 0)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	// Ten seconds minus one in reserve, minus what has passed since.
	if ms, err := strconv.Atoi(<-got); err != nil || ms > 9000 || ms < 8000 {
		t.Errorf("callee was told %d ms (%v), want just under 9000", ms, err)
	}
}

func TestHopelessCallIsNotStarted(t *testing.T) {
	called := false
	callee := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer callee.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := timeout.Call(ctx, callee.Client(), callee.URL, time.Second, 0, 100*time.Millisecond)
	if !errors.Is(err, timeout.ErrNoTime) || called {
		t.Errorf("error %v, called %v; want ErrNoTime and no call", err, called)
	}
}

func TestCallerCannotRaiseTheLimit(t *testing.T) {
	var left time.Duration
	server := timeout.Serve(time.Second, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		deadline, ok := r.Context().Deadline()
		if !ok {
			t.Error("request without a deadline")
		}
		left = time.Until(deadline)
	}))
	for stated, most := range map[string]time.Duration{
		"": time.Second, "250": 250 * time.Millisecond, "3600000": time.Second, "soon": time.Second,
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set(timeout.Header, stated)
		server.ServeHTTP(httptest.NewRecorder(), request)
		if left > most || left < most-200*time.Millisecond {
			t.Errorf("header %q leaves %v, want about %v", stated, left, most)
		}
	}
}
