pattern "rolling" {
  name      = "Rolling Deployment"
  category  = "deployment"
  best_for  = "Resource-efficient updates"
  trade_off = "Simple vs slower rollback"
  aliases   = ["rolling-update", "rolling-deployment"]
  sources = [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
  ]

  flowchart "D26" {
    subject = "workload"
    force   = "Two or more copies, and two versions may serve side by side"
    rules   = ["DEP-064"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["readiness-drain*"]
    rules  = ["DEP-020"]
    source = "ext"
  }

  relation "requires" {
    to     = ["version-coexistence*"]
    rules  = ["DEP-060"]
    source = "ext"
  }

  relation "precedes" {
    to     = ["canary", "blue-green"]
    when   = "readiness"
    source = "ext"
  }
}
