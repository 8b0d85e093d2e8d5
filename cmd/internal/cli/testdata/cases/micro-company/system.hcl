# micro-company, described from its docker-compose.yml and README.
#   github.com/idugalic/micro-company (Apache-2.0), commit 9102aa048fb5
# The compose file names the parts; who answers commands and who answers queries, that Zuul routes by the registry, and
# that events travel over RabbitMQ stands in the README. Nothing says how calls are limited: that is in the code.

system "micro_company" { policy = policy.code }

policy "code" {
  timeout         = unknown
  retry           = unknown
  circuit_breaker = unknown
}

client "user" {
  kind = "web"
  call "gateway" { to = gateway.api_gateway }
}

gateway "api_gateway" {
  discovery  = registry.registry
  auth       = unknown
  rate_limit = unknown
  call "command_blog" { to = service.command_side_blog }
  call "query_blog" { to = service.query_side_blog }
  call "command_project" { to = service.command_side_project }
  call "query_project" { to = service.query_side_project }
}

registry "registry" { engine = "eureka" }

service "command_side_blog" {
  discovery = registry.registry
  publish "blog" {
    to     = topic.blog
    outbox = unknown
  }
}

service "query_side_blog" {
  discovery = registry.registry
  cqrs      = { sync = topic.blog }
  consume "blog" {
    from        = topic.blog
    dead_letter = unknown
  }
}

service "command_side_project" {
  discovery = registry.registry
  publish "project" {
    to     = topic.project
    outbox = unknown
  }
}

service "query_side_project" {
  discovery = registry.registry
  cqrs      = { sync = topic.project }
  consume "project" {
    from        = topic.project
    dead_letter = unknown
  }
}

broker "my_rabbit" { engine = "rabbitmq" }
topic "blog" {
  broker = broker.my_rabbit
  schema = unknown
}
topic "project" {
  broker = broker.my_rabbit
  schema = unknown
}
