package messagequeue_test

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	messagequeue "github.com/archcheck/archcheck/examples/patterns/message-queue"
)

// A worker dies holding a job, another takes over after the visibility
// timeout, and a job that always fails ends up dead instead of circulating.
func Example() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // every connection to :memory: is its own database

	now := time.UnixMilli(0)
	q, err := messagequeue.Open(ctx, db, 30*time.Second, 3, func() time.Time { return now })
	if err != nil {
		fmt.Println(err)
		return
	}
	receive := func() *messagequeue.Job {
		j, err := q.Receive(ctx)
		if err != nil {
			fmt.Println(err)
		}
		return j
	}

	_ = q.Send(ctx, "resize cat.png")
	crashed := receive()
	fmt.Println("delivery", crashed.Receives, "of", crashed.Body)
	fmt.Println("visible to others:", receive() != nil)

	now = now.Add(31 * time.Second)
	second := receive()
	fmt.Println("delivery", second.Receives, "of", second.Body)
	fmt.Println("late ack:", q.Ack(ctx, crashed))
	fmt.Println("ack:", q.Ack(ctx, second))

	_ = q.Send(ctx, "resize corrupt.png")
	for j := receive(); j != nil; j = receive() {
		fmt.Println("delivery", j.Receives, "failed")
		now = now.Add(31 * time.Second)
	}
	dead, err := q.Dead(ctx)
	fmt.Println("dead:", dead, err)
	// Output:
	// delivery 1 of resize cat.png
	// visible to others: false
	// delivery 2 of resize cat.png
	// late ack: messagequeue: job was redelivered
	// ack: <nil>
	// delivery 1 failed
	// delivery 2 failed
	// delivery 3 failed
	// dead: [resize corrupt.png] <nil>
}
