# A project-management product for many companies: a web application, a mobile application and an API for integrations.
# Tenants share every service; limits and compartments are per tenant. Stripe's limit is that of its live mode,
# https://docs.stripe.com/rate-limits; the mail provider's is that of the product's contract.

system "saas" {
  platform      = "kubernetes"
  tenancy       = "multi"
  zero_downtime = true
  slo           = { availability = "99.9%", latency_p99 = "1s" }
  policy        = policy.rpc
  discovery     = "dns"
  deploy = {
    strategy        = "rolling"
    readiness       = true
    drain           = "15s"
    grace           = "30s"
    start           = "25s"
    max_unavailable = "0%"
    analysis        = ["error_rate", "latency_p99"]
  }
}

policy "rpc" { connect_timeout = "100ms" }

# Limits between services come from the mesh.
policy "mesh" {
  circuit_breaker = {}
}

mesh "istio" {
  members       = "all"
  mtls          = "strict"
  policy        = policy.mesh
  control_plane = { replicas = 3 }
}

# ---------------------------------------------------------------- outside

client "browser" {
  kind     = "web"
  team     = "web"
  rps      = 300
  deadline = "10s"
  call "api" {
    to          = gateway.api
    idempotent  = true
    write_ratio = "10%"
  }
}

client "phone" {
  kind     = "mobile"
  team     = "mobile"
  rps      = 60
  deadline = "10s"
  call "bff" {
    to     = gateway.mobile
    access = "read"
  }
}

client "integrations" {
  kind     = "partner"
  rps      = 80
  deadline = "30s"
  call "api" {
    to          = gateway.api
    idempotent  = true
    write_ratio = "40%"
  }
}

external "stripe" {
  availability    = "99.95%"
  rps_limit       = 100
  idempotency_key = true
  latency         = { p50 = "180ms", p99 = "800ms" }
}

external "mail" {
  rps_limit       = 50
  idempotency_key = true
  latency         = { p50 = "80ms", p99 = "500ms" }
}

external "flags" {
  latency = { p50 = "10ms", p99 = "60ms" }
}

# ---------------------------------------------------------------- edge

gateway "api" {
  team       = "platform"
  engine     = "envoy"
  auth       = "oidc"
  rate_limit = { rps = 50, burst = 100, per = "tenant", retry_after = true }
  scale      = { replicas = 4, zones = 2, capacity = 600 }
  api "rest" {
    version         = "v2"
    lists           = true
    pagination      = "cursor"
    idempotency_key = true
  }
  call "tasks" {
    to          = service.tasks
    idempotent  = true
    write_ratio = "25%"
    per_request = 0.6
    timeout     = "900ms"
  }
  call "accounts" {
    to          = service.accounts
    access      = "read"
    per_request = 0.25
    timeout     = "900ms"
  }
  call "search" {
    to          = service.search
    access      = "read"
    per_request = 0.15
    timeout     = "900ms"
  }
}

# One GraphQL endpoint that answers a screen of the phone with one request.
gateway "mobile" {
  kind       = "bff"
  team       = "mobile"
  serves     = [client.phone]
  engine     = "envoy"
  auth       = "oidc"
  rate_limit = { rps = 200, per = "tenant", unit = "cost", retry_after = true }
  scale      = { replicas = 2, zones = 2, capacity = 200 }
  api "graphql" {
    max_depth         = 8
    max_cost          = 1000
    batching          = "dataloader"
    persisted_queries = true
  }
  call "overview" {
    to      = gateway.overview
    access  = "read"
    timeout = "900ms"
  }
}

# Collects what the start screen shows; the activity feed may be missing.
gateway "overview" {
  kind   = "aggregator"
  team   = "mobile"
  engine = "envoy"
  scale  = { replicas = 2, zones = 2, capacity = 200 }
  call "tasks" {
    to       = service.tasks
    access   = "read"
    parallel = "screen"
    timeout  = "600ms"
  }
  call "accounts" {
    to       = service.accounts
    access   = "read"
    parallel = "screen"
    timeout  = "600ms"
  }
  call "feed" {
    to       = service.feed
    access   = "read"
    parallel = "screen"
    timeout  = "300ms"
    fallback = "default"
  }
}

