system "shop" {
  platform      = "kubernetes"
  zero_downtime = true
  slo           = { availability = "99.9%", latency_p99 = "1s", window = "30d" }
  policy        = policy.rpc # inherited by every call of a gateway or service that does not override it
}

policy "rpc" { timeout = "300ms" }

client "web" {
  kind     = "web"
  rps      = 300
  deadline = "3s"
  call "api" { to = gateway.edge }
}

client "mobile" {
  kind     = "mobile"
  rps      = 200
  deadline = "3s"
  call "api" { to = gateway.mobile_bff }
}

gateway "edge" {
  kind       = "api"
  auth       = "oidc"
  scale      = { replicas = 3, zones = 3 }
  rate_limit = { rps = 600, per = "global" }
  api "rest" { version = "v1" }
  call "browse" {
    to          = service.catalog
    per_request = 0.8
  }
  call "checkout" {
    to          = service.orders
    per_request = 0.2
    timeout     = "800ms"
    idempotent  = true # Idempotency-Key enforced here
    retry       = { max_attempts = 2 }
  }
}

gateway "mobile_bff" {
  kind   = "bff"
  serves = [client.mobile]
  auth   = "oidc"
  scale  = { replicas = 2, zones = 2 }
  api "graphql" { max_depth = 8 }
  call "browse" {
    to          = service.catalog
    per_request = 2.4
  }
  call "checkout" {
    to          = service.orders
    per_request = 0.1
  }
}

service "orders" {
  scale   = { replicas = 4, zones = 2, capacity = 30, concurrency = 64 }
  latency = { p50 = "120ms", p99 = "700ms" }
  deploy  = { strategy = "rolling", readiness = true }
  api "grpc" {}
  call "reserve" {
    to         = service.inventory
    op         = "reserve" # an operation of inventory
    timeout    = "250ms"
    idempotent = true
  }
  call "charge" {
    to         = service.payments
    timeout    = "600ms"
    idempotent = true
    retry      = { max_attempts = 3, initial_backoff = "100ms" }
  }
  call "db" {
    to     = datastore.orders_db
    access = "write"
    pool   = 20
  }
  publish "placed" { to = topic.order_placed } # same unit of work as "db", no outbox
}

service "payments" {
  scale   = { replicas = 3, zones = 3, concurrency = 32 }
  latency = { p50 = "200ms", p99 = "950ms" }
  deploy  = { strategy = "canary", steps = ["5%", "25%", "50%"], bake = "10m", analysis = ["error_rate"] }
  api "grpc" {}
  call "stripe" {
    to         = external.stripe
    timeout    = "2s"
    idempotent = true
    retry      = { max_attempts = 2 }
  }
  call "db" { to = datastore.payments_db } # its only user: access "write" is derived
}

service "catalog" {
  scale   = { replicas = 6, zones = 3, capacity = 200 }
  latency = { p50 = "15ms", p99 = "90ms" }
  api "grpc" {}
  call "db" {
    to        = datastore.catalog_db
    access    = "read"
    cache_hit = "90%"
  }
}

service "inventory" {
  scale   = { replicas = 2, zones = 2 }
  latency = { p50 = "10ms", p99 = "60ms" }
  call "db" {
    to     = datastore.catalog_db
    on     = ["reserve"]
    access = "write"
  }
}

service "notifications" {
  scale = { replicas = 2 }
  consume "order_placed" {
    from       = topic.order_placed
    idempotent = false
  }
  publish "email" {
    to = queue.emails
    on = ["order_placed"] # the default here: never for what it takes from "emails" itself
  }
  consume "emails" {
    from    = queue.emails
    batch   = 10
    latency = { p99 = "6s" } # per message
  }
}

service "erp" {
  legacy    = true
  discovery = registry.consul
  call "db" {
    to      = datastore.catalog_db
    access  = "write"
    timeout = none # nightly batch, stated on purpose
  }
}

datastore "orders_db" {
  kind            = "relational"
  availability    = "99.95%"
  max_connections = 100
  data            = ["pii", "financial"]
}
datastore "payments_db" { availability = "99.95%" }
datastore "catalog_db" { availability = "99.95%" }
registry "consul" { scale = { replicas = 3 } }

broker "kafka" {
  engine       = "kafka"
  availability = "99.95%"
}
topic "order_placed" {
  broker       = broker.kafka
  partitions   = 6
  delivery     = "at-least-once"
  ordering_key = "order_id"
}
queue "emails" {
  engine             = "sqs"
  visibility_timeout = "30s"
} # no dead_letter

external "stripe" {
  availability = "99.9%"
  latency      = { p50 = "180ms", p99 = "900ms" }
  rps_limit    = 100
}

transaction "checkout" {
  pattern      = "saga"
  orchestrator = service.orders
  step "reserve" { in = service.inventory }
  step "charge" { in = service.payments } # no compensate
}

migration "erp" {
  legacy = service.erp
  facade = gateway.edge
  route "stock" {
    to     = service.inventory
    status = "migrated"
  }
}

mesh "istio" {
  members = [service.orders, service.payments, service.catalog, service.inventory]
  mtls    = "strict"
}

flag "new_pricing" { used = [service.orders] }
