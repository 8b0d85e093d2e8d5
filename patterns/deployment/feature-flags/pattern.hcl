pattern "feature-flags" {
  name      = "Feature Flags"
  category  = "deployment"
  best_for  = "Runtime feature control, A/B testing"
  trade_off = "Flexibility vs tech debt"
  aliases   = ["flags", "feature-toggles", "toggles"]
  scenarios = ["SCN-10"]
  sources = [
    "https://martinfowler.com/articles/feature-toggles.html",
    "https://openfeature.dev/",
  ]

  flowchart "D27" {
    subject = "route"
    force   = "Behaviour must switch at run time, or a migration serves part of the traffic from the new side"
    rules   = ["DEP-030"]
    source  = "ext"
  }

  relation "requires" {
    to     = ["default*"]
    rules  = ["DEP-032"]
    source = "ext"
  }

  relation "requires" {
    to     = ["expiry*"]
    rules  = ["DEP-031"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["breaking-schema*"]
    rules  = ["DEP-035"]
    source = "ext"
  }
}
