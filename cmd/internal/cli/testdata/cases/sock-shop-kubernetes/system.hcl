# Sock Shop as microMiner found it running on Kubernetes, with the entry that its compose file shows.
#   github.com/di-unipi-socc/microMiner (MIT), commit 702144699cf4, tests/kubernetes/sock-shop
#   github.com/microservices-demo/microservices-demo (Apache-2.0), commit 9dff06fae498, deploy
# Who calls whom is what the miner saw, which the NetworkPolicies confirm. No manifest limits a call.

system "sock_shop" {
  platform = "kubernetes"
  scale    = { replicas = 1 }
}

client "browser" {
  kind = "web"
  call "shop" { to = gateway.edge_router }
}

gateway "edge_router" {
  call "front_end" { to = service.front_end }
}

service "front_end" {
  call "orders" { to = service.orders }
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

datastore "orders_db" { engine = "mongodb" }
datastore "user_db" { engine = "mongodb" }
datastore "carts_db" { engine = "mongodb" }
datastore "catalogue_db" { engine = "mysql" }
broker "rabbitmq" { engine = "rabbitmq" }
queue "shipping" { broker = broker.rabbitmq }
