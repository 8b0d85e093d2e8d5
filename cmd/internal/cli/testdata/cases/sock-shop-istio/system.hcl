# Sock Shop under Istio: one DestinationRule, for orders, with a connection pool and outlier detection (one error, 3 min).
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/examples; the rule is part of its Istio example
# No link claims a time limit or a breaker; Istio ejects hosts of orders, which every caller of orders profits from.

system "sock_shop" { platform = "kubernetes" }

client "edge" {
  kind = "web"
  call "shop" { to = gateway.edge_router }
}

gateway "edge_router" {
  kind = "proxy"
  call "front_end" { to = service.front_end }
}

service "front_end" {
  call "orders" {
    to              = service.orders
    circuit_breaker = { min_calls = 1, window = 1, failure_rate = "50%", open_for = "3m" }
    bulkhead        = { max_concurrent = 1, queue = 1 }
  }
  call "user" { to = service.user }
  call "carts" { to = service.carts }
  call "catalogue" { to = service.catalogue }
}

service "orders" {
  call "db" { to = datastore.orders_db }
  call "user" { to = service.user }
  call "payment" { to = service.payment }
  call "carts" { to = service.carts }
  call "shipping" { to = service.shipping }
}

service "user" {
  call "db" { to = datastore.user_db }
}
service "carts" {
  call "db" { to = datastore.carts_db }
}
service "catalogue" {
  call "db" { to = datastore.catalogue_db }
}
service "payment" {}

service "shipping" {
  publish "shipment" { to = queue.shipping }
}
service "queue_master" {
  consume "shipment" { from = queue.shipping }
}

datastore "orders_db" {}
datastore "user_db" {}
datastore "carts_db" {}
datastore "catalogue_db" {}
broker "rabbitmq" { engine = "rabbitmq" }
queue "shipping" { broker = broker.rabbitmq }
