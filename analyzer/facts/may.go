package facts

import "github.com/archcheck/archcheck/dsl/model"

// May reports whether a model can have subjects of a kind. False is certain, and known before anything is computed: the
// rules of such a kind need not even be compiled.
func May(m *model.Model, kind string) bool {
	switch kind {
	case "bff", "gateway":
		return len(m.Gateways) > 0
	case "client":
		return len(m.Clients) > 0
	case "datastore", "store", "schema_change":
		return len(m.Datastores) > 0
	case "external":
		return len(m.Externals) > 0
	case "flag":
		return len(m.Flags) > 0
	case "mesh":
		return len(m.Meshes) > 0
	case "migration", "route":
		return len(m.Migrations) > 0
	case "policy":
		return len(m.Policies) > 0
	case "queue":
		return len(m.Queues) > 0
	case "registry":
		return len(m.Registries) > 0
	case "topic":
		return len(m.Topics) > 0
	case "transaction", "step":
		return len(m.Transactions) > 0
	case "waiver":
		return len(m.Waivers) > 0
	}
	return true
}

// May is May of the model that the facts are of.
func (f *Facts) May(kind string) bool { return May(f.m, kind) }
