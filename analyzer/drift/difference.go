package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// difference is one limit of one call on which the sides differ.
type difference struct {
	limit      limit
	call, src  *model.Call
	object     model.Fact // the described attribute
	says       Side
	shows      Side
	value      any            // what accepting writes
	whole      map[string]any // the object that the value is a key of, as the sources show it
	severity   analyzer.Severity
	confidence model.Certainty
	detail     string
	advise     string // instead of a change

	// inbound is the policy of every call to the callee that the description has, where the sources show the fact for
	// every call to it and the description leaves it out: there it belongs.
	inbound model.Addr
}

// limitsOf compares the limits of a call with those that the sources show.
func (c *comparison) limitsOf(d, s *model.Call) []*difference {
	var out []*difference
	for _, l := range limits {
		shown, object := l.of(&s.CallPolicies), c.described(l, d, s)
		x := &difference{limit: l, call: d, src: s, object: object, confidence: model.Strong}
		fact := key(l, object)
		x.says = c.side(fact, l.format)
		keep := false
		switch {
		case shown.Status() == model.None || c.notDrawn(l, s):
			keep = c.claimed(x, true)
		case shows(shown):
			if k := key(l, shown); l.key == "" || shows(k) {
				keep = c.changed(x, fact, k, shown)
			}
		default:
			keep = c.claimed(x, false)
		}
		if keep {
			out = append(out, x)
		}
	}
	return out
}

// notDrawn reports whether a drawing, which shows every time limit and every breaker, shows none for a call.
func (c *comparison) notDrawn(l limit, s *model.Call) bool {
	if !c.Shown.Drawn[s.Addr] {
		return false
	}
	switch l.kind {
	case Timeout, Deadline:
		return s.Timeout.State == model.Absent && s.Deadline.State == model.Absent
	case Breaker:
		return s.CircuitBreaker.State == model.Absent
	}
	return false
}

// key is the fact of an object that decides, or the attribute itself where it has no value.
func key(l limit, attr model.Fact) model.Fact {
	if attr.Status().HasValue() {
		if k := l.value(attr); k != nil {
			return k
		}
	}
	return attr
}

// described is the attribute of a call as the description has it, in the layer that the sources speak of: what a mesh
// does beside the program counts where nothing else does, and first where the sources show a proxy's tries.
func (c *comparison) described(l limit, d, s *model.Call) model.Fact {
	switch l.kind {
	case Breaker:
		if !d.CircuitBreaker.Has() && d.MeshBreaker.Has() {
			return &d.MeshBreaker
		}
	case Retry:
		if d.MeshRetry.State == model.Inherited && c.byProxy(&s.Retry) {
			return &d.MeshRetry
		}
	case Deadline:
		if d.LimitFromClient {
			return &model.Value[time.Duration]{}
		}
	}
	return l.of(&d.CallPolicies)
}

// claimed reports a control that the description has and the sources show to be missing: off says that they turn it off;
// else the product that is to provide it is one whose configuration was read.
func (c *comparison) claimed(x *difference, off bool) bool {
	if x.object.Status() != model.Stated && x.object.Status() != model.Inherited {
		return false
	}
	kind := c.provider(x.object)
	if !off && (kind == "" || !c.Shown.Has(kind)) {
		return false
	}
	x.severity = analyzer.High
	if x.limit.kind != Breaker && x.limit.kind != Timeout && x.limit.kind != Deadline {
		x.severity = analyzer.Medium
	}
	x.shows = Side{Text: "none", Kind: kind}
	file, how := c.where(x.src.Addr, x.limit.of(&x.src.CallPolicies), x.limit.attr)
	if off {
		x.shows.Place, x.shows.How = file, how
		x.value = "none"
		if e := strongest(c.Shown.Edges[x.src.Addr]); file == "" || c.Shown.Drawn[x.src.Addr] {
			x.shows.Place, x.shows.How, x.shows.Kind = e.Place, e.How, e.Kind
		}
	} else if w, ok := c.Source.Lookup(x.src.To.V).(model.Worker); ok && w.Work().Inbound.Has() {
		x.shows.Place, _ = c.where(w.Work().Inbound.V, nil, x.limit.attr)
		x.value = "none"
	} else {
		x.shows.How = "nothing about " + labelOf(x.src.To.V)
		x.value = "none"
	}
	from, to := labelOf(x.call.Parent), labelOf(x.call.To.V)
	who := "the sources have none"
	if kind != "" && !off {
		who = kind + " is to provide it, and its configuration has none for " + to
	}
	x.detail = fmt.Sprintf("The description relies on a %s between %s and %s (%s); %s.", x.limit.what, from, to, x.says.Text, who)
	if x.limit.kind == Breaker {
		x.detail = fmt.Sprintf("The description relies on a circuit breaker between %s and %s; %s. While %s is down, every request waits for it.", from, to, who, to)
	}
	return true
}

