pattern "saga" {
  name      = "Saga"
  category  = "data"
  best_for  = "Long-running distributed transactions"
  trade_off = "Eventual consistency vs coordination overhead"
  aliases   = ["sagas", "saga-pattern", "process-manager"]
  scenarios = ["SCN-05"]
  sources = [
    "https://microservices.io/patterns/data/saga.html",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/saga",
  ]

  flowchart "D12" {
    path    = ["Q1=no", "Q3=no", "Q5=no", "Q7=yes_eventual_ok"]
    subject = "write_set"
    force   = "One unit of work writes two or more stores and eventual consistency is enough"
    rules   = ["DAT-020"]
    source  = "seed"
  }

  relation "complements" {
    to     = ["event-driven"]
    source = "seed"
  }

  relation "requires" {
    to     = ["compensation*"]
    rules  = ["DAT-021"]
    source = "ext"
  }

  relation "requires" {
    to     = ["idempotency*"]
    rules  = ["DAT-022"]
    source = "ext"
  }

  relation "requires" {
    to     = ["outbox"]
    rules  = ["DAT-030"]
    source = "ext"
  }

  relation "requires" {
    to     = ["durable-state*"]
    rules  = ["DAT-024"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["strong-consistency*"]
    rules  = ["DAT-027"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["two-phase-commit"]
    rules  = ["DAT-044"]
    source = "ext"
  }

  relation "complements" {
    to     = ["database-per-service"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["cqrs"]
    source = "ext"
  }
}
