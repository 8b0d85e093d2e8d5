pattern "bff" {
  name      = "Backend for Frontend (BFF)"
  category  = "gateway"
  best_for  = "Multi-platform clients (web, mobile, IoT)"
  trade_off = "Optimized UX vs code duplication"
  aliases   = ["backend-for-frontend", "backends-for-frontends"]
  scenarios = ["SCN-02"]
  sources = [
    "https://samnewman.io/patterns/architectural/bff/",
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends",
  ]

  flowchart "D17" {
    subject = "workload"
    force   = "Two or more kinds of client with diverging needs share one API: five or more trips for mobile, or twice the calls or payload"
    rules   = ["GWY-010"]
    source  = "ext"
  }

  relation "alternative" {
    to     = ["graphql"]
    when   = "the client shapes the response"
    rules  = ["GWY-015"]
    source = "ext"
  }

  relation "complements" {
    to     = ["api-gateway"]
    source = "ext"
  }

  relation "complements" {
    to     = ["graphql"]
    source = "ext"
  }
}
