# A URL shortener: ten links are created a second, two thousand are followed. Most of what is followed was followed a
# moment before, so a cache answers 95 % of the look-ups; the store behind X.

system "url_shortener" {
  platform  = "kubernetes"
  team      = "links"
  discovery = "dns"
  policy    = policy.rpc
  slo       = { availability = "99.9%", latency_p99 = "300ms" }
  deploy = {
    strategy  = "rolling"
    readiness = true
    drain     = "15s"
    grace     = "30s"
    start     = "20s"
    analysis  = ["error_rate", "latency_p99"]
  }
}

policy "rpc" { connect_timeout = "100ms" }

# Everybody who follows a short link. Redirects are cached at the edge for a minute.
client "visitor" {
  kind     = "web"
  rps      = 2000
  deadline = "5s"
  call "follow" {
    to     = gateway.edge
    access = "read"
    op     = "redirect"
  }
}

# The web application in which links are made and their clicks are shown.
client "creator" {
  kind     = "web"
  rps      = 40
  deadline = "10s"
  slo      = { latency_p99 = "1s" }
  call "make" {
    to          = gateway.api
    access      = "write"
    idempotent  = true
    per_request = 0.25
    op          = "make"
  }
  call "look" {
    to          = gateway.api
    access      = "read"
    per_request = 0.75
    op          = "look"
  }
}

# Campaign tools that make links in bulk.
client "campaigns" {
  kind     = "partner"
  rps      = 10
  deadline = "10s"
  slo      = { latency_p99 = "1s" }
  call "make" {
    to         = gateway.api
    access     = "write"
    idempotent = true
    op         = "make"
  }
}

gateway "edge" {
  kind         = "cdn"
  engine       = "envoy"
  availability = "99.99%"
  rate_limit   = { rps = 100, per = "ip", retry_after = true }
  call "redirect" {
    to        = service.redirect
    access    = "read"
    cache_hit = "40%"
    timeout   = "200ms"
  }
}

gateway "api" {
  engine     = "envoy"
  auth       = "jwt"
  rate_limit = { rps = 20, per = "client", retry_after = true }
  scale      = { replicas = 3, zones = 3, capacity = 500 }
  timeout    = "2s"
  api "rest" {
    version         = "v1"
    lists           = true
    pagination      = "cursor"
    idempotency_key = true
  }
  call "links" {
    to         = service.links
    access     = "write"
    idempotent = true
    op         = "make"
    on         = ["make"]
    timeout    = "800ms"
  }
  call "reports" {
    to      = service.reports
    access  = "read"
    on      = ["look"]
    timeout = "800ms"
  }
}

service "redirect" {
  scale   = { replicas = 6, zones = 3, capacity = 600, concurrency = 64 }
  latency = { p50 = "3ms", p99 = "25ms" }
  api "rest" {
    version   = "v1"
    cache_ttl = "1m"
  }
  call "cached" {
    to       = datastore.link_cache
    access   = "read"
    timeout  = "20ms"
    fallback = "default" # no answer is a miss
  }
  call "stored" {
    to        = datastore.links_db
    access    = "read"
    cache_hit = "95%"
    timeout   = "80ms"
    pool      = 10
  }
  publish "clicked" {
    to   = topic.clicks
    loss = "tolerable"
    acks = "leader"
  }
}

service "links" {
  scale   = { replicas = 3, zones = 3, capacity = 100, concurrency = 32 }
  latency = { p50 = "40ms", p99 = "300ms" }
  call "db" {
    to         = datastore.links_db
    access     = "write"
    idempotent = true
    timeout    = "100ms"
    pool       = 10
  }
  # Is the target known for malware? A link that cannot be checked is made, and checked again by a job.
  call "malware" {
    to              = external.safe_browsing
    access          = "read"
    timeout         = "400ms"
    fallback        = "default"
    circuit_breaker = { failure_rate = "50%", window = "30s", min_calls = 20, open_for = "30s", half_open = 3 }
    bulkhead        = { max_concurrent = 8 }
  }
}

service "reports" {
  scale   = { replicas = 2, zones = 2, capacity = 60, concurrency = 32 }
  latency = { p50 = "60ms", p99 = "400ms" }
  call "db" {
    to      = datastore.clicks_db
    access  = "read"
    timeout = "600ms"
    pool    = 10
  }
}

# Counts clicks per link and hour.
service "counter" {
  scale = { replicas = 3, zones = 3 }
  consume "clicked" {
    from          = topic.clicks
    idempotent    = true
    ordering      = false
    batch         = 500
    batch_latency = { p50 = "80ms", p99 = "400ms" }
    concurrency   = 4
    dead_letter   = queue.clicks_dead
  }
  call "db" {
    to          = datastore.clicks_db
    access      = "write"
    idempotent  = true
    per_request = 0.002 # one insert for a batch of 500
    timeout     = "2s"
    pool        = 4
  }
}

datastore "links_db" {
  kind         = "kv"
  engine       = "dynamodb"
  owner        = service.links
  availability = "99.99%"
  latency      = { p50 = "4ms", p99 = "20ms" }
  capacity     = 1000
}

datastore "link_cache" {
  kind     = "cache"
  engine   = "redis"
  scale    = { replicas = 2, zones = 2 }
  latency  = { p50 = "1ms", p99 = "5ms" }
  capacity = 50000
}

datastore "clicks_db" {
  kind     = "warehouse"
  engine   = "clickhouse"
  owner    = service.counter
  scale    = { replicas = 2, zones = 2 }
  latency  = { p50 = "20ms", p99 = "250ms" }
  capacity = 400
}

broker "kafka" {
  engine = "kafka"
  scale  = { replicas = 3, zones = 3 }
}

topic "clicks" {
  broker        = broker.kafka
  partitions    = 24
  replication   = 3
  min_insync    = 2
  retention     = "3d"
  payload       = "state"
  trace_context = true
  schema        = { compatibility = "backward" }
}

queue "clicks_dead" {
  broker  = broker.kafka
  max_age = "14d"
}

# https://developers.google.com/safe-browsing
external "safe_browsing" {
  latency = { p50 = "60ms", p99 = "200ms" }
}
