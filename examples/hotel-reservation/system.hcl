# The hotel reservation system of DeathStarBench, described by hand from its public manifests:
#   github.com/delimitrou/DeathStarBench (Apache-2.0), commit 6ecb09706140, hotelReservation/kubernetes and config.json
# Every deployment runs one replica. The services speak gRPC and find each other through Consul; which service calls
# which is what the project's README and published architecture drawing say. The manifests show no limits, retries or
# breakers of the calls, and not what a service does when another one fails.

system "hotel_reservation" {
  platform  = "kubernetes"
  discovery = registry.consul
  policy    = policy.grpc
  scale     = { replicas = 1 }
}

# not visible in manifests: the code decides
policy "grpc" {
  engine          = "grpc"
  timeout         = unknown
  retry           = unknown
  circuit_breaker = unknown
  fallback        = unknown
}

client "browser" {
  kind = "web"
  call "frontend" { to = service.frontend }
}

service "frontend" {
  language   = "go"
  rate_limit = unknown
  auth       = unknown
  api "rest" {}
  call "search" {
    to     = service.search
    access = "read"
  }
  call "profile" {
    to     = service.profile
    access = "read"
  }
  call "recommend" {
    to     = service.recommendation
    access = "read"
  }
  call "login" {
    to     = service.user
    access = "read"
  }
  call "reserve" { to = service.reservation }
}

service "search" {
  language = "go"
  api "grpc" {}
  call "nearby" {
    to     = service.geo
    access = "read"
  }
  call "rates" {
    to     = service.rate
    access = "read"
  }
}

service "geo" {
  language = "go"
  api "grpc" {}
  call "db" {
    to     = datastore.mongodb_geo
    access = "read"
  }
}

service "rate" {
  language = "go"
  api "grpc" {}
  call "cache" {
    to       = datastore.memcached_rate
    fallback = datastore.mongodb_rate
  }
  call "db" { to = datastore.mongodb_rate }
}

service "profile" {
  language = "go"
  api "grpc" {}
  call "cache" {
    to       = datastore.memcached_profile
    fallback = datastore.mongodb_profile
  }
  call "db" { to = datastore.mongodb_profile }
}

service "recommendation" {
  language = "go"
  api "grpc" {}
  call "db" { to = datastore.mongodb_recommendation }
}

service "user" {
  language = "go"
  api "grpc" {}
  call "db" { to = datastore.mongodb_user }
}

service "reservation" {
  language = "go"
  api "grpc" {}
  call "cache" {
    to       = datastore.memcached_reserve
    fallback = datastore.mongodb_reservation
  }
  call "db" { to = datastore.mongodb_reservation }
}

registry "consul" {
  engine = "consul"
  scale  = { replicas = 1 }
}

datastore "memcached_rate" {
  kind   = "cache"
  engine = "memcached"
  scale  = { replicas = 1 }
}
datastore "memcached_profile" {
  kind   = "cache"
  engine = "memcached"
  scale  = { replicas = 1 }
}
datastore "memcached_reserve" {
  kind   = "cache"
  engine = "memcached"
  scale  = { replicas = 1 }
}
datastore "mongodb_geo" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
datastore "mongodb_rate" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
datastore "mongodb_profile" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
datastore "mongodb_recommendation" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
datastore "mongodb_user" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
  data   = ["pii"]
}
datastore "mongodb_reservation" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
