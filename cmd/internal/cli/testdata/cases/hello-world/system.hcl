# The hello world of microFreshener, described from its microTOSCA file.
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/examples
# The file has two links from order to shipping, one with a time limit and one without. Its links are the whole
# design: what a link does not claim is not there.

system "hello_world" {}

client "edge" {
  kind = "web"
  call "order" { to = service.order }
  call "shipping" { to = service.shipping }
  call "gateway" { to = gateway.gateway }
}

gateway "gateway" {
  call "shipping" { to = service.shipping }
}

service "order" {
  call "db" { to = datastore.order_db }
  call "shipping" {
    to      = service.shipping
    timeout = "1s" # the file only says that there is one
  }
  call "shipping_again" { to = service.shipping }
  publish "message" { to = queue.messages }
}

service "shipping" {
  call "db" { to = datastore.order_db }
  publish "message" { to = queue.messages }
}

datastore "order_db" {}
broker "rabbitmq" { engine = "rabbitmq" }
queue "messages" { broker = broker.rabbitmq }
