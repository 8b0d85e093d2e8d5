pattern "rate-limiting" {
  name      = "Rate Limiting"
  category  = "resilience"
  best_for  = "Protecting against traffic spikes"
  trade_off = "System protection vs user experience"
  aliases   = ["rate-limit", "rate-limiter", "throttling"]
  scenarios = ["SCN-01", "SCN-08"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/rate-limiting-pattern",
    "https://sre.google/sre-book/handling-overload/",
  ]

  flowchart "D08" {
    path    = ["Q1=no", "Q3=yes", "Q4=traffic_spikes"]
    subject = "workload"
    force   = "Clients outside your control enter here, or three times the peak exceeds capacity, or an external enforces a rate"
    rules   = ["RES-030", "RES-035"]
    source  = "seed"
  }

  relation "complements" {
    to     = ["api-gateway"]
    rules  = ["RES-030"]
    source = "ext"
  }

  relation "complements" {
    to     = ["bulkhead"]
    when   = "multi-tenant"
    source = "ext"
  }
}
