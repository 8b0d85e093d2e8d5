pattern "two-phase-commit" {
  name      = "Two-Phase Commit"
  category  = "data"
  best_for  = "Strong consistency requirements"
  trade_off = "ACID guarantees vs availability"
  aliases   = ["2pc", "xa", "distributed-transaction"]
  sources = [
    "https://pubs.opengroup.org/onlinepubs/009680699/toc.pdf",
    "https://www.postgresql.org/docs/current/sql-prepare-transaction.html",
  ]

  flowchart "D13" {
    path    = ["Q1=no", "Q3=no", "Q5=no", "Q7=yes_strong"]
    subject = "transaction"
    force   = "One unit of work writes two or more stores that must agree at once and all support XA; merging the ownership comes first"
    rules   = ["DAT-040"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["xa*"]
    rules  = ["DAT-041"]
    source = "ext"
  }

  relation "requires" {
    to     = ["redundant-coordinator*"]
    rules  = ["DAT-042"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["external-or-broker-participant*"]
    rules  = ["DAT-041"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["long-step*"]
    rules  = ["DAT-045"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["saga"]
    when   = "same transaction"
    rules  = ["DAT-046"]
    source = "ext"
  }

  relation "conflicts" {
    to     = ["database-per-service"]
    rules  = ["DAT-046"]
    source = "ext"
  }
}
