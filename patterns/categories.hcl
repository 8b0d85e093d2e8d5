# The categories in the order of every listing, and within each the patterns in theirs.
# code = prefix of the ids of its rules; precedes = the layers of the relationship diagram.

category "communication" {
  title    = "API Communication Styles"
  focus    = "How services communicate"
  code     = "COM"
  patterns = ["rest", "graphql", "grpc", "websockets"]
  precedes = ["gateway"]
}

category "gateway" {
  title    = "API Gateway Patterns"
  focus    = "Entry points and routing"
  code     = "GWY"
  patterns = ["api-gateway", "bff", "aggregator"]
  precedes = ["resilience"]
}

category "resilience" {
  title    = "Resilience Patterns"
  focus    = "Fault tolerance"
  code     = "RES"
  patterns = ["circuit-breaker", "retry", "bulkhead", "rate-limiting", "timeout"]
  precedes = ["data"]
}

category "data" {
  title    = "Data Patterns"
  focus    = "Data management and consistency"
  code     = "DAT"
  patterns = ["cqrs", "event-sourcing", "saga", "outbox", "two-phase-commit"]
  precedes = ["messaging"]
}

category "messaging" {
  title    = "Messaging Patterns"
  focus    = "Asynchronous communication"
  code     = "MSG"
  patterns = ["pub-sub", "message-queue", "event-driven"]
}

category "mesh" {
  title    = "Service Discovery & Mesh"
  focus    = "Service orchestration"
  code     = "DSC"
  patterns = ["service-registry", "sidecar", "service-mesh"]
}

category "deployment" {
  title    = "Deployment & Infrastructure"
  focus    = "Deployment strategies"
  code     = "DEP"
  patterns = ["blue-green", "canary", "rolling", "feature-flags", "strangler-fig", "database-per-service"]
}
