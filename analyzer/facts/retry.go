package facts

import (
	"math"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// The failure classes of rules.md Q1, as indices of edge.m and of model.FailureClasses.
const (
	classConnect = iota
	class5xx
	classTimeout
	classes
)

// layer is one place at which a call is tried again.
type layer struct {
	at       string // application, mesh, or the product whose default it is
	attempts float64
	tries    [classes]float64 // per failure class, budget applied
	budget   bool
	retry    *model.Retry
	from     string // the policy or product that hands it down
}

// retries fills in what an edge multiplies by: m_e(k) is the product over the layers that retry class k.
func (g *graph) retries(e *edge) {
	c := e.call
	e.m = [classes]float64{1, 1, 1}
	app := "application"
	if c.Retry.State == model.Profile && c.Retry.From() != "" {
		app = c.Retry.From()
	}
	e.addLayer(app, c.Retry, c)
	e.addLayer("mesh", c.MeshRetry, c)
	e.bounded = c.CircuitBreaker.Has() || c.MeshBreaker.Has() || c.RateLimit.Has()
	for _, l := range e.layers {
		e.bounded = e.bounded || l.budget
	}
}

func (e *edge) addLayer(at string, v model.Value[*model.Retry], c *model.Call) {
	if v.IsUnknown() {
		e.unsure = true
	}
	if !v.Has() || v.V == nil {
		return
	}
	l := layer{at: at, retry: v.V, attempts: attemptsOf(v.V, c), budget: v.V.Budget.Has(), from: v.From()}
	m := l.attempts
	if l.budget {
		m = math.Min(m, 1+v.V.Budget.V)
	}
	for k := range classes {
		if l.tries[k] = 1; v.V.Retries(model.FailureClasses[k]) {
			l.tries[k] = math.Max(1, m)
		}
		e.m[k] *= l.tries[k]
	}
	if l.attempts > 1 {
		e.layers = append(e.layers, l)
	}
}

// layersOf counts the layers that try a failure class again.
func (e *edge) layersOf(k int) (n int32) {
	for i := range e.layers {
		if e.layers[i].tries[k] > 1 {
			n++
		}
	}
	return n
}

// attemptsOf is max_attempts; unlimited is what the deadline leaves room for, or no bound.
func attemptsOf(r *model.Retry, c *model.Call) float64 {
	m := r.MaxAttempts.Or(3)
	if m != model.Unlimited {
		return float64(m)
	}
	if c.Deadline.Has() && c.Timeout.Has() && c.Timeout.V > 0 {
		return math.Ceil(float64(c.Deadline.V) / float64(c.Timeout.V))
	}
	return inf
}

// appAttempts are the tries of the layer that holds timeouts apart: the application's, or the product's that makes the call.
func (e *edge) appAttempts() float64 {
	if r := e.call.Retry; r.Has() && r.V != nil {
		return attemptsOf(r.V, e.call)
	}
	return 1
}

// backoff is the schedule of the application's tries; the caps of the language where something is unstated.
func (e *edge) backoff() Backoff {
	if e.call == nil || !e.call.Retry.Has() || e.call.Retry.V == nil {
		return Backoff{}
	}
	return backoffOf(e.call.Retry.V)
}

// backoffOf is the schedule of one retry policy.
func backoffOf(r *model.Retry) Backoff {
	if r.Backoff.State == model.None {
		return Backoff{}
	}
	b := Backoff{Initial: 100, Multiplier: r.Multiplier.Or(2)}
	if r.InitialBackoff.Has() {
		b.Initial = MillisOf(r.InitialBackoff).V
	}
	if r.Backoff.Or("exponential") == "constant" {
		b.Multiplier = 1
	}
	b.Max = 10 * b.Initial
	if r.MaxBackoff.Has() {
		b.Max = MillisOf(r.MaxBackoff).V
	}
	return b
}

// attempts is m_e of the worst class: how often one request of the caller may reach the callee.
func (e *edge) attempts() float64 { return max(e.m[0], e.m[1], e.m[2]) }

// retryFrom is where the retry comes from of which nobody knows.
func (e *edge) retryFrom() string {
	if e.call.Retry.IsUnknown() {
		return e.call.Retry.From()
	}
	return e.call.MeshRetry.From()
}

// whereTo is the place to state an attribute of a call that is unknown: where it says so, a policy or the call itself.
func whereTo(c *model.Call, from, attr string) string {
	if strings.HasPrefix(from, "policy.") {
		return from + "." + attr
	}
	return string(c.Addr) + "." + attr
}
