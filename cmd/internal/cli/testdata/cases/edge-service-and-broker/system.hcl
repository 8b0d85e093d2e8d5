# The first group of edge nodes in microFreshener's test of missing gateways: a service, a datastore, a router and a
# message broker that the outside reaches.
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/tests

system "edge" {}

client "outside" {
  kind = "web"
  call "sr" { to = service.sr }
  call "db" { to = datastore.db }
  call "mr" { to = gateway.mr }
  publish "mb" { to = topic.mb }
}

service "sr" {}
gateway "mr" {}
datastore "db" {}
broker "mb" {}
topic "mb" { broker = broker.mb }
