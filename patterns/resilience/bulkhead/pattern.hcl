pattern "bulkhead" {
  name      = "Bulkhead"
  category  = "resilience"
  best_for  = "Isolating resource pools"
  trade_off = "Fault isolation vs resource underutilization"
  aliases   = ["bulkheads", "isolation-pool"]
  scenarios = ["SCN-07", "SCN-08"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/bulkhead",
  ]

  flowchart "D07" {
    path    = ["Q1=no", "Q3=yes", "Q4=resource_exhaustion"]
    subject = "workload"
    force   = "Two or more dependencies share the slots of one service and one of them, hung, would take them all"
    rules   = ["RES-020"]
    source  = "seed"
  }

  relation "complements" {
    to     = ["timeout"]
    rules  = ["RES-023"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["circuit-breaker"]
    source = "ext"
  }
}
