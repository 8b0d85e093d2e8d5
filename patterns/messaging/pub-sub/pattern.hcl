pattern "pub-sub" {
  name      = "Pub/Sub"
  category  = "messaging"
  best_for  = "Fan-out notifications, event broadcasting"
  trade_off = "Decoupling vs message ordering"
  aliases   = ["publish-subscribe", "topic"]
  scenarios = ["SCN-04"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/publisher-subscriber",
    "https://www.enterpriseintegrationpatterns.com/patterns/messaging/PublishSubscribeChannel.html",
  ]

  flowchart "D09" {
    path    = ["Q1=no", "Q3=no", "Q5=yes", "Q6=fan_out_to_many"]
    subject = "service"
    force   = "A service calls three or more others and ignores what they answer"
    rules   = ["MSG-001"]
    source  = "seed"
  }

  relation "complements" {
    to     = ["event-driven"]
    source = "seed"
  }

  relation "requires" {
    any_of = ["outbox", "cdc*", "event-sourcing"]
    rules  = ["DAT-030"]
    source = "ext"
  }

  relation "requires" {
    to     = ["schema-compatibility*"]
    rules  = ["MSG-008"]
    source = "ext"
  }

  relation "requires" {
    to     = ["idempotent-consumer*"]
    rules  = ["MSG-030"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["message-queue"]
    when   = "one consumer"
    rules  = ["MSG-004", "MSG-015"]
    source = "ext"
  }

  relation "precedes" {
    from   = "schema-compatibility*"
    to     = ["pub-sub"]
    source = "ext"
  }
}
