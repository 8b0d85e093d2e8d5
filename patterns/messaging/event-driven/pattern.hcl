pattern "event-driven" {
  name      = "Event-Driven Architecture"
  category  = "messaging"
  best_for  = "Reactive systems, loose coupling"
  trade_off = "Flexibility vs debugging complexity"
  aliases   = ["eda", "events", "event-driven-architecture"]
  scenarios = ["SCN-05"]
  sources = [
    "https://martinfowler.com/articles/201701-event-driven.html",
  ]

  flowchart "D11" {
    path    = ["Q1=no", "Q3=no", "Q5=yes", "Q6=reactive_system"]
    subject = "system"
    force   = "A chain of writes four or more calls deep whose replies nobody needs"
    rules   = ["MSG-020"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["trace-context*"]
    rules  = ["MSG-021"]
    source = "ext"
  }

  relation "requires" {
    any_of = ["pub-sub", "message-queue"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["immediate-answer*"]
    rules  = ["MSG-024"]
    source = "ext"
  }
}
