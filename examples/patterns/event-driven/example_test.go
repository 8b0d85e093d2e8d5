package eventdriven_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"

	eventdriven "github.com/archcheck/archcheck/examples/patterns/event-driven"
)

// Two services react in turn; the last event still names the request that
// started it all.
func Example() {
	bus := gochannel.NewGoChannel(gochannel.Config{}, nil)
	router, err := message.NewRouter(message.RouterConfig{}, watermill.NopLogger{})
	if err != nil {
		fmt.Println(err)
		return
	}
	eventdriven.Wire(router, bus,
		func(e eventdriven.OrderPlaced) (eventdriven.PaymentTaken, error) {
			return eventdriven.PaymentTaken{OrderID: e.OrderID, Address: e.Address}, nil
		},
		func(e eventdriven.PaymentTaken) (eventdriven.Shipped, error) {
			return eventdriven.Shipped{OrderID: e.OrderID, Label: "to " + e.Address}, nil
		})

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { _ = router.Run(ctx) }()
	<-router.Running()
	shipped, err := bus.Subscribe(ctx, "order.shipped")
	if err != nil {
		fmt.Println(err)
		return
	}

	payload, err := json.Marshal(eventdriven.OrderPlaced{OrderID: "o-7", Address: "Main St 1", Cents: 4200})
	if err != nil {
		fmt.Println(err)
		return
	}
	placed := message.NewMessage("evt-1", payload)
	middleware.SetCorrelationID("checkout-7", placed)
	if err := bus.Publish("order.placed", placed); err != nil {
		fmt.Println(err)
		return
	}

	last := <-shipped
	last.Ack()
	fmt.Println(string(last.Payload))
	fmt.Println("correlation:", middleware.MessageCorrelationID(last))
	fmt.Println("hops:", last.Metadata.Get("hops"))
	// Output:
	// {"OrderID":"o-7","Label":"to Main St 1"}
	// correlation: checkout-7
	// hops: 2
}

// A handler that answers every event with another one would never stop.
func ExampleHopLimit() {
	dropped := 0
	echo := func(msg *message.Message) ([]*message.Message, error) {
		return []*message.Message{message.NewMessage(watermill.NewUUID(), msg.Payload)}, nil
	}
	handler := eventdriven.HopLimit(3, func(*message.Message) { dropped++ })(echo)

	deliveries := 0
	for queue := []*message.Message{message.NewMessage("evt-1", nil)}; len(queue) > 0; deliveries++ {
		out, err := handler(queue[0])
		if err != nil {
			fmt.Println(err)
			return
		}
		queue = append(queue[1:], out...)
	}
	fmt.Println("deliveries: " + strconv.Itoa(deliveries) + ", dropped: " + strconv.Itoa(dropped))
	// Output:
	// deliveries: 5, dropped: 1
}
