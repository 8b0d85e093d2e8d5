// Package websockets is a chat server that runs as several replicas: a backplane carries each message to all of them,
// pings keep idle connections alive and find dead ones, and a deploy says goodbye before it closes.
package websockets

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// snippet:start

// ServeHTTP holds one client: what the client sends goes to the backplane, what the backplane carries goes to the client.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil) // refuses other origins unless they are listed
	if err != nil {
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(4 << 10)
	inbox, leave := s.Backplane.Subscribe(16)
	defer leave()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() { // reading also answers pings and notices the client's close
		defer cancel()
		for {
			_, msg, err := conn.Read(ctx)
			if err != nil {
				return
			}
			s.Backplane.Publish(string(msg))
		}
	}()
	beat := time.NewTicker(s.Heartbeat) // at most half of the shortest idle timeout on the path
	defer beat.Stop()
	for {
		select {
		case msg, ok := <-inbox:
			if !ok { // the queue was full: let go of one slow client, not of everybody's memory
				conn.Close(websocket.StatusPolicyViolation, "too slow")
				return
			}
			err = within(ctx, s.Patience, func(ctx context.Context) error {
				return conn.Write(ctx, websocket.MessageText, []byte(msg))
			})
		case <-beat.C:
			if err = within(ctx, s.Patience, conn.Ping); err == nil {
				s.Beats.Add(1)
			}
		case <-s.Draining: // clients reconnect elsewhere, each after a random pause
			conn.Close(websocket.StatusGoingAway, "deploy")
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return // dead or stuck: the peer did not take a frame in time
		}
	}
}

// snippet:end

// Server is one replica.
type Server struct {
	Backplane *Backplane
	Heartbeat time.Duration
	Patience  time.Duration // how long a write or a pong may take
	Draining  chan struct{} // closed when the replica is to stop
	Beats     atomic.Int64  // pings answered
}

func within(ctx context.Context, d time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return do(ctx)
}

// Backplane stands for the topic that all replicas publish to and read from.
type Backplane struct {
	mu   sync.Mutex
	subs map[chan string]bool
}

// Subscribe returns a queue of the given length and a function that ends the subscription. A queue that is full when a
// message arrives is closed.
func (b *Backplane) Subscribe(length int) (<-chan string, func()) {
	ch := make(chan string, length)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = map[chan string]bool{}
	}
	b.subs[ch] = true
	return ch, func() { b.drop(ch) }
}

func (b *Backplane) drop(ch chan string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.subs, ch)
}

// Publish hands a message to every subscriber and never waits for one.
func (b *Backplane) Publish(msg string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.subs {
		select {
		case ch <- msg:
		default:
			delete(b.subs, ch)
			close(ch)
		}
	}
}

// Clients returns how many clients are connected to all replicas.
func (b *Backplane) Clients() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.subs)
}
