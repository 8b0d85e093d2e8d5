package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// scaleOf is the scale object of any entity, nil where there is none.
func scaleOf(e model.Entity) *model.Scale {
	var v model.Value[*model.Scale]
	switch x := e.(type) {
	case model.Worker:
		v = x.Work().Scale
	case *model.Datastore:
		v = x.Scale
	case *model.Broker:
		v = x.Scale
	case *model.Registry:
		v = x.Scale
	}
	if !v.Has() {
		return nil
	}
	return v.V
}

// replicasOf are the copies that run: as stated, or between min and max where only these are.
func replicasOf(e model.Entity) Num {
	s := scaleOf(e)
	switch {
	case s == nil:
		return Unknown(1)
	case s.Replicas.Has():
		return NumOf(s.Replicas)
	case s.Min.Has() && s.Max.Has():
		return Between(float64(s.Min.V), float64(s.Min.V), float64(s.Max.V))
	case s.Min.Has():
		return Between(float64(s.Min.V), float64(s.Min.V), inf)
	}
	return Unknown(1)
}

func zonesOf(e model.Entity) Num {
	if s := scaleOf(e); s != nil && s.Zones.Has() {
		return NumOf(s.Zones)
	}
	return Unknown(1)
}

func maxReplicasOf(e model.Entity) Num {
	if s := scaleOf(e); s != nil {
		return NumOf(s.Max)
	}
	return Absent()
}

func concurrencyOf(e model.Entity) Num {
	if s := scaleOf(e); s != nil && s.Concurrency.Has() {
		return NumOf(s.Concurrency)
	}
	return Unknown(1)
}

// capacityOf is what an entity can serve: replicas times capacity, a datastore's own total.
func capacityOf(e model.Entity) interval {
	addr := string(e.Self().Addr)
	if d, ok := e.(*model.Datastore); ok {
		if d.Capacity.Has() {
			return point(d.Capacity.V)
		}
		return open(addr + ".capacity")
	}
	if _, ok := e.(model.Worker); !ok {
		return missing
	}
	s := scaleOf(e)
	if s == nil || !s.Capacity.Has() {
		return open(addr + ".scale.capacity")
	}
	return replicasOf(e).interval(addr + ".scale.replicas").scale(s.Capacity.V)
}

// latencyOf is the observed latency of an entity, downstream included; nil where nothing is stated.
func latencyOf(e model.Entity) *model.Latency {
	var v model.Value[*model.Latency]
	switch x := e.(type) {
	case model.Worker:
		v = x.Work().Latency
	case *model.Datastore:
		v = x.Latency
	case *model.External:
		v = x.Latency
	}
	if !v.Has() {
		return nil
	}
	return v.V
}

// timesOf are the percentiles and the mean of an entity's latency in milliseconds.
type timesOf struct {
	p50, p99, mean interval
	nine           interval // the 99.9th percentile
	stated99       bool     // the p99 is stated, not extrapolated
}

// timesFrom reads a latency object; what is missing of p50 and p99 follows from the tail ratio, the mean from both or
// from the mean share (rules.md §2.4, Q5).
func (a *assume) timesFrom(l *model.Latency, need string) timesOf {
	t := timesOf{p50: open(need + ".p50"), p99: open(need + ".p99"), mean: open(need + ".p99")}
	if l == nil {
		t.nine = t.tail()
		return t
	}
	t.stated99 = l.P99.Has()
	p50, p99 := MillisOf(l.P50), MillisOf(l.P99)
	switch {
	case l.P50.Has() && l.P99.Has():
		t.p50, t.p99, t.mean = point(p50.V), point(p99.V), point(MeanLatency(p50.V, p99.V))
	case l.P99.Has():
		t.p99, t.p50, t.mean = point(p99.V), point(p99.V).div(a.tailRatio), point(p99.V).mul(a.meanShare)
	case l.P50.Has():
		t.p50, t.p99 = point(p50.V), point(p50.V).mul(a.tailRatio)
		t.mean = a.tailRatio.apply(func(ratio float64) float64 { return MeanLatency(p50.V, p50.V*ratio) })
	}
	t.nine = t.tail()
	if l.P999.Has() {
		t.nine = point(MillisOf(l.P999).V)
	}
	return t
}

