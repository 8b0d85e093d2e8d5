package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/cmd/internal/cli"
)

// mistakes are what the users of other tools complain about, each held here by a test of ours. Where another test holds
// it, that one is named and this one makes sure that it is still there.
var mistakes = []struct {
	peer, mistake string
	test          func(*testing.T)
}{
	{"Threagile, Bausteinsicht", "a typo in a key or kind is accepted", typosAreRefused},
	{"Structurizr", "the exit code is the number of findings, so 256 of them pass", exitCodeIsNoCount},
	{"LikeC4", "users are shown a stack of the program", noInsidesAreShown},
	{"most", "a waiver is dead after a rename, in silence", renameNamesTheNewAddress},
	{"Threagile", "half of the outputs are written, then the run fails", outputsAllOrNone},
	{"most", "findings grow with edges, not with causes", oneCauseOneFinding},
	{"LikeC4, Structurizr", "a picture of 100 nodes takes a minute and gigabytes", picturesAreText},
	{"better-threagile", "rules are shipped without tests", everyRuleIsTested},
	{"Structurizr", "a severity that is set has no effect on some rules", named("../internal/cli/override_test.go", "TestSeverityOverridesEveryRule")},
	{"conftest", "the input is converted for every rule anew", inputIsReadOnce},

	{"regal", "JUnit counts other tests than the tree has", junitCountsItsTree},
	{"conftest", "JUnit counts warnings as failures", junitFailsWhatBlocks},
	{"tflint", "SARIF has empty texts", named("../../analyzer/report/reporttest/sarif.go", "func SARIF")},
	{"conftest", "SARIF has no region, no help, and URIs outside of the root", named("testdata/script/outputs.txtar", "never lead upward")},
	{"tflint", "an error is printed twice", errorsAreSaidOnce},
	{"conftest", "a syntax error has no place", errorsHaveAPlace},
	{"conftest, regal, terraform", "colour is written to pipes", pipesHaveNoColour},
	{"golangci-lint", "findings are left out and nothing says so", whatIsLeftOutIsCounted},
	{"conftest, kube-score", "an installed program does not know its version", versionIsKnown},
	{"kube-linter", "a waiver in the wrong place is ignored", waiverInTheWrongPlace},
}

func TestMistakesOfPeers(t *testing.T) {
	for _, m := range mistakes {
		t.Run(strings.ReplaceAll(m.mistake, " ", "_"), m.test)
	}
}

// named demands that another test is where it was.
func named(file, what string) func(*testing.T) {
	return func(t *testing.T) {
		if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), what) {
			t.Errorf("%s has no %q (%v)", file, what, err)
		}
	}
}

// ran is what a command wrote and its exit code.
type ran struct {
	code      int
	out, errs string
}

func command(t *testing.T, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return ran{code, out.String(), errs.String()}
}

// system writes a description into a folder of its own and makes that the current one.
func system(t *testing.T, hcl string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile(filepath.Join(dir, "system.hcl"), []byte(hcl), 0o644); err != nil {
		t.Fatal(err)
	}
}

const shop = `system "s" {}
client "web" {
  kind = "web"
  call "shop" { to = service.shop }
}
service "shop" {
  call "db" { to = datastore.orders }
}
datastore "orders" { kind = "relational" }
`

