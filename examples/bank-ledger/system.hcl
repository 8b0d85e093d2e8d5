# The ledger of a bank: accounts are event-sourced, every entry must be explainable for ten years, and no transfer may be
# half done. Transfers inside the bank are one two-phase commit over two ledgers of one database product; transfers to
# other banks are a saga, because the clearing house cannot be rolled back. 150 transfers a second at peak.

system "ledger" {
  platform             = "kubernetes"
  team                 = "ledger"
  discovery            = "dns"
  auth                 = "mtls"
  zero_downtime        = true
  deadline_propagation = true
  policy               = policy.rpc
  slo                  = { availability = "99.9%", latency_p99 = "2s" }
  deploy = {
    strategy        = "canary"
    steps           = ["5%", "25%", "50%"]
    bake            = "30m"
    analysis        = ["error_rate", "latency_p99"]
    readiness       = true
    drain           = "20s"
    grace           = "60s"
    start           = "30s"
    max_unavailable = "0%"
  }
}

policy "rpc" {
  connect_timeout = "100ms"
}

# The network never repeats a write.
policy "mesh" {
  circuit_breaker = {}
  retry           = none
}

mesh "istio" {
  members       = "all"
  mtls          = "strict"
  policy        = policy.mesh
  control_plane = { replicas = 3 }
}

client "app" {
  kind     = "mobile"
  rps      = 600
  deadline = "15s"
  call "balance" {
    to          = gateway.edge
    op          = "balance"
    access      = "read"
    per_request = 0.75
  }
  call "transfer" {
    to          = gateway.edge
    op          = "transfer"
    access      = "write"
    idempotent  = true
    per_request = 0.15
  }
  call "payment" {
    to          = gateway.edge
    op          = "payment"
    access      = "write"
    idempotent  = true
    per_request = 0.1
  }
}

client "auditor" {
  kind   = "internal"
  rps    = 1
  public = false
  slo    = { latency_p99 = "10s" }
  call "history" {
    to     = service.statements
    op     = "history"
    access = "read"
  }
}

gateway "edge" {
  engine     = "envoy"
  auth       = "oidc"
  rate_limit = { rps = 5, burst = 10, per = "client", retry_after = true }
  scale      = { replicas = 4, zones = 2, capacity = 800 }
  deploy = {
    strategy       = "blue_green"
    spare_capacity = "100%"
    keep_old       = "2h"
    analysis       = ["error_rate", "latency_p99"]
    readiness      = true
    drain          = "20s"
    grace          = "60s"
    start          = "20s"
    shared_store   = false
  }
  api "rest" {
    version         = "v3"
    lists           = true
    pagination      = "cursor"
    idempotency_key = true
  }
  call "balance" {
    to      = service.statements
    op      = "balance"
    on      = ["balance"]
    access  = "read"
    timeout = "1s"
  }
  call "transfer" {
    to         = service.transfers
    op         = "transfer"
    on         = ["transfer"]
    access     = "write"
    idempotent = true
    timeout    = "1800ms"
  }
  call "payment" {
    to         = service.payments
    op         = "payment"
    on         = ["payment"]
    access     = "write"
    idempotent = true
    timeout    = "1800ms"
  }
}

# Between accounts of this bank: debit and credit in one transaction over both ledgers.
service "transfers" {
  language = "java"
  scale    = { replicas = 4, zones = 2, capacity = 60, concurrency = 64 }
  latency  = { p50 = "60ms", p99 = "350ms" }
  call "savings" {
    to         = service.savings
    access     = "write"
    idempotent = true
    timeout    = "500ms"
  }
  call "current" {
    to         = service.current
    access     = "write"
    idempotent = true
    timeout    = "500ms"
  }
}

service "current" {
  language = "java"
  scale    = { replicas = 6, zones = 3, capacity = 80, concurrency = 64 }
  latency  = { p50 = "20ms", p99 = "150ms" }
  event_sourcing = {
    store              = datastore.current_ledger
    snapshot_every     = 500
    events_per_entity  = 4000
    versioning         = "upcast"
    projections        = [datastore.statements_db]
    publishes          = topic.entries
    integration_events = true
  }
  call "ledger" {
    to         = datastore.current_ledger
    access     = "write"
    idempotent = true
    timeout    = "200ms"
    pool       = 12
  }
}

service "savings" {
  language = "java"
  scale    = { replicas = 4, zones = 2, capacity = 80, concurrency = 64 }
  latency  = { p50 = "20ms", p99 = "150ms" }
  call "ledger" {
    to         = datastore.savings_ledger
    access     = "write"
    idempotent = true
    timeout    = "200ms"
    pool       = 12
  }
}

# To other banks.
service "payments" {
  language = "java"
  scale    = { replicas = 8, zones = 2, capacity = 40, concurrency = 64 }
  latency  = { p50 = "80ms", p99 = "350ms" }
  call "state" {
    to         = datastore.payments_db
    access     = "write"
    idempotent = true
    timeout    = "200ms"
    pool       = 8
  }
  call "debit" {
    to         = service.current
    on         = ["payment"]
    access     = "write"
    idempotent = true
    timeout    = "500ms"
  }
  publish "requested" {
    to     = queue.clearing
    on     = ["payment"]
    acks   = "all"
    outbox = { store = datastore.payments_db, relay = "cdc", ordering_key = "payment_id", cleanup = "7d" }
  }
}

