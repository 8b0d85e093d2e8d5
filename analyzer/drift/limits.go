package drift

import (
	"fmt"
	"strconv"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// limit is one fact of a call that sources may show: an attribute, or the key of an object that decides about it.
type limit struct {
	kind, attr, key string
	of              func(*model.CallPolicies) model.Fact // the attribute
	value           func(model.Fact) model.Fact          // the key; the attribute itself where there is no key
	format          func(any) string
	what            string // in a sentence
}

func self(f model.Fact) model.Fact { return f }

// Words of the values in a sentence.
func formatDuration(v any) string { return duration(v.(time.Duration)) }
func formatCount(v any) string {
	if n, ok := v.(int); ok && n == model.Unlimited {
		return "unlimited"
	}
	return fmt.Sprint(v)
}
func formatRate(v any) string { return perSecond(v.(float64)) }
func formatWord(v any) string { return fmt.Sprint(v) }
func formatRatio(v any) string {
	return analyzer.FormatQuantity(v.(float64), "ratio")
}

// limits are the facts of a call that are compared.
var limits = []limit{
	{Timeout, "timeout", "", func(p *model.CallPolicies) model.Fact { return &p.Timeout }, self, formatDuration, "time limit of one try"},
	{Deadline, "deadline", "", func(p *model.CallPolicies) model.Fact { return &p.Deadline }, self, formatDuration, "deadline"},
	{ConnectTimeout, "connect_timeout", "", func(p *model.CallPolicies) model.Fact { return &p.ConnectTimeout }, self, formatDuration, "time limit of connecting"},
	{Retry, "retry", "max_attempts", func(p *model.CallPolicies) model.Fact { return &p.Retry }, func(f model.Fact) model.Fact {
		if v := f.(*model.Value[*model.Retry]).V; v != nil {
			return &v.MaxAttempts
		}
		return nil
	}, formatCount, "number of tries"},
	{Bulkhead, "bulkhead", "max_concurrent", func(p *model.CallPolicies) model.Fact { return &p.Bulkhead }, func(f model.Fact) model.Fact {
		if v := f.(*model.Value[*model.Bulkhead]).V; v != nil {
			return &v.MaxConcurrent
		}
		return nil
	}, formatCount, "bound on calls in flight"},
	{RateLimit, "rate_limit", "rps", func(p *model.CallPolicies) model.Fact { return &p.RateLimit }, func(f model.Fact) model.Fact {
		if v := f.(*model.Value[*model.RateLimit]).V; v != nil {
			return &v.RPS
		}
		return nil
	}, formatRate, "rate limit"},
	{Breaker, "circuit_breaker", "", func(p *model.CallPolicies) model.Fact { return &p.CircuitBreaker }, self, func(any) string { return "a breaker" }, "circuit breaker"},
}

// shows reports whether a fact of the import comes from a source: a product's default, which the import knows by the
// product's name, is no fact of this system.
func shows(f model.Fact) bool {
	return f.Status() == model.Stated || f.Status() == model.Inherited
}

// provider is the kind of source that would show a control of the description: that of the product which provides it.
// Empty where the calling program itself does, which no manifest shows.
func (c *comparison) provider(f model.Fact) string {
	o := f.Source()
	if o == nil || f.Status() != model.Inherited {
		return ""
	}
	from := model.Addr(o.From)
	for _, m := range c.Model.Meshes {
		if m.Policy.Has() && m.Policy.V == from && m.Engine.V == "istio" {
			return "istio"
		}
	}
	p, ok := c.Model.Lookup(from).(*model.Policy)
	if !ok {
		return ""
	}
	switch p.Engine.V {
	case "istio", "dapr":
		return p.Engine.V
	}
	return ""
}

// byProxy reports whether a fact of the import is what a proxy does beside whatever the calling program does.
func (c *comparison) byProxy(f model.Fact) bool {
	o := f.Source()
	if o == nil || f.Status() != model.Inherited {
		return false
	}
	switch c.Shown.Policies[model.Addr(o.From)] {
	case "istio", "dapr", "kubernetes":
		return true
	}
	return false
}

// describedByProxy reports whether the description means the same layer: the fact stands in the callee's inbound policy
// or in a mesh's.
func (c *comparison) describedByProxy(call *model.Call, f model.Fact) bool {
	o := f.Source()
	if o == nil {
		return false
	}
	if c.provider(f) != "" {
		return true
	}
	if w, ok := c.Model.Lookup(call.To.V).(model.Worker); ok && w.Work().Inbound.Has() && string(w.Work().Inbound.V) == o.From {
		return true
	}
	for _, m := range c.Model.Meshes {
		if m.Policy.Has() && string(m.Policy.V) == o.From {
			return true
		}
	}
	return false
}

// same compares two values; durations by length, not by spelling.
func same(a, b any) bool { return a == b }

// more reports whether the source's number is the larger one; ok is false for what is no number.
func more(described, shown any) (larger, ok bool) {
	switch d := described.(type) {
	case time.Duration:
		return shown.(time.Duration) > d, true
	case int:
		return shown.(int) > d, true
	case float64:
		return shown.(float64) > d, true
	}
	return false, false
}

func quoted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
