package importer

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestAnyTreeOfKnownWords imports trees made of the words that importers look for, in places where they belong and where
// they do not. Whatever comes out must print, load and compare equal.
func TestAnyTreeOfKnownWords(t *testing.T) {
	keys := strings.Fields(`services image environment ports links depends_on deploy replicas update_config command networks aliases
		configs volumes extends scale apiVersion kind metadata name namespace labels annotations spec template containers env value
		valueFrom configMapKeyRef selector matchLabels podSelector ingress from to strategy rollingUpdate maxSurge maxUnavailable
		rules http paths backend service serviceName parentRefs backendRefs timeouts request retry attempts hosts gateways route
		destination host timeout retries perTryTimeout trafficPolicy connectionPool tcp maxConnections outlierDetection
		consecutive5xxErrors baseEjectionTime mtls mode steps setWeight pause duration canary blueGreen workloadRef scopes
		topic pubsubname policies targets apps components maxRetries trip data items minReplicas maxReplicas scaleTargetRef
		readinessProbe lifecycle preStop terminationGracePeriodSeconds resources requests cpu memory topology_template node_templates
		requirements interaction groups members type resilience4j instances orders spring application routes uri`)
	words := strings.Fields(`orders web db http://orders:80 postgres://u:p@db/x postgres:17 redis nginx apps/v1 v1 v2 Deployment StatefulSet Service
		Ingress NetworkPolicy VirtualService DestinationRule Rollout CronJob Gateway HTTPRoute Component Subscription Resiliency
		networking.istio.io/v1 gateway.networking.k8s.io/v1 argoproj.io/v1alpha1 dapr.io/v1alpha1 batch/v1 autoscaling/v2 0 1 3 -1 25% 200%
		0s 2s 1e9 100m 128Mi NodePort LoadBalancer STRICT micro.nodes.Service micro.nodes.MessageRouter micro.groups.Edge true false
		8080:80 /x a.b.c 99999999999999999999 ~ Recreate state.redis pubsub.kafka lb://ORDERS <<`)
	leaf := rapid.SampledFrom(words)
	var tree func(depth int) *rapid.Generator[any]
	tree = func(depth int) *rapid.Generator[any] {
		return rapid.Custom(func(t *rapid.T) any {
			switch n := rapid.IntRange(0, 9).Draw(t, "shape"); {
			case depth == 0 || n < 3:
				return leaf.Draw(t, "leaf")
			case n < 5:
				return rapid.SliceOfN(tree(depth-1), 0, 3).Draw(t, "list")
			default:
				m := map[string]any{}
				for range rapid.IntRange(0, 5).Draw(t, "keys") {
					m[rapid.SampledFrom(keys).Draw(t, "key")] = tree(depth-1).Draw(t, "value")
				}
				return m
			}
		})
	}
	kinds := Kinds()
	rapid.Check(t, func(rt *rapid.T) {
		var docs []string
		for range rapid.IntRange(1, 3).Draw(rt, "docs") {
			doc := map[string]any{}
			if rapid.Bool().Draw(rt, "object") {
				for _, k := range []string{"apiVersion", "kind"} {
					doc[k] = leaf.Draw(rt, k)
				}
				doc["metadata"] = map[string]any{"name": leaf.Draw(rt, "name"), "namespace": leaf.Draw(rt, "namespace")}
				doc["spec"] = tree(6).Draw(rt, "spec")
			} else {
				doc["services"] = map[string]any{"orders": tree(4).Draw(rt, "orders"), "db": tree(3).Draw(rt, "db")}
				doc["topology_template"] = tree(5).Draw(rt, "topology")
			}
			b, err := yaml.Marshal(doc)
			if err != nil {
				rt.Fatal(err)
			}
			docs = append(docs, string(b))
		}
		text := strings.Join(docs, "---\n")
		d := draft.New()
		d.Files = []model.File{{Name: "in.yaml", Bytes: []byte(text)}}
		for i := range rapid.IntRange(1, 3).Draw(rt, "kinds") {
			k := rapid.SampledFrom(kinds).Draw(rt, fmt.Sprint("kind", i))
			if k.Name != "otel" {
				k.read(d, d.Files)
			}
		}
		m := d.Build()
		if len(d.Components) > 0 && !d.Diags.HasErrors() {
			sameWhenRead(t, m)
			if t.Failed() {
				rt.Fatal(text)
			}
		}
	})
}
