pattern "event-sourcing" {
  name      = "Event Sourcing"
  category  = "data"
  best_for  = "Audit trails, temporal queries, replay"
  trade_off = "Complete history vs storage/complexity"
  aliases   = ["es", "event-store"]
  scenarios = ["SCN-06"]
  sources = [
    "https://martinfowler.com/eaaDev/EventSourcing.html",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing",
  ]

  flowchart "D15" {
    path    = ["Q1=no", "Q3=no", "Q5=no", "Q7=no_full_audit_trail"]
    subject = "datastore"
    force   = "The data must keep a full audit trail"
    rules   = ["DAT-010"]
    source  = "seed"
  }

  relation "complements" {
    to     = ["cqrs"]
    source = "seed"
  }

  relation "requires" {
    to     = ["cqrs"]
    when   = "reads other than by key exist"
    rules  = ["DAT-011"]
    source = "ext"
  }

  relation "requires" {
    to     = ["event-versioning*"]
    rules  = ["DAT-013"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["mutable-pii*"]
    rules  = ["DAT-014"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["finite-retention*"]
    rules  = ["DAT-017"]
    source = "ext"
  }
}
