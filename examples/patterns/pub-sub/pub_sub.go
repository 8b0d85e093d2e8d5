// Package pubsub fans one event out to independent subscribers, each of which
// tolerates redelivery and duplicates.
package pubsub

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/ThreeDotsLabs/watermill/message"
)

// OrderPlaced carries the state subscribers need, so none of them has to call
// the publisher back.
type OrderPlaced struct {
	OrderID string `json:"order_id"`
	Email   string `json:"email"`
	Cents   int64  `json:"cents"`
}

// snippet:start

// Inbox remembers which events one subscriber has applied. In production it is
// a table written in the same transaction as the effect, pruned once a row is
// older than the topic's retention.
type Inbox struct {
	mu   sync.Mutex
	done map[string]bool
}

// Once runs apply for an event id it has not seen; a failure leaves no trace,
// so the redelivery runs again.
func (b *Inbox) Once(id string, apply func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done[id] {
		return nil
	}
	if err := apply(); err != nil {
		return err
	}
	if b.done == nil {
		b.done = map[string]bool{}
	}
	b.done[id] = true
	return nil
}

// Listen attaches one subscriber. Delivery is at-least-once: an error hands the
// message back, and a payload nobody can ever decode goes to dead instead of
// blocking everything behind it.
func Listen(ctx context.Context, s message.Subscriber, topic string, inbox *Inbox,
	apply func(OrderPlaced) error, dead func(*message.Message)) error {
	msgs, err := s.Subscribe(ctx, topic)
	if err != nil {
		return fmt.Errorf("subscribe to %s: %w", topic, err)
	}
	go func() {
		for msg := range msgs {
			var e OrderPlaced
			if err := json.Unmarshal(msg.Payload, &e); err != nil {
				dead(msg)
				msg.Ack()
				continue
			}
			if err := inbox.Once(msg.UUID, func() error { return apply(e) }); err != nil {
				msg.Nack()
				continue
			}
			msg.Ack()
		}
	}()
	return nil
}

// snippet:end
