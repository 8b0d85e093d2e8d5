# The third group of edge nodes in microFreshener's test of missing gateways: two services and a router.
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/tests

system "edge" {}

client "outside" {
  kind = "web"
  call "sr" { to = service.sr }
  call "sr2" { to = service.sr2 }
  call "mr" { to = gateway.mr }
}

service "sr" {}
service "sr2" {}
gateway "mr" {}
