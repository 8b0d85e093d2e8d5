pattern "timeout" {
  name      = "Timeout"
  category  = "resilience"
  best_for  = "Preventing hung connections"
  trade_off = "Responsiveness vs false positives"
  aliases   = ["timeouts", "deadline", "deadlines"]
  scenarios = ["SCN-07"]
  sources = [
    "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
    "https://sre.google/sre-book/addressing-cascading-failures/",
  ]

  flowchart "D19" {
    subject = "call"
    force   = "Any call that leaves the process"
    rules   = ["RES-040"]
    source  = "ext"
  }

  relation "precedes" {
    to     = ["bulkhead"]
    source = "ext"
  }
}
