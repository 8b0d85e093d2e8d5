package featureflags_test

import (
	"context"
	"fmt"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/memprovider"

	featureflags "github.com/archcheck/archcheck/examples/patterns/feature-flags"
)

// A flag is turned up without a deploy, and a provider that loses it falls back
// to the stated default.
func Example() {
	ctx := context.Background()
	pricing := featureflags.Flag{Key: "new_pricing", Owner: "pricing", Kind: featureflags.Release}
	provider := memprovider.NewInMemoryProvider(map[string]memprovider.InMemoryFlag{
		pricing.Key: featureflags.Rollout(pricing.Key, 10),
	})
	if err := openfeature.SetNamedProviderAndWait("shop", provider); err != nil {
		fmt.Println(err)
		return
	}
	client := openfeature.NewClient("shop")
	share := func() (n int) {
		for i := range 10_000 {
			if pricing.On(ctx, client, fmt.Sprint("user-", i)) {
				n++
			}
		}
		return (n + 50) / 100
	}

	fmt.Println("at 10 %:", share())
	provider.UpdateFlags(map[string]memprovider.InMemoryFlag{pricing.Key: featureflags.Rollout(pricing.Key, 50)})
	fmt.Println("at 50 %:", share())
	provider.UpdateFlags(map[string]memprovider.InMemoryFlag{})
	fmt.Println("provider lost it:", share())

	other := openfeature.NewClient("no-provider-yet")
	killSwitch := featureflags.Flag{Key: "accept_orders", Owner: "orders", Kind: featureflags.Ops, Default: true}
	fmt.Println("no provider:", killSwitch.On(ctx, other, "user-1"))
	// Output:
	// at 10 %: 10
	// at 50 %: 50
	// provider lost it: 0
	// no provider: true
}

// The check that keeps flags from living for ever.
func ExampleOverdue() {
	day := func(s string) time.Time {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			panic(err)
		}
		return t
	}
	flags := []featureflags.Flag{
		{Key: "new_pricing", Owner: "pricing", Kind: featureflags.Release, Expires: day("2027-03-01")},
		{Key: "blue_button", Owner: "web", Kind: featureflags.Experiment, Expires: day("2026-06-30")},
		{Key: "stock_v2", Owner: "inventory", Kind: featureflags.Release},
		{Key: "accept_orders", Owner: "orders", Kind: featureflags.Ops},
		{Key: "beta_search", Kind: featureflags.Permission},
	}
	for _, p := range featureflags.Overdue(flags, day("2027-01-15")) {
		fmt.Println(p)
	}
	// Output:
	// beta_search: no owner
	// blue_button: ended 2026-06-30, owner web
	// stock_v2: no end date
}
