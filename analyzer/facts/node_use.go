package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// channelUses says what topics and queues are used for beside publishing.
type channelUses struct {
	deadLetter map[model.Addr]bool
	backplane  map[model.Addr]bool
	consumers  map[model.Addr]int
}

func (f *Facts) channelUses() *channelUses {
	u := &channelUses{deadLetter: map[model.Addr]bool{}, backplane: map[model.Addr]bool{}, consumers: map[model.Addr]int{}}
	f.m.Each(func(e model.Entity) {
		switch x := e.(type) {
		case *model.Queue:
			u.deadLetter[x.DeadLetter.Or("")] = true
		case *model.Consume:
			u.deadLetter[x.DeadLetter.Or("")] = true
			u.consumers[x.From.V]++
		case *model.API:
			u.backplane[x.Backplane.Or("")] = true
		case *model.Service:
			if x.CQRS.Has() && x.CQRS.V != nil {
				u.backplane[model.Addr(x.CQRS.V.Sync.Or(""))] = true
			}
			if x.EventSourcing.Has() && x.EventSourcing.V != nil {
				u.backplane[x.EventSourcing.V.Publishes.Or("")] = true
			}
		}
	})
	return u
}

func (f *Facts) nodeUse(i int32, uses *channelUses) NodeUse {
	x := &f.g.ents[i]
	_, _, cons := edgesOf(x.of)
	u := NodeUse{EdgesOut: Exact(float64(len(x.out) + len(cons))), Publishers: Absent(), Consumers: Absent()}
	in := len(x.ins)
	if x.kind == model.KindTopic || x.kind == model.KindQueue {
		outside := false
		for _, id := range x.ins {
			switch f.g.ents[f.g.edges[id].from].kind {
			case model.KindClient, model.KindExternal, model.KindDatastore:
				outside = true
			}
		}
		consumers := uses.consumers[x.addr]
		u.Publishers, u.Consumers, u.Outside = Exact(float64(in)), Exact(float64(consumers)), Yes(outside)
		in += consumers
	}
	u.EdgesIn = Exact(float64(in))
	u.DeadLetter, u.Backplane = Yes(uses.deadLetter[x.addr]), Yes(uses.backplane[x.addr])
	return u
}
