package main

import (
	"bytes"
	"testing"

	"github.com/archcheck/archcheck/dsl"
)

func TestModel(t *testing.T) {
	for _, n := range []int{2, 10, 333, 1000} {
		var a, b bytes.Buffer
		write(&a, n, 1)
		write(&b, n, 1)
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatalf("%d services: two runs differ", n)
		}
		if calls := bytes.Count(a.Bytes(), []byte("\n  call \"")); n >= 10 && calls != 5*n {
			t.Errorf("%d services make %d calls, want %d", n, calls, 5*n)
		}
		m, diags := dsl.Load([]string{"-"}, dsl.Options{Stdin: &a})
		if diags.HasErrors() {
			t.Fatalf("%d services: %v", n, diags)
		}
		if len(m.Services) != n {
			t.Errorf("%d services, want %d", len(m.Services), n)
		}
	}
}
