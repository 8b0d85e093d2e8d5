package aggregator

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func Example() {
	b := Backends{
		Product: func(context.Context, string) (string, error) { return "Teapot", nil },
		Price:   func(context.Context, string) (int, error) { return 1900, nil },
		Reviews: func(context.Context, string) ([]string, error) { return []string{"pours well"}, nil },
	}
	ctx := context.Background()
	page, err := b.Get(ctx, "42", time.Second)
	fmt.Printf("all well: %+v %v\n", page, err)

	b.Reviews = func(ctx context.Context, _ string) ([]string, error) { <-ctx.Done(); return nil, ctx.Err() }
	page, err = b.Get(ctx, "42", 40*time.Millisecond)
	fmt.Printf("reviews hang: %+v %v\n", page, err)

	b.Price = func(context.Context, string) (int, error) { return 0, errors.New("price service down") }
	start := time.Now()
	page, err = b.Get(ctx, "42", 10*time.Second)
	fmt.Printf("price fails: %+v %v\n", page, err)
	fmt.Println("waited for the reviews:", time.Since(start) > time.Second)
	// Output:
	// all well: {Product:Teapot Price:1900 Reviews:[pours well] Missing:[]} <nil>
	// reviews hang: {Product:Teapot Price:1900 Reviews:[] Missing:[reviews]} <nil>
	// price fails: {Product: Price:0 Reviews:[] Missing:[]} price service down
	// waited for the reviews: false
}
