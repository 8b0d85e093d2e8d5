# Telemetry of delivery vehicles: 40,000 of them report their position every ten seconds, 4,000 messages a second.
# Positions are enriched and kept; alarms go to dispatchers within seconds; customers get a message when a delivery is
# near. Messages may arrive twice, and every consumer copes with it.

system "fleet" {
  platform  = "kubernetes"
  discovery = "dns"
  policy    = policy.rpc
  slo       = { availability = "99.9%", latency_p99 = "1s" }
  deploy = {
    strategy        = "rolling"
    readiness       = true
    drain           = "20s"
    grace           = "40s"
    start           = "15s"
    max_unavailable = "0%"
    analysis        = ["error_rate", "latency_p99"]
  }
}

policy "rpc" {
  connect_timeout = "100ms"
  circuit_breaker = { failure_rate = "50%", window = "30s", min_calls = 20, open_for = "15s", half_open = 5 }
}

# ---------------------------------------------------------------- in

client "vehicle" {
  kind     = "iot"
  rps      = 4000
  deadline = "30s"
  slo      = { latency_p99 = "5s" }
  call "report" {
    to         = gateway.ingest
    access     = "write"
    idempotent = true
    reply      = false
  }
}

client "dispatcher" {
  kind        = "web"
  rps         = 60
  connections = 400
  realtime    = "push"
  deadline    = "10s"
  call "map" {
    to     = gateway.console
    access = "read"
  }
}

gateway "ingest" {
  engine     = "envoy"
  auth       = "mtls"
  rate_limit = { rps = 2, per = "client", retry_after = true }
  scale      = { replicas = 4, zones = 2, capacity = 3000 }
  api "grpc" {}
  call "positions" {
    to         = service.receiver
    access     = "write"
    idempotent = true
    timeout    = "800ms"
  }
}

gateway "console" {
  engine     = "envoy"
  auth       = "oidc"
  rate_limit = { rps = 20, per = "client", retry_after = true }
  scale      = { replicas = 2, zones = 2, capacity = 300 }
  api "rest" { version = "v1" }
  api "sse" { heartbeat = "30s" }
  call "fleet" {
    to      = service.map
    access  = "read"
    timeout = "800ms"
  }
}

# ---------------------------------------------------------------- events

# Checks a report and hands it on. It keeps no state of its own.
service "receiver" {
  scale          = { replicas = 6, zones = 2, capacity = 1800, concurrency = 128 }
  latency        = { p50 = "4ms", p99 = "40ms" }
  load_balancing = "l7"
  api "grpc" {}
  publish "position" {
    to   = topic.positions
    acks = "all"
  }
}

# Adds the street, the shift and the next stop. The route service is asked once for a batch of a hundred.
service "enrich" {
  scale = { replicas = 8, zones = 2 }
  consume "position" {
    from          = topic.positions
    idempotent    = true
    ordering      = true
    batch         = 100
    concurrency   = 4
    batch_latency = { p50 = "120ms", p99 = "500ms" }
    dead_letter   = queue.unreadable
  }
  call "route" {
    to          = service.routes
    access      = "read"
    per_request = 0.01
    timeout     = "300ms"
    fallback    = "cache"
  }
  publish "enriched" {
    to   = topic.enriched
    acks = "all"
  }
}

service "routes" {
  scale   = { replicas = 3, zones = 3, capacity = 120, concurrency = 32 }
  latency = { p50 = "20ms", p99 = "150ms" }
  api "grpc" {}
  call "db" {
    to      = datastore.routes_db
    access  = "read"
    timeout = "150ms"
    pool    = 5
  }
}

service "archive" {
  scale = { replicas = 3, zones = 3 }
  consume "enriched" {
    from          = topic.enriched
    idempotent    = true
    ordering      = false
    batch         = 1000
    concurrency   = 4
    batch_latency = { p50 = "300ms", p99 = "1200ms" }
    dead_letter   = queue.unreadable
  }
  call "store" {
    to          = datastore.history
    access      = "write"
    idempotent  = true
    per_request = 0.001
    timeout     = "3s"
    pool        = 4
  }
}

