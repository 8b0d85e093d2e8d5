pattern "retry" {
  name      = "Retry with Backoff"
  category  = "resilience"
  best_for  = "Handling transient failures"
  trade_off = "Improved reliability vs thundering herd"
  aliases   = ["retries", "backoff", "retry-with-backoff"]
  scenarios = ["SCN-07"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/retry",
    "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
  ]

  flowchart "D06" {
    path    = ["Q1=no", "Q3=yes", "Q4=transient_errors"]
    subject = "call"
    force   = "An idempotent call to an external or to another region, with room for a second attempt in its budget"
    rules   = ["RES-011"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["timeout"]
    rules  = ["RES-040"]
    source = "ext"
  }

  relation "requires" {
    to     = ["idempotency*"]
    rules  = ["RES-012"]
    source = "ext"
  }

  relation "requires" {
    to     = ["backoff-jitter*"]
    rules  = ["RES-014"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["retry"]
    when   = "the application and a mesh, gateway or SDK retry the same edge"
    rules  = ["RES-018"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["retry"]
    when   = "every layer of a path retries"
    rules  = ["RES-015"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["rate-limiting"]
    when   = "the limiter sends no Retry-After"
    rules  = ["RES-016", "RES-034"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["message-queue"]
    when   = "a consumer retries and the queue redelivers"
    rules  = ["MSG-019"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["rate-limiting"]
    source = "ext"
  }

  relation "precedes" {
    from   = "idempotency*"
    to     = ["retry"]
    source = "ext"
  }
}
