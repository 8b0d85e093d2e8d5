// Package eventdriven wires services that react to each other's events: no
// caller waits, every event names the request that caused it, and no chain of
// reactions can run for ever.
package eventdriven

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
)

// The events carry state, not just ids: a consumer that had to ask the
// publisher for details would need it to be up, and would load it per event.
type (
	// OrderPlaced starts the flow.
	OrderPlaced struct {
		OrderID, Address string
		Cents            int64
	}
	// PaymentTaken passes on what the next reaction needs.
	PaymentTaken struct{ OrderID, Address string }
	// Shipped ends the flow.
	Shipped struct{ OrderID, Label string }
)

// snippet:start

// React turns a pure function into a handler: decode, decide, encode. An error
// leaves the incoming event unacknowledged, so it is delivered again.
func React[In, Out any](decide func(In) (Out, error)) message.HandlerFunc {
	return func(msg *message.Message) ([]*message.Message, error) {
		var in In
		if err := json.Unmarshal(msg.Payload, &in); err != nil {
			return nil, fmt.Errorf("decode event %s: %w", msg.UUID, err)
		}
		out, err := decide(in)
		if err != nil {
			return nil, err
		}
		payload, err := json.Marshal(out)
		if err != nil {
			return nil, err
		}
		return []*message.Message{message.NewMessage(watermill.NewUUID(), payload)}, nil
	}
}

// HopLimit stops an event that descends from more than limit others: a cycle
// of reactions that nobody saw in review ends here and shows up in dropped.
func HopLimit(limit int, dropped func(*message.Message)) message.HandlerMiddleware {
	return func(next message.HandlerFunc) message.HandlerFunc {
		return func(msg *message.Message) ([]*message.Message, error) {
			hops, _ := strconv.Atoi(msg.Metadata.Get("hops")) // absent: the first event
			if hops > limit {
				dropped(msg)
				return nil, nil
			}
			out, err := next(msg)
			for _, m := range out {
				m.Metadata.Set("hops", strconv.Itoa(hops+1))
			}
			return out, err
		}
	}
}

// Wire subscribes the services. None knows another: they share topics.
func Wire(r *message.Router, bus interface {
	message.Publisher
	message.Subscriber
}, pay func(OrderPlaced) (PaymentTaken, error), ship func(PaymentTaken) (Shipped, error)) {
	r.AddMiddleware(middleware.CorrelationID, HopLimit(8, func(*message.Message) {}))
	r.AddHandler("payments", "order.placed", bus, "payment.taken", bus, React(pay))
	r.AddHandler("shipping", "payment.taken", bus, "order.shipped", bus, React(ship))
}

// snippet:end
