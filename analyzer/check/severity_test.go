package check

import (
	"testing"

	"github.com/archcheck/archcheck/analyzer"
)

// The steps of rules.md §0: one down where nobody waits and no money moves, one up where money is lost or moved twice,
// one down for a risk but not below low; the cases of a card with several letters keep theirs but for the risk's step.
func TestSeverityModifiers(t *testing.T) {
	plain := &analyzer.Card{Severities: []analyzer.Severity{analyzer.High}}
	losing := &analyzer.Card{Severities: []analyzer.Severity{analyzer.High}, Effect: "loss"}
	slash := &analyzer.Card{Severities: []analyzer.Severity{analyzer.Critical, analyzer.High}, Effect: "loss"}
	user, upstream, money := Standing{UserFacing: true}, Standing{Financial: true}, Standing{Financial: true, Carries: true}
	for _, c := range []struct {
		name    string
		card    *analyzer.Card
		base    analyzer.Severity
		verdict analyzer.Verdict
		at      Standing
		want    analyzer.Severity
	}{
		{"a user waits", plain, analyzer.High, analyzer.Violation, user, analyzer.High},
		{"money moves further down", plain, analyzer.High, analyzer.Violation, upstream, analyzer.High},
		{"neither", plain, analyzer.High, analyzer.Violation, Standing{}, analyzer.Medium},
		{"info has no step down", plain, analyzer.Info, analyzer.Violation, Standing{}, analyzer.Info},
		{"money is lost", losing, analyzer.High, analyzer.Violation, money, analyzer.Critical},
		{"nothing of the kind happens to money", plain, analyzer.High, analyzer.Violation, money, analyzer.High},
		{"money may be lost further down", losing, analyzer.High, analyzer.Violation, upstream, analyzer.High},
		{"critical has no step up", losing, analyzer.Critical, analyzer.Violation, money, analyzer.Critical},
		{"a risk", plain, analyzer.High, analyzer.Risk, user, analyzer.Medium},
		{"a risk where neither", plain, analyzer.High, analyzer.Risk, Standing{}, analyzer.Low},
		{"a low risk stays low", plain, analyzer.Low, analyzer.Risk, user, analyzer.Low},
		{"a risk of losing money", losing, analyzer.High, analyzer.Risk, money, analyzer.High},
		{"a case is final", slash, analyzer.High, analyzer.Violation, Standing{}, analyzer.High},
		{"a case is final for money too", slash, analyzer.High, analyzer.Violation, money, analyzer.High},
		{"a case is a risk", slash, analyzer.High, analyzer.Risk, money, analyzer.Medium},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := severity(&analyzer.Raw{Card: c.card, Severity: c.base, Verdict: c.verdict}, c.at); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
