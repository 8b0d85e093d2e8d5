pattern "service-registry" {
  name      = "Service Registry"
  category  = "mesh"
  best_for  = "Dynamic service discovery"
  trade_off = "Flexibility vs additional infrastructure"
  aliases   = ["registry", "service-discovery", "discovery"]
  sources = [
    "https://microservices.io/patterns/service-registry.html",
    "https://developer.hashicorp.com/consul/docs",
  ]

  flowchart "D21" {
    subject = "call"
    force   = "A caller finds a replicated or scaled service by a static address"
    rules   = ["DSC-001"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["health-check*"]
    rules  = ["DSC-004"]
    source = "ext"
  }

  relation "requires" {
    to     = ["quorum*"]
    rules  = ["DSC-002"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["platform-dns*", "service-mesh"]
    rules  = ["DSC-005"]
    source = "ext"
  }
}
