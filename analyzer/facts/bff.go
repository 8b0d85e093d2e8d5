package facts

import (
	"maps"
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// BFFFacts is a backend for one frontend beside the one that resembles it most.
type BFFFacts struct {
	Twin       string `fact:"twin" doc:"the BFF declared before it whose calls resemble its own most; empty for none"`
	Similarity Num    `fact:"similarity" unit:"ratio" doc:"weighted Jaccard index over callees and operations: sum of the lesser per_request over sum of the greater"`
	Calls      Num    `fact:"calls" unit:"count" doc:"distinct callees and operations that it calls"`
	SameAuth   Flag   `fact:"same_auth" doc:"both authenticate in the same way"`
}

func (f *Facts) bffDocuments() []Document {
	var all []*model.Gateway
	for _, gw := range f.m.Gateways {
		if gw.GatewayKind.Or("api") == "bff" {
			all = append(all, gw)
		}
	}
	var out []Document
	for n, gw := range all {
		b := &BFFFacts{Similarity: Exact(0), SameAuth: Yes(false)}
		mine := callWeights(gw)
		b.Calls = Exact(float64(len(mine)))
		for _, o := range all[:n] {
			if s := jaccard(mine, callWeights(o)); s > b.Similarity.V {
				b.Twin, b.Similarity = string(o.Addr), Exact(s)
				b.SameAuth = Yes(gw.Auth.State == o.Auth.State && gw.Auth.V == o.Auth.V)
			}
		}
		out = append(out, Document{Addr: gw.Addr, Subject: b})
	}
	return out
}

func callWeights(gw *model.Gateway) map[string]float64 {
	out := map[string]float64{}
	for _, c := range gw.Calls {
		out[string(c.To.V)+" "+c.Op.Or("")] += c.PerRequest.Or(1)
	}
	return out
}

// jaccard is the weighted Jaccard index of two bags: 1 for equal ones, 0 for disjoint or empty ones.
func jaccard(a, b map[string]float64) float64 {
	keys := slices.Collect(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys) // a sum of floats depends on its order
	least, most := 0.0, 0.0
	for _, k := range keys {
		least, most = least+math.Min(a[k], b[k]), most+math.Max(a[k], b[k])
	}
	return over(least, most)
}
