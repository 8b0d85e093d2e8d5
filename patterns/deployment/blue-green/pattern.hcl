pattern "blue-green" {
  name      = "Blue-Green Deployment"
  category  = "deployment"
  best_for  = "Zero-downtime releases, instant rollback"
  trade_off = "Safety vs 2x infrastructure cost"
  aliases   = ["bluegreen", "blue-green-deployment", "red-black"]
  scenarios = ["SCN-09"]
  sources = [
    "https://martinfowler.com/bliki/BlueGreenDeployment.html",
    "https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/",
  ]

  flowchart "D24" {
    subject = "workload"
    force   = "Users must not notice a release, and it stops the service, or going back copy by copy takes longer than a minute"
    rules   = ["DEP-001"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["expand-contract*"]
    rules  = ["DEP-060"]
    source = "ext"
  }

  relation "requires" {
    to     = ["double-capacity*"]
    rules  = ["DEP-002", "SYS-009"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["breaking-schema*"]
    rules  = ["DEP-060"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["active-consumers*"]
    rules  = ["DEP-005"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["canary", "rolling"]
    when   = "per service"
    rules  = ["DEP-015", "DEP-064"]
    source = "ext"
  }
}
