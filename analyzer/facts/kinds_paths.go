package facts

import (
	"maps"
	"reflect"
)

// withPaths adds the kinds of subjects that no single declaration shows: journeys, loops, what falls together, what is written
// together, and what a waiver or a step means.
func withPaths(declared map[string]kindInfo) map[string]kindInfo {
	maps.Copy(declared, map[string]kindInfo{
		"consume":     {subject: reflect.TypeFor[ConsumeFacts](), edge: true, build: (*Facts).consumeDocuments},
		"queue":       {subject: reflect.TypeFor[QueueFacts](), build: (*Facts).queueDocuments},
		"topic":       {subject: reflect.TypeFor[TopicFacts](), build: (*Facts).topicDocuments},
		"datastore":   {subject: reflect.TypeFor[DatastoreFacts](), build: (*Facts).datastoreDocuments},
		"publish":     {subject: reflect.TypeFor[PublishFacts](), edge: true, build: (*Facts).publishDocuments},
		"cycle":       {subject: reflect.TypeFor[CycleFacts](), build: (*Facts).cycleDocuments},
		"failure_set": {subject: reflect.TypeFor[FailureSetFacts](), build: (*Facts).failureSetDocuments},
		"step":        {subject: reflect.TypeFor[StepFacts](), build: (*Facts).stepDocuments},
		"transaction": {subject: reflect.TypeFor[TransactionFacts](), build: (*Facts).transactionDocuments},
		"waiver":      {subject: reflect.TypeFor[WaiverFacts](), build: (*Facts).waiverDocuments},
		"write_set":   {subject: reflect.TypeFor[WriteSetFacts](), build: (*Facts).writeSetDocuments},
		"store":       {subject: reflect.TypeFor[StoreFacts](), build: (*Facts).storeDocuments},
		"journey":     {subject: reflect.TypeFor[JourneyFacts](), build: (*Facts).journeyDocuments},
	})
	return declared
}
