# The questions of the decision flowchart and the answers each offers, in the order they are asked.
# Where an answer leads is said by the paths in the manifests: to the next question, or to a leaf.

start = "What problem are you solving?"

question "Q1" {
  text = "Need to expose APIs?"
  answer "yes" { text = "Yes" }
  answer "no" { text = "No" }
}

question "Q2" {
  text = "What type of clients?"
  answer "public_web" { text = "Public/Web" }
  answer "mobile_complex_queries" { text = "Mobile/Complex queries" }
  answer "internal_microservices" { text = "Internal microservices" }
  answer "realtime_bidirectional" { text = "Real-time bidirectional" }
}

question "Q3" {
  text = "Need fault tolerance?"
  answer "yes" { text = "Yes" }
  answer "no" { text = "No" }
}

question "Q4" {
  text = "What kind of failure?"
  answer "cascading_failures" { text = "Cascading failures" }
  answer "transient_errors" { text = "Transient errors" }
  answer "resource_exhaustion" { text = "Resource exhaustion" }
  answer "traffic_spikes" { text = "Traffic spikes" }
}

question "Q5" {
  text = "Need async communication?"
  answer "yes" { text = "Yes" }
  answer "no" { text = "No" }
}

question "Q6" {
  text = "Message pattern?"
  answer "fan_out_to_many" { text = "Fan-out to many" }
  answer "work_distribution" { text = "Work distribution" }
  answer "reactive_system" { text = "Reactive system" }
}

question "Q7" {
  text = "Need distributed transactions?"
  answer "yes_eventual_ok" { text = "Yes, eventual consistency OK" }
  answer "yes_strong" { text = "Yes, need strong consistency" }
  answer "no_read_write_scaling" { text = "No, read/write scaling" }
  answer "no_full_audit_trail" { text = "No, full audit trail" }
}
