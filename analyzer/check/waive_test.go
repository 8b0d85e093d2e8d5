package check

import (
	"slices"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

func waiver(rule, subject, expires string, most int) *model.Waiver {
	w := &model.Waiver{Block: model.Block{Label: rule, Addr: model.Addr("waiver." + rule + "@" + subject)}}
	w.Subject, w.Expires = model.Value[string]{V: subject, State: model.Stated}, model.Value[string]{V: expires, State: model.Stated}
	if most > 0 {
		w.MaxMatches = model.Value[int]{V: most, State: model.Stated}
	}
	return w
}

func on(rule string, subjects ...model.Addr) []*analyzer.Finding {
	var out []*analyzer.Finding
	for _, s := range subjects {
		out = append(out, &analyzer.Finding{Rule: rule, Subject: s})
	}
	return out
}

func TestWaiverStates(t *testing.T) {
	fires := on("A-001", "service.c", "service.a", "service.b")
	hidden := &analyzer.Finding{Rule: "B-001", Subject: "service.a", Subsumes: []string{"C-001@service.a"}}
	cards := map[string]*analyzer.Card{"A-001": {ID: "A-001"}, "B-001": {ID: "B-001"}, "C-001": {ID: "C-001"}, "D-001": {ID: "D-001", Unwaivable: true}}
	for _, c := range []struct {
		name    string
		w       *model.Waiver
		state   string
		days    int
		matches int
		waived  []model.Addr
	}{
		{"active", waiver("A-001", "service.a", "2027-01-31", 0), "active", 70, 1, []model.Addr{"service.a"}},
		{"fifteen days left", waiver("A-001", "service.a", "2026-12-07", 0), "active", 15, 1, []model.Addr{"service.a"}},
		{"fourteen days left", waiver("A-001", "service.a", "2026-12-06", 0), "expiring", 14, 1, []model.Addr{"service.a"}},
		{"on its last day", waiver("A-001", "service.a", "2026-11-22", 0), "expiring", 0, 1, []model.Addr{"service.a"}},
		{"a day later", waiver("A-001", "service.a", "2026-11-21", 0), "expired", -1, 1, nil},
		{"a wildcard", waiver("A-001", "service.*", "2027-01-31", 3), "active", 70, 3, []model.Addr{"service.a", "service.b", "service.c"}},
		{"more than it may, by address", waiver("A-001", "service.*", "2027-01-31", 2), "active", 70, 3, []model.Addr{"service.a", "service.b"}},
		{"nothing there", waiver("A-001", "service.z", "2027-01-31", 0), "unmatched", 70, 0, nil},
		{"another finding stands for it", waiver("C-001", "service.a", "2027-01-31", 0), "active", 70, 0, nil},
		{"it cannot be waived", waiver("D-001", "service.a", "2027-01-31", 0), "refused", 70, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, f := range fires {
				f.Waiver, f.Expired = nil, nil
			}
			m := &model.Model{Waivers: []*model.Waiver{c.w}}
			m.Index()
			s := &scene{m: m, opt: Options{Today: "2026-11-22"}}
			st := s.waive(append(slices.Clone(fires), hidden), cards)[0]
			var waived []model.Addr
			for _, f := range fires {
				if f.Waiver != nil {
					waived = append(waived, f.Subject)
				}
			}
			slices.Sort(waived)
			if st.State != c.state || st.Days != c.days || len(st.Matches) != c.matches || !slices.Equal(waived, c.waived) {
				t.Errorf("%s, %d days, %v, accepts %v", st.State, st.Days, st.Matches, waived)
			}
		})
	}
}

