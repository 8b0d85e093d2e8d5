pattern "circuit-breaker" {
  name      = "Circuit Breaker"
  category  = "resilience"
  best_for  = "Preventing cascading failures"
  trade_off = "Fail-fast vs implementation complexity"
  aliases   = ["cb", "breaker", "outlier-detection"]
  scenarios = ["SCN-07"]
  sources = [
    "https://martinfowler.com/bliki/CircuitBreaker.html",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker",
  ]

  flowchart "D05" {
    path    = ["Q1=no", "Q3=yes", "Q4=cascading_failures"]
    subject = "call"
    force   = "A hung callee would hold more than half of the caller's slots, or the callee is external, or three or more synchronous hops lie below it"
    rules   = ["RES-001"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["timeout"]
    rules  = ["RES-006"]
    source = "ext"
  }

  relation "requires" {
    from   = "soft-dependency*"
    to     = ["fallback*"]
    rules  = ["RES-008"]
    source = "ext"
  }

  relation "requires" {
    from   = "fallback*"
    to     = ["independent-fate*"]
    rules  = ["RES-009"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["sharded-callee*"]
    when   = "one breaker for the whole callee"
    rules  = ["RES-005"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["retry-budget*"]
    rules  = ["RES-019"]
    source = "ext"
  }

  relation "complements" {
    to     = ["retry", "bulkhead"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["retry"]
    source = "ext"
  }
}
