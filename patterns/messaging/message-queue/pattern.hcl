pattern "message-queue" {
  name      = "Message Queue"
  category  = "messaging"
  best_for  = "Work distribution, load leveling"
  trade_off = "Reliability vs latency"
  aliases   = ["mq", "queue", "work-queue"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/queue-based-load-leveling",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html",
  ]

  flowchart "D10" {
    path    = ["Q1=no", "Q3=no", "Q5=yes", "Q6=work_distribution"]
    subject = "call"
    force   = "The work takes five seconds or more at p99, arrives in spikes, or runs into a quota"
    rules   = ["MSG-010"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["dead-letter*"]
    rules  = ["MSG-011"]
    source = "ext"
  }

  relation "requires" {
    to     = ["idempotent-consumer*"]
    rules  = ["MSG-030"]
    source = "ext"
  }

  relation "complements" {
    to     = ["rate-limiting"]
    when   = "outbound"
    rules  = ["RES-035"]
    source = "ext"
  }
}
