system "s" {}

client "web" {
  rps = 10
  call "core" { to = service.core }
}

service "core" {
  scale = { replicas = 1 }
  call "db" { to = datastore.db }
}

datastore "db" { availability = "99.95%" }

service "aside" { scale = { replicas = 1 } }
