pattern "aggregator" {
  name      = "Aggregator"
  category  = "gateway"
  best_for  = "Composite responses from multiple services"
  trade_off = "Reduced round trips vs complexity"
  aliases   = ["gateway-aggregation", "api-composition", "api-composer"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-aggregation",
    "https://microservices.io/patterns/data/api-composition.html",
  ]

  flowchart "D18" {
    subject = "client"
    force   = "One action of a client over a slow network calls three or more distinct backends"
    rules   = ["GWY-020"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["timeout"]
    rules  = ["RES-040"]
    source = "ext"
  }

  relation "requires" {
    to     = ["circuit-breaker"]
    rules  = ["RES-001"]
    source = "ext"
  }

  relation "requires" {
    to     = ["bulkhead"]
    rules  = ["RES-020"]
    source = "ext"
  }

  relation "requires" {
    to     = ["saga"]
    when   = "it writes"
    rules  = ["GWY-025"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["multi-service-write*"]
    rules  = ["GWY-025"]
    source = "ext"
  }
}
