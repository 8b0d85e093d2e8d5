package suggest

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"timeout", "retry", "to", "relational", "zones"}
	for _, c := range []struct{ word, want, why string }{
		{"tiemout", "timeout", "two neighbouring letters swapped count once"},
		{"relationl", "relational", "one letter is missing"},
		{"zoness", "zones", "one letter too many"},
		{"Retry", "retry", "capitals do not count"},
		{"retry", "", "the word itself is no suggestion"},
		{"backoff", "", "nothing is near"},
		{"", "", "an empty word is near nothing"},
	} {
		if got := Nearest(c.word, names); got != c.want {
			t.Errorf("Nearest(%q) = %q, want %q: %s", c.word, got, c.want, c.why)
		}
	}
	if got := Nearest("q", []string{"a", "b"}); got != "" {
		t.Errorf("Nearest(q) = %q: words without a common letter are not near", got)
	}
	if got := Nearest("ab", []string{"ac", "aa"}); got != "aa" {
		t.Errorf("Nearest(ab) = %q: equal distances go to the first in the alphabet", got)
	}
}

func TestAddress(t *testing.T) {
	addrs := []string{"service.orders.call.stock", "service.stock", "service.orders", "client.web.call.orders", "external.psp"}
	for word, want := range map[string]string{
		"service.order": "service.orders",
		"orders":        "service.orders", // not the call of this name, which lies deeper
		"gateway.order": "service.orders",
		"stock":         "service.stock",
		"pps":           "external.psp",
		"carrier":       "",
	} {
		if got := Address(word, addrs); got != want {
			t.Errorf("Address(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"compose.yaml", "compose.text"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "deploy"), 0o700); err != nil {
		t.Fatal(err)
	}
	for missing, want := range map[string]string{"compos.yaml": "compose.yaml", "compos.text": "", "deplyo": "deploy", "k8s": "", "none/compose.yaml": ""} {
		if want != "" {
			want = filepath.ToSlash(filepath.Join(dir, want))
		}
		if got := File(filepath.Join(dir, missing), ".yaml"); got != want {
			t.Errorf("File(%q) = %q, want %q", missing, got, want)
		}
	}
}
