# Sock Shop as the authors of microFreshener model it for their experiment.
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/examples
# No link claims a time limit, a breaker or dynamic discovery, so there is none and addresses are static.

system "sock_shop" { discovery = "static" }

client "edge" {
  kind = "web"
  call "shop" { to = gateway.edge_router }
}

gateway "edge_router" {
  kind = "proxy"
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

datastore "orders_db" {}
datastore "user_db" {}
datastore "carts_db" {}
datastore "catalogue_db" {}
broker "rabbitmq" { engine = "rabbitmq" }
queue "shipping" { broker = broker.rabbitmq }
