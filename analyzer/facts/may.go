package facts

// May reports whether the model can have subjects of a kind. False is certain, and known before a document is made: the
// rules of such a kind need not even be compiled.
func (f *Facts) May(kind string) bool {
	switch kind {
	case "bff", "gateway":
		return len(f.m.Gateways) > 0
	case "client":
		return len(f.m.Clients) > 0
	case "datastore", "store", "schema_change":
		return len(f.m.Datastores) > 0
	case "external":
		return len(f.m.Externals) > 0
	case "flag":
		return len(f.m.Flags) > 0
	case "mesh":
		return len(f.m.Meshes) > 0
	case "migration", "route":
		return len(f.m.Migrations) > 0
	case "policy":
		return len(f.m.Policies) > 0
	case "queue":
		return len(f.m.Queues) > 0
	case "registry":
		return len(f.m.Registries) > 0
	case "topic":
		return len(f.m.Topics) > 0
	case "transaction", "step":
		return len(f.m.Transactions) > 0
	case "waiver":
		return len(f.m.Waivers) > 0
	}
	return true
}
