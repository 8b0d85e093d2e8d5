//go:build e2e

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// root is the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func binary(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "archcheck")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return name
}

// TestWorkflowsLint runs actionlint over our workflow and over the one that the docs tell users to copy.
func TestWorkflowsLint(t *testing.T) {
	dir := root(t)
	page, err := os.ReadFile(filepath.Join(dir, "docs", "github.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "<!-- example: workflow -->\n```yaml\n")
	if !ok {
		t.Fatal("docs/github.md has no example")
	}
	example, _, _ := strings.Cut(rest, "```")
	file := filepath.Join(t.TempDir(), "architecture.yml")
	if err := os.WriteFile(file, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("actionlint", "-no-color", file, filepath.Join(dir, ".github", "workflows", "ci.yml")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestOffline runs the commands in a network namespace without any network.
func TestOffline(t *testing.T) {
	bin, dir := binary(t), root(t)
	system := filepath.Join(dir, "examples", "shop", "system.hcl")
	for _, args := range [][]string{
		{"plan", system}, {"check", system}, {"facts", "-o", "json", system}, {"explain", "RES-040"}, {"patterns"},
		{"decide", "-o", "mermaid"}, {"graph", system}, {"policy", "list"}, {"validate", system},
	} {
		cmd := exec.Command("unshare", append([]string{"--user", "--map-root-user", "--net", bin}, args...)...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		if err := cmd.Run(); err != nil {
			if e, ok := err.(*exec.ExitError); ok && args[0] == "check" && e.ExitCode() == 2 {
				continue // the example has findings; that is a verdict
			}
			t.Errorf("%v: %v: %s", args, err, errs.String())
		}
	}
}
