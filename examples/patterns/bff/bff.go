// Package bff is the backend of one phone app: it speaks the language of the app's screens, asks the shared services in
// theirs, and belongs to the team that owns the app.
package bff

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// snippet:start

// Home is the first screen: exactly what is drawn there, in the order it is drawn.
type Home struct {
	Greeting string `json:"greeting"`
	Cards    []Card `json:"cards"`
}

// Card is one tile. The price is text because the phone shows it and never computes with it.
type Card struct {
	Title string `json:"title"`
	Price string `json:"price"`
	Image string `json:"image"`
}

// Shop is what the app's backend needs of the shared services: bulk reads, no rules of business.
type Shop interface {
	Profile(ctx context.Context, user string) (Profile, error)
	Favourites(ctx context.Context, user string) ([]string, error)
	Products(ctx context.Context, ids []string) ([]Product, error) // one call for all ids
}

// HomeHandler answers a whole screen in one trip over the cellular network; the trips behind it stay in the data centre.
func HomeHandler(shop Shop) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, user := r.Context(), r.Header.Get("X-User")
		ids, err := shop.Favourites(ctx, user)
		if err != nil {
			http.Error(w, "try again", http.StatusBadGateway)
			return
		}
		products, err := shop.Products(ctx, ids[:min(len(ids), 3)]) // the screen has room for three
		if err != nil {
			http.Error(w, "try again", http.StatusBadGateway)
			return
		}
		home := Home{Greeting: "Welcome back", Cards: []Card{}}
		if p, err := shop.Profile(ctx, user); err == nil { // a name is nice to have
			home.Greeting = "Hello " + p.FirstName
		}
		for _, p := range products {
			home.Cards = append(home.Cards, Card{p.Title, fmt.Sprintf("%d.%02d €", p.Cents/100, p.Cents%100), p.Images["thumb"]})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(home) // too late to report: the status is out
	}
}

// snippet:end

// Profile is the account service's record.
type Profile struct {
	FirstName, LastName, Street, City, Email string
}

// Product is the catalogue's record: made for every kind of client, so larger than any one needs.
type Product struct {
	ID, Title, Description string
	Cents                  int
	Images                 map[string]string
	Attributes             map[string]string
}
