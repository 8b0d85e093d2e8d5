package facts

import (
	"path/filepath"
	"testing"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// What may not be there is not there, in every example and in a system of one service.
func TestMay(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/system.hcl")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		m, diags := dsl.Load([]string{file}, dsl.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		f := Compute(m, DefaultParams())
		for _, k := range Kinds() {
			if n := len(f.Documents(k)); n > 0 && !f.May(k) {
				t.Errorf("%s has %d subjects of kind %s, and may have none", file, n, k)
			}
		}
	}
	m, _ := dsl.Parse([]model.File{{Name: "a.hcl", Bytes: []byte("system \"s\" {}\nservice \"a\" {}")}})
	f := Compute(m, DefaultParams())
	for _, k := range []string{"gateway", "flag", "topic", "transaction", "waiver"} {
		if f.May(k) {
			t.Errorf("a service alone may have subjects of kind %s", k)
		}
	}
}
