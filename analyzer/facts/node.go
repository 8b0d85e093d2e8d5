package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// NodeFacts is any entity as the analyses of the whole see it: what reaches it when it fails, how loaded it is, whether
// anybody uses it, and what its statements contradict.
type NodeFacts struct {
	Type       string `fact:"type" doc:"kind of entity"`
	Kind       Word   `fact:"kind" doc:"the kind attribute of a client, gateway or datastore"`
	UserFacing Flag   `fact:"user_facing" doc:"a user waits for it, or for what it carries"`
	Financial  Flag   `fact:"financial" doc:"it, or something downstream of it, writes financial data"`
	Opaque     Flag   `fact:"opaque" doc:"a vendor box whose inside nobody can state"`

	Exposed      Flag    `fact:"exposed" doc:"somebody outside that anybody can be calls it, publishes to it or consumes from it, with no gateway of any kind in between"`
	ExposedCount float64 `fact:"exposed_count" unit:"count" doc:"services, topics and queues of the system that are exposed, vendor boxes left out"`
	OutsideReach

	NodeRetries
	NodeCapacity
	NodeUse

	Exposure
}

// NodeRetries is Q1 of a failing target.
type NodeRetries struct {
	ByClass       TriesByClass `fact:"amplification_by_class" doc:"F: attempts that reach it per request when it fails, per failure class"`
	LoadByClass   LoadByClass  `fact:"amplified_rate_by_class" doc:"L: attempts per second then, per failure class"`
	Amplification Num          `fact:"amplification" unit:"factor" doc:"F of the worst class"`
	Amplified     Num          `fact:"amplified_rate" unit:"rps" doc:"L of the worst class"`
	Classes       List         `fact:"amplification_classes" doc:"failure classes in which F is that large"`
	RetryLayers   Num          `fact:"retry_layers" unit:"count" doc:"most layers on one path to it that try the same failure class again"`
	RetryEdges    []RetryEdge  `fact:"retry_edges" doc:"calls that try again when it fails; empty if another target speaks for it"`
	CoveredBy     Word         `fact:"covered_by" doc:"the target whose retrying calls include all of its own; absent if it speaks for itself"`
	Covers        []string     `fact:"covers" doc:"targets that it speaks for"`
	StableRate    Num          `fact:"stable_rate" unit:"rps" doc:"L with what breakers, budgets and limits bound taken out (metastability test)"`
	StableUse     Num          `fact:"stable_utilisation" unit:"ratio" doc:"stable_rate over capacity"`
}

// LoadByClass are requests per second per failure class.
type LoadByClass struct {
	Connect Num `fact:"connect" unit:"rps" doc:"the request was not sent"`
	Server  Num `fact:"http_5xx" unit:"rps" doc:"it answers with errors of its own"`
	Timeout Num `fact:"timeout" unit:"rps" doc:"it does not answer in time"`
}

// RetryEdge is a call that tries again.
type RetryEdge struct {
	Addr     string  `fact:"addr" doc:"the call"`
	Attempts float64 `fact:"attempts" unit:"count" doc:"its tries over all layers, in the class in which they are most"`
	Own      float64 `fact:"own" unit:"count" doc:"tries of the caller itself, 1 if it does not try again"`
	From     string  `fact:"from" doc:"the policy that hands its retry down; empty if the call writes it, or does not try again"`
	Mesh     string  `fact:"mesh" doc:"the mesh that tries again as well; empty if none does"`
	Policy   string  `fact:"mesh_policy" doc:"policy of that mesh; empty if it has none"`
	Last     bool    `fact:"last" doc:"it calls the target itself"`
}

// NodeCapacity is Q5 of an entity with a capacity.
type NodeCapacity struct {
	Rate         Num `fact:"rate" unit:"rps" doc:"what reaches it"`
	Capacity     Num `fact:"capacity" unit:"rps" doc:"what all its replicas together can serve"`
	RPSLimit     Num `fact:"rps_limit" unit:"rps" doc:"contractual limit of an external"`
	Replicas     Num `fact:"replicas" unit:"count" doc:"copies that run"`
	Zones        Num `fact:"zones" unit:"count" doc:"zones it is spread over"`
	Utilisation  Num `fact:"utilisation" unit:"ratio" doc:"ρ: rate over capacity"`
	ZoneLoss     Num `fact:"utilisation_zone_loss" unit:"ratio" doc:"ρz: the same after the fullest zone is lost"`
	AtMax        Num `fact:"utilisation_at_max" unit:"ratio" doc:"ρ at scale.max replicas; absent without autoscaling"`
	ZoneLossMax  Num `fact:"utilisation_zone_loss_at_max" unit:"ratio" doc:"ρz at scale.max replicas; absent without autoscaling"`
	RecReplicas  Num `fact:"rec_replicas" unit:"count" doc:"smallest number of replicas with ρ ≤ 0.7 and ρz < 0.8 over the stated zones"`
	Availability Num `fact:"availability" unit:"ratio" doc:"its own availability (Q3)"`
}