func typosAreRefused(t *testing.T) {
	for _, x := range []struct{ old, typo, want string }{
		{"service \"shop\"", "servise \"shop\"", "service?"},
		{"to = datastore", "too = datastore", `"to"`},
		{`"relational"`, `"relatonal"`, `"relational"`},
		{"datastore.orders }", "datastore.order }", "datastore.orders"},
		{"kind = \"web\"", "kin = \"web\"", `"kind"`},
		{"datastore.orders }", "datastor.orders }", "datastore"},
	} {
		system(t, strings.Replace(shop, x.old, x.typo, 1))
		r := command(t, "check", "--fail-on", "critical")
		if r.code != 1 || r.out != "" || !strings.Contains(r.errs, "Did you mean") || !strings.Contains(r.errs, x.want) {
			t.Errorf("%s: exit %d: %s%s", x.typo, r.code, r.out, r.errs)
		}
	}
	system(t, shop)
	for _, args := range [][]string{
		{"chekc"}, {"check", "--fail-onn", "high"}, {"check", "-o", "sarfi"}, {"check", "--only", "RES-O40"}, {"check", "--target", "service.shpo"},
		{"explain", "RES-O40"}, {"graph", "--view", "failre"}, {"policy", "chekc"}, {"schema", "plna"}, {"policy", "new", "ACME-001", "--subject", "servce"},
	} {
		if r := command(t, args...); r.code != 1 || r.out != "" || !strings.Contains(r.errs, "Did you mean") {
			t.Errorf("%v: exit %d: %s%s", args, r.code, r.out, r.errs)
		}
	}
	if err := os.WriteFile(".archcheck.hcl", []byte("fail_onn = \"high\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := command(t, "check"); r.code != 1 || !strings.Contains(r.errs, "fail_on") {
		t.Errorf("configuration: exit %d: %s", r.code, r.errs)
	}
}

// waiting is a system of n calls, each of which lacks a time limit.
func waiting(n int) string {
	var b strings.Builder
	b.WriteString("system \"s\" {}\nclient \"web\" {\n  kind = \"web\"\n  call \"hub\" { to = service.hub }\n}\nservice \"hub\" {\n")
	for i := range n {
		fmt.Fprintf(&b, "  call \"c%d\" { to = service.s%d }\n", i, i)
	}
	b.WriteString("}\n")
	for i := range n {
		fmt.Fprintf(&b, "service \"s%d\" {}\n", i)
	}
	return b.String()
}

func exitCodeIsNoCount(t *testing.T) {
	for _, n := range []int{1, 255, 256, 512} {
		system(t, waiting(n))
		r := command(t, "check", "--fail-on", "high", "--only", "RES-040")
		if r.code != 2 || !strings.Contains(r.out, fmt.Sprintf("%d block", n)) {
			t.Errorf("%d findings: exit %d: %s", n, r.code, r.out[max(0, len(r.out)-200):])
		}
	}
}

func noInsidesAreShown(t *testing.T) {
	insides := regexp.MustCompile(`goroutine \d|panic|runtime error|%!|0x[0-9a-f]{6}|\.go:\d|<nil>|\[\]string|map\[|\{\{`)
	for _, src := range []string{shop, "", "system", "system \"s\" {", "\x00", "service \"a\" {}\nservice \"a\" {}", "system \"s\" { x = 1 / 0 }", "call {}", "\xff\xfe", "waiver {}"} {
		system(t, src)
		if err := os.WriteFile("bad.rego", []byte("package custom.acme\n\nx contains 1 if {"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"validate"}, {"plan", "--all", "--assumptions"}, {"check"}, {"facts"}, {"explain", "RES-040@service.shop.call.db", "."}, {"show", "--effective", "service.shop"},
			{"patterns", "."}, {"decide", "."}, {"graph"}, {"waivers"}, {"baseline", "show"}, {"fmt", "--check"}, {"plan", "--policy", "bad.rego"}, {"policy", "test", "bad.rego"},
			{"check", "--base", "main", "--new-only"}, {"check", "bad.rego"}, {"check", "-o", "markdown"}, {"import", "compose", "system.hcl"},
		} {
			r := command(t, args...)
			if m := insides.FindString(r.out + r.errs); m != "" {
				t.Errorf("%q: %v shows %q:\n%s%s", src, args, m, r.out, r.errs)
			}
		}
	}
}

func renameNamesTheNewAddress(t *testing.T) {
	w := "waiver \"RES-040\" {\n  subject = service.shop.call.db\n  reason  = \"r\"\n  owner   = \"o\"\n  expires = \"2027-01-31\"\n}\n"
	system(t, strings.ReplaceAll(shop, "service.shop }", "service.storefront }")+w)
	b, err := os.ReadFile("system.hcl")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("system.hcl", bytes.Replace(b, []byte(`service "shop"`), []byte(`service "storefront"`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	r := command(t, "check", "--as-of", "2026-11-22")
	if r.code != 1 || !strings.Contains(r.errs, "service.storefront.call.db") || !strings.Contains(r.errs, "system.hcl line ") {
		t.Errorf("exit %d: %s", r.code, r.errs)
	}
}

func outputsAllOrNone(t *testing.T) {
	system(t, shop)
	r := command(t, "check", "-o", "json=plan.json", "-o", "junit=plan.xml", "-o", "text", "-o", "sarif=nowhere/plan.sarif")
	left, err := os.ReadDir(".")
	if r.code != 1 || r.out != "" || err != nil || len(left) != 1 {
		t.Errorf("exit %d, %d files, %q", r.code, len(left), r.out)
	}
}

func oneCauseOneFinding(t *testing.T) {
	system(t, waiting(12))
	r := command(t, "plan", "--all", "--only", "RES-040")
	if n := strings.Count(r.out, "RES-040\n"); n != 1 || !strings.Contains(r.out, "11 other places") {
		t.Errorf("%d findings:\n%s", n, r.out)
	}
}

// There are no pixels to allocate: a picture is text, and a large one is bounded.
func picturesAreText(t *testing.T) {
	system(t, waiting(100))
	if r := command(t, "graph", "-o", "png"); r.code != 1 || !strings.Contains(r.errs, "svg") {
		t.Errorf("exit %d: %s", r.code, r.errs)
	}
	if r := command(t, "graph"); r.code != 0 || len(r.out) > 500_000 {
		t.Errorf("exit %d, %d bytes", r.code, len(r.out))
	}
}

// Every rule has a fixture or a Rego test that names it.
func everyRuleIsTested(t *testing.T) {
	root := filepath.Join("..", "..", "policies")
	var tests strings.Builder
	for _, pattern := range []string{"*/*_test.rego", "testdata/*/*.txtar"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatal("no tests", err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(b)
			tests.WriteString(strings.ToUpper(filepath.Base(f)) + "\n")
		}
	}
	all := tests.String()
	for _, line := range strings.Split(strings.TrimSpace(command(t, "policy", "list").out), "\n") {
		if id := strings.Fields(line)[0]; !strings.Contains(all, id) {
			t.Errorf("%s has no fixture and no test", id)
		}
	}
}

// What more services cost does not grow with the number of rules that look at each: the input is made once.
func inputIsReadOnce(t *testing.T) {
	cost := func(services, rules int) int64 {
		system(t, waiting(services))
		var b strings.Builder
		b.WriteString("package custom.acme\n")
		for i := range rules {
			fmt.Fprintf(&b, "\n# METADATA\n# title: Rule\n# custom: {id: ACME-%03d, severity: low, subject: service}\nr%d contains \"x\" if input.subject.team.value == \"t%d\"\n", i, i, i)
		}
		if err := os.WriteFile("acme.rego", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := command(t, "check", "--policy", "acme.rego", "--only", "ACME")
		runtime.ReadMemStats(&after)
		if r.code != 0 {
			t.Fatalf("exit %d: %s", r.code, r.errs)
		}
		return int64(after.TotalAlloc - before.TotalAlloc)
	}
	one, many := cost(150, 1)-cost(10, 1), cost(150, 40)-cost(10, 40)
	if many > 5*one {
		t.Errorf("140 services more cost %d bytes with one rule and %d with 40", one, many)
	}
}

type junit struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Cases    []struct {
		Failure *struct{} `xml:"failure"`
	} `xml:"testsuite>testcase"`
}

func readJUnit(t *testing.T, args ...string) (x junit, failures int) {
	t.Helper()
	r := command(t, append([]string{"check", "-o", "junit"}, args...)...)
	if err := xml.Unmarshal([]byte(r.out), &x); err != nil {
		t.Fatalf("exit %d: %v: %s", r.code, err, r.errs)
	}
	for _, c := range x.Cases {
		if c.Failure != nil {
			failures++
		}
	}
	return x, failures
}

func junitCountsItsTree(t *testing.T) {
	system(t, waiting(5))
	if x, failures := readJUnit(t, "--fail-on", "high", "--only", "RES-040"); x.Tests != 5 || x.Failures != 5 || len(x.Cases) != 5 || failures != 5 {
		t.Errorf("%+v", x)
	}
}

func junitFailsWhatBlocks(t *testing.T) {
	system(t, waiting(5))
	if x, failures := readJUnit(t, "--fail-on", "critical", "--only", "RES-040"); x.Tests != 5 || x.Failures != 0 || failures != 0 {
		t.Errorf("%+v", x)
	}
}

func errorsAreSaidOnce(t *testing.T) {
	system(t, strings.Replace(shop, "to = datastore", "too = datastore", 1))
	if r := command(t, "plan"); strings.Count(r.errs, "Error:") != strings.Count(r.errs, "\n  on ") || strings.Count(r.errs, "too") < 1 || strings.Count(r.errs, "no argument named \"too\"") != 1 {
		t.Errorf("%s", r.errs)
	}
	if r := command(t, "plan", "--nope"); strings.Count(r.errs, "unknown flag") != 1 || r.out != "" {
		t.Errorf("%s%s", r.out, r.errs)
	}
}

func errorsHaveAPlace(t *testing.T) {
	system(t, "system \"s\" {\n  x = = 1\n}\n")
	if r := command(t, "plan"); r.code != 1 || !strings.Contains(r.errs, "on system.hcl line 2") || !strings.Contains(r.errs, "^") {
		t.Errorf("exit %d: %s", r.code, r.errs)
	}
}

func pipesHaveNoColour(t *testing.T) {
	system(t, shop)
	t.Setenv("FORCE_COLOR", "")
	t.Setenv("CLICOLOR_FORCE", "")
	for _, args := range [][]string{{"plan"}, {"check"}, {"explain", "RES-040"}, {"patterns", "."}, {"nope"}} {
		if r := command(t, args...); strings.Contains(r.out+r.errs, "\x1b") {
			t.Errorf("%v writes colour to a pipe", args)
		}
	}
	t.Setenv("FORCE_COLOR", "1")
	if r := command(t, "check", "-o", "text=a.txt"); r.out != "" {
		t.Errorf("%s", r.out)
	}
	if b, err := os.ReadFile("a.txt"); err != nil || bytes.Contains(b, []byte("\x1b")) {
		t.Errorf("a file has colour (%v)", err)
	}
}

func whatIsLeftOutIsCounted(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "examples", "shop", "system.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	system(t, string(b))
	r := command(t, "plan", "-o", "json=plan.json", "-o", "text")
	raw, err := os.ReadFile("plan.json")
	if err != nil {
		t.Fatal(err, r.errs)
	}
	var plan struct{ Findings []json.RawMessage }
	if err := json.Unmarshal(raw, &plan); err != nil {
		t.Fatal(err)
	}
	n := len(plan.Findings)
	if n <= 10 || !strings.Contains(r.out, fmt.Sprintf("… %d more of lower rank: --all shows them", n-10)) {
		t.Errorf("%d findings:\n%s", n, r.out)
	}
}

func versionIsKnown(t *testing.T) {
	if r := command(t, "version"); r.code != 0 || strings.Contains(r.out, "unknown") || !strings.Contains(r.out, "OPA v1.") {
		t.Errorf("%s", r.out)
	}
}

func waiverInTheWrongPlace(t *testing.T) {
	w := "  waiver \"RES-040\" {\n    subject = service.shop.call.db\n  }\n"
	system(t, strings.Replace(shop, "service \"shop\" {\n", "service \"shop\" {\n"+w, 1))
	if r := command(t, "check"); r.code != 1 || !strings.Contains(r.errs, "waiver") {
		t.Errorf("exit %d: %s", r.code, r.errs)
	}
}
