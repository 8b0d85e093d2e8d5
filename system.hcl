system "minimal" {}

client "web" {
  kind = "web"
  call "shop" { to = service.shop }
}

service "shop" {
  call "db" { to = datastore.orders }
}

datastore "orders" { kind = "relational" }
