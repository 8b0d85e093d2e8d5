package policies_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The known answers of the worked example for messaging, computed by hand: severities are the cards', before modifiers.
func TestShopMessaging(t *testing.T) {
	_, got := shopResults(t, "MSG-")
	want := []string{
		"MSG-002 topic.order_placed question high", // copies are unknown; acks = all and 7 days come with kafka
		"MSG-006 service.notifications.consume.emails question high",
		"MSG-011 queue.emails violation high",
		"MSG-012 service.notifications.consume.emails risk high",          // 30 s < 10 · 6 s, but not < 10 · 1 s
		"MSG-013 service.notifications.consume.emails violation critical", // 2 slots / 3 s = 0.67/s of 80/s
		"MSG-013 service.notifications.consume.order_placed question critical",
		"MSG-017 queue.emails question medium", // the shop's clients have a deadline
		"MSG-030 service.notifications.consume.emails question high",
		"MSG-030 service.notifications.consume.order_placed violation high",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
