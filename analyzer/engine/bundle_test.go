package engine

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/rego"
)

func bundled(t *testing.T) (*Engine, []byte) {
	t.Helper()
	team := own("somewhere/acme.rego", card("ACME-001", "")+`slow contains {"verdict": v, "facts": {"rate": input.subject.rate_per_replica}} if {
	v := lib.above(input.subject.rate_per_replica, 1)
	lib.fires(v)
}
`)
	e, err := build(embedded(policies.Lib()), append(embedded(policies.Rules()), team), nil, func(string) map[string]any { return nil })
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := e.Bundle(&buf); err != nil {
		t.Fatal(err)
	}
	return e, buf.Bytes()
}

func TestBundleIsTheSameTwice(t *testing.T) {
	_, a := bundled(t)
	_, b := bundled(t)
	if !bytes.Equal(a, b) {
		t.Error("two bundles of the same policies differ")
	}
	if bytes.Contains(a, []byte("somewhere")) {
		t.Error("the bundle tells where a file was")
	}
}

// TestAnyOPAFindsTheSame runs the bundle the way a server would, over the JSON of the documents.
func TestAnyOPAFindsTheSame(t *testing.T) {
	e, raw := bundled(t)
	docs := []facts.Document{call("service.a.call.b"), call("service.a.call.c"), call("service.a.call.d")}
	subject(docs[1]).RatePerReplica = unknown()
	subject(docs[2]).RatePerReplica = facts.Exact(0.5)

	b, err := bundle.NewReader(bytes.NewReader(raw)).Read()
	if err != nil {
		t.Fatal(err)
	}
	var subjects []any
	for i := range docs {
		subjects = append(subjects, roundTrip(t, docs[i].JSON()))
	}
	input := map[string]any{"subjects": subjects}
	rs, err := rego.New(rego.ParsedBundle("archcheck", &b), rego.Query("data.archcheck.main.findings"), rego.Input(input)).Eval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var stock []string
	for _, f := range rs[0].Expressions[0].Value.([]any) {
		m := f.(map[string]any)
		verdict := m["result"].(map[string]any)["verdict"].(string)
		stock = append(stock, m["rule"].(string)+"@"+m["addr"].(string)+" "+verdict)
	}
	slices.Sort(stock)

	res := eval(t, e, docs...)
	var ours []string
	for _, r := range append(res.Raws, res.Cleared...) {
		ours = append(ours, r.Card.ID+"@"+string(r.Subject)+" "+r.Verdict.String())
	}
	slices.Sort(ours)
	if len(ours) == 0 || !slices.Equal(stock, ours) {
		t.Errorf("any OPA finds\n%s\narchcheck finds\n%s", strings.Join(stock, "\n"), strings.Join(ours, "\n"))
	}
}

func roundTrip(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBundlesAreRead: a bundle that archcheck wrote is a source of policies; only the team's rules in it count.
func TestBundlesAreRead(t *testing.T) {
	_, raw := bundled(t)
	path := filepath.Join(t.TempDir(), "acme.tar.gz")
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	srcs, err := readOwn([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	if len(srcs) != 1 || !strings.HasSuffix(srcs[0].path, "acme.tar.gz/custom/acme/acme.rego") {
		t.Fatalf("read %d files", len(srcs))
	}
	broken := filepath.Join(t.TempDir(), "broken.tar.gz")
	if err := os.WriteFile(broken, []byte("nonsense"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = readOwn([]string{broken})
	wantProblem(t, err, "broken.tar.gz", "is no bundle")
}
