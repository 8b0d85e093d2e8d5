pattern "canary" {
  name      = "Canary Deployment"
  category  = "deployment"
  best_for  = "Gradual rollouts, risk mitigation"
  trade_off = "Lower risk vs complexity"
  aliases   = ["canary-release", "canary-deployment", "progressive-delivery"]
  scenarios = ["SCN-09"]
  sources = [
    "https://martinfowler.com/bliki/CanaryRelease.html",
    "https://sre.google/workbook/canarying-releases/",
  ]

  flowchart "D25" {
    subject = "workload"
    force   = "Ten or more user-facing requests a second: enough for a small share to prove a release"
    rules   = ["DEP-010"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["analysis*"]
    rules  = ["DEP-011"]
    source = "ext"
  }

  relation "requires" {
    to     = ["traffic-routing*"]
    rules  = ["DEP-014"]
    source = "ext"
  }

  relation "requires" {
    to     = ["compatible-contract*"]
    rules  = ["DEP-016"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["rolling"]
    when   = "per service"
    rules  = ["DEP-015", "DEP-064"]
    source = "ext"
  }

  relation "complements" {
    to     = ["feature-flags"]
    source = "ext"
  }

  relation "complements" {
    to     = ["service-mesh"]
    rules  = ["DEP-014"]
    source = "ext"
  }
}
