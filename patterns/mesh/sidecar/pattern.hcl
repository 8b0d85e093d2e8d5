pattern "sidecar" {
  name      = "Sidecar"
  category  = "mesh"
  best_for  = "Cross-cutting concerns (logging, auth)"
  trade_off = "Separation of concerns vs resource overhead"
  aliases   = ["sidecars", "side-car"]
  sources = [
    "https://learn.microsoft.com/en-us/azure/architecture/patterns/sidecar",
    "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/",
  ]

  flowchart "D22" {
    subject = "system"
    force   = "Services in several languages each implement the same cross-cutting concern"
    rules   = ["DSC-010"]
    source  = "ext"
  }

  relation "conflicts" {
    to     = ["service-mesh"]
    when   = "a proxy sidecar inside a mesh in sidecar mode"
    rules  = ["DSC-016"]
    source = "ext"
  }

  relation "alternative" {
    to     = ["library*"]
    rules  = ["DSC-014"]
    source = "ext"
  }
}
