// Package aggregator builds one page from three services: what the page cannot do without decides about its success,
// what merely decorates it gets a short time and a default.
package aggregator

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// snippet:start

// Page is the composite answer. Missing names the parts that were left out, so that a client can tell "no reviews" from
// "reviews unavailable".
type Page struct {
	Product string
	Price   int
	Reviews []string
	Missing []string
}

// Backends are the services behind the page; in production each is a client with a bulkhead and a breaker.
type Backends struct {
	Product func(ctx context.Context, id string) (string, error)
	Price   func(ctx context.Context, id string) (int, error)
	Reviews func(ctx context.Context, id string) ([]string, error)
}

// Get asks all three at once. The first failure of a required part cancels the others: nobody will read their answers.
func (b Backends) Get(ctx context.Context, id string, budget time.Duration) (Page, error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	var page Page
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { page.Product, err = b.Product(ctx, id); return err })
	g.Go(func() (err error) { page.Price, err = b.Price(ctx, id); return err })
	g.Go(func() error {
		// A decoration may use half of the budget: what is left covers the required parts and the way back.
		soft, cancel := context.WithTimeout(ctx, budget/2)
		defer cancel()
		reviews, err := b.Reviews(soft, id)
		if page.Reviews = reviews; err != nil {
			page.Reviews, page.Missing = nil, append(page.Missing, "reviews")
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return Page{}, err
	}
	return page, nil
}

// snippet:end
