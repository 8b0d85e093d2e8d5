package pubsub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"

	pubsub "github.com/archcheck/archcheck/examples/patterns/pub-sub"
)

// One event reaches both subscribers; a failed delivery and a duplicate
// publish change nothing about the number of effects.
func Example() {
	// Publish returns once every subscriber has acknowledged, which is what
	// makes the output below deterministic.
	bus := gochannel.NewGoChannel(gochannel.Config{BlockPublishUntilSubscriberAck: true}, nil)
	defer bus.Close()
	ctx := context.Background()

	deliveries, mails, points, dead := 0, 0, int64(0), 0
	email := func(pubsub.OrderPlaced) error {
		if deliveries++; deliveries == 1 {
			return errors.New("smtp: try again")
		}
		mails++
		return nil
	}
	loyalty := func(e pubsub.OrderPlaced) error { points += e.Cents / 100; return nil }
	discard := func(*message.Message) {}
	count := func(*message.Message) { dead++ }
	if err := pubsub.Listen(ctx, bus, "order.placed", &pubsub.Inbox{}, email, count); err != nil {
		fmt.Println(err)
		return
	}
	if err := pubsub.Listen(ctx, bus, "order.placed", &pubsub.Inbox{}, loyalty, discard); err != nil {
		fmt.Println(err)
		return
	}

	payload, err := json.Marshal(pubsub.OrderPlaced{OrderID: "o-1", Email: "a@example.com", Cents: 4200})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // the publisher retries after a lost acknowledgement
		if err := bus.Publish("order.placed", message.NewMessage("evt-1", payload)); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := bus.Publish("order.placed", message.NewMessage("evt-2", []byte("not json"))); err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println("email attempts:", deliveries)
	fmt.Println("mails sent:", mails)
	fmt.Println("loyalty points:", points)
	fmt.Println("dead letters:", dead)
	// Output:
	// email attempts: 2
	// mails sent: 1
	// loyalty points: 42
	// dead letters: 1
}
