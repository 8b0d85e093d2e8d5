pattern "grpc" {
  name      = "gRPC"
  category  = "communication"
  best_for  = "Internal microservices, high performance"
  trade_off = "Speed vs browser support"
  aliases   = ["g-rpc", "protobuf-rpc"]
  scenarios = ["SCN-03"]
  sources = [
    "https://grpc.io/docs/guides/deadlines/",
    "https://grpc.io/blog/grpc-load-balancing/",
  ]

  flowchart "D03" {
    path    = ["Q1=yes", "Q2=internal_microservices"]
    subject = "call"
    force   = "Any synchronous call between two services; recommended only from 1000 requests a second or five calls per request"
    rules   = ["COM-020"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["timeout"]
    rules  = ["RES-040"]
    source = "ext"
  }

  relation "requires" {
    to     = ["l7-or-client-load-balancing*"]
    rules  = ["COM-022"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["browser-client*"]
    rules  = ["COM-021"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["websockets"]
    when   = "per edge"
    source = "ext"
  }

  relation "complements" {
    to     = ["service-mesh"]
    source = "ext"
  }
}
