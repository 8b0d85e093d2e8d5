# microFreshener's test of shared persistence: three services on one store, three links of one service to another, and a
# store that nobody uses.
#   github.com/di-unipi-socc/microFreshener-core (MIT), commit d20505555efb, data/tests

system "shared_store" {}

service "s1" {
  call "db" { to = datastore.db }
}
service "s2" {
  call "db" { to = datastore.db }
}
service "s3" {
  call "db" { to = datastore.db }
}
service "s4" {
  call "db2" { to = datastore.db2 }
  call "db2_breaker" {
    to              = datastore.db2
    circuit_breaker = {}
  }
  call "db2_timeout" {
    to      = datastore.db2
    timeout = "1s" # the file only says that there is one
  }
}

datastore "db" {}
datastore "db1" {}
datastore "db2" {}
