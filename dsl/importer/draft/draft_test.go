package draft

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"http://orders:8080/api":                               "http orders 8080",
		"postgres://app:hunter2@orders-db:5432/orders?x=1":     "postgres orders-db 5432",
		"jdbc:mysql://db/shop":                                 "mysql db 0",
		"mongodb+srv://u:p@cluster0.mongodb.net/x":             "mongodb cluster0.mongodb.net 0",
		"mongodb://a:27017,b:27017/x":                          "mongodb a 27017, mongodb b 27017",
		"app:secret@tcp(db:3306)/shop":                         " db 3306",
		"kafka-0:9092,kafka-1:9092":                            " kafka-0 9092,  kafka-1 9092",
		"-Dspring.data.mongodb.uri=mongodb://carts-db/data -x": "mongodb carts-db 0",
		"orders":                                              " orders 0 bare",
		"-d 60 -r 200 -c 2 -h edge-router":                    " edge-router 0 bare",
		"--host=payments --port=80":                           " payments 0 bare",
		"registry.example.com/shop/orders:1":                  "",
		"http://localhost:8080 http://127.0.0.1:1 0.0.0.0:80": "",
		"user:8080@x":                                         "",
		"10:30:00":                                            "",
		"redis://:s3cret@cache:6379/0":                        "redis cache 6379",
		"":                                                    "",
	} {
		var got []string
		for _, a := range Addresses(text) {
			s := fmt.Sprintf("%s %s %d", a.Scheme, a.Host, a.Port)
			if a.Bare {
				s += " bare"
			}
			got = append(got, s)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %q, want %q", text, strings.Join(got, ", "), want)
		}
	}
}

func TestNamesAHost(t *testing.T) {
	for name, want := range map[string]bool{
		"ORDERS_URL": true, "paymentServiceHost": true, "KAFKA_BOOTSTRAP_SERVERS": true, "spring.data.mongodb.uri": true,
		"MYSQL_DATABASE": false, "API_KEY": false, "DB_HOST_NAME": false, "SERVICE_NAME": false, "LOG_LEVEL": false, "HOST_PORT": false,
	} {
		if NamesAHost(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestProducts reads the table: every entry has a role and a kind that the language knows, and recognises its images.
func TestProducts(t *testing.T) {
	kinds := map[Role][]string{
		Datastore: {"relational", "document", "kv", "cache", "search", "event_store", "object", "warehouse", ""},
		Gateway:   {"api", "bff", "aggregator", "proxy", "cdn"},
		Broker:    {"", "queue"}, Registry: {""}, Telemetry: {""}, Tool: {""}, Config: {""},
	}
	for _, p := range products() {
		if allowed, ok := kinds[p.Role]; !ok || !slices.Contains(allowed, p.Kind) {
			t.Errorf("%q: role %q, kind %q", p.Name, p.Role, p.Kind)
		}
		if len(p.images)+len(p.env)+len(p.ports)+len(p.schemes)+len(p.names) == 0 {
			t.Errorf("%q recognises nothing", p.Name)
		}
	}
	for image, want := range map[string]string{
		"postgres:17": "postgresql", "docker.io/bitnami/postgresql@sha256:1": "postgresql", "localhost:5000/library/redis": "redis",
		"envoyproxy/envoy:v1": "envoy", "registry.k8s.io/ingress-nginx/controller:v1": "nginx", "openresty-thrift:xenial": "nginx",
		"mcr.microsoft.com/mssql/server": "sqlserver", "confluentinc/cp-kafka": "kafka", "oliver006/redis_exporter": "prometheus",
		"nginxdemos/nginx-hello": "", "shop/orders": "", "": "",
	} {
		got := ""
		if p := ByImage(image); p != nil {
			got = p.Name
		}
		if got != want {
			t.Errorf("%q is %q, want %q", image, got, want)
		}
	}
	for name, want := range map[string]Role{
		"catalogue-db": Datastore, "user-mongodb": Datastore, "my-rabbit": Broker, "eureka-server": Registry, "zuul": Gateway,
		"edge-router": Gateway, "payment-gateway": "", "kafka-consumer": "", "redis-sync-worker": "", "front-end": "", "hystrix-dashboard": Telemetry,
	} {
		var got Role
		if p, _ := recognise(&Component{Name: name}, true); p != nil {
			got = p.Role
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	for name, want := range map[string]string{"front-end": "front-end", "api.stripe.com": "api_stripe_com", "3scale": "_3scale", "ü": "_", "-x-": "x"} {
		if got := Label(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
