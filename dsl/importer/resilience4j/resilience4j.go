// Package resilience4j reads the configuration of Spring applications (application.yml): instances of Resilience4j with
// the limits they set, routes of a Spring Cloud Gateway, and addresses of other components.
//
// An instance is named in the program's annotations, not in the file: it becomes the policy of a call only where a
// component has its name, else a policy to be named by the call that it guards. `maxAttempts` counts the first try.
package resilience4j

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

type reader struct {
	d    *draft.Draft
	file string
	app  *draft.Component
	made map[string]*model.Policy
	at   map[string]yamldoc.Node
}

// Read adds application configurations to the draft.
func Read(d *draft.Draft, files []model.File) {
	for _, f := range files {
		r := &reader{d: d, file: f.Name, made: map[string]*model.Policy{}, at: map[string]yamldoc.Node{}}
		docs := d.Parse(f).Docs
		for _, doc := range docs {
			if name := get(doc, "spring.application.name"); r.app == nil && name.Str() != "" {
				r.app = r.component(name)
			}
		}
		if r.app == nil && len(docs) > 0 {
			d.Problem(docs[0].Warning("Application without a name", "spring.application.name says whose configuration this is; without it the policies of the file are written and no call refers to them."))
		}
		for _, doc := range docs {
			r.instances(doc)
			if r.app != nil {
				r.routes(doc)
				r.addresses(doc, "", 0)
			}
		}
		r.attach()
	}
}

func (r *reader) component(name yamldoc.Node) *draft.Component {
	if c := r.d.Host(name.Str(), ""); c != nil {
		return c
	}
	c := r.d.Component(name.Str(), "")
	c.Place, c.What = name.Place(), "Spring application"
	return c
}

// get follows a dotted key, whichever way it is split into nested ones, in Spring's relaxed spelling.
func get(n yamldoc.Node, key string) yamldoc.Node {
	if key == "" {
		return n
	}
	want := relaxed(key)
	for _, p := range n.Pairs() {
		have := relaxed(p.Key)
		if have == want {
			return p.Value
		}
		if rest, ok := strings.CutPrefix(want, have+"."); ok {
			if v := get(p.Value, rest); !v.IsZero() {
				return v
			}
		}
	}
	return yamldoc.Node{}
}

