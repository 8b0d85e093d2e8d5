// Package rest is an order API as a public client meets it: a version in the path, keyed creation that may be repeated,
// and lists that are read page by page.
package rest

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
)

// Order is the representation of the resource.
type Order struct {
	ID  int    `json:"id"`
	SKU string `json:"sku"`
}

// snippet:start

// Orders keeps orders and, per idempotency key, which order that key made from which body.
type Orders struct {
	mu   sync.Mutex
	list []Order
	made map[string]receipt // a real store forgets a key after a day or more
}

type receipt struct {
	body  [sha256.Size]byte
	order Order
}

func (o *Orders) create(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	var in struct {
		SKU string `json:"sku"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in)
	if key == "" || err != nil || in.SKU == "" {
		http.Error(w, "an Idempotency-Key header and a body with sku are required", http.StatusBadRequest)
		return
	}
	body := sha256.Sum256([]byte(in.SKU))
	o.mu.Lock()
	defer o.mu.Unlock()
	rec, repeated := o.made[key]
	switch {
	case repeated && rec.body != body:
		http.Error(w, "this key was used for another order", http.StatusUnprocessableEntity)
		return
	case !repeated: // the order and the key are stored together or not at all
		rec = receipt{body, Order{ID: len(o.list) + 1, SKU: in.SKU}}
		o.list = append(o.list, rec.order)
		o.made[key] = rec
	}
	w.Header().Set("Location", fmt.Sprintf("/v1/orders/%d", rec.order.ID))
	reply(w, http.StatusCreated, rec.order)
}

func (o *Orders) page(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(cmp.Or(r.FormValue("after"), "0")) // a key, not an offset: inserts do not shift later pages
	if err != nil {
		http.Error(w, "after must be an order id", http.StatusBadRequest)
		return
	}
	out := struct {
		Items []Order `json:"items"`
		Next  string  `json:"next,omitempty"`
	}{Items: []Order{}}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, order := range o.list {
		if order.ID > after && len(out.Items) < pageSize {
			out.Items = append(out.Items, order)
		} else if order.ID > after {
			out.Next = fmt.Sprintf("/v1/orders?after=%d", out.Items[pageSize-1].ID)
			break
		}
	}
	reply(w, http.StatusOK, out)
}

// snippet:end

const pageSize = 2

// New returns an empty store.
func New() *Orders { return &Orders{made: map[string]receipt{}} }

// Handler routes version 1 of the API.
func (o *Orders) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/orders", o.create)
	mux.HandleFunc("GET /v1/orders", o.page)
	mux.HandleFunc("GET /v1/orders/{id}", o.get)
	return mux
}

func (o *Orders) get(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, order := range o.list {
		if strconv.Itoa(order.ID) != r.PathValue("id") {
			continue
		}
		tag := fmt.Sprintf("%q", fmt.Sprintf("%d-%s", order.ID, order.SKU))
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "private, max-age=30")
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		reply(w, http.StatusOK, order)
		return
	}
	http.NotFound(w, r)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is out already: a client that went away cannot be told anything.
	_ = json.NewEncoder(w).Encode(v)
}
