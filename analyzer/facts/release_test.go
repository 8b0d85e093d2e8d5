package facts

import (
	"slices"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

func TestReleaseEffects(t *testing.T) {
	f := load(t, `
system "s" {}
broker "k" { engine = "kafka" }
topic "in" { broker = broker.k }
topic "loose" {
  broker = broker.k
  schema = { format = "json", compatibility = none }
}
topic "kept" {
  broker = broker.k
  schema = { compatibility = "backward" }
}
topic "alone" {
  broker = broker.k
  schema = { compatibility = none }
}
service "writes" {
  stateful = true
  consume "in" {
    from       = topic.in
    idempotent = true
  }
  call "next" {
    to     = service.next
    access = "read"
  }
  publish "loose" { to = topic.loose }
  publish "kept" { to = topic.kept }
  publish "alone" { to = topic.alone }
}
service "next" {
  call "d" {
    to     = datastore.d
    access = "write"
  }
}
service "perhaps" {
  consume "in" { from = topic.in }
  consume "loose" {
    from       = topic.loose
    idempotent = true
  }
  call "e" { to = external.e }
}
service "reads" {
  consume "in" {
    from       = topic.in
    idempotent = false
  }
  call "d" {
    to     = datastore.d
    access = "read"
  }
}
datastore "d" {}
external "e" {}
flag "one" { used = [service.writes, service.reads] }
flag "two" {
  kind = "release"
  used = [service.writes]
}
flag "ops" {
  kind = "ops"
  used = [service.writes]
}
`)
	w := subject[*WorkloadFacts](t, f, "workload", "service.writes")
	if !w.Stateful.V || !w.TakesRepeated.V || !w.TakesWrite.V || !slices.Equal(w.TakesFrom, []string{"topic.in"}) ||
		!slices.Equal(w.LooseTopics, []string{"topic.loose"}) || !slices.Equal(w.ReleaseFlags, []string{"flag.one", "flag.two"}) {
		t.Errorf("writes: %+v", w.ReleaseEffects)
	}
	p := subject[*WorkloadFacts](t, f, "workload", "service.perhaps")
	if p.TakesRepeated.State != model.Unknown || !slices.Equal(p.TakesRepeated.Needs(), []string{"service.perhaps.consume.in.idempotent"}) ||
		p.TakesWrite.State != model.Unknown || !slices.Equal(p.TakesWrite.Needs(), []string{"service.perhaps.call.e.access"}) {
		t.Errorf("perhaps: %+v", p.ReleaseEffects)
	}
	r := subject[*WorkloadFacts](t, f, "workload", "service.reads")
	if r.TakesRepeated.V || r.TakesRepeated.State != model.Derived || r.TakesWrite.V || r.TakesWrite.State != model.Derived {
		t.Errorf("reads: %+v", r.ReleaseEffects)
	}
	n := subject[*WorkloadFacts](t, f, "workload", "service.next")
	if n.TakesRepeated.State != model.Absent || n.TakesWrite.State != model.Absent || len(n.TakesFrom) > 0 {
		t.Errorf("next takes nothing: %+v", n.ReleaseEffects)
	}
}