// Of several waivers on one finding the one that is in force accepts it; that another has ended is no news then.
func TestSeveralWaivers(t *testing.T) {
	fires := on("A-001", "service.a")
	m := &model.Model{Waivers: []*model.Waiver{
		waiver("A-001", "service.a", "2027-01-31", 0), waiver("A-001", "service.*", "2026-01-31", 5), waiver("A-001", "*", "2027-03-31", 9),
	}}
	m.Index()
	states := (&scene{m: m, opt: Options{Today: "2026-11-22"}}).waive(fires, map[string]*analyzer.Card{"A-001": {ID: "A-001"}})
	if f := fires[0]; f.Waiver == nil || f.Expired != nil {
		t.Errorf("waived by %v, ended %v", f.Waiver, f.Expired)
	}
	if states[0].State != "active" || states[1].State != "expired" || states[2].State != "active" {
		t.Errorf("%+v", states)
	}
}

// An ended waiver has a finding of its own only where what it accepted is gone.
func TestEndedWaivers(t *testing.T) {
	cards := map[string]*analyzer.Card{"A-001": {ID: "A-001"}, "B-001": {ID: "B-001"}, "C-001": {ID: "C-001"}, "W-001": {ID: "W-001"}}
	for _, c := range []struct {
		name, rule, subject string
		told                bool
	}{
		{"its finding is gone", "A-001", "service.b", true},
		{"its finding is back", "A-001", "service.a", false},
		{"its finding is behind another", "C-001", "service.a", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := waiver(c.rule, c.subject, "2026-11-21", 0)
			m := &model.Model{Waivers: []*model.Waiver{w}}
			m.Index()
			s := &scene{m: m, opt: Options{Today: "2026-11-22"}}
			findings := append(on("A-001", "service.a"), &analyzer.Finding{Rule: "W-001", Subject: w.Addr},
				&analyzer.Finding{Rule: "B-001", Subject: "service.a", Subsumes: []string{"C-001@service.a"}})
			left := dropAnswered(slices.Clone(findings), s.waive(findings, cards))
			if told := len(left) == len(findings); told != c.told {
				t.Errorf("%d of %d findings left", len(left), len(findings))
			}
		})
	}
}

func TestNearestAddress(t *testing.T) {
	m := &model.Model{Services: []*model.Service{{Block: model.Block{Addr: "service.orders"}}, {Block: model.Block{Addr: "service.storefront"}}}}
	m.Index()
	s := &scene{m: m}
	for _, c := range []struct {
		name, subject string
		fires         []model.Addr
		want          string
	}{
		{"a slip of the hand", "journey.web.chekout", []model.Addr{"journey.web.checkout", "journey.web.browse"}, "journey.web.checkout"},
		{"one thing renamed", "service.shop.call.db", []model.Addr{"service.storefront.call.db", "service.storefront.call.x"}, "service.storefront.call.db"},
		{"two that it may be", "service.shop.call.db", []model.Addr{"service.storefront.call.db", "service.orders.call.db"}, ""},
		{"another kind", "service.shop.call.db", []model.Addr{"service.storefront.publish.db"}, ""},
		{"the rule fires nowhere", "service.order", nil, "service.orders"},
		{"it is still there", "service.orders", []model.Addr{"service.storefront"}, ""},
		{"a wildcard", "service.shop.*", []model.Addr{"service.shop.call.a"}, ""},
	} {
		if got := s.nearestAddr(on("A-001", c.fires...), waiver("A-001", c.subject, "2027-01-31", 0)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// An entry is stale where the run looked and found nothing, not where it did not look.
func TestStale(t *testing.T) {
	cards := map[string]*analyzer.Card{"A-001": {ID: "A-001"}, "B-001": {ID: "B-001"}, "C-001": {ID: "C-001"}}
	base := map[string]analyzer.Severity{"A-001@service.a": 1, "A-001@service.gone": 1, "B-001@service.a": 1, "C-001@service.a": 1, "GONE-001@service.a": 1}
	findings := on("A-001", "service.a")
	findings[0].Subsumes = []string{"C-001@service.a"}
	m := &model.Model{}
	m.Index()
	s := &scene{m: m, opt: Options{Baseline: base, Skip: []string{"B-001"}}}
	if got, want := s.stale(findings, cards), []string{"A-001@service.gone", "GONE-001@service.a"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
