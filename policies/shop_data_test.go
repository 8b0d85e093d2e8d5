package policies_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/archcheck/archcheck/analyzer"
)

// The known answers of the worked example for data patterns, computed by hand: 80 checkouts a second over steps that take
// 2.65 s at worst. Charging is the last step, so nothing has to undo it.
func TestShopData(t *testing.T) {
	raws, got := shopResults(t, "DAT-")
	want := []string{
		"DAT-021 transaction.checkout.step.reserve violation high",
		"DAT-022 transaction.checkout.step.charge question high",
		"DAT-022 transaction.checkout.step.reserve question high",
		"DAT-024 transaction.checkout violation high",
		"DAT-028 transaction.checkout violation high",   // 2.65 s > 1 s
		"DAT-029 transaction.checkout violation medium", // 80/s · 2.65 s = 212 at once
		"DAT-030 service.orders.publish.placed violation critical",
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for id, text := range map[string]string{
		"DAT-024": "A restart of orders forgets the sagas under way, 212 at a time",
		"DAT-028": "A user can wait 2.65 s for all steps of this saga, and 1 s is the objective.",
		"DAT-029": "At 80/s and 2.65 s each, 212 of these sagas are under way at once on catalog_db and payments_db",
		"DAT-030": "One outage of 30 s costs 2,400 messages that notifications never gets.",
	} {
		if i := slices.IndexFunc(raws, func(r analyzer.Raw) bool { return r.Card.ID == id }); i < 0 || !strings.Contains(raws[i].Detail, text) {
			t.Errorf("%s does not say %q", id, text)
		}
	}
}
