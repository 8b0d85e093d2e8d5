# The hotel reservation system of DeathStarBench, described from its docker-compose.yml alone.
#   github.com/delimitrou/DeathStarBench (Apache-2.0), commit 6ecb09706140, hotelReservation
# Every service depends on Consul, and on stores of its own. Which service calls which is not in the file: they look
# each other up. examples/hotel-reservation adds what the README says.

system "hotel" {
  discovery = registry.consul
  policy    = policy.code
  scale     = { replicas = 1 }
}

policy "code" {
  timeout         = unknown
  retry           = unknown
  circuit_breaker = unknown
}

client "user" {
  kind = "web"
  call "frontend" { to = service.frontend }
}

registry "consul" { engine = "consul" }

service "frontend" {
  auth       = unknown
  rate_limit = unknown
  api "html" {}
}

service "profile" {
  call "mongodb" { to = datastore.mongodb_profile }
  call "memcached" { to = datastore.memcached_profile }
}
service "search" {}

service "geo" {
  call "mongodb" { to = datastore.mongodb_geo }
}

service "rate" {
  call "mongodb" { to = datastore.mongodb_rate }
  call "memcached" { to = datastore.memcached_rate }
}

service "review" {
  call "mongodb" { to = datastore.mongodb_review }
  call "memcached" { to = datastore.memcached_review }
}

service "attractions" {
  call "mongodb" { to = datastore.mongodb_attractions }
}

service "recommendation" {
  call "mongodb" { to = datastore.mongodb_recommendation }
}

service "user" {
  call "mongodb" { to = datastore.mongodb_user }
}

service "reservation" {
  call "mongodb" { to = datastore.mongodb_reservation }
  call "memcached" { to = datastore.memcached_reserve }
}

datastore "mongodb_profile" { kind = "document" }
datastore "memcached_profile" { kind = "cache" }
datastore "mongodb_geo" { kind = "document" }
datastore "mongodb_rate" { kind = "document" }
datastore "memcached_rate" { kind = "cache" }
datastore "mongodb_review" { kind = "document" }
datastore "memcached_review" { kind = "cache" }
datastore "mongodb_attractions" { kind = "document" }
datastore "mongodb_recommendation" { kind = "document" }
datastore "mongodb_user" { kind = "document" }
datastore "mongodb_reservation" { kind = "document" }
datastore "memcached_reserve" { kind = "cache" }
