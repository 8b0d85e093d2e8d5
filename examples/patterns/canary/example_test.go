package canary_test

import (
	"fmt"
	"time"

	"github.com/archcheck/archcheck/examples/patterns/canary"
)

// How many requests it takes to see a given difference, and what that means at
// 80 requests per second and a 5 % step.
func ExampleNewPlan() {
	for _, p := range [][2]float64{{0.001, 0.01}, {0.001, 0.005}, {0.01, 0.02}, {0.001, 0.002}} {
		plan := canary.NewPlan(p[0], p[1], 0.05, 0.80)
		fmt.Printf("%.1f%% -> %.1f%%: %d requests, abort at %d failures, bake %s\n",
			p[0]*100, p[1]*100, plan.Samples, plan.Critical, plan.Bake(80, 0.05).Round(time.Second))
	}
	// Output:
	// 0.1% -> 1.0%: 299 requests, abort at 2 failures, bake 1m15s
	// 0.1% -> 0.5%: 1102 requests, abort at 4 failures, bake 4m36s
	// 1.0% -> 2.0%: 905 requests, abort at 15 failures, bake 3m46s
	// 0.1% -> 0.2%: 9061 requests, abort at 15 failures, bake 37m45s
}

// The verdict waits for the sample, but not to fail.
func ExamplePlan_Judge() {
	plan := canary.NewPlan(0.001, 0.005, 0.05, 0.80)
	fmt.Println(plan.Judge(300, 0))
	fmt.Println(plan.Judge(300, 4))
	fmt.Println(plan.Judge(1102, 3))
	// Output:
	// continue
	// abort
	// promote
}

// A user who saw the canary at 5 % still sees it at 25 %.
func ExamplePicked() {
	at5, at25, lost := 0, 0, 0
	for i := range 100_000 {
		user := fmt.Sprint("user-", i)
		small, large := canary.Picked("v42", user, 0.05), canary.Picked("v42", user, 0.25)
		if small {
			at5++
		}
		if large {
			at25++
		}
		if small && !large {
			lost++
		}
	}
	fmt.Printf("%.0f%% %.0f%%, lost %d\n", float64(at5)/1000, float64(at25)/1000, lost)
	// Output:
	// 5% 25%, lost 0
}
