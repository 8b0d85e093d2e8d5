# Situations that call for several patterns at once. demands = the patterns in the order a reader expects;
# also = patterns archcheck adds; trigger and unless say in words what the rule of the same id tests.

scenario "SCN-01" {
  name       = "Building a public API"
  trigger    = "A partner calls the system, or a public client calls a versioned REST API"
  unless     = "The clients are internal"
  demands    = ["rest", "api-gateway", "rate-limiting"]
  checked_by = ["COM-001", "COM-002", "GWY-001", "RES-030"]
}

scenario "SCN-02" {
  name       = "Mobile app with complex data needs"
  trigger    = "A mobile client reaches three or more services per action, or makes five or more trips"
  unless     = "Two resources or fewer are needed"
  demands    = ["graphql", "bff"]
  checked_by = ["COM-010", "GWY-010"]
}

scenario "SCN-03" {
  name       = "High-performance internal services"
  trigger    = "A call between services carries 1000 requests a second or has a budget of 50 ms or less, or there are ten or more services"
  unless     = "There are fewer than five services: a mesh is not needed"
  demands    = ["grpc", "service-mesh"]
  checked_by = ["COM-020", "DSC-020"]
}

scenario "SCN-04" {
  name       = "Real-time features (chat, notifications)"
  trigger    = "A client states a real-time need, or holds 1000 or more connections over a stream"
  unless     = "The client only needs push and has server-sent events"
  demands    = ["websockets", "pub-sub"]
  checked_by = ["COM-030", "COM-031"]
}

scenario "SCN-05" {
  name       = "E-commerce checkout"
  trigger    = "A user-facing unit of work writes through two or more services and touches a financial store or an external write"
  unless     = "A single store is written"
  demands    = ["saga", "event-driven"]
  checked_by = ["DAT-020", "DAT-021", "DAT-028", "DAT-030", "MSG-020"]
}

scenario "SCN-06" {
  name       = "Financial audit requirements"
  trigger    = "A datastore requires an audit trail"
  unless     = "An audit log covers the requirement"
  demands    = ["event-sourcing", "cqrs"]
  checked_by = ["DAT-010", "DAT-011"]
}

scenario "SCN-07" {
  name       = "Microservices resilience"
  trigger    = "Three or more services, with synchronous calls two or more deep"
  unless     = "No hard external dependency, and every service is less than 30 % busy"
  demands    = ["circuit-breaker", "retry", "bulkhead"]
  also       = ["timeout"]
  checked_by = ["RES-001", "RES-011", "RES-020", "RES-040"]
}

scenario "SCN-08" {
  name       = "Multi-tenant SaaS"
  trigger    = "The system serves several tenants"
  unless     = "Every limit is per tenant"
  demands    = ["rate-limiting", "bulkhead"]
  checked_by = ["RES-025", "RES-030", "RES-036"]
  note       = "Per tenant"
}

scenario "SCN-09" {
  name       = "Zero-downtime deployments"
  trigger    = "Zero downtime is stated, or the availability objective is 99.95 % or more"
  unless     = "Nothing is user-facing"
  demands    = ["blue-green", "canary"]
  checked_by = ["DEP-001", "DEP-010", "DEP-020"]
  note       = "Either satisfies it per service; both only where flags or analysis need it"
}

scenario "SCN-10" {
  name       = "Legacy modernization"
  trigger    = "A service is legacy, or a migration is declared"
  unless     = "The legacy system is an opaque third party"
  demands    = ["strangler-fig", "feature-flags"]
  checked_by = ["DEP-030", "DEP-040", "DEP-041"]
}

scenario "SCN-11" {
  name       = "Microservices data"
  trigger    = "Two or more services own state"
  unless     = "There are no events and no shared stores"
  demands    = ["database-per-service", "outbox"]
  checked_by = ["DEP-050", "DAT-030"]
}
