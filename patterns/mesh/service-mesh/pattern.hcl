pattern "service-mesh" {
  name      = "Service Mesh"
  category  = "mesh"
  best_for  = "Complex microservices observability"
  trade_off = "Full observability vs operational complexity"
  aliases   = ["mesh", "istio", "linkerd"]
  scenarios = ["SCN-03"]
  sources = [
    "https://istio.io/latest/docs/concepts/what-is-istio/",
    "https://linkerd.io/what-is-a-service-mesh/",
  ]

  flowchart "D23" {
    subject = "system"
    force   = "Ten or more services and two or more needs that the network could meet for all of them"
    rules   = ["DSC-020"]
    source  = "ext"
  }

  relation "requires" {
    any_of = ["sidecar", "ambient*"]
    source = "ext"
  }

  relation "requires" {
    to     = ["strict-mtls*"]
    rules  = ["DSC-021"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["library-resilience*"]
    rules  = ["DSC-024"]
    source = "ext"
  }
}