# Hands payments to the clearing house, which takes 100 a second.
service "clearing" {
  language = "java"
  scale    = { replicas = 3, zones = 3 }
  deploy = {
    strategy        = "rolling"
    readiness       = true
    drain           = "20s"
    grace           = "60s"
    start           = "30s"
    max_unavailable = "0%"
  }
  consume "requested" {
    from        = queue.clearing
    idempotent  = true
    latency     = { p50 = "250ms", p99 = "1500ms" }
    concurrency = 20
  }
  call "house" {
    to              = external.clearing_house
    access          = "write"
    idempotent      = true
    timeout         = "3s"
    circuit_breaker = { window = "60s", min_calls = 20, open_for = "30s", half_open = 3 }
    rate_limit      = { rps = 80, on_limit = "queue" }
  }
  call "done" {
    to         = service.payments
    op         = "confirm"
    access     = "write"
    idempotent = true
    timeout    = "800ms"
  }
}

# Balances and statements: the read side of the ledger.
service "statements" {
  language = "go"
  scale    = { replicas = 6, zones = 3, capacity = 200, concurrency = 64 }
  latency  = { p50 = "12ms", p99 = "120ms" }
  cqrs = {
    write         = datastore.current_ledger
    read          = datastore.statements_db
    sync          = topic.entries
    max_staleness = "2s"
  }
  consume "entry" {
    from        = topic.entries
    idempotent  = true
    ordering    = true
    latency     = { p50 = "3ms", p99 = "25ms" }
    concurrency = 4
    dead_letter = queue.unreadable
  }
  call "project" {
    to         = datastore.statements_db
    on         = ["entry"]
    access     = "write"
    idempotent = true
    timeout    = "150ms"
    pool       = 6
  }
  call "read" {
    to      = datastore.statements_db
    access  = "read"
    on      = ["balance", "history"]
    timeout = "200ms"
    pool    = 10
  }
}

transaction "transfer" {
  pattern      = "2pc"
  consistency  = "strong"
  orchestrator = service.transfers
  timeout      = "2s"
  coordinator  = { replicas = 3, durable_log = true }
  step "debit" {
    in     = service.current
    writes = datastore.current_ledger
  }
  step "credit" {
    in     = service.savings
    writes = datastore.savings_ledger
  }
}

transaction "payment" {
  pattern      = "saga"
  orchestrator = service.payments
  timeout      = "1h"
  state        = datastore.payments_db
  isolation    = ["semantic_lock"]
  step "reserve" {
    in         = service.current
    writes     = datastore.current_ledger
    compensate = "release"
    type       = "compensatable"
    idempotent = true
  }
  step "clear" {
    in         = service.clearing
    type       = "pivot"
    idempotent = true
    via        = queue.clearing
  }
  step "confirm" {
    in         = service.payments
    writes     = datastore.payments_db
    type       = "retriable"
    idempotent = true
  }
}

datastore "current_ledger" {
  kind            = "event_store"
  engine          = "postgresql"
  owner           = service.current
  scale           = { replicas = 3, zones = 3 }
  latency         = { p50 = "4ms", p99 = "60ms" }
  capacity        = 1500
  max_connections = 200
  xa              = true
  audit           = "required"
  data            = ["financial"]
}

datastore "savings_ledger" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.savings
  scale           = { replicas = 3, zones = 3 }
  latency         = { p50 = "4ms", p99 = "60ms" }
  capacity        = 1500
  max_connections = 200
  xa              = true
  audit           = "required"
  audit_log       = true
  data            = ["financial"]
}

datastore "statements_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.statements
  scale           = { replicas = 3, zones = 3 }
  latency         = { p50 = "3ms", p99 = "50ms" }
  capacity        = 3000
  max_connections = 200
  data            = ["financial", "pii"]
  erasure         = "delete"
}

datastore "payments_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.payments
  scale           = { replicas = 3, zones = 3 }
  latency         = { p50 = "3ms", p99 = "50ms" }
  capacity        = 1000
  max_connections = 100
  data            = ["financial"]
}

broker "kafka" {
  engine = "kafka"
  scale  = { replicas = 3, zones = 3 }
}

topic "entries" {
  broker        = broker.kafka
  partitions    = 24
  replication   = 3
  min_insync    = 2
  ordering_key  = "account_id"
  retention     = "30d"
  payload       = "state"
  trace_context = true
  schema        = { format = "avro", compatibility = "full" }
}

queue "unreadable" {
  broker  = broker.kafka
  max_age = "30d"
}

queue "clearing" {
  engine             = "sqs"
  visibility_timeout = "60s"
  max_receives       = 5
  dead_letter        = queue.clearing_dead
  max_age            = "1d"
}

queue "clearing_dead" {
  engine  = "sqs"
  max_age = "14d"
}

external "clearing_house" {
  availability    = "99.9%"
  rps_limit       = 100
  idempotency_key = true
  latency         = { p50 = "200ms", p99 = "1200ms" }
}
