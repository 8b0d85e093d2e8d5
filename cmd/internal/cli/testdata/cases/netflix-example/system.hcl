# A Spring Cloud Netflix example, described from the data-flow diagram that microSecEnD drew of its code.
#   github.com/tuhh-softsec/microSecEnD (Apache-2.0), commit 63653e09177b, yidongnan_spring-cloud-netflix-example
# Zuul runs its routes through Hystrix. The services send their traces to Zipkin through RabbitMQ. Configuration,
# administration and dashboards are left out: requests do not wait for them.

system "netflix_example" {
  discovery = registry.eureka_server
  policy    = policy.code
}

policy "code" {
  timeout         = unknown
  retry           = unknown
  circuit_breaker = unknown
}

client "user" {
  kind = "web"
  call "zuul" { to = gateway.zuul }
}

gateway "zuul" {
  auth           = unknown
  rate_limit     = unknown
  load_balancing = "client"
  call "service_a" {
    to              = service.service_a
    circuit_breaker = {}
  }
  publish "spans" {
    to   = queue.spans
    loss = "tolerable"
  }
}

service "service_a" {
  api "rest" {}
  call "service_b" {
    to              = service.service_b
    circuit_breaker = {}
  }
  publish "spans" {
    to   = queue.spans
    loss = "tolerable"
  }
}

service "service_b" {
  api "rest" {}
  publish "spans" {
    to   = queue.spans
    loss = "tolerable"
  }
}

service "zipkin" {
  opaque = true
  consume "spans" { from = queue.spans }
}

registry "eureka_server" { engine = "eureka" }
broker "rabbitmq" { engine = "rabbitmq" }
queue "spans" {
  broker      = broker.rabbitmq
  dead_letter = unknown
}
