# The second group of edge nodes in microFreshener's test of missing gateways: two routers and a datastore.
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/tests

system "edge" {}

client "outside" {
  kind = "web"
  call "mr" { to = gateway.mr }
  call "mr1" { to = gateway.mr1 }
  call "db" { to = datastore.db }
}

gateway "mr" {}
gateway "mr1" {}
datastore "db" {}
