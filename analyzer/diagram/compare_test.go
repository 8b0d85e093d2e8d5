package diagram

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/archcheck/archcheck/analyzer/report"
)

func TestComparison(t *testing.T) {
	fact := func(v any, text string) report.Fact { return report.Fact{Value: v, Text: text, State: "derived"} }
	for _, c := range []struct {
		title string
		facts map[string]report.Fact
		want  string
	}{
		{"Too short", map[string]report.Fact{"limit": fact(600.0, "600ms"), "p99": fact(950.0, "950ms")}, "600 ms < p99 950 ms"},
		// A comparison that is not true is not what the finding compared.
		{"Too short", map[string]report.Fact{"limit": fact(800.0, "800ms"), "p99": fact(700.0, "700ms"), "needed": fact(1300.0, "1.3s")}, "800 ms < 1.3 s"},
		{"One part spends it", map[string]report.Fact{"availability": fact(0.9995, "99.95%"), "objective": fact(0.999, "99.9%")}, "one part spends it"},
		{"No value", map[string]report.Fact{"rate": {Text: "unknown", State: "unknown"}, "load_when_failing": fact(2520.0, "2,520/s")}, "no value"},
		{"X", map[string]report.Fact{"rate": fact(80.0, "80/s"), "load_when_failing": fact(2520.0, "2,520/s")}, "80/s -> 2,520/s"},
		{"X", map[string]report.Fact{"waiting_requests": fact(109.0, "109"), "slots": fact(32.0, "32")}, "hang: 109 of 32 slots"},
		{"State and event are two writes", nil, "state and event are|two writes"},
		{"mTLS is missing between these two services and nobody else noticed it either", nil, "mTLS is missing|between these two|services and no..."},
	} {
		f := &report.Finding{Title: c.title, Facts: c.facts}
		if got := strings.Join(comparison(f), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", c.title, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		share(0.004):                     "<1 %",
		share(0.999):                     ">99 %",
		share(1):                         "100 %",
		duration(600 * time.Millisecond): "600 ms",
		cut("abcdefghij", 8):             "abcde...",
		withTail("browse", "x"):          "browse x",
		middle("payment-reconciliation-europe-west", 24): "payment-reconc...pe-west",
		list([]string{"a", "b", "c"}, 2):                 "a, b and 1 more",
		listWithin(10, []string{"browse", "checkout"}):   "browse +1",
		oneLine("a\u202eb\nc\x00d"):                      "ab c d",
		ElementID(`service.a"b`):                         "service.a%22b",
		ElementID("service.a%22b"):                       "service.a%2522b",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestSpread: replicas go round the zones; a zone that gets none is not drawn.
func TestSpread(t *testing.T) {
	for _, c := range []struct {
		replicas, zones int
		want            string
	}{{4, 3, "[2 1 1]"}, {6, 3, "[2 2 2]"}, {1, 2, "[1]"}, {0, 2, "[]"}, {2, 0, "[]"}} {
		if got := fmt.Sprint(spread(c.replicas, c.zones)); got != c.want {
			t.Errorf("%d replicas in %d zones: %s, want %s", c.replicas, c.zones, got, c.want)
		}
	}
}