// tail extrapolates to the 99.9th percentile, where nobody states it.
func (t timesOf) tail() interval {
	out := t.p99.with(t.p50, P999(t.p50.hi, t.p99.lo), nan, P999(t.p50.lo, t.p99.hi))
	if !t.p99.known() {
		out.lo, out.hi, out.needs = 0, inf, t.p99.needs // without a p50 the tail ratio helps, without a p99 nothing does
		return out
	}
	// Where only one percentile is stated the other moves with it: take the tail ratio's ends together.
	out.v = P999(t.p50.v, t.p99.v)
	out.lo, out.hi = math.Min(out.lo, out.v), math.Max(out.hi, out.v)
	return out
}

// assume holds the default assumptions in force (rules.md §2.4); a stated one has no range and is no assumption.
type assume struct {
	instance, commonCause, replicas, storeMulti, storeSingle, external, tailRatio, meanShare interval
	rttZone, rttCrossZone, rttWan, rttCellular, proxy, peak, outage, deploys                 interval
}

func newAssume(m *model.Model) *assume {
	var s model.Assume
	if m.System != nil && m.System.Assume.Has() && m.System.Assume.V != nil {
		s = *m.System.Assume.V
	}
	num := func(v model.Value[float64], lo, def, hi float64, bit Assumptions) interval {
		if v.Has() {
			return point(v.V)
		}
		return interval{lo: lo, v: def, hi: hi, as: bit}
	}
	a := &assume{
		instance:    num(s.InstanceAvailability, 0.99, 0.995, 0.9995, AssumeInstanceAvailability),
		commonCause: num(s.CommonCause, 0.02, 0.02, 0.2, AssumeCommonCause),
		replicas:    interval{lo: 1, v: 2, hi: inf, as: AssumeReplicas},
		storeMulti:  num(s.StoreMultiZone, 0.99, 0.9995, 0.9999, AssumeStoreMultiZone),
		storeSingle: num(s.StoreSingleZone, 0.99, 0.995, 0.9999, AssumeStoreSingleZone),
		external:    num(s.ExternalAvailability, 0.99, 1, 1, AssumeExternalAvailability),
		tailRatio:   num(s.TailRatio, 2, 4, 10, AssumeTailRatio),
		meanShare:   num(s.MeanShare, 1.0/6, 0.5, 1, AssumeMeanShare),
		peak:        num(s.PeakToMean, 1.5, 3, 10, AssumePeakToMean),
		deploys:     num(s.DeploysPerWeek, 5, 5, 5, AssumeDeploysPerWeek),
	}
	if s.Replicas.Has() {
		a.replicas = point(float64(s.Replicas.V))
	}
	ms := func(n Num, lo, def, hi float64, bit Assumptions) interval {
		if n.HasValue() {
			return point(n.V)
		}
		return interval{lo: lo, v: def, hi: hi, as: bit}
	}
	a.rttZone = ms(MillisOf(s.RTTInZone), 0.3, 0.3, 0.3, AssumeRTTInZone)
	a.rttCrossZone = ms(MillisOf(s.RTTCrossZone), 1, 1, 1, AssumeRTTCrossZone)
	a.rttWan = ms(MillisOf(s.RTTWan), 60, 60, 60, AssumeRTTWan)
	a.rttCellular = ms(MillisOf(s.RTTCellular), 120, 120, 120, AssumeRTTCellular)
	a.proxy = ms(MillisOf(s.ProxyOverhead), 0.5, 3, 10, AssumeProxyOverhead)
	a.outage = ms(MillisOf(s.ConsumerOutage), 1*day, 3*day, 7*day, AssumeConsumerOutage)
	return a
}

// Durations in milliseconds.
const (
	second = 1000.0
	minute = 60 * second
	day    = 24 * 60 * minute
)
