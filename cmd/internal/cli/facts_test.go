package cli

import (
	"bytes"
	"strings"
	"testing"
)

// TestFactsKeepTheirStatesInSight: a long list stands alone, its state below it in the column of the others.
func TestFactsKeepTheirStatesInSight(t *testing.T) {
	long := strings.Repeat("x", widestValue+1)
	var b bytes.Buffer
	writeFacts(&b, []factRow{
		{"rate", "200/s", "derived", ""},
		{"covers", long, "unknown", "needs service.a.scale"},
		{"journeys", long, "", ""},
		{"p99", "1 s", "stated", ""},
	})
	want := `  rate      200/s  derived
  covers    ` + long + `
                   unknown  needs service.a.scale
  journeys  ` + long + `
  p99       1 s    stated
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}