# ---------------------------------------------------------------- services

service "tasks" {
  team     = "tasks"
  language = "go"
  scale    = { replicas = 6, zones = 2, capacity = 180, concurrency = 64 }
  latency  = { p50 = "25ms", p99 = "250ms" }
  api "rest" {}
  call "db" {
    to          = datastore.tasks_db
    idempotent  = true
    write_ratio = "15%"
    timeout     = "300ms"
    pool        = 20
    bulkhead    = { max_concurrent = 16, per = "tenant" }
  }
  publish "changed" {
    to          = topic.tasks
    per_request = 0.2
    acks        = "all"
    outbox      = { store = datastore.tasks_db, relay = "cdc", ordering_key = "task_id", cleanup = "1d" }
  }
}

service "accounts" {
  team     = "accounts"
  language = "go"
  scale    = { replicas = 4, zones = 2, capacity = 250, concurrency = 64 }
  latency  = { p50 = "10ms", p99 = "80ms" }
  api "rest" {}
  call "db" {
    to          = datastore.accounts_db
    idempotent  = true
    write_ratio = "2%"
    timeout     = "200ms"
    pool        = 10
    bulkhead    = { max_concurrent = 16, per = "tenant" }
  }
}

service "search" {
  team     = "tasks"
  language = "java"
  scale    = { replicas = 3, zones = 3, capacity = 200, concurrency = 64 }
  latency  = { p50 = "30ms", p99 = "300ms" }
  api "rest" {}
  call "index" {
    to       = datastore.index
    access   = "read"
    timeout  = "400ms"
    bulkhead = { max_concurrent = 16, per = "tenant" }
  }
  consume "changed" {
    from        = topic.tasks
    idempotent  = true
    ordering    = true
    concurrency = 4
    latency     = { p50 = "10ms", p99 = "60ms" }
    dead_letter = queue.dead
  }
  call "feed_index" {
    to         = datastore.index
    on         = ["changed"]
    access     = "write"
    idempotent = true
    timeout    = "400ms"
  }
}

# Who did what: a read model of its own.
service "feed" {
  team     = "tasks"
  language = "go"
  scale    = { replicas = 2, zones = 2, capacity = 200, concurrency = 32 }
  latency  = { p50 = "8ms", p99 = "60ms" }
  api "rest" {}
  cqrs = {
    write         = datastore.tasks_db
    read          = datastore.feed_db
    sync          = topic.tasks
    max_staleness = "30s"
  }
  consume "changed" {
    from        = topic.tasks
    idempotent  = true
    ordering    = true
    concurrency = 4
    latency     = { p50 = "5ms", p99 = "40ms" }
    dead_letter = queue.dead
  }
  call "store" {
    to         = datastore.feed_db
    on         = ["changed"]
    access     = "write"
    idempotent = true
    timeout    = "200ms"
    pool       = 5
  }
  call "read" {
    to       = datastore.feed_db
    access   = "read"
    timeout  = "200ms"
    pool     = 5
    bulkhead = { max_concurrent = 8, per = "tenant" }
  }
}

