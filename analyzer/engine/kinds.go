package engine

import (
	"slices"

	"github.com/archcheck/archcheck/analyzer/facts"
)

// contractKinds are the kinds of subject that a card may name, whether or not this build derives facts for them.
var contractKinds = []string{
	"api", "bff", "broker", "call", "client", "consume", "cycle", "datastore", "external", "failure_set", "flag", "gateway",
	"journey", "mesh", "migration", "node", "policy", "publish", "queue", "registry", "route", "schema_change", "service",
	"step", "store", "system", "topic", "transaction", "waiver", "workload", "write_set",
}

// subjectKinds lists the kinds of subject that a card may name, sorted.
func subjectKinds() []string {
	out := append(slices.Clone(contractKinds), facts.Kinds()...)
	slices.Sort(out)
	return slices.Compact(out)
}
