pattern "graphql" {
  name      = "GraphQL"
  category  = "communication"
  best_for  = "Complex data requirements, mobile apps"
  trade_off = "Flexibility vs caching complexity"
  aliases   = ["graph-ql", "gql"]
  scenarios = ["SCN-02"]
  sources = [
    "https://spec.graphql.org/",
    "https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html",
  ]

  flowchart "D02" {
    path    = ["Q1=yes", "Q2=mobile_complex_queries"]
    subject = "client"
    force   = "A mobile client, or one action that needs five or more round trips or three or more distinct resources"
    rules   = ["COM-010", "GWY-010"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["cost-limit*"]
    rules  = ["COM-011"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["request-count-limit*"]
    rules  = ["COM-014"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["grpc", "websockets"]
    when   = "per edge"
    source = "ext"
  }
}
