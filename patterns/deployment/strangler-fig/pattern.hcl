pattern "strangler-fig" {
  name      = "Strangler Fig"
  category  = "deployment"
  best_for  = "Legacy system migration"
  trade_off = "Incremental vs longer timeline"
  aliases   = ["strangler", "strangler-fig-application"]
  scenarios = ["SCN-10"]
  sources = [
    "https://martinfowler.com/bliki/StranglerFigApplication.html",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/strangler-fig",
  ]

  flowchart "D28" {
    subject = "migration"
    force   = "A legacy service is being replaced while it keeps serving"
    rules   = ["DEP-040"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["api-gateway"]
    when   = "as the facade"
    rules  = ["DEP-041"]
    source = "ext"
  }

  relation "requires" {
    any_of = ["single-writer*", "cdc*"]
    rules  = ["DEP-043"]
    source = "ext"
  }

  relation "complements" {
    to     = ["feature-flags"]
    source = "ext"
  }

  relation "complements" {
    to     = ["outbox"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["flag-removal*"]
    source = "ext"
  }
}
