package grpc

import (
	"context"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc/status"
)

func Example() {
	var mu sync.Mutex
	served := map[string]int{}
	count := func(name string) { mu.Lock(); served[name]++; mu.Unlock() }
	stopped := make(chan string, 1)
	var all []*Replica
	for _, name := range []string{"a", "b", "c"} {
		r := &Replica{Name: name, Served: count, Stopped: stopped}
		r.Start()
		defer r.Stop()
		all = append(all, r)
	}
	conn, err := Connect(all...)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	ctx := context.Background()

	ready := func() bool { mu.Lock(); defer mu.Unlock(); return len(served) == 3 }
	for !ready() { // connections come up one after the other
		if _, err := Check(ctx, conn, "", time.Second); err != nil {
			panic(err)
		}
	}
	clear(served)
	for range 9 {
		if _, err := Check(ctx, conn, "", time.Second); err != nil {
			panic(err)
		}
	}
	fmt.Println("nine calls:", served)

	_, err = Check(ctx, conn, "slow", 20*time.Millisecond)
	fmt.Println("client:", status.Code(err))
	fmt.Println("server stopped working too:", <-stopped != "")

	start := time.Now()
	_, err = Check(ctx, conn, "slow", time.Hour) // the published 0.3 s is smaller
	fmt.Println("client:", status.Code(err), "- within a second:", time.Since(start) < time.Second)
	// Output:
	// nine calls: map[a:3 b:3 c:3]
	// client: DeadlineExceeded
	// server stopped working too: true
	// client: DeadlineExceeded - within a second: true
}
