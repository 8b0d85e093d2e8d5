package review_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/cmd/internal/cli"
)

// report writes the page of a system and returns it.
func reportOf(t *testing.T, system string) string {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", rendertest.CacheHome(t))
	var out, errs bytes.Buffer
	code := cli.Main([]string{"report", "-q", "--as-of", "2026-11-22", "--html", "-", system}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != cli.ExitOK || errs.Len() > 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	return out.String()
}

// TestSixtyComponents: the page of a system of 60 components stays well below a megabyte, two runs give the same bytes.
func TestSixtyComponents(t *testing.T) {
	t.Chdir(t.TempDir()) // every finding names the file: a long path would count as the page's
	const file = "system.hcl"
	if err := os.WriteFile(file, []byte(sixty()), 0o600); err != nil {
		t.Fatal(err)
	}
	first := reportOf(t, file)
	if len(first) > 900_000 {
		t.Errorf("%d bytes", len(first))
	}
	if reportOf(t, file) != first {
		t.Error("two runs differ")
	}
	for _, want := range []string{`id="view-findings"`, `id="view-after"`, `data-id="service.s12"`} {
		if !strings.Contains(first, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// sixty is a system of 60 components: a gateway, 38 services in layers, 15 stores, 4 externals, a topic and a client.
func sixty() string {
	var b strings.Builder
	b.WriteString("system \"big\" {\n  slo = { availability = \"99.9%\", latency_p99 = \"1s\" }\n}\n")
	b.WriteString("client \"web\" {\n  rps = 500\n  deadline = \"3s\"\n  call \"api\" { to = gateway.edge }\n}\ngateway \"edge\" {\n  kind = \"api\"\n")
	for i := range 6 {
		fmt.Fprintf(&b, "  call \"s%[1]d\" {\n    to = service.s%[1]d\n    per_request = 0.15\n    timeout = \"1s\"\n  }\n", i)
	}
	b.WriteString("}\n")
	for i := range 38 {
		fmt.Fprintf(&b, "service \"s%d\" {\n  team = \"team%d\"\n  scale = { replicas = %d, zones = 2 }\n  latency = { p50 = \"20ms\", p99 = \"%dms\" }\n", i, i%5, 1+i%4, 80+10*(i%30))
		for _, to := range []int{i + 5, i + 6} {
			if to < 38 {
				fmt.Fprintf(&b, "  call \"s%[1]d\" {\n    to = service.s%[1]d\n    timeout = \"%[2]dms\"\n    retry = { max_attempts = %[3]d }\n  }\n", to, 300+10*(i%20), 1+i%3)
			}
		}
		if i < 15 {
			fmt.Fprintf(&b, "  call \"db\" {\n    to = datastore.d%d\n    access = \"write\"\n  }\n", i)
		}
		if i%10 == 4 {
			fmt.Fprintf(&b, "  call \"out\" {\n    to = external.e%d\n    timeout = \"2s\"\n  }\n  publish \"changed\" { to = topic.changes }\n", i/10)
		}
		if i%10 == 7 {
			b.WriteString("  consume \"changed\" { from = topic.changes }\n")
		}
		b.WriteString("}\n")
	}
	for i := range 15 {
		fmt.Fprintf(&b, "datastore \"d%d\" { kind = \"relational\" }\n", i)
	}
	for i := range 4 {
		fmt.Fprintf(&b, "external \"e%d\" { availability = \"99.9%%\" }\n", i)
	}
	b.WriteString("broker \"bus\" {}\ntopic \"changes\" { broker = broker.bus }\n")
	return b.String()
}

// TestAxe: the checker of accessibility that the browser tests use is the one that its refetch script pins.
func TestAxe(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("testdata", "axe", "refetch.sh"))
	if err != nil {
		t.Fatal(err)
	}
	axe, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(axe)
	if pin := regexp.MustCompile(`(?m)^sha256=([0-9a-f]{64})$`).FindSubmatch(script); pin == nil || string(pin[1]) != hex.EncodeToString(sum[:]) {
		t.Errorf("axe.min.js has SHA-256 %x, which refetch.sh does not pin", sum)
	}
}

// TestPlanNumbers: the two halves of the plan say what it does to shop, worked by hand: stripe gets (60 · 2 + 20) · 9 · 2
// = 2,520/s while web's 60/s are tried twice at the gateway and all are tried nine times by orders and its mesh, and
// 80 · 2 = 160/s once payments alone tries again; orders on 4 replicas of 30/s in 2 zones is at 80/60 = 133 % after a zone is lost, on 8 at 80/120 = 67 %.
func TestPlanNumbers(t *testing.T) {
	for half, want := range map[string][]string{
		"before": {"gets 2,520/s if down", "zone loss: load 133 %", "waits &#60;= 2.1 s, 9 tries", "Today: mobile.api/checkout loses 155 of 43.2 min", "4 replicas in 2 zones"},
		"after":  {"gets 160/s if down", "zone loss: load 67 %", "waits &#60;= 600 ms, 1 try", "Predicted: mobile.api/checkout loses ", "8 replicas in 2 zones"},
	} {
		var out, errs bytes.Buffer
		code := cli.Main([]string{"graph", "--view", "plan=" + half, filepath.Join("..", "..", "..", "examples", "shop")}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		if code != cli.ExitOK {
			t.Fatal(errs.String())
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: the picture does not say %q", half, w)
			}
		}
	}
}
