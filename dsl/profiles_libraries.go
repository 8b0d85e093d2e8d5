package dsl

import (
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// every are the words of a retry that repeats whatever fails, an open circuit and a throttled call included.
var every = []string{model.FailConnect, model.FailServer, model.FailTimeout, "429", "circuit_open"}

// answered are the words of a retry that repeats what HTTP calls transient.
var answered = []string{model.FailConnect, model.FailServer, model.FailTimeout, "429"}

// libraryProfiles are RPC and resilience libraries, client SDKs and workflow engines. Most of them do nothing until
// somebody adds a policy; what that policy leaves out is the library's default.
func libraryProfiles() []*Profile {
	return []*Profile{
		// No deadline, no retry unless configured: everything is the author's.
		product("grpc", "", "https://grpc.io/docs/guides/deadlines/", func(*Profile, *model.Origin) {}),
		product("finagle", "", "https://twitter.github.io/finagle/guide/Clients.html", func(p *Profile, o *model.Origin) {
			p.Retry = &model.Retry{Budget: as(o, 0.2)} // plus 10 retries a second
		}),
		product("resilience4j", "2", "https://resilience4j.readme.io/docs/circuitbreaker", func(p *Profile, o *model.Origin) {
			p.Breaker = &model.CircuitBreaker{FailureRate: as(o, 0.5), Window: as(o, model.Window{Count: 100}), MinCalls: as(o, 100),
				SlowCall: as(o, time.Minute), SlowRate: as(o, 1.0), OpenFor: as(o, time.Minute), HalfOpen: as(o, 10)}
			p.Retry = retries(o, 3, "constant", 500*time.Millisecond, "", every...)
			p.Bulkhead = &model.Bulkhead{MaxConcurrent: as(o, 25), Queue: as(o, 0), MaxWait: as(o, time.Duration(0))}
		}),
		product("polly", "8", "https://www.pollydocs.org/strategies/retry.html", func(p *Profile, o *model.Origin) {
			p.Retry = retries(o, 4, "constant", 2*time.Second, "", every...)
			p.Breaker = dotnetBreaker(o)
			p.Bulkhead = &model.Bulkhead{MaxConcurrent: as(o, 1000), Queue: as(o, 0)}
		}),
		product("dotnet", "8", "https://learn.microsoft.com/en-us/dotnet/core/resilience/http-resilience", func(p *Profile, o *model.Origin) {
			// The standard handler is a pipeline that is always there.
			p.Retry = retries(o, 4, "exponential", 2*time.Second, "full", answered...)
			p.Breaker = dotnetBreaker(o)
			p.Bulkhead = &model.Bulkhead{MaxConcurrent: as(o, 1000), Queue: as(o, 0)}
			p.Calls = model.CallPolicies{Timeout: as(o, 10*time.Second), Deadline: as(o, 30*time.Second), Retry: as(o, p.Retry),
				CircuitBreaker: as(o, p.Breaker), Bulkhead: as(o, p.Bulkhead)}
			p.Callees = remote
		}),
		product("microprofile", "4", "https://download.eclipse.org/microprofile/microprofile-fault-tolerance-4.0/microprofile-fault-tolerance-spec-4.0.html", func(p *Profile, o *model.Origin) {
			p.Retry = retries(o, 4, "constant", 0, "full", every...) // delay 0, jitter 200 ms
			p.Breaker = &model.CircuitBreaker{FailureRate: as(o, 0.5), Window: as(o, model.Window{Count: 20}), MinCalls: as(o, 20),
				OpenFor: as(o, 5*time.Second), HalfOpen: as(o, 1)}
			p.Bulkhead = &model.Bulkhead{MaxConcurrent: as(o, 10)}
		}),
		product("aws-sdk", "", "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html", func(p *Profile, o *model.Origin) {
			p.Retry = retries(o, 3, "exponential", 100*time.Millisecond, "full", answered...)
			p.Retry.MaxBackoff = as(o, 20*time.Second)
			// A retry takes 5 tokens from the bucket and a success puts 1 back: in the long run 20 % of the calls.
			p.Retry.Budget = as(o, 0.2)
			p.Calls.Retry = as(o, p.Retry)
			p.Callees = []model.Kind{model.KindExternal, model.KindDatastore}
		}),
		product("temporal", "", "https://docs.temporal.io/encyclopedia/retry-policies", func(p *Profile, o *model.Origin) {
			p.Retry = &model.Retry{MaxAttempts: as(o, model.Unlimited), Backoff: as(o, "exponential"), InitialBackoff: as(o, time.Second),
				Multiplier: as(o, 2.0), MaxBackoff: as(o, 100*time.Second)}
			p.Calls.Retry = as(o, p.Retry) // every activity
		}),
	}
}

// dotnetBreaker is the circuit breaker of Polly 8, which the standard handler of .NET takes over.
func dotnetBreaker(o *model.Origin) *model.CircuitBreaker {
	return &model.CircuitBreaker{FailureRate: as(o, 0.1), Window: as(o, model.Window{Time: 30 * time.Second}), MinCalls: as(o, 100),
		OpenFor: as(o, 5*time.Second), HalfOpen: as(o, 1)}
}

// infraProfiles are platforms, brokers, stores and registries.
func infraProfiles() []*Profile {
	day := 24 * time.Hour
	return []*Profile{
		product("kubernetes", "", "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/", func(p *Profile, o *model.Origin) {
			p.Deploy = as(o, &model.Deploy{Strategy: as(o, "rolling"), MaxSurge: as(o, 0.25), MaxUnavailable: as(o, 0.25),
				Grace: as(o, 30*time.Second)})
			p.Discovery = as(o, "dns")
		}),
		product("sqs", "", "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html", func(p *Profile, o *model.Origin) {
			p.Visibility, p.FIFODedup = as(o, 30*time.Second), as(o, 5*time.Minute)
		}),
		// A delivery that is not acknowledged within consumer_timeout goes back to the queue.
		product("rabbitmq", "3.12", "https://www.rabbitmq.com/docs/consumers", func(p *Profile, o *model.Origin) {
			p.Visibility = as(o, 30*time.Minute)
		}),
		product("rabbitmq4", "4.0", "https://www.rabbitmq.com/docs/quorum-queues", func(p *Profile, o *model.Origin) {
			p.Visibility, p.MaxReceives = as(o, 30*time.Minute), as(o, 20) // delivery-limit of a quorum queue
		}),
		product("kafka", "3.0", "https://kafka.apache.org/documentation/", func(p *Profile, o *model.Origin) {
			p.Retention, p.Acks = as(o, 7*day), as(o, "all") // log.retention.hours, acks of an idempotent producer
		}),
		product("eureka", "", "https://github.com/Netflix/eureka/wiki/Understanding-eureka-client-server-communication", func(p *Profile, o *model.Origin) {
			p.Heartbeat, p.Lease, p.Eviction, p.Fetch = as(o, 30*time.Second), as(o, 90*time.Second), as(o, time.Minute), as(o, 30*time.Second)
		}),
		product("postgresql", "", "https://www.postgresql.org/docs/current/runtime-config-connection.html", func(p *Profile, o *model.Origin) {
			p.MaxConnections = as(o, 100)
		}),
	}
}
