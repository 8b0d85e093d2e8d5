package facts

import (
	"strings"
	"testing"
)

func TestSystemShape(t *testing.T) {
	f := shop(t)
	s := f.Documents("system")[0].Subject.(*SystemSubject)
	certain(t, "calls between services", s.ServiceCalls, 2, 0)
	certain(t, "calls between services and gateways", s.WorkerCalls, 6, 0)
	certain(t, "asynchronous edges", s.AsyncEdges, 4, 0)
	certain(t, "depth", s.Depth, 1, 0)
	certain(t, "journeys", s.SystemShape.Journeys, 4, 0)
	if strings.Join(s.NoSchema, " ") != "topic.order_placed" || strings.Join(s.Registries, " ") != "registry.consul" || len(s.Languages) != 0 || s.Autoscaled.V {
		t.Errorf("%+v", s.SystemShape)
	}
	f = load(t, `
system "s" {}
service "a" {
  language = "go"
  team     = "one"
  call "b" {
    to     = service.b
    access = "write"
    reply  = false
  }
}
service "b" {
  language = "java"
  team     = "two"
  scale    = { replicas = 2, max = 4 }
  deploy   = { strategy = "canary", router = false }
  call "d" { to = datastore.d }
}
service "c" { language = "python" }
datastore "d" { data = ["pii"] }`)
	s = f.Documents("system")[0].Subject.(*SystemSubject)
	certain(t, "concerns", s.Concerns, 4, 0) // three languages, pii without TLS, the only call unguarded, a blind canary
	if strings.Join(s.Forgets, " ") != "service.a.call.b" || s.ForgetShare.V != 1 || strings.Join(s.SystemShape.Teams, " ") != "one two" || !s.Autoscaled.V {
		t.Errorf("%+v", s.SystemShape)
	}
}
