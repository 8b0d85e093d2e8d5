pattern "outbox" {
  name      = "Outbox"
  category  = "data"
  best_for  = "Reliable event publishing"
  trade_off = "Guaranteed delivery vs at-least-once semantics"
  aliases   = ["transactional-outbox"]
  scenarios = ["SCN-11"]
  sources = [
    "https://microservices.io/patterns/data/transactional-outbox.html",
    "https://debezium.io/documentation/reference/stable/transformations/outbox-event-router.html",
  ]

  flowchart "D20" {
    subject = "publish"
    force   = "One trigger writes a store and publishes an event about it"
    rules   = ["DAT-030"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["local-transaction*"]
    rules  = ["DAT-031", "DAT-036"]
    source = "ext"
  }

  relation "requires" {
    to     = ["idempotent-consumer*"]
    rules  = ["DAT-034"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["cdc*", "event-sourcing"]
    rules  = ["DAT-037"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["saga"]
    source = "ext"
  }
}
