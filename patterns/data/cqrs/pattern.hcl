pattern "cqrs" {
  name      = "CQRS"
  category  = "data"
  best_for  = "Separate read/write scaling"
  trade_off = "Performance optimization vs complexity"
  aliases   = ["command-query-responsibility-segregation", "read-model"]
  scenarios = ["SCN-06"]
  sources = [
    "https://martinfowler.com/bliki/CQRS.html",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs",
  ]

  flowchart "D14" {
    path    = ["Q1=no", "Q3=no", "Q5=no", "Q7=no_read_write_scaling"]
    subject = "store"
    force   = "Ten or more reads per write on a store that is at least 70 % busy"
    rules   = ["DAT-001"]
    source  = "seed"
  }

  relation "requires" {
    any_of = ["outbox", "cdc*", "event-sourcing"]
    when   = "separate stores"
    rules  = ["DAT-002"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["read-your-writes*"]
    when   = "the read model follows asynchronously"
    rules  = ["DAT-006"]
    source = "ext"
  }

  relation "complements" {
    to     = ["event-sourcing"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["event-sourcing"]
    source = "ext"
  }
}
