package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// MeshFacts is a service mesh with its members and what they carry.
type MeshFacts struct {
	*model.Mesh
	MemberCount  Num      `fact:"member_count" unit:"count" doc:"services in it"`
	Services     Num      `fact:"services" unit:"count" doc:"services of the whole system"`
	Teams        []string `fact:"teams" doc:"stated teams of its members"`
	UserFacing   Flag     `fact:"user_facing" doc:"a user waits for a member"`
	Proxies      Num      `fact:"proxies" unit:"count" doc:"copies of all members: sidecars that run"`
	Data         []string `fact:"data" doc:"classes of data in the stores that members use"`
	DataMembers  []string `fact:"data_members" doc:"members that use a store of tagged data"`
	NoLimit      []string `fact:"calls_without_limit" doc:"calls between members that have neither timeout nor deadline"`
	LimitUnknown []string `fact:"calls_limit_unknown" doc:"calls between members of which nobody knows"`
	PolicyLimit  Num      `fact:"policy_timeout" unit:"ms" doc:"timeout of its policy; absent without one"`
	PlaneCopies  Num      `fact:"control_plane_replicas" unit:"count" doc:"copies of its control plane; absent while none is stated"`
}

func (f *Facts) meshDocuments() []Document {
	var out []Document
	for _, m := range f.m.Meshes {
		out = append(out, Document{Addr: m.Addr, Subject: f.meshFacts(m)})
	}
	return out
}

func (f *Facts) meshFacts(m *model.Mesh) *MeshFacts {
	out := &MeshFacts{
		Mesh: m, MemberCount: Exact(float64(len(m.Members.V))), Services: Exact(float64(len(f.m.Services))), UserFacing: Yes(false),
		PolicyLimit: Absent(), PlaneCopies: Absent(),
	}
	if p, ok := f.m.Lookup(m.Policy.Or("")).(*model.Policy); ok {
		out.PolicyLimit = MillisOf(p.Timeout)
	}
	if c := valueOf(m.ControlPlane); c != nil {
		out.PlaneCopies = NumOf(c.Replicas)
	}
	in := map[int32]bool{}
	for _, a := range m.Members.V {
		in[f.g.ent(a)] = true
	}
	proxies := zero
	var data, teams []string
	for _, a := range m.Members.V {
		e := f.g.ent(a)
		if e < 0 {
			continue
		}
		x := &f.g.ents[e]
		proxies = proxies.add(replicasOf(x.of).interval(string(a) + ".scale.replicas"))
		teams = append(teams, x.of.Self().Team.Or(""))
		out.UserFacing.V = out.UserFacing.V || f.userFacing(e)
		tagged := false
		for _, id := range x.out {
			k := &f.g.edges[id]
			if d, ok := f.g.ents[k.to].of.(*model.Datastore); ok && k.call != nil {
				data, tagged = append(data, d.Data.V...), tagged || len(d.Data.V) > 0
			}
			if k.call == nil || !in[k.to] {
				continue
			}
			switch l := f.t.limit[id]; {
			case l.absent():
				out.NoLimit = append(out.NoLimit, string(k.addr))
			case !l.known():
				out.LimitUnknown = append(out.LimitUnknown, string(k.addr))
			}
		}
		if tagged {
			out.DataMembers = append(out.DataMembers, string(a))
		}
	}
	out.Proxies, out.Data, out.Teams = proxies.num(), compact(data), compact(teams)
	out.DataMembers, out.NoLimit, out.LimitUnknown = compact(out.DataMembers), compact(out.NoLimit), compact(out.LimitUnknown)
	return out
}
