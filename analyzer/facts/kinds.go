package facts

import (
	"maps"
	"reflect"
	"slices"
)

// kindInfo is what is known of a kind of subject before any model is: the Go type of its facts, and whether it is an
// edge, whose document carries both ends.
type kindInfo struct {
	subject reflect.Type
	edge    bool
	build   func(*Facts) []Document
	each    func(*Facts) oneByOne // instead of build, where all documents together would take too much room
}

// oneByOne is what a kind's documents are made of: ids in the order of their addresses.
type oneByOne struct {
	ids []int32
	one func(id int32) Document
}

// kinds lists every kind of subject (policy-contract §6). A new kind is one line here, one struct and its builder.
var kinds = withPaths(map[string]kindInfo{
	"api":      {subject: reflect.TypeFor[APIFacts](), build: (*Facts).apiDocuments},
	"bff":      {subject: reflect.TypeFor[BFFFacts](), build: (*Facts).bffDocuments},
	"call":     {subject: reflect.TypeFor[CallFacts](), edge: true, each: (*Facts).callSubjects},
	"client":   {subject: reflect.TypeFor[ClientFacts](), build: (*Facts).clientDocuments},
	"external": {subject: reflect.TypeFor[ExternalFacts](), build: (*Facts).externalDocuments},
	"gateway":  {subject: reflect.TypeFor[GatewayFacts](), build: (*Facts).gatewayDocuments},
	"journey":  {subject: reflect.TypeFor[JourneyFacts](), build: (*Facts).journeyDocuments},
	"node":     {subject: reflect.TypeFor[NodeFacts](), build: (*Facts).nodeDocuments},
	"policy":   {subject: reflect.TypeFor[PolicyFacts](), build: (*Facts).policyDocuments},
	"service":  {subject: reflect.TypeFor[ServiceFacts](), build: (*Facts).serviceDocuments},
	"system":   {subject: reflect.TypeFor[SystemSubject](), build: (*Facts).systemDocuments},
	"workload": {subject: reflect.TypeFor[WorkloadFacts](), each: (*Facts).workloadSubjects},
})

// Kinds lists the kinds of subjects, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// Fields of a kind's subject with their units, by name; for lints, docs and completion.
func FieldUnits(kind string) map[string]string {
	k, ok := kinds[kind]
	if !ok {
		return nil
	}
	out := map[string]string{}
	for _, f := range planOf(k.subject).fields {
		out[f.name] = f.unit
	}
	return out
}