// changed reports a limit that the sources show with another value.
func (c *comparison) changed(x *difference, fact, shown model.Fact, attr model.Fact) bool {
	l := x.limit
	v := shown.Any()
	x.shows = Side{Text: l.format(v)}
	x.shows.Place, x.shows.How = c.where(x.src.Addr, attr, pathOf(l))
	x.shows.Kind = c.kindOf(x.src, attr)
	x.value = plain(shown)
	if l.key != "" {
		x.whole = attributesOf(attr.Any())
	}
	proxy := c.byProxy(attr)
	if !x.object.Status().HasValue() {
		x.inbound = c.inboundOf(x.call, attr)
	}
	switch s := fact.Status(); {
	case s == model.Unknown:
		x.severity = analyzer.Info
		x.detail = fmt.Sprintf("The description leaves the %s of %s open; the sources show %s.", l.what, edgeName(x.call), inWords(l, x.shows.Text))
		return true
	case !s.HasValue():
		if l.kind == Deadline && x.call.Timeout.Has() && same(x.call.Timeout.V, v) {
			return false // one try, so that both limits are one
		}
		x.severity = analyzer.Low
		if limit := x.call.Limit(); l.kind == Deadline && limit.Has() && v.(time.Duration) < limit.V {
			x.severity = analyzer.Medium
		}
		lacks := l.what
		if l.kind == Retry {
			lacks = "retry"
		}
		x.detail = fmt.Sprintf("The description gives %s no %s; the sources show %s.", edgeName(x.call), lacks, inWords(l, x.shows.Text))
		return true
	case l.kind == Breaker || same(fact.Any(), v):
		return false
	}
	larger, _ := more(fact.Any(), v)
	x.severity = analyzer.Medium
	if l.kind == Bulkhead || l.kind == ConnectTimeout || l.kind == Retry && !larger || fact.Status() == model.Profile || fact.Status() == model.Default {
		x.severity = analyzer.Low
	}
	x.detail = c.meaning(x, fact, shown, larger)
	if proxy && !c.describedByProxy(x.call, x.object) {
		c.layered(x, fact, v, larger)
	}
	return true
}

// layered is a proxy's limit beside one that the description states of the program itself: both hold.
func (c *comparison) layered(x *difference, fact model.Fact, v any, larger bool) {
	from := labelOf(x.call.Parent)
	switch l := x.limit; {
	case l.kind == Retry && fact.Any().(int) > 1 && v.(int) > 1:
		x.detail = fmt.Sprintf("The proxy tries up to %s times for each of the %s tries that the description gives to %s: up to %d in all, if the program tries on its own as well.",
			x.shows.Text, x.says.Text, from, fact.Any().(int)*v.(int))
		x.severity, x.confidence = analyzer.Medium, model.Medium
		x.advise = "One layer should try again: leave it to the proxy or to the program, then state its number of tries"
	case larger && l.kind != Retry:
		x.severity, x.confidence = analyzer.Info, model.Weak
		x.detail = fmt.Sprintf("The proxy's %s is %s. The described %s holds only if %s itself sets it, which these sources do not show.", l.what, x.shows.Text, x.says.Text, from)
		x.advise = fmt.Sprintf("If %s sets no limit of its own, state the proxy's: %s = %q", from, l.attr, x.shows.Text)
	case !larger && l.kind != Retry:
		x.detail = fmt.Sprintf("The proxy gives up after %s, before the %s that the description allows: slower replies of %s fail.", x.shows.Text, x.says.Text, labelOf(x.call.To.V))
	}
}

// kindOf is the kind of source that a fact of the import comes from.
func (c *comparison) kindOf(call *model.Call, f model.Fact) string {
	if o := f.Source(); o != nil {
		if k := c.Shown.Policies[model.Addr(o.From)]; k != "" {
			return k
		}
	}
	return strongest(c.Shown.Edges[call.Addr]).Kind
}

func pathOf(l limit) string {
	if l.key == "" {
		return l.attr
	}
	return l.attr + "." + l.key
}

func edgeName(e *model.Call) string {
	return "the call from " + labelOf(e.Parent) + " to " + labelOf(e.To.V)
}

