// Package grpc calls a replicated service the way it has to be called inside a cluster: every replica known to the
// client, requests spread one by one, and a deadline on each that travels to the server.
package grpc

import (
	"context"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/test/bufconn"
)

// snippet:start

// policy is what the service's owner publishes for its callers. Without it a client picks the first address and keeps
// it, and waits for an answer without limit.
const policy = `{
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{"service": "grpc.health.v1.Health"}],
    "timeout": "0.3s"
  }]
}`

// Dial connects to every replica. In a cluster the target is dns:///catalog.shop.svc:9090 of a headless service, so that
// the resolver sees the replicas and not one virtual address.
func Dial(replicas resolver.Builder, more ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient("replicas:///catalog", append([]grpc.DialOption{
		grpc.WithResolvers(replicas),
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 5 * time.Second}),
	}, more...)...)
}

// Check asks with a budget of its own. The smaller of the two limits holds, and the server's ctx ends with it: work that
// nobody waits for any more can stop.
func Check(ctx context.Context, conn *grpc.ClientConn, service string, budget time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	res, err := health.NewHealthClient(conn).Check(ctx, &health.HealthCheckRequest{Service: service})
	if err != nil {
		return "", err // status.Code(err) says which: after DeadlineExceeded the work may have been done all the same
	}
	return res.Status.String(), nil
}

// snippet:end

// Replica is one server. It answers the health protocol, so the example needs no generated code of its own.
type Replica struct {
	health.UnimplementedHealthServer
	Name    string
	Served  func(name string)
	Stopped chan string // gets the replica's name when a slow call was given up because of its deadline
	lis     *bufconn.Listener
	srv     *grpc.Server
}

// Start serves in this process.
func (r *Replica) Start() {
	r.lis = bufconn.Listen(64 << 10)
	r.srv = grpc.NewServer()
	health.RegisterHealthServer(r.srv, r)
	go r.srv.Serve(r.lis) //nolint:errcheck // ends with Stop
}

// Stop closes the server and its connections.
func (r *Replica) Stop() { r.srv.Stop() }

// Check answers at once, but waits for ever when asked for "slow".
func (r *Replica) Check(ctx context.Context, in *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	if in.Service == "slow" {
		<-ctx.Done()
		r.Stopped <- r.Name
		return nil, ctx.Err()
	}
	r.Served(r.Name)
	return &health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING}, nil
}

// Connect dials replicas of this process.
func Connect(replicas ...*Replica) (*grpc.ClientConn, error) {
	byName := map[string]*Replica{}
	var state resolver.State
	for _, r := range replicas {
		byName[r.Name] = r
		state.Addresses = append(state.Addresses, resolver.Address{Addr: r.Name})
	}
	list := manual.NewBuilderWithScheme("replicas")
	list.InitialState(state)
	return Dial(list, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
			r := byName[addr]
			if r == nil {
				return nil, fmt.Errorf("no replica %s", addr)
			}
			return r.lis.DialContext(ctx)
		}))
}
