package facts

import (
	"maps"
	"reflect"
)

// withPaths adds the kinds of subjects that no single declaration shows: journeys, loops, and what falls together.
func withPaths(declared map[string]kindInfo) map[string]kindInfo {
	maps.Copy(declared, map[string]kindInfo{
		"cycle":       {subject: reflect.TypeFor[CycleFacts](), build: (*Facts).cycleDocuments},
		"failure_set": {subject: reflect.TypeFor[FailureSetFacts](), build: (*Facts).failureSetDocuments},
		"store":       {subject: reflect.TypeFor[StoreFacts](), build: (*Facts).storeDocuments},
		"journey":     {subject: reflect.TypeFor[JourneyFacts](), build: (*Facts).journeyDocuments},
	})
	return declared
}
