pattern "rest" {
  name      = "REST"
  category  = "communication"
  best_for  = "CRUD operations, public APIs"
  trade_off = "Simplicity vs over/under-fetching"
  aliases   = ["rest-api", "restful", "http-api"]
  scenarios = ["SCN-01"]
  sources = [
    "https://ics.uci.edu/~fielding/pubs/dissertation/rest_arch_style.htm",
    "https://www.rfc-editor.org/rfc/rfc9110",
  ]

  flowchart "D01" {
    path    = ["Q1=yes", "Q2=public_web"]
    subject = "workload"
    force   = "A web, partner or desktop client outside your control calls it and none of its clients needs real-time updates"
    rules   = ["COM-001", "COM-002", "COM-003", "COM-004"]
    source  = "seed"
  }

  relation "alternative" {
    to     = ["graphql", "grpc", "websockets"]
    when   = "per edge"
    source = "ext"
  }
}
