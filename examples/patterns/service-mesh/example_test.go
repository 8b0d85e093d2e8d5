package servicemesh_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	servicemesh "github.com/archcheck/archcheck/examples/patterns/service-mesh"
)

// Identity, not network position, decides who may call whom.
func Example() {
	mesh, err := servicemesh.NewControlPlane("shop.internal", time.Second)
	if err != nil {
		fmt.Println(err)
		return
	}
	payments, err := mesh.Enroll("payments")
	if err != nil {
		fmt.Println(err)
		return
	}
	orders, err := mesh.Enroll("orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	catalog, err := mesh.Enroll("catalog")
	if err != nil {
		fmt.Println(err)
		return
	}

	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello %s", r.TLS.PeerCertificates[0].URIs[0])
	})
	server := mesh.Inbound(payments, app, orders.ID)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	defer server.Close()

	try := func(name, scheme string, client *http.Client) {
		res, err := client.Get(scheme + "://" + listener.Addr().String())
		if err != nil {
			fmt.Println(name + ": refused")
			return
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		fmt.Println(name+":", res.StatusCode, string(body))
	}
	try("orders", "https", mesh.Outbound(orders, payments.ID))
	try("catalog", "https", mesh.Outbound(catalog, payments.ID))
	try("orders expecting catalog", "https", mesh.Outbound(orders, catalog.ID))
	try("plaintext", "http", &http.Client{Timeout: time.Second})
	// Output:
	// orders: 200 hello spiffe://shop.internal/orders
	// catalog: refused
	// orders expecting catalog: refused
	// plaintext: 400 Client sent an HTTP request to an HTTPS server.
}
