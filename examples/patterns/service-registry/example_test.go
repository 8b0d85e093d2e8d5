package serviceregistry_test

import (
	"errors"
	"fmt"
	"time"

	serviceregistry "github.com/archcheck/archcheck/examples/patterns/service-registry"
)

// An instance that dies stays listed until its lease has run out and the
// caller has fetched again; a registry that dies costs a warm caller nothing.
func Example() {
	now := time.Unix(0, 0)
	registry := serviceregistry.New(15*time.Second, func() time.Time { return now })
	down := false
	resolver := serviceregistry.NewResolver(func(service string) ([]string, error) {
		if down {
			return nil, errors.New("registry unreachable")
		}
		return registry.Lookup(service)
	})

	_, err := resolver.Pick("payments")
	fmt.Println("cold:", err)

	registry.Heartbeat("payments", "10.0.0.1:8080")
	registry.Heartbeat("payments", "10.0.0.2:8080")
	fmt.Println("refresh:", resolver.Refresh("payments"))
	for range 3 {
		addr, _ := resolver.Pick("payments")
		fmt.Println(addr)
	}

	// 10.0.0.1 crashes now. Its neighbour renews at 5, 10, 15 s; the caller
	// fetches at 4, 9, 14, 19 s.
	for second := 1; ; second++ {
		now = now.Add(time.Second)
		if second%5 == 0 {
			registry.Heartbeat("payments", "10.0.0.2:8080")
		}
		if second%5 == 4 {
			_ = resolver.Refresh("payments")
		}
		a, _ := resolver.Pick("payments")
		b, _ := resolver.Pick("payments")
		if a == b {
			fmt.Println("dead address in use for", second, "s")
			break
		}
	}

	down = true
	fmt.Println("refresh:", resolver.Refresh("payments"))
	addr, err := resolver.Pick("payments")
	fmt.Println(addr, err)

	registry.Deregister("payments", "10.0.0.2:8080")
	live, err := registry.Lookup("payments")
	fmt.Println("after deregistration:", live, err)
	// Output:
	// cold: serviceregistry: no instance known
	// refresh: <nil>
	// 10.0.0.1:8080
	// 10.0.0.2:8080
	// 10.0.0.1:8080
	// dead address in use for 19 s
	// refresh: registry unreachable
	// 10.0.0.2:8080 <nil>
	// after deregistration: [] <nil>
}
