pattern "database-per-service" {
  name      = "Database Per Service"
  category  = "deployment"
  best_for  = "Microservices data isolation"
  trade_off = "Autonomy vs distributed complexity"
  aliases   = ["db-per-service", "dbps"]
  scenarios = ["SCN-11"]
  sources = [
    "https://microservices.io/patterns/data/database-per-service.html",
  ]

  flowchart "D29" {
    subject = "store"
    force   = "Two or more services write the same store"
    rules   = ["DEP-050"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["saga"]
    rules  = ["DAT-020"]
    source = "ext"
  }

  relation "requires" {
    to     = ["outbox"]
    rules  = ["DAT-030"]
    source = "ext"
  }

  relation "requires" {
    any_of = ["cqrs", "aggregator"]
    rules  = ["DEP-053"]
    source = "ext"
  }

  relation "complements" {
    to     = ["outbox"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["outbox"]
    source = "ext"
  }
}
