package diagram

import (
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// An edge that is called like the box it leads to says so once.
func TestEdgesDoNotRepeatTheirEnd(t *testing.T) {
	for _, c := range []struct{ label, end, want string }{
		{"charge", "service.payments", "charge"},
		{"payments", "service.payments", ""},
		{"ments", "service.payments", "ments"},
		{"payments", "service.payments_db", "payments"},
	} {
		if got := edgeName(c.label, model.Addr(c.end)); got != c.want {
			t.Errorf("%s to %s is called %q, want %q", c.label, c.end, got, c.want)
		}
	}
	if got := withTail("", "x3") + "|" + withTail("browse", "x3"); got != "x3|browse x3" {
		t.Errorf("with a tail: %q", got)
	}
}