// NodeUse is who uses an entity.
type NodeUse struct {
	EdgesIn    Num  `fact:"edges_in" unit:"count" doc:"calls, publishes and consumes that lead to it or take from it"`
	EdgesOut   Num  `fact:"edges_out" unit:"count" doc:"calls, publishes and consumes that start at it"`
	Publishers Num  `fact:"publishers" unit:"count" doc:"publishes into a topic or queue, whoever makes them"`
	Consumers  Num  `fact:"consumers" unit:"count" doc:"consumes out of a topic or queue"`
	DeadLetter Flag `fact:"dead_letter" doc:"it takes the dead letters of something"`
	Backplane  Flag `fact:"backplane" doc:"it is the backplane of an api, keeps a read model in step, or an event store publishes to it"`
	Outside    Flag `fact:"outside_publisher" doc:"a client, an external or a datastore publishes to it"`
}

func (f *Facts) nodeDocuments() []Document {
	var out []Document
	parts := f.directParts()
	count := float64(len(parts.addrs))
	covers := map[int32][]string{}
	for i, by := range f.covered {
		if by >= 0 {
			covers[by] = append(covers[by], string(f.g.ents[i].addr))
		}
	}
	uses := f.channelUses()
	for i := range f.g.ents {
		x := &f.g.ents[i]
		n := f.nodeFacts(int32(i), uses)
		n.ExposedCount = count
		n.OutsideReach, n.Exposed = f.outsideReach(int32(i), parts)
		if n.Covers = covers[int32(i)]; n.Covers == nil {
			n.Covers = []string{}
		}
		slices.Sort(n.Covers)
		out = append(out, Document{Addr: x.addr, Subject: n})
	}
	add := func(e model.Entity) { // declared things without edges
		b, gone := e.Self(), Absent()
		n := &NodeFacts{Type: string(b.Kind), UserFacing: Yes(false), Exposed: Yes(false), ExposedCount: count, NodeRetries: noRetries()}
		n.OutsideReach = OutsideReach{DirectFrom: []string{}, DirectEdges: []string{}, DirectParts: parts.addrs, DirectCalls: parts.calls, Gateways: []string{}}
		n.NodeCapacity = NodeCapacity{gone, gone, gone, gone, gone, gone, gone, gone, gone, gone, gone}
		n.NodeUse = NodeUse{EdgesIn: Exact(0), EdgesOut: Exact(0), Publishers: gone, Consumers: gone}
		n.Exposure = Exposure{
			Blast: Exact(0), Rated: Yes(f.paths.cov.Rated), JourneysAll: Exact(float64(f.paths.cov.Listed)), JourneysLost: Exact(0), Journeys: []string{}, HardCallers: Exact(0), CachedBy: Exact(0), SingleCopy: Yes(false), Outage: noOutage(),
			Connected: Yes(f.connected(b.Addr)), Contradicts: []Contradiction{}, Unsupported: f.unsupported(b.Addr),
		}
		out = append(out, Document{Addr: b.Addr, Subject: n})
	}
	for _, p := range f.m.Policies {
		add(p)
	}
	for _, m := range f.m.Meshes {
		add(m)
	}
	for _, t := range f.m.Transactions {
		add(t)
	}
	return out
}

func (f *Facts) nodeFacts(i int32, uses *channelUses) *NodeFacts {
	x := &f.g.ents[i]
	end := f.end(i)
	n := &NodeFacts{
		Type: string(x.kind), Kind: end.Kind, UserFacing: Yes(f.userFacing(i)), Financial: end.Financial, Opaque: end.Opaque, Exposure: f.exposure(i),
	}
	n.NodeRetries = f.nodeRetries(i)
	n.NodeCapacity = f.nodeCapacity(i, end)
	n.NodeUse = f.nodeUse(i, uses)
	return n
}

// userFacing: a user waits for the entity; for a topic or queue, a user's request publishes to it.
func (f *Facts) userFacing(i int32) bool {
	switch f.g.ents[i].kind {
	case model.KindTopic, model.KindQueue, model.KindBroker:
		return f.g.anyPair(i, f.k.user, true)
	}
	return f.g.anyPair(i, f.k.waits, false)
}

