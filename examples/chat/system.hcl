# A chat for teams: 300,000 people have it open at peak, and send 1,500 messages a second. Connections end at the socket
# service; a message is stored, then published to the topic that all socket replicas listen to.
# The keep-alive of WebSocket is the ping of RFC 6455, section 5.5.2.

system "chat" {
  platform             = "kubernetes"
  policy               = policy.rpc
  slo                  = { availability = "99.95%", latency_p99 = "500ms" }
  deadline_propagation = true
  discovery            = registry.consul
  deploy = {
    strategy        = "rolling"
    readiness       = true
    drain           = "30s"
    grace           = "60s"
    start           = "10s"
    max_surge       = "25%"
    max_unavailable = "0%"
    analysis        = ["error_rate", "latency_p99"]
  }
}

policy "rpc" {
  engine          = "grpc"
  connect_timeout = "100ms"
  circuit_breaker = { window = "10s", min_calls = 50, open_for = "10s", half_open = 5 }
}

client "app" {
  kind        = "mobile"
  rps         = 1500
  connections = 300000
  realtime    = "bidirectional"
  deadline    = "10s"
  call "socket" {
    to         = gateway.edge
    access     = "write"
    idempotent = true
    stream     = true
    protocol   = "websocket"
    op         = "live"
  }
}

client "browser" {
  kind     = "web"
  rps      = 500
  deadline = "10s"
  call "history" {
    to     = gateway.edge
    access = "read"
    op     = "history"
  }
}

gateway "edge" {
  engine         = "envoy"
  auth           = "jwt"
  idle_timeout   = "5m"
  load_balancing = "l7"
  rate_limit     = { rps = 20, burst = 40, per = "client", retry_after = true }
  scale          = { replicas = 8, zones = 2, capacity = 2000 }
  api "rest" { version = "v1" }
  api "websocket" {
    heartbeat        = "30s"
    backplane        = topic.rooms
    max_connections  = 60000
    reconnect_jitter = true
  }
  call "socket" {
    to         = service.socket
    access     = "write"
    idempotent = true
    stream     = true
    protocol   = "websocket"
    on         = ["live"]
    timeout    = none
    deadline   = none
  }
  call "history" {
    to       = service.messages
    access   = "read"
    on       = ["history"]
    protocol = "grpc"
    timeout  = "400ms"
  }
}

# Holds the connections. Nothing is kept here that another replica could not answer.
service "socket" {
  language = "go"
  scale    = { replicas = 12, zones = 3, capacity = 400, concurrency = 256 }
  latency  = { p50 = "8ms", p99 = "120ms" }
  api "websocket" {
    heartbeat        = "30s"
    backplane        = topic.rooms
    max_connections  = 40000
    reconnect_jitter = true
  }
  call "send" {
    to         = service.messages
    access     = "write"
    idempotent = true
    protocol   = "grpc"
    timeout    = "300ms"
  }
  consume "room" {
    from        = topic.rooms
    broadcast   = true
    idempotent  = true
    ordering    = true
    latency     = { p50 = "1ms", p99 = "5ms" }
    concurrency = 8
    dead_letter = queue.dead
  }
}

service "messages" {
  language       = "go"
  scale          = { replicas = 12, zones = 2, capacity = 500, concurrency = 128 }
  latency        = { p50 = "6ms", p99 = "80ms" }
  load_balancing = "l7"
  api "grpc" {}
  call "store" {
    to          = datastore.history
    idempotent  = true
    write_ratio = "70%"
    timeout     = "120ms"
    pool        = 16
  }
  call "members" {
    to       = service.rooms
    access   = "read"
    protocol = "grpc"
    timeout  = "80ms"
    fallback = "cache"
  }
  publish "posted" {
    to          = topic.rooms
    acks        = "all"
    per_request = 0.75
  }
}

# Who is in which room.
service "rooms" {
  language       = "java"
  scale          = { replicas = 6, zones = 2, capacity = 1200, concurrency = 64 }
  latency        = { p50 = "2ms", p99 = "25ms" }
  load_balancing = "l7"
  api "grpc" {}
  call "db" {
    to      = datastore.rooms_db
    access  = "read"
    timeout = "40ms"
    pool    = 8
  }
}

# Who is online: a sidecar on each replica reports the connections that it sees.
service "presence" {
  language = "go"
  stateful = true
  scale    = { replicas = 3, zones = 3 }
  sidecar "metrics" {
    purpose      = "telemetry"
    cpu          = "50m"
    memory       = "64MiB"
    starts_first = true
  }
  consume "room" {
    from        = topic.rooms
    idempotent  = true
    ordering    = false
    latency     = { p50 = "1ms", p99 = "4ms" }
    concurrency = 4
    dead_letter = queue.dead
  }
  call "seen" {
    to          = datastore.presence
    access      = "write"
    idempotent  = true
    per_request = 0.1
    timeout     = "50ms"
    pool        = 8
  }
}

# Push notifications for those who are away.
service "push" {
  language = "go"
  scale    = { replicas = 3, zones = 3 }
  consume "room" {
    from        = topic.rooms
    idempotent  = true
    ordering    = false
    latency     = { p50 = "20ms", p99 = "200ms" }
    concurrency = 21
    dead_letter = queue.dead
  }
  call "fcm" {
    to              = external.push_provider
    access          = "write"
    idempotent      = true
    per_request     = 0.3
    timeout         = "800ms"
    retry           = { max_attempts = 2, budget = "10%" }
    circuit_breaker = { window = "10s", min_calls = 20, open_for = "20s", half_open = 3 }
  }
}

registry "consul" {
  engine        = "consul"
  scale         = { replicas = 3, zones = 3 }
  health_check  = true
  cached_lookup = true
  heartbeat     = "5s"
  lease         = "10s"
  eviction      = "5s"
  fetch         = "2s"
  client_cache  = "10m"
}

datastore "history" {
  kind     = "document"
  engine   = "cassandra"
  owner    = service.messages
  scale    = { replicas = 6, zones = 3 }
  latency  = { p50 = "3ms", p99 = "40ms" }
  capacity = 8000
  data     = ["pii"]
  erasure  = "delete"
}

datastore "rooms_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.rooms
  scale           = { replicas = 2, zones = 2 }
  read_replicas   = 2
  latency         = { p50 = "1ms", p99 = "15ms" }
  capacity        = 3000
  max_connections = 100
}

datastore "presence" {
  kind     = "cache"
  engine   = "redis"
  scale    = { replicas = 2, zones = 2 }
  latency  = { p50 = "1ms", p99 = "5ms" }
  capacity = 40000
}

broker "kafka" {
  engine = "kafka"
  scale  = { replicas = 3, zones = 3 }
}

topic "rooms" {
  broker        = broker.kafka
  partitions    = 64
  replication   = 3
  min_insync    = 2
  ordering_key  = "room_id"
  retention     = "3d"
  payload       = "state"
  trace_context = true
  schema        = { format = "protobuf", compatibility = "backward" }
}

queue "dead" {
  broker  = broker.kafka
  max_age = "7d"
}

external "push_provider" {
  latency         = { p50 = "60ms", p99 = "400ms" }
  idempotency_key = true
}
