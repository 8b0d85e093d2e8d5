package bluegreen_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"

	bluegreen "github.com/archcheck/archcheck/examples/patterns/blue-green"
)

// A broken green never sees a user; a good one takes over at once; going back
// is one step for as long as the old stack runs.
func Example() {
	start := func(version string, healthy bool) *bluegreen.Stack {
		mux := http.NewServeMux()
		mux.HandleFunc("/smoke", func(w http.ResponseWriter, _ *http.Request) {
			if !healthy {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, version) })
		u, err := url.Parse(httptest.NewServer(mux).URL)
		if err != nil {
			panic(err)
		}
		return bluegreen.NewStack(version, u)
	}
	ctx := context.Background()
	router := bluegreen.NewSwitch(start("v1", true))
	edge := httptest.NewServer(router)
	defer edge.Close()
	get := func() string {
		res, err := http.Get(edge.URL + "/")
		if err != nil {
			return err.Error()
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return string(body)
	}

	fmt.Println("live:", get())
	fmt.Println(router.Promote(ctx, start("v2", false), bluegreen.Get("/smoke")))
	fmt.Println("live:", get())
	fmt.Println(router.Promote(ctx, start("v3", true), bluegreen.Get("/smoke")))
	fmt.Println("live:", get())
	fmt.Println(router.Rollback())
	fmt.Println("live:", get())
	router.Retire()
	fmt.Println(router.Rollback())
	// Output:
	// live: v1
	// v2 stays dark: GET /smoke: 503 Service Unavailable
	// live: v1
	// <nil>
	// live: v3
	// <nil>
	// live: v1
	// bluegreen: the old stack is gone; redeploy it
}
