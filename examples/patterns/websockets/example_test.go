package websockets

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"
)

func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	topic := &Backplane{}
	var servers []*Server
	var conns []*websocket.Conn
	for range 2 {
		s := &Server{Backplane: topic, Heartbeat: 10 * time.Millisecond, Patience: time.Second, Draining: make(chan struct{})}
		web := httptest.NewServer(s)
		defer web.Close()
		c, _, err := websocket.Dial(ctx, web.URL, nil)
		if err != nil {
			panic(err)
		}
		defer c.CloseNow()
		servers, conns = append(servers, s), append(conns, c)
	}
	for topic.Clients() < 2 {
		time.Sleep(time.Millisecond)
	}

	if err := conns[0].Write(ctx, websocket.MessageText, []byte("hello from the client of replica 1")); err != nil {
		panic(err)
	}
	for i, c := range conns {
		_, msg, err := c.Read(ctx)
		fmt.Printf("client %d: %s %v\n", i+1, msg, err)
	}

	gone := make(chan error)
	go func() { _, _, err := conns[1].Read(ctx); gone <- err }() // a client that reads answers pings
	for servers[1].Beats.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	fmt.Println("replica 2: idle client answered pings")
	close(servers[1].Draining)
	fmt.Println("client 2:", websocket.CloseStatus(<-gone))
	// Output:
	// client 1: hello from the client of replica 1 <nil>
	// client 2: hello from the client of replica 1 <nil>
	// replica 2: idle client answered pings
	// client 2: StatusGoingAway
}
