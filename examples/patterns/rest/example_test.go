package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

func Example() {
	api := httptest.NewServer(New().Handler())
	defer api.Close()
	do := func(method, path, body string, header ...string) string {
		req, err := http.NewRequest(method, api.URL+path, strings.NewReader(body))
		if err != nil {
			panic(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			panic(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			panic(err)
		}
		fmt.Println(method, path, res.StatusCode, strings.TrimSpace(string(text)))
		return res.Header.Get("ETag")
	}

	do("POST", "/v1/orders", `{"sku":"tea"}`, "Idempotency-Key", "a1")
	do("POST", "/v1/orders", `{"sku":"tea"}`, "Idempotency-Key", "a1") // the phone lost the first answer
	do("POST", "/v1/orders", `{"sku":"gin"}`, "Idempotency-Key", "a1")
	do("POST", "/v1/orders", `{"sku":"mug"}`)
	do("POST", "/v1/orders", `{"sku":"mug"}`, "Idempotency-Key", "a2")
	do("POST", "/v1/orders", `{"sku":"pot"}`, "Idempotency-Key", "a3")
	do("GET", "/v1/orders", "")
	do("GET", "/v1/orders?after=2", "")
	do("GET", "/v1/orders?after=x", "")
	tag := do("GET", "/v1/orders/1", "")
	do("GET", "/v1/orders/1", "", "If-None-Match", tag)
	// Output:
	// POST /v1/orders 201 {"id":1,"sku":"tea"}
	// POST /v1/orders 201 {"id":1,"sku":"tea"}
	// POST /v1/orders 422 this key was used for another order
	// POST /v1/orders 400 an Idempotency-Key header and a body with sku are required
	// POST /v1/orders 201 {"id":2,"sku":"mug"}
	// POST /v1/orders 201 {"id":3,"sku":"pot"}
	// GET /v1/orders 200 {"items":[{"id":1,"sku":"tea"},{"id":2,"sku":"mug"}],"next":"/v1/orders?after=2"}
	// GET /v1/orders?after=2 200 {"items":[{"id":3,"sku":"pot"}]}
	// GET /v1/orders?after=x 400 after must be an order id
	// GET /v1/orders/1 200 {"id":1,"sku":"tea"}
	// GET /v1/orders/1 304
}
