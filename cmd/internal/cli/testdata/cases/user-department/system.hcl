# A Spring Cloud tutorial with two services, described from the data-flow diagram that microSecEnD drew of its code.
#   github.com/tuhh-softsec/microSecEnD (Apache-2.0), commit 63653e09177b, shabbirdwd53_springboot-microservice
# The gateway's calls carry Hystrix; the diagram shows no time limits. Configuration, tracing and dashboards are left
# out: requests do not wait for them.

system "user_department" {
  discovery = registry.service_registry
  policy    = policy.code
}

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
  auth           = unknown
  rate_limit     = unknown
  load_balancing = "client"
  call "user" {
    to              = service.user_service
    circuit_breaker = {}
  }
  call "department" {
    to              = service.department_service
    circuit_breaker = {}
  }
}

service "user_service" {
  load_balancing = "client"
  api "rest" {}
  call "department" { to = service.department_service }
}

service "department_service" {
  api "rest" {}
}

registry "service_registry" { engine = "eureka" }
