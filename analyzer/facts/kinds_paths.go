package facts

import "reflect"

// withPaths adds the kinds of subjects that are more than one declaration's attributes: journeys, loops, what falls
// together or is written together, and blocks seen with all that use them.
func withPaths(kinds map[string]kindInfo) map[string]kindInfo {
	kinds["consume"] = kindInfo{subject: reflect.TypeFor[ConsumeFacts](), edge: true, build: (*Facts).consumeDocuments}
	kinds["cycle"] = kindInfo{subject: reflect.TypeFor[CycleFacts](), build: (*Facts).cycleDocuments}
	kinds["datastore"] = kindInfo{subject: reflect.TypeFor[DatastoreFacts](), build: (*Facts).datastoreDocuments}
	kinds["failure_set"] = kindInfo{subject: reflect.TypeFor[FailureSetFacts](), build: (*Facts).failureSetDocuments}
	kinds["flag"] = kindInfo{subject: reflect.TypeFor[FlagFacts](), build: (*Facts).flagDocuments}
	kinds["journey"] = kindInfo{subject: reflect.TypeFor[JourneyFacts](), build: (*Facts).journeyDocuments}
	kinds["mesh"] = kindInfo{subject: reflect.TypeFor[MeshFacts](), build: (*Facts).meshDocuments}
	kinds["migration"] = kindInfo{subject: reflect.TypeFor[MigrationFacts](), build: (*Facts).migrationDocuments}
	kinds["publish"] = kindInfo{subject: reflect.TypeFor[PublishFacts](), edge: true, build: (*Facts).publishDocuments}
	kinds["queue"] = kindInfo{subject: reflect.TypeFor[QueueFacts](), build: (*Facts).queueDocuments}
	kinds["registry"] = kindInfo{subject: reflect.TypeFor[RegistryFacts](), build: (*Facts).registryDocuments}
	kinds["route"] = kindInfo{subject: reflect.TypeFor[RouteFacts](), build: (*Facts).routeDocuments}
	kinds["schema_change"] = kindInfo{subject: reflect.TypeFor[SchemaChangeFacts](), build: (*Facts).schemaChangeDocuments}
	kinds["step"] = kindInfo{subject: reflect.TypeFor[StepFacts](), build: (*Facts).stepDocuments}
	kinds["store"] = kindInfo{subject: reflect.TypeFor[StoreFacts](), build: (*Facts).storeDocuments}
	kinds["topic"] = kindInfo{subject: reflect.TypeFor[TopicFacts](), build: (*Facts).topicDocuments}
	kinds["transaction"] = kindInfo{subject: reflect.TypeFor[TransactionFacts](), build: (*Facts).transactionDocuments}
	kinds["waiver"] = kindInfo{subject: reflect.TypeFor[WaiverFacts](), build: (*Facts).waiverDocuments}
	kinds["write_set"] = kindInfo{subject: reflect.TypeFor[WriteSetFacts](), build: (*Facts).writeSetDocuments}
	return kinds
}
