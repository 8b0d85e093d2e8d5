# A shop whose monolith is being replaced. The gateway decides per route who answers: the catalog has moved, a fifth of
# the orders go to the new service, customers are still where they were. New and old keep their data in step by change
# data capture; the anti-corruption layer translates what the monolith publishes.

system "store" {
  platform  = "kubernetes"
  discovery = "dns"
  policy    = policy.rpc
  slo       = { availability = "99.9%", latency_p99 = "1s" }
  deploy = {
    strategy        = "rolling"
    readiness       = true
    drain           = "15s"
    grace           = "45s"
    start           = "20s"
    max_unavailable = "0%"
    analysis        = ["error_rate", "latency_p99"]
  }
}

policy "rpc" {
  connect_timeout = "100ms"
}

client "browser" {
  kind     = "web"
  rps      = 120
  deadline = "10s"
  call "browse" {
    to          = gateway.edge
    op          = "catalog"
    access      = "read"
    per_request = 0.8
  }
  call "order" {
    to          = gateway.edge
    op          = "orders"
    access      = "write"
    idempotent  = true
    per_request = 0.1
  }
  call "profile" {
    to          = gateway.edge
    op          = "customers"
    access      = "read"
    per_request = 0.1
  }
}

gateway "edge" {
  team       = "platform"
  engine     = "envoy"
  auth       = "oidc"
  rate_limit = { rps = 20, per = "client", retry_after = true }
  scale      = { replicas = 3, zones = 3, capacity = 400 }
  api "rest" {
    version         = "v1"
    lists           = true
    pagination      = "cursor"
    idempotency_key = true
  }
  call "catalog" {
    to      = service.catalog
    op      = "catalog"
    on      = ["catalog"]
    access  = "read"
    timeout = "800ms"
  }
  call "orders_new" {
    to          = service.orders
    op          = "orders"
    on          = ["orders"]
    access      = "write"
    idempotent  = true
    per_request = 0.2
    timeout     = "900ms"
  }
  call "orders_old" {
    to          = service.monolith
    op          = "orders"
    on          = ["orders"]
    access      = "write"
    idempotent  = true
    per_request = 0.8
    timeout     = "900ms"
  }
  call "customers" {
    to      = service.monolith
    op      = "customers"
    on      = ["customers"]
    access  = "read"
    timeout = "900ms"
  }
}

# The old shop: one process, one database, stopped for each release.
service "monolith" {
  team     = "shop"
  language = "php"
  legacy   = true
  stateful = true
  scale    = { replicas = 2, zones = 1, capacity = 60, concurrency = 40 }
  latency  = { p50 = "150ms", p99 = "500ms" }
  deploy   = { strategy = "recreate", start = "4m" }
  call "db" {
    to          = datastore.monolith_db
    idempotent  = true
    write_ratio = "60%"
    timeout     = "600ms"
    pool        = 40
  }
  call "pay" {
    to         = external.payments
    op         = "charge"
    on         = ["orders"]
    access     = "write"
    idempotent = true
    timeout    = "600ms"
  }
}

service "catalog" {
  team     = "catalog"
  language = "go"
  scale    = { replicas = 3, zones = 3, capacity = 120, concurrency = 64 }
  latency  = { p50 = "20ms", p99 = "180ms" }
  deploy = {
    strategy  = "canary"
    steps     = ["10%", "50%"]
    bake      = "15m"
    analysis  = ["error_rate", "latency_p99"]
    readiness = true
    drain     = "15s"
    grace     = "45s"
    start     = "15s"
    router    = true
  }
  call "db" {
    to      = datastore.catalog_db
    access  = "read"
    timeout = "250ms"
    pool    = 10
  }
}

service "orders" {
  team     = "orders"
  language = "go"
  scale    = { replicas = 3, zones = 3, capacity = 40, concurrency = 64 }
  latency  = { p50 = "90ms", p99 = "480ms" }
  call "db" {
    to         = datastore.orders_db
    access     = "write"
    idempotent = true
    timeout    = "150ms"
    pool       = 10
  }
  call "customer" {
    to      = service.translator
    access  = "read"
    timeout = "150ms"
  }
  call "pay" {
    to              = external.payments
    op              = "charge"
    access          = "write"
    idempotent      = true
    timeout         = "500ms"
    circuit_breaker = { window = "60s", min_calls = 10, open_for = "20s", half_open = 3 }
    bulkhead        = { max_concurrent = 12 }
  }
  publish "placed" {
    to     = topic.orders
    acks   = "all"
    outbox = { store = datastore.orders_db, relay = "cdc", ordering_key = "order_id", cleanup = "1d" }
  }
}