// meaning is what a changed limit does on this system.
func (c *comparison) meaning(x *difference, fact, shown model.Fact, larger bool) string {
	from, to := labelOf(x.call.Parent), labelOf(x.call.To.V)
	head := fmt.Sprintf("The %s of %s is %s; the description says %s.", x.limit.what, edgeName(x.call), x.shows.Text, x.says.Text)
	rate, known := c.rate(x.call.Addr)
	switch v := shown.Any().(type) {
	case time.Duration:
		was := fact.Any().(time.Duration)
		factor := float64(v) / float64(max(was, 1))
		switch {
		case larger && known:
			return head + fmt.Sprintf(" While %s hangs, each of %s holds a slot of %s %.2g times as long as was reckoned with.", to, perSecond(rate), from, factor)
		case larger:
			return head + fmt.Sprintf(" While %s hangs, each request holds a slot of %s %.2g times as long as was reckoned with.", to, from, factor)
		}
		return head + fmt.Sprintf(" Replies of %s that take longer than %s fail, although the description lets them through.", to, x.shows.Text)
	case int:
		if x.limit.kind != Retry || !larger {
			return head
		}
		if known && v < model.Unlimited {
			return head + fmt.Sprintf(" While %s fails, %s become up to %s there.", to, perSecond(rate), perSecond(rate*float64(v)))
		}
		return head + fmt.Sprintf(" While %s fails, up to %s times as many requests reach it.", to, x.shows.Text)
	}
	return head
}

// inWords is a value in a sentence.
func inWords(l limit, text string) string {
	if l.kind == Retry {
		return text + " tries"
	}
	return text
}

// plain is the value that accepting a difference writes.
func plain(shown model.Fact) any {
	switch v := shown.Any().(type) {
	case time.Duration:
		return duration(v)
	case *model.CircuitBreaker:
		return attributesOf(v)
	case int:
		if v == model.Unlimited {
			return "unlimited"
		}
		return v
	default:
		return v
	}
}

// group makes items of differences: what calls share, because they inherit it from one policy or because one line of the
// sources shows it, is one item.
func (c *comparison) group(diffs []*difference) {
	taking := c.takers()
	var keys []string
	sets := map[string][]*difference{}
	for _, x := range diffs {
		k := strings.Join([]string{x.limit.kind, from(x.object), x.shows.Text, x.advise}, "\x00")
		if x.inbound != "" {
			k = strings.Join([]string{x.limit.kind, "to", string(x.inbound), x.shows.Text}, "\x00")
		} else if from(x.object) == "" || x.shows.Place == "" && x.value != "none" {
			k = x.limit.kind + "\x00" + string(x.call.Addr)
		}
		if sets[k] == nil {
			keys = append(keys, k)
		}
		sets[k] = append(sets[k], x)
	}
	for _, k := range keys {
		set := sets[k]
		if p := set[0].inbound; p != "" && len(set) == c.reaching(p) {
			c.emit(set, p)
			continue
		}
		if p := from(set[0].object); p != "" && len(set) == taking[p+" "+set[0].limit.attr] && c.Model.Lookup(model.Addr(p)) != nil {
			c.emit(set, model.Addr(p))
			continue
		}
		for _, part := range byPlace(set) {
			c.emit(part, "")
		}
	}
}

// inboundOf is the described callee's inbound policy, where the import has the fact in one as well and the description's
// does not say anything about it.
func (c *comparison) inboundOf(call *model.Call, shown model.Fact) model.Addr {
	s, ok := c.Source.Lookup(c.byDesc[call.To.V]).(model.Worker)
	d, ok2 := c.Model.Lookup(call.To.V).(model.Worker)
	o := shown.Source()
	if !ok || !ok2 || o == nil || !s.Work().Inbound.Has() || string(s.Work().Inbound.V) != o.From || !d.Work().Inbound.Has() {
		return ""
	}
	return d.Work().Inbound.V
}

// reaching counts the calls that a policy is the inbound policy of.
func (c *comparison) reaching(policy model.Addr) int {
	n := 0
	each(c.Model, func(_ model.Entity, e *model.Call) {
		if w, ok := c.Model.Lookup(e.To.V).(model.Worker); ok && w.Work().Inbound.Has() && w.Work().Inbound.V == policy {
			n++
		}
	})
	return n
}

// byPlace splits differences by the place in the sources that shows them.
func byPlace(set []*difference) [][]*difference {
	slices.SortStableFunc(set, func(a, b *difference) int { return cmp.Compare(a.shows.Place, b.shows.Place) })
	var out [][]*difference
	for i, x := range set {
		if i > 0 && x.shows.Place != "" && x.shows.Place == set[i-1].shows.Place && x.call.To.V == set[i-1].call.To.V {
			out[len(out)-1] = append(out[len(out)-1], x)
		} else {
			out = append(out, []*difference{x})
		}
	}
	return out
}

// from is the policy that a described attribute is inherited from; empty where it stands on the call or nowhere.
func from(f model.Fact) string {
	if o := f.Source(); o != nil && f.Status() != model.Stated && strings.HasPrefix(o.From, "policy.") {
		return o.From
	}
	return ""
}
