package sarif

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

var third = filepath.Join("testdata", "third_party", "sarif-2.1.0")

// official is the schema of OASIS, and the sum that its notice gives.
func official(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(third, "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	notice, err := os.ReadFile(filepath.Join(third, "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(b); !strings.Contains(string(notice), hex.EncodeToString(sum[:])) {
		t.Fatalf("the schema has sum %x, its notice another", sum)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func render(t interface{ Fatal(...any) }, r *report.Report, o Options) []byte {
	var b bytes.Buffer
	if err := Render(o)(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func valid(s *jsonschema.Schema, b []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestLogs(t *testing.T) {
	s := official(t)
	for _, c := range []struct {
		name string
		r    *report.Report
	}{{"clean", reporttest.Clean()}, {"sample", reporttest.Sample()}, {"many", reporttest.Many(400)}} {
		for _, suppressed := range []bool{false, true} {
			b := render(t, c.r, Options{Suppressed: suppressed})
			if err := valid(s, b); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := reporttest.SARIF(b, c.r, suppressed); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}

// The whole of the sample's first result, as a reader of the log sees it.
func TestResult(t *testing.T) {
	var log struct {
		Runs []struct {
			Results []json.RawMessage
		}
	}
	if err := json.Unmarshal(render(t, reporttest.Sample(), Options{}), &log); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, log.Runs[0].Results[0], "", "  "); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "result.json")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(want)) != got.String() {
		t.Errorf("%s is not what is written now:\n%s", golden, got.String())
	}
}

// No name can make a log that a receiver refuses, or that says another number of findings.
func TestNoNameBreaksALog(t *testing.T) {
	s := official(t)
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		suppressed := rapid.Bool().Draw(t, "suppressed")
		b := render(t, r, Options{Suppressed: suppressed})
		if err := valid(s, b); err != nil {
			t.Fatal(err)
		}
		if err := reporttest.SARIF(b, r, suppressed); err != nil {
			t.Fatal(err)
		}
	})
}

// A log has room for 25,000 results; what is left out is said.
func TestTooManyResults(t *testing.T) {
	r := reporttest.Many(25_010)
	b := render(t, r, Options{})
	if err := reporttest.SARIF(b, r, false); err != nil {
		t.Error(err)
	}
	if !bytes.Contains(b, []byte("10 more findings do not fit into a log of 25000 results.")) {
		t.Error("nothing says that 10 are left out")
	}
}

// The fingerprint is the finding's identity: moved lines, other words and another severity keep it.
func TestFingerprintStays(t *testing.T) {
	a, b := reporttest.Finding("RES-001", "service.a", "high", 3), reporttest.Finding("RES-001", "service.a", "low", 40)
	b.Title, b.Detail = "Other", "words"
	x, y := resultOf(a, 0).Fingerprints, resultOf(b, 0).Fingerprints
	if x["primaryLocationLineHash"] != y["primaryLocationLineHash"] || x["archcheckFinding/v1"] != "RES-001@service.a" {
		t.Errorf("%v, %v", x, y)
	}
	if c := resultOf(reporttest.Finding("RES-001", "service.b", "high", 3), 0).Fingerprints; c["primaryLocationLineHash"] == x["primaryLocationLineHash"] {
		t.Error("two findings share a fingerprint")
	}
}

func TestURIs(t *testing.T) {
	for file, want := range map[string]string{
		"system.hcl": "system.hcl", "./a/b.hcl": "a/b.hcl", "../k8s/d.hcl": "k8s/d.hcl", "/abs/d.hcl": "abs/d.hcl", "a b#c?.hcl": "a%20b%23c%3F.hcl",
		"x:y.hcl": "x%3Ay.hcl", `dir\f.hcl`: "dir%5Cf.hcl", "50%.hcl": "50%25.hcl", "": "unknown",
	} {
		if got := uriOf(file); got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

// A strict reader that accepts anything proves nothing: each of these is a fault of a peer's log, and is found.
func TestTheReaderObjects(t *testing.T) {
	r := reporttest.Sample()
	good := render(t, r, Options{})
	read := func(b []byte, r *report.Report) error { return reporttest.SARIF(b, r, false) }
	reporttest.Objects(t, read, good, r, map[string][2]string{
		"an empty text":            {`"text": "Call without a time limit"`, `"text": ""`},
		"a URI that leads upward":  {`"uri": "system.hcl"`, `"uri": "../system.hcl"`},
		"a URI from the root":      {`"uri": "system.hcl"`, `"uri": "/system.hcl"`},
		"a base of nothing":        {`"uriBaseId": "%SRCROOT%"`, `"uriBaseId": "ROOT"`},
		"a region without columns": {`"startColumn": 3`, `"startColumn": 0`},
		"another level": {`"level": "note",
          "message"`, `"level": "error",
          "message"`},
		"a lost fingerprint":       {`"primaryLocationLineHash"`, `"other"`},
		"results that are missing": {`"results"`, `"outcome"`},
		"a rule without help":      {`"help": {`, `"hlep": {`},
	})
	if reporttest.SARIF(good, reporttest.Clean(), false) == nil {
		t.Error("the reader accepts results that the report lacks")
	}
}
