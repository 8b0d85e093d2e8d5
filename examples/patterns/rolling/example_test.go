package rolling_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"

	"github.com/archcheck/archcheck/examples/patterns/rolling"
)

func app(version string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(2 * time.Millisecond) // in-flight work for the drain to wait for
		io.WriteString(w, version)
	})
}

// Three instances are replaced under load. No request fails, and capacity
// never drops below three.
func Example() {
	lb := &rolling.Balancer{}
	for range 3 {
		in, err := rolling.Start("v1", app("v1"))
		if err != nil {
			fmt.Println(err)
			return
		}
		in.Ready()
		lb.Add(in)
	}
	edge := httptest.NewServer(lb)
	defer edge.Close()

	var failed, served atomic.Int64
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := http.Get(edge.URL)
				if err != nil {
					failed.Add(1)
					continue
				}
				if res.StatusCode != http.StatusOK {
					failed.Add(1)
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				served.Add(1)
			}
		})
	}

	least := 3
	update := rolling.Rollout{
		Balancer: lb,
		Start:    func() (*rolling.Instance, error) { return rolling.Start("v2", app("v2")) },
		Probe:    func(context.Context, *rolling.Instance) error { return nil },
		Drain:    20 * time.Millisecond,
		Grace:    time.Second,
		OnStep:   func(ready int, _, _ *rolling.Instance) { least = min(least, ready) },
	}
	err := update.Run(context.Background())
	close(stop)
	wg.Wait()

	fmt.Println("rollout:", err)
	fmt.Println("failed:", failed.Load(), "served any:", served.Load() > 0)
	fmt.Println("least ready:", least)
	for _, in := range lb.ReadyInstances() {
		fmt.Println(in.Version)
	}
	// Output:
	// rollout: <nil>
	// failed: 0 served any: true
	// least ready: 3
	// v2
	// v2
	// v2
}

// A version that never becomes ready stops the rollout before it costs
// capacity.
func ExampleRollout_Run() {
	lb := &rolling.Balancer{}
	for range 2 {
		in, err := rolling.Start("v1", app("v1"))
		if err != nil {
			fmt.Println(err)
			return
		}
		in.Ready()
		lb.Add(in)
	}
	err := rolling.Rollout{
		Balancer: lb,
		Start:    func() (*rolling.Instance, error) { return rolling.Start("v2", app("v2")) },
		Probe:    func(context.Context, *rolling.Instance) error { return errors.New("readiness: 503") },
	}.Run(context.Background())
	fmt.Println(err)
	fmt.Println("still serving:", len(lb.ReadyInstances()))
	// Output:
	// rollout halted at v2, old version keeps serving: readiness: 503
	// still serving: 2
}
