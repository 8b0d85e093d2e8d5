package apigateway

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"
)

func Example() {
	orders := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/orders/slow" {
			<-r.Context().Done() // ends when the gateway gives up
			return
		}
		fmt.Fprintf(w, "orders for %s, token %q", r.Header.Get("X-User"), r.Header.Get("Authorization"))
	}))
	defer orders.Close()
	target, err := url.Parse(orders.URL)
	if err != nil {
		panic(err)
	}
	edge := httptest.NewServer(&Gateway{
		Routes:  map[string]*url.URL{"orders": target},
		Verify:  func(token string) (string, bool) { return "ada", token == "valid" },
		Limit:   &Limiter{Every: 0.001, Burst: 3},
		Timeout: 50 * time.Millisecond,
	})
	defer edge.Close()
	get := func(path, token string) {
		req, err := http.NewRequest("GET", edge.URL+path, nil)
		if err != nil {
			panic(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("X-User", "root") // an attempt to be somebody else
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			panic(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			panic(err)
		}
		fmt.Println(path, res.StatusCode, strings.TrimSpace(string(body)))
	}

	get("/orders/7", "forged")
	get("/orders/7", "valid")
	get("/billing", "valid")
	get("/orders/slow", "valid")
	get("/orders/7", "valid")
	// Output:
	// /orders/7 401 who are you?
	// /orders/7 200 orders for ada, token ""
	// /billing 404 404 page not found
	// /orders/slow 504 orders did not answer in time
	// /orders/7 429 slow down
}