# Subscriptions: once a night, and when a seat is added.
service "billing" {
  team     = "accounts"
  language = "java"
  scale    = { replicas = 2, zones = 2, capacity = 40, concurrency = 32 }
  latency  = { p50 = "250ms", p99 = "1200ms" }
  deploy = {
    strategy       = "blue_green"
    spare_capacity = "100%"
    keep_old       = "1h"
    readiness      = true
    drain          = "15s"
    grace          = "30s"
    start          = "40s"
    shared_store   = true
    analysis       = ["error_rate"]
  }
  consume "due" {
    from        = queue.invoices
    idempotent  = true
    latency     = { p50 = "300ms", p99 = "1500ms" }
    concurrency = 4
    retry       = none
  }
  call "db" {
    to         = datastore.billing_db
    access     = "write"
    idempotent = true
    timeout    = "300ms"
    pool       = 5
  }
  call "charge" {
    to              = external.stripe
    access          = "write"
    idempotent      = true
    timeout         = "2s"
    retry           = { max_attempts = 2, initial_backoff = "500ms", budget = "10%" }
    circuit_breaker = { window = "30s", min_calls = 10, open_for = "30s", half_open = 3 }
    bulkhead        = { max_concurrent = 8 }
    rate_limit      = { rps = 50, on_limit = "queue" }
  }
}

service "scheduler" {
  team     = "accounts"
  language = "java"
  scale    = { replicas = 2, zones = 2 }
  call "db" {
    to      = datastore.accounts_db
    access  = "read"
    timeout = "2s"
    pool    = 2
  }
  publish "due" {
    to   = queue.invoices
    acks = "all"
  }
}

client "midnight" {
  kind = "scheduler"
  rps  = 5
  call "run" { to = service.scheduler }
}

service "notify" {
  team     = "platform"
  language = "go"
  scale    = { replicas = 2, zones = 2 }
  consume "changed" {
    from        = topic.tasks
    idempotent  = true
    ordering    = false
    latency     = { p50 = "90ms", p99 = "600ms" }
    concurrency = 6
    dead_letter = queue.dead
  }
  call "mail" {
    to              = external.mail
    access          = "write"
    idempotent      = true
    per_request     = 0.2
    timeout         = "1s"
    circuit_breaker = { window = "30s", min_calls = 10, open_for = "30s", half_open = 3 }
    rate_limit      = { rps = 40, on_limit = "queue" }
  }
}

# ---------------------------------------------------------------- data

datastore "tasks_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.tasks
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "3ms", p99 = "60ms" }
  max_connections = 300
  capacity        = 2500
  data            = ["pii"]
  erasure         = "delete"
}

datastore "accounts_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.accounts
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "2ms", p99 = "40ms" }
  max_connections = 200
  capacity        = 2500
  data            = ["pii"]
  erasure         = "delete"
}

datastore "billing_db" {
  kind            = "relational"
  engine          = "postgresql"
  owner           = service.billing
  scale           = { replicas = 2, zones = 2 }
  latency         = { p50 = "3ms", p99 = "50ms" }
  max_connections = 100
  capacity        = 1000
  data            = ["financial"]
}

datastore "feed_db" {
  kind     = "document"
  engine   = "mongodb"
  owner    = service.feed
  scale    = { replicas = 3, zones = 3 }
  latency  = { p50 = "2ms", p99 = "30ms" }
  capacity = 3000
}

datastore "index" {
  kind     = "search"
  engine   = "opensearch"
  owner    = service.search
  scale    = { replicas = 2, zones = 2 }
  latency  = { p50 = "15ms", p99 = "150ms" }
  capacity = 1000
}

broker "kafka" {
  engine = "kafka"
  scale  = { replicas = 3, zones = 3 }
}

topic "tasks" {
  broker        = broker.kafka
  partitions    = 12
  replication   = 3
  min_insync    = 2
  ordering_key  = "task_id"
  retention     = "7d"
  payload       = "state"
  trace_context = true
  schema        = { format = "avro", compatibility = "backward" }
}

queue "dead" {
  broker  = broker.kafka
  max_age = "14d"
}

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
queue "invoices" {
  engine             = "sqs"
  visibility_timeout = "30s"
  max_receives       = 5
  dead_letter        = queue.invoices_dead
  max_age            = "1d"
}

queue "invoices_dead" {
  engine  = "sqs"
  max_age = "14d"
}

flag "new_board" {
  kind     = "release"
  used     = [service.tasks, client.browser]
  owner    = "tasks"
  expires  = "2027-02-28"
  default  = false
  provider = external.flags
}
