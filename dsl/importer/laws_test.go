package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl"
)

// TestEveryKindIsDocumented wants a section of docs/import.md for every kind.
func TestEveryKindIsDocumented(t *testing.T) {
	b, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds() {
		if !strings.Contains(string(b), "\n## "+k.Name+"\n") {
			t.Errorf("docs/import.md has no section %q", k.Name)
		}
	}
}

// TestSecretsStayWhereTheyAre imports sources full of secrets; none of them is in the description, nor in what is said
// beside it.
func TestSecretsStayWhereTheyAre(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	const secret = "s3cr3t-value"
	compose := write("compose.yaml", `services:
  web:
    image: shop/web
    command: ["--password", "`+secret+`", "--db", "postgres://u:`+secret+`@db:5432/x"]
    environment: {API_KEY: `+secret+`, DB_URL: "postgres://u:`+secret+`@db/x", HOOK_URL: "https://u:`+secret+`@api.psp.io/`+secret+`"}
    labels: {token: `+secret+`}
  db: {image: postgres, environment: {POSTGRES_PASSWORD: `+secret+`}}
secrets: {a: {environment: `+secret+`}}
`)
	manifests := write("k8s.yaml", `apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {url: "postgres://u:`+secret+`@db/x"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {token: `+secret+`}}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: shop/web, env: [{name: X_URL, value: "amqp://u:`+secret+`@mq.prod.io:5672"}]}]}}}
`)
	r := Import([]Source{{"compose", []string{compose}}, {"kubernetes", []string{manifests}}}, Options{Beside: os.ReadFile})
	if r.Diags.HasErrors() {
		t.Fatal(r.Diags)
	}
	out := string(dsl.Print(r.Model)) + strings.Join(r.Left, "\n") + r.Diags.Error()
	if strings.Contains(out, secret) {
		t.Errorf("a secret was copied:\n%s", out)
	}
	if !strings.Contains(out, "datastore.db") || !strings.Contains(out, "mq_prod_io") {
		t.Errorf("the addresses around the secrets were lost:\n%s", out)
	}
}

// TestSameBytes imports the same sources several times.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	p := filepath.Join(dir, "compose.yaml")
	text := "services:\n"
	for _, n := range []string{"a", "b", "c", "d", "e", "f"} {
		text += "  " + n + ": {image: shop/" + n + ", environment: {A_URL: \"http://a:1\", B_URL: \"http://b:1\", C_URL: \"http://c:1\"}, ports: [\"80\"]}\n"
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	first := ""
	for range 5 {
		r := Import([]Source{{"compose", []string{p}}}, Options{Name: "x"})
		if out := string(dsl.Print(r.Model)); first == "" {
			first = out
		} else if out != first {
			t.Fatal("two runs differ")
		}
	}
}
