package dsl

import (
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// proxyProfiles are proxies, gateways and meshes: their defaults hold without anybody asking for them.
func proxyProfiles() []*Profile {
	return []*Profile{
		product("envoy", "", "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts", func(p *Profile, o *model.Origin) {
			// The route timeout spans all tries; without a per-try timeout one try may use all of it.
			p.Calls.Timeout, p.Calls.Deadline, p.WholeCall = as(o, 15*time.Second), as(o, 15*time.Second), true
			p.Calls.ConnectTimeout = as(o, 5*time.Second)
			// max_requests and max_pending_requests of the cluster's circuit breaker thresholds.
			p.Calls.Bulkhead = as(o, &model.Bulkhead{MaxConcurrent: as(o, 1024), Queue: as(o, 1024)})
			p.Callees = remote
			p.Retry = &model.Retry{InitialBackoff: as(o, 25*time.Millisecond), MaxBackoff: as(o, 250*time.Millisecond)}
			p.Bulkhead = &model.Bulkhead{MaxConcurrent: as(o, 1024), Queue: as(o, 1024)}
			p.Cap, p.CapIsTotal, p.IdleTimeout = as(o, 15*time.Second), true, as(o, 5*time.Minute) // stream_idle_timeout
			p.Outlier = envoyOutlier(o)
		}),
		product("istio", "1.24", "https://istio.io/latest/docs/concepts/traffic-management/#retries", func(p *Profile, o *model.Origin) {
			// Two retries, and 503 is no longer retried (change notes of 1.24). The HTTP timeout is disabled.
			p.MeshRetry = retries(o, 3, "exponential", 25*time.Millisecond, "full", "connect-failure", "refused-stream", "unavailable", "cancelled")
			p.MeshRetry.MaxBackoff = as(o, 250*time.Millisecond) // ten times the base interval, as Envoy
			p.Retry = p.MeshRetry
			p.Outlier = envoyOutlier(o)
		}),
		product("linkerd", "2.13", "https://linkerd.io/2/reference/circuit-breaking/", func(p *Profile, o *model.Origin) {
			p.Retry = &model.Retry{Budget: as(o, 0.2)} // plus 10 retries a second
			// consecutive-max-failures and consecutive-min-penalty of failure accrual.
			p.Outlier = consecutive(o, 7, time.Second)
		}),
		product("kong", "", "https://developer.konghq.com/gateway/entities/service/", func(p *Profile, o *model.Origin) {
			p.Calls.Timeout, p.Calls.ConnectTimeout = as(o, time.Minute), as(o, time.Minute)
			p.Retry = retries(o, 6, "", 0, "", model.FailConnect, model.FailTimeout) // retries = 5, at once
			p.Calls.Retry = as(o, p.Retry)
			p.Callees = remote
			p.Cap, p.IdleTimeout = as(o, time.Minute), as(o, time.Minute)
		}),
		product("nginx", "", "https://nginx.org/en/docs/http/ngx_http_proxy_module.html", func(p *Profile, o *model.Origin) {
			p.Calls.Timeout, p.Calls.ConnectTimeout = as(o, time.Minute), as(o, time.Minute)
			p.Callees = remote
			// proxy_next_upstream tries each server of a group once: how many there are only a stated retry says, so
			// there is none unasked. Three tries are the default of the Kubernetes ingress controller.
			p.Retry = retries(o, 3, "", 0, "", model.FailConnect, model.FailTimeout)
			p.Cap, p.IdleTimeout = as(o, time.Minute), as(o, time.Minute)
		}),
		product("aws-alb", "", "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html", func(p *Profile, o *model.Origin) {
			// The idle timeout also ends a request whose target sends nothing for that long.
			p.Calls.Timeout, p.Callees, p.Managed = as(o, time.Minute), remote, true
			p.Cap, p.IdleTimeout = as(o, time.Minute), as(o, time.Minute)
		}),
		product("aws-apigw", "", "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html", func(p *Profile, o *model.Origin) {
			p.Cap, p.CapIsTotal, p.Managed = as(o, 29*time.Second), true, true // integration timeout
			// The account's throttle; Regional accounts share it between their APIs.
			p.Entry = as(o, &model.RateLimit{RPS: as(o, 10000.0), Burst: as(o, 5000.0)})
		}),
	}
}

// envoyOutlier is Envoy's outlier detection: five server errors in a row eject a host for 30 seconds.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/outlier_detection.proto
func envoyOutlier(o *model.Origin) *model.CircuitBreaker { return consecutive(o, 5, 30*time.Second) }

// consecutive is a breaker that opens after n failures in a row.
func consecutive(o *model.Origin, n int, open time.Duration) *model.CircuitBreaker {
	return &model.CircuitBreaker{FailureRate: as(o, 1.0), Window: as(o, model.Window{Count: n}), MinCalls: as(o, n),
		OpenFor: as(o, open)}
}