// relaxed makes maxAttempts, max-attempts and max_attempts one.
func relaxed(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

// modules are the parts of a configuration with what each one sets.
var modules = []struct {
	name  string
	apply func(n func(string) yamldoc.Node, at yamldoc.Node, p *model.CallPolicies)
}{
	{"circuitbreaker", circuitBreaker}, {"retry", retry}, {"bulkhead", bulkhead}, {"thread-pool-bulkhead", threadPool},
	{"timelimiter", timeLimiter}, {"ratelimiter", rateLimiter},
}

// leaf is one setting with the keys that lead to it, however they were nested or dotted.
type leaf struct {
	path []string
	n    yamldoc.Node
}

func leaves(n yamldoc.Node, path []string, out *[]leaf) {
	if len(path) > 24 {
		return
	}
	pairs := n.Pairs()
	if len(pairs) == 0 && len(path) > 0 {
		*out = append(*out, leaf{path, n})
	}
	for _, p := range pairs {
		leaves(p.Value, append(slices.Clone(path), strings.Split(p.Key, ".")...), out)
	}
}

// section are the settings below some keys, by their relaxed names.
type section struct {
	name string // as it is written
	at   yamldoc.Node
	set  map[string]yamldoc.Node
}

// sections are the named parts below keys, in the order of the file.
func sections(all []leaf, keys ...string) []*section {
	var out []*section
	byName := map[string]*section{}
	for _, l := range all {
		if len(l.path) <= len(keys) || !slices.EqualFunc(l.path[:len(keys)], keys, func(a, b string) bool { return relaxed(a) == relaxed(b) }) {
			continue
		}
		name := l.path[len(keys)]
		s := byName[name]
		if s == nil {
			s = &section{name: name, at: l.n, set: map[string]yamldoc.Node{}}
			byName[name] = s
			out = append(out, s)
		}
		if rest := l.path[len(keys)+1:]; len(rest) > 0 {
			s.set[relaxed(strings.Join(rest, "."))] = l.n
		}
	}
	return out
}

func (r *reader) instances(doc yamldoc.Node) {
	var all []leaf
	leaves(doc, nil, &all)
	for _, m := range modules {
		configs := map[string]*section{}
		for _, c := range sections(all, "resilience4j", m.name, "configs") {
			configs[c.name] = c
		}
		for _, key := range []string{"instances", "backends"} {
			for _, inst := range sections(all, "resilience4j", m.name, key) {
				r.instance(m.apply, inst, configs)
			}
		}
	}
}

// instance adds what one module says of an instance and of the configurations that it is based on: the one it names, else
// the default.
func (r *reader) instance(apply func(func(string) yamldoc.Node, yamldoc.Node, *model.CallPolicies), inst *section, configs map[string]*section) {
	p := r.made[inst.name]
	if p == nil {
		p = r.d.Policy(r.policyName(inst.name))
		p.Engine = draft.Stated("resilience4j")
		p.Comment = inst.at.Place() + " instance " + inst.name
		r.made[inst.name], r.at[inst.name] = p, inst.at
	}
	chain := []*section{inst}
	for len(chain) < 8 {
		last := chain[len(chain)-1]
		base := configs[last.set["baseconfig"].Str()]
		if base == nil && last == inst && last.set["baseconfig"].IsZero() {
			base = configs["default"]
		}
		if base == nil || slices.Contains(chain, base) {
			break
		}
		chain = append(chain, base)
	}
	apply(func(k string) yamldoc.Node {
		for _, s := range chain {
			if v := s.set[relaxed(k)]; !v.IsZero() {
				return v
			}
		}
		return yamldoc.Node{}
	}, inst.at, &p.CallPolicies)
}

// policyName keeps instances of two applications apart.
func (r *reader) policyName(instance string) string {
	name := draft.Label(instance)
	for _, p := range r.d.Policies {
		if p.Label == name && r.app != nil {
			return draft.Label(r.app.Name + "_" + instance)
		}
	}
	return name
}

// attach gives a call its instance's policy where a component has the instance's name.
func (r *reader) attach() {
	names := make([]string, 0, len(r.made))
	for n := range r.made {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		p := r.made[n]
		to := r.callee(n)
		if r.app == nil || to == nil || to == r.app {
			r.d.Keep(p)
			if r.app != nil {
				r.app.Note("Instance %s (%s) guards a call that the file does not name: give that call policy = policy.%s.", n, r.at[n].Place(), p.Label)
			}
			continue
		}
		e := r.d.Call(r.app, to, draft.Evidence{Place: r.at[n].Place(), How: "Resilience4j instance of its name", Certainty: draft.Medium})
		e.Call.Policy = draft.Stated(model.Addr("policy."+p.Label), r.at[n].Place())
	}
}

// callee is the component that an instance is named after: "paymentService" for payment or payment-service.
func (r *reader) callee(instance string) *draft.Component {
	short := func(s string) string {
		s = relaxed(s)
		for _, end := range []string{"service", "client", "api", "svc"} {
			s = strings.TrimSuffix(s, end)
		}
		return s
	}
	var found *draft.Component
	for _, c := range r.d.Components {
		if short(c.Name) == short(instance) && short(instance) != "" {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

// routes of a Spring Cloud Gateway make a gateway of the application.
func (r *reader) routes(doc yamldoc.Node) {
	for _, key := range []string{"spring.cloud.gateway.routes", "spring.cloud.gateway.server.webflux.routes", "spring.cloud.gateway.mvc.routes"} {
		for _, route := range get(doc, key).Items() {
			uri := get(route, "uri")
			scheme, host, ok := strings.Cut(uri.Str(), "://")
			if !ok {
				continue
			}
			host, _, _ = strings.Cut(host, "/")
			host, _, _ = strings.Cut(host, ":")
			if r.app.Role == "" {
				r.app.Role, r.app.Kind = draft.Gateway, draft.Stated("api", uri.Place(), "Spring Cloud Gateway")
			}
			to := r.d.Host(strings.ToLower(host), "")
			if to == nil && scheme == "lb" {
				to = r.d.Component(strings.ToLower(host), "")
				to.Place, to.What = uri.Place(), "routed to"
			}
			if to != nil {
				r.d.Call(r.app, to, draft.Evidence{Place: uri.Place(), How: "route " + get(route, "id").Str(), Certainty: draft.Strong})
			}
		}
	}
}

// addresses looks through every setting outside of Resilience4j.
func (r *reader) addresses(n yamldoc.Node, key string, depth int) {
	if depth > 16 {
		return
	}
	if s, ok := n.Scalar(); ok {
		r.d.Setting(r.app, key, path.Base(r.file), s, n.Place())
	}
	for _, p := range n.Pairs() {
		if relaxed(p.Key) == "resilience4j" || relaxed(p.Key) == "routes" || depth == 0 && relaxed(p.Key) == "management" {
			continue
		}
		r.addresses(p.Value, p.Key, depth+1)
	}
	for _, i := range n.Items() {
		r.addresses(i, key, depth+1)
	}
}

var isoSeconds = regexp.MustCompile(`^PT(?:([0-9]+)M)?(?:([0-9]+)S)?$`)

// duration is a time as Spring reads it: "10s", "PT10S", or a number of milliseconds.
func duration(n yamldoc.Node) (time.Duration, bool) {
	s := strings.TrimSpace(n.Str())
	if v, err := strconv.Atoi(s); err == nil {
		return time.Duration(v) * time.Millisecond, v > 0 && v < 1<<40
	}
	if m := isoSeconds.FindStringSubmatch(strings.ToUpper(s)); m != nil {
		minutes, _ := strconv.Atoi(m[1])
		seconds, _ := strconv.Atoi(m[2])
		return time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second, minutes+seconds > 0
	}
	v, err := time.ParseDuration(s)
	return v, err == nil && v > 0
}

func stated(n yamldoc.Node, dst *model.Value[time.Duration]) {
	if v, ok := duration(n); ok {
		*dst = draft.Stated(v, n.Place())
	}
}

func whole(n yamldoc.Node, dst *model.Value[int], min int) {
	if v, ok := n.Int(); ok && v >= min {
		*dst = draft.Stated(v, n.Place())
	}
}

func percent(n yamldoc.Node, dst *model.Value[float64]) {
	if v, ok := n.Float(); ok && v > 0 && v <= 100 {
		*dst = draft.Stated(v/100, n.Place())
	}
}

func circuitBreaker(n func(string) yamldoc.Node, _ yamldoc.Node, p *model.CallPolicies) {
	b := &model.CircuitBreaker{}
	percent(n("failureRateThreshold"), &b.FailureRate)
	if size := n("slidingWindowSize"); !size.IsZero() {
		if v, ok := size.Int(); ok && v > 0 && v < 1<<24 {
			w := model.Window{Count: v}
			if strings.EqualFold(n("slidingWindowType").Str(), "TIME_BASED") {
				w = model.Window{Time: time.Duration(v) * time.Second}
			}
			b.Window = draft.Stated(w, size.Place())
		}
	}
	whole(n("minimumNumberOfCalls"), &b.MinCalls, 1)
	stated(n("slowCallDurationThreshold"), &b.SlowCall)
	percent(n("slowCallRateThreshold"), &b.SlowRate)
	stated(n("waitDurationInOpenState"), &b.OpenFor)
	whole(n("permittedNumberOfCallsInHalfOpenState"), &b.HalfOpen, 1)
	p.CircuitBreaker = draft.Object(b)
}

func retry(n func(string) yamldoc.Node, at yamldoc.Node, p *model.CallPolicies) {
	x := &model.Retry{}
	whole(n("maxAttempts"), &x.MaxAttempts, 1)
	stated(n("waitDuration"), &x.InitialBackoff)
	if on, _ := n("enableExponentialBackoff").Bool(); on {
		x.Backoff = draft.Stated("exponential", n("enableExponentialBackoff").Place())
		if v, ok := n("exponentialBackoffMultiplier").Float(); ok && v >= 1 {
			x.Multiplier = draft.Stated(v, n("exponentialBackoffMultiplier").Place())
		}
	}
	if on, _ := n("enableRandomizedWait").Bool(); on {
		x.Jitter = draft.Stated("equal", n("enableRandomizedWait").Place())
	} else {
		x.Jitter = draft.None[string](at.Place(), "no enableRandomizedWait")
	}
	p.Retry = draft.Object(x)
}

func bulkhead(n func(string) yamldoc.Node, _ yamldoc.Node, p *model.CallPolicies) {
	b := &model.Bulkhead{}
	whole(n("maxConcurrentCalls"), &b.MaxConcurrent, 1)
	stated(n("maxWaitDuration"), &b.MaxWait)
	p.Bulkhead = draft.Object(b)
}

func threadPool(n func(string) yamldoc.Node, _ yamldoc.Node, p *model.CallPolicies) {
	b := &model.Bulkhead{}
	whole(n("maxThreadPoolSize"), &b.MaxConcurrent, 1)
	whole(n("queueCapacity"), &b.Queue, 0)
	p.Bulkhead = draft.Object(b)
}

func timeLimiter(n func(string) yamldoc.Node, at yamldoc.Node, p *model.CallPolicies) {
	p.Timeout = draft.Stated(time.Second, at.Place(), "time limiter's default")
	stated(n("timeoutDuration"), &p.Timeout)
}

func rateLimiter(n func(string) yamldoc.Node, _ yamldoc.Node, p *model.CallPolicies) {
	limit, ok := n("limitForPeriod").Float()
	period, timed := duration(n("limitRefreshPeriod"))
	if !ok || !timed || limit <= 0 {
		return
	}
	place := fmt.Sprintf("%s %v per %v", n("limitForPeriod").Place(), limit, period)
	p.RateLimit = draft.Object(&model.RateLimit{RPS: draft.Stated(limit/period.Seconds(), place), Scope: draft.Stated("replica")})
}
