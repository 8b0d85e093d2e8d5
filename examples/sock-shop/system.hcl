# Sock Shop, described by hand from its public manifests:
#   github.com/microservices-demo/microservices-demo (Apache-2.0), commit 9dff06fae498, deploy/kubernetes/complete-demo.yaml
#   and the NetworkPolicies beside it, which are the only place where the manifests say who calls whom.
# The manifests show replicas, images and probes. They cannot show a timeout or a retry inside the code, nor what a
# service does when another one fails, so those are stated as unknown, once, in the policy that every call inherits.

system "sock_shop" {
  platform = "kubernetes"
  policy   = policy.rest
}

policy "rest" {
  timeout         = unknown
  retry           = unknown
  circuit_breaker = unknown
  fallback        = unknown
}

client "browser" {
  kind = "web"
  call "shop" { to = service.front_end }
}

# NodePort 30001; serves the pages and calls the other services for the browser
service "front_end" {
  scale      = { replicas = 1 }
  language   = "javascript"
  rate_limit = unknown
  auth       = unknown
  api "html" {}
  call "catalogue" {
    to     = service.catalogue
    access = "read"
  }
  call "carts" { to = service.carts }
  call "user" { to = service.user }
  call "orders" { to = service.orders }
}

service "catalogue" {
  scale    = { replicas = 1 }
  language = "go"
  api "rest" {}
  call "db" { to = datastore.catalogue_db }
}

service "carts" {
  scale    = { replicas = 1 }
  language = "java"
  api "rest" {}
  call "db" { to = datastore.carts_db }
}

service "user" {
  scale    = { replicas = 1 }
  language = "go"
  api "rest" {}
  call "db" { to = datastore.user_db }
}

service "orders" {
  scale    = { replicas = 1 }
  language = "java"
  api "rest" {}
  call "customer" {
    to     = service.user
    access = "read"
  }
  call "items" {
    to     = service.carts
    access = "read"
  }
  call "pay" {
    to     = service.payment
    access = "write"
  }
  call "ship" {
    to     = service.shipping
    access = "write"
  }
  call "db" { to = datastore.orders_db }
}

service "payment" {
  scale    = { replicas = 1 }
  language = "go"
  api "rest" {}
}

service "shipping" {
  scale    = { replicas = 1 }
  language = "java"
  api "rest" {}
  publish "shipment" {
    to   = queue.shipping_task
    loss = "intolerable"
  }
}

service "queue_master" {
  scale    = { replicas = 1 }
  language = "java"
  consume "shipment" { from = queue.shipping_task }
}

# one MongoDB or MySQL pod each, without a persistent volume
datastore "catalogue_db" {
  kind   = "relational"
  engine = "mysql"
  scale  = { replicas = 1 }
}
datastore "carts_db" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
datastore "orders_db" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
}
datastore "user_db" {
  kind   = "document"
  engine = "mongodb"
  scale  = { replicas = 1 }
  data   = ["pii"]
}

broker "rabbitmq" {
  engine = "rabbitmq"
  scale  = { replicas = 1 }
}
queue "shipping_task" {
  broker      = broker.rabbitmq
  dead_letter = unknown # declared in code, not in the manifests
}
