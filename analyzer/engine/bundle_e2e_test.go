//go:build e2e

package engine

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
)

// TestTheOPACommandFindsTheSame asks the real command with the bundle and the documents as files.
func TestTheOPACommandFindsTheSame(t *testing.T) {
	e, raw := bundled(t)
	path := filepath.Join(t.TempDir(), "bundle.tar.gz")
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	docs := []facts.Document{call("service.a.call.b"), call("service.a.call.c")}
	subject(docs[1]).RatePerReplica = unknown()
	input, err := json.Marshal(map[string]any{"subjects": []any{docs[0].JSON(), docs[1].JSON()}})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("opa", "eval", "-b", path, "-I", "--format", "json", "data.archcheck.main.findings")
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got struct {
		Result []struct {
			Expressions []struct {
				Value []struct {
					Rule, Addr string
					Result     struct{ Verdict string }
				}
			}
		}
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	stock := map[string]bool{}
	for _, f := range got.Result[0].Expressions[0].Value {
		stock[f.Rule+"@"+f.Addr+" "+f.Result.Verdict] = true
	}
	res := eval(t, e, docs...)
	if len(res.Raws) == 0 || len(stock) != len(res.Raws)+len(res.Cleared) {
		t.Errorf("opa finds %v, archcheck %d", stock, len(res.Raws)+len(res.Cleared))
	}
	for _, r := range append(res.Raws, res.Cleared...) {
		if id := r.Card.ID + "@" + string(r.Subject) + " " + r.Verdict.String(); !stock[id] {
			t.Errorf("opa does not find %s", id)
		}
	}
}