# The anti-corruption layer: customers and addresses of the monolith in the words of the new services.
service "translator" {
  team     = "orders"
  language = "go"
  scale    = { replicas = 2, zones = 2, capacity = 200, concurrency = 64 }
  latency  = { p50 = "5ms", p99 = "40ms" }
  consume "changed" {
    from        = topic.monolith_changes
    idempotent  = true
    ordering    = true
    latency     = { p50 = "4ms", p99 = "30ms" }
    concurrency = 4
    dead_letter = queue.dead
  }
  call "store" {
    to         = datastore.customers_copy
    on         = ["changed"]
    access     = "write"
    idempotent = true
    timeout    = "100ms"
    pool       = 5
  }
  call "look" {
    to      = datastore.customers_copy
    access  = "read"
    timeout = "80ms"
    pool    = 5
  }
}

# Warehouse and confirmations.
service "fulfilment" {
  team     = "orders"
  language = "go"
  scale    = { replicas = 2, zones = 2 }
  consume "placed" {
    from        = topic.orders
    idempotent  = true
    ordering    = true
    latency     = { p50 = "40ms", p99 = "300ms" }
    concurrency = 2
    dead_letter = queue.dead
  }
  call "stock" {
    to         = datastore.monolith_db
    access     = "write"
    idempotent = true
    timeout    = "400ms"
    pool       = 5
  }
}

migration "shop" {
  legacy          = service.monolith
  facade          = gateway.edge
  sync            = "cdc"
  anti_corruption = service.translator
  finish          = "2027-06-30"
  route "catalog" {
    to     = service.catalog
    status = "migrated"
  }
  route "orders" {
    to      = service.orders
    status  = "canary"
    traffic = "20%"
    flag    = flag.new_orders
  }
  route "customers" {
    to     = service.translator
    status = "legacy"
  }
}

flag "new_orders" {
  kind    = "release"
  used    = [service.orders, service.monolith]
  owner   = "orders"
  expires = "2027-03-31"
  default = false
}

datastore "monolith_db" {
  kind            = "relational"
  engine          = "mysql"
  owner           = service.monolith
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "8ms", p99 = "120ms" }
  capacity        = 800
  max_connections = 200
  data            = ["pii", "financial"]
  publish "changes" {
    to = topic.monolith_changes
  }
}

datastore "catalog_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.catalog
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "3ms", p99 = "50ms" }
  capacity        = 1500
  max_connections = 100
}

datastore "orders_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.orders
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "3ms", p99 = "50ms" }
  capacity        = 1000
  max_connections = 100
  data            = ["financial"]
}

datastore "customers_copy" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.translator
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "2ms", p99 = "25ms" }
  capacity        = 1000
  max_connections = 100
  data            = ["pii"]
  erasure         = "delete"
}

broker "kafka" {
  engine = "kafka"
  scale  = { replicas = 3, zones = 3 }
}

topic "orders" {
  broker        = broker.kafka
  partitions    = 12
  replication   = 3
  min_insync    = 2
  ordering_key  = "order_id"
  retention     = "7d"
  payload       = "state"
  trace_context = true
  schema        = { format = "avro", compatibility = "backward" }
}

topic "monolith_changes" {
  broker        = broker.kafka
  partitions    = 12
  replication   = 3
  min_insync    = 2
  ordering_key  = "primary_key"
  retention     = "7d"
  payload       = "state"
  trace_context = true
  schema        = { format = "avro", compatibility = "backward" }
}

queue "dead" {
  broker  = broker.kafka
  max_age = "14d"
}

# https://docs.stripe.com/rate-limits: 100 operations a second in live mode
external "payments" {
  availability    = "99.95%"
  rps_limit       = 100
  idempotency_key = true
  latency         = { p50 = "120ms", p99 = "300ms" }
}