# The newest position of every vehicle, for the map.
service "map" {
  scale   = { replicas = 4, zones = 2, capacity = 120, concurrency = 64 }
  latency = { p50 = "10ms", p99 = "120ms" }
  api "rest" {}
  api "sse" { heartbeat = "30s" }
  consume "enriched" {
    from          = topic.enriched
    idempotent    = true
    ordering      = true
    batch         = 200
    concurrency   = 4
    batch_latency = { p50 = "20ms", p99 = "150ms" }
    dead_letter   = queue.unreadable
  }
  call "keep" {
    to          = datastore.latest
    on          = ["enriched"]
    access      = "write"
    idempotent  = true
    per_request = 0.005
    timeout     = "200ms"
    pool        = 4
  }
  call "look" {
    to      = datastore.latest
    access  = "read"
    timeout = "200ms"
    pool    = 8
  }
}

# Decides what is an alarm: a vehicle that stands where it should not, a fridge that warms up.
service "rules" {
  scale = { replicas = 4, zones = 2 }
  consume "enriched" {
    from        = topic.enriched
    idempotent  = true
    ordering    = true
    concurrency = 4
    latency     = { p50 = "1ms", p99 = "8ms" }
    dead_letter = queue.unreadable
  }
  call "state" {
    to          = datastore.alarms_db
    access      = "write"
    idempotent  = true
    per_request = 0.01
    timeout     = "200ms"
    pool        = 4
  }
  publish "alarm" {
    to          = topic.alarms
    acks        = "all"
    per_request = 0.002
    outbox      = { store = datastore.alarms_db, relay = "polling", poll = "500ms", batch = 100, ordering_key = "vehicle_id", cleanup = "1d" }
  }
}

# One e-mail or text message per alarm; the provider takes 30 a second.
service "notify" {
  scale = { replicas = 2, zones = 2 }
  consume "alarm" {
    from        = topic.alarms
    idempotent  = true
    ordering    = false
    concurrency = 4
    latency     = { p50 = "5ms", p99 = "30ms" }
    dead_letter = queue.unreadable
  }
  publish "send" {
    to   = queue.messages
    acks = "all"
  }
}

service "sender" {
  scale = { replicas = 2, zones = 2 }
  consume "send" {
    from        = queue.messages
    idempotent  = true
    concurrency = 4
    latency     = { p50 = "150ms", p99 = "900ms" }
  }
  call "provider" {
    to         = external.messenger
    access     = "write"
    idempotent = true
    timeout    = "1500ms"
    rate_limit = { rps = 12, scope = "replica", on_limit = "queue" }
  }
}

# ---------------------------------------------------------------- data

broker "kafka" {
  engine = "kafka"
  scale  = { replicas = 3, zones = 3 }
}

topic "positions" {
  broker        = broker.kafka
  partitions    = 48
  replication   = 3
  min_insync    = 2
  ordering_key  = "vehicle_id"
  retention     = "4d"
  payload       = "state"
  trace_context = true
  schema        = { format = "protobuf", compatibility = "backward" }
}

topic "enriched" {
  broker        = broker.kafka
  partitions    = 48
  replication   = 3
  min_insync    = 2
  ordering_key  = "vehicle_id"
  retention     = "4d"
  payload       = "state"
  trace_context = true
  schema        = { format = "protobuf", compatibility = "backward" }
}

topic "alarms" {
  broker        = broker.kafka
  partitions    = 12
  replication   = 3
  min_insync    = 2
  ordering_key  = "vehicle_id"
  retention     = "7d"
  payload       = "state"
  trace_context = true
}

queue "unreadable" {
  broker  = broker.kafka
  max_age = "14d"
}

queue "messages" {
  engine             = "sqs"
  visibility_timeout = "10s"
  max_receives       = 5
  dead_letter        = queue.messages_dead
  max_age            = "1h"
}

queue "messages_dead" {
  engine  = "sqs"
  max_age = "14d"
}

datastore "routes_db" {
  kind            = "relational"
  engine          = "postgresql"
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "3ms", p99 = "40ms" }
  capacity        = 1500
  max_connections = 100
}

datastore "history" {
  kind     = "warehouse"
  engine   = "clickhouse"
  scale    = { replicas = 2, zones = 2 }
  latency  = { p50 = "150ms", p99 = "800ms" }
  capacity = 100
}

datastore "latest" {
  kind     = "kv"
  engine   = "redis"
  scale    = { replicas = 2, zones = 2 }
  latency  = { p50 = "1ms", p99 = "15ms" }
  capacity = 20000
}

datastore "alarms_db" {
  kind            = "relational"
  engine          = "postgresql"
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "3ms", p99 = "40ms" }
  capacity        = 1500
  max_connections = 100
}

external "messenger" {
  rps_limit       = 30
  idempotency_key = true
  latency         = { p50 = "120ms", p99 = "700ms" }
}
