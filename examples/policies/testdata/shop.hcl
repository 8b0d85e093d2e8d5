system "shop" {}

service "orders" {
  team = "a"
  call "pay" { # want WIRE-001
    to       = service.payments
    protocol = "rest"
  }
  call "db" { # want OWN-001
    to = datastore.ledger
  }
}

service "payments" { # want ACME-001
  api "rest" {}
}

datastore "ledger" {
  team = "b"
}
