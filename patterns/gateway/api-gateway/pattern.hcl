pattern "api-gateway" {
  name      = "API Gateway"
  category  = "gateway"
  best_for  = "Centralized entry point, cross-cutting concerns"
  trade_off = "Single entry vs single point of failure"
  aliases   = ["gateway", "edge-gateway", "apigw"]
  scenarios = ["SCN-01"]
  sources = [
    "https://microservices.io/patterns/apigateway.html",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-routing",
  ]

  flowchart "D16" {
    subject = "node"
    force   = "Clients outside your control reach two or more services, topics or queues with no gateway between"
    rules   = ["GWY-001"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["redundancy*"]
    rules  = ["GWY-002"]
    source = "ext"
  }

  relation "requires" {
    to     = ["auth*"]
    rules  = ["GWY-003"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["strangler-fig"]
    source = "ext"
  }
}