func noRetries() NodeRetries {
	one := Exact(1)
	gone := Absent()
	return NodeRetries{
		ByClass: TriesByClass{one, one, one}, LoadByClass: LoadByClass{gone, gone, gone}, Amplification: one, Amplified: gone,
		Classes: List{State: model.Derived, V: []string{}}, RetryLayers: Exact(0), RetryEdges: []RetryEdge{}, Covers: []string{},
		StableRate: gone, StableUse: gone,
	}
}

func (f *Facts) nodeRetries(i int32) NodeRetries {
	r := noRetries()
	a := f.amp[i]
	if a == nil {
		return r
	}
	r.ByClass = TriesByClass{a.f[0].num(), a.f[1].num(), a.f[2].num()}
	r.LoadByClass = LoadByClass{a.load[0].num(), a.load[1].num(), a.load[2].num()}
	w, k := worst(a.f)
	r.Amplification, r.Amplified = w.num(), a.load[k].num()
	for j := range classes {
		if a.f[j].v == w.v {
			r.Classes.V = append(r.Classes.V, model.FailureClasses[j])
		}
	}
	r.RetryLayers = Exact(float64(a.layers))
	r.StableRate, r.StableUse = a.stable.num(), a.stable.div(f.capacity[i]).num()
	if by := f.covered[i]; by >= 0 {
		r.CoveredBy = Is(string(f.g.ents[by].addr))
	} else if f.multiplied(i) {
		for _, id := range f.retryEdges(i) {
			r.RetryEdges = append(r.RetryEdges, f.retryEdge(id, i))
		}
	}
	return r
}

func (f *Facts) retryEdge(id, target int32) RetryEdge {
	e := &f.g.edges[id]
	out := RetryEdge{Addr: string(e.addr), Attempts: math.Min(e.attempts(), math.MaxFloat64), Own: 1, Last: e.to == target}
	for _, l := range e.layers {
		if l.at != "mesh" {
			out.Own = math.Min(l.attempts, math.MaxFloat64)
			out.From = e.call.Retry.From()
			continue
		}
		out.Mesh = string(e.call.Mesh)
		if m, ok := f.m.Lookup(e.call.Mesh).(*model.Mesh); ok && m.Policy.Has() {
			out.Policy = string(m.Policy.V)
		}
	}
	return out
}

func (f *Facts) nodeCapacity(i int32, end *End) NodeCapacity {
	x := f.g.ents[i].of
	rate := f.rate[i]
	c := NodeCapacity{
		Rate: rate.num(), Capacity: f.capacity[i].num(), RPSLimit: end.RPSLimit, Replicas: end.Replicas, Zones: end.Zones,
		Utilisation: rate.div(f.capacity[i]).num(), ZoneLoss: Absent(), AtMax: Absent(), ZoneLossMax: Absent(), RecReplicas: Absent(),
		Availability: end.Availability,
	}
	w, ok := x.(model.Worker)
	if !ok {
		return c
	}
	zones := zonesOf(w).interval(string(f.g.ents[i].addr) + ".scale.zones")
	per := capacityPerReplica(w)
	one := point(per)
	if per == 0 {
		one = open(string(f.g.ents[i].addr) + ".scale.capacity")
	}
	n := replicasOf(w).interval(string(f.g.ents[i].addr) + ".scale.replicas")
	c.ZoneLoss = rate.div(survivors(n, zones).mul(one)).num()
	if most := maxReplicasOf(w); most.HasValue() {
		at := point(most.V)
		c.AtMax = rate.div(at.mul(one)).num()
		c.ZoneLossMax = rate.div(survivors(at, zones).mul(one)).num()
	}
	if per > 0 && rate.known() {
		z := 1
		if zones.known() {
			z = int(zones.v)
		}
		if n := LeastReplicas(rate.v, per, z, f.params.UtilisationWarn, f.params.UtilisationHigh); n > 0 {
			c.RecReplicas = Exact(float64(n))
		}
	}
	return c
}

// survivors are the replicas left after the fullest of z zones is lost: n − ⌈n/z⌉; missing for a single zone or a single copy, which
// takes everything with it and is another finding's. Over zones that nobody counts, half of them are left at least, rounded down.
func survivors(n, z interval) interval {
	switch {
	case z.known() && z.v < 2 || n.known() && n.hi < 2: // one copy stands in one zone
		return missing
	case !z.known() || !n.known():
		out := open().with(n, math.Floor(n.lo/2), nan, n.hi)
		return out.with(z, out.lo, nan, out.hi)
	}
	left := func(n float64) float64 { return n - math.Ceil(n/z.v) }
	return n.apply(left)
}
