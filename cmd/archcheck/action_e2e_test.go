//go:build e2e

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A job is one run of the composite action's shell step, as GitHub's runner runs it: bash with -e and pipefail, inputs in
// the environment, a repository checked out.
type job struct {
	code    int
	log     string
	outputs map[string]string
	summary string
}

func runAction(t *testing.T, bin, repository string, inputs map[string]string) job {
	t.Helper()
	a := readYAML[action](t, "action.yml")
	temp := t.TempDir()
	env := append(os.Environ(), "PATH="+filepath.Dir(bin)+":"+os.Getenv("PATH"), "RUNNER_TEMP="+temp, "GITHUB_ACTIONS=true", "CI=true",
		"GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"), "ARCHCHECK_AS_OF=2026-11-22")
	script, found := "", false
	for _, s := range a.Runs.Steps {
		if s.ID != "check" {
			continue
		}
		script, found = s.Run, true
		for k, v := range s.Env {
			if m := regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`).FindStringSubmatch(v); m != nil {
				if in, ok := a.Inputs[m[1]]; !ok {
					t.Fatalf("no input %s", m[1])
				} else if v = in.Default; inputs[m[1]] != "" {
					v = inputs[m[1]]
				}
			}
			env = append(env, k+"="+v)
		}
	}
	if !found {
		t.Fatal("the action has no step check")
	}
	file := filepath.Join(temp, "step.sh")
	for _, f := range []struct{ name, text string }{{file, script}, {filepath.Join(temp, "output"), ""}, {filepath.Join(temp, "summary"), ""}} {
		if err := os.WriteFile(f.name, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", file)
	cmd.Dir, cmd.Env = repository, env
	log, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	j := job{code: cmd.ProcessState.ExitCode(), log: string(log), outputs: map[string]string{}}
	out, err := os.ReadFile(filepath.Join(temp, "output"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			t.Errorf("GITHUB_OUTPUT has the line %q", line)
		}
		j.outputs[k] = v
	}
	summary, err := os.ReadFile(filepath.Join(temp, "summary"))
	if err != nil {
		t.Fatal(err)
	}
	j.summary = string(summary)
	return j
}

// TestActionOnAPullRequest runs the action on a repository with a base and a head revision: what only the head has
// fails, what the base has too does not.
func TestActionOnAPullRequest(t *testing.T) {
	bin := binary(t)
	repository := filepath.Join(t.TempDir(), "a repository")
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", repository, "-c", "user.name=dev", "-c", "user.email=dev@localhost"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(repository, "docs", "the system"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(repository, "docs", "the system", "system.hcl"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(shop)
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "base")
	git("checkout", "-q", "-b", "change")
	at := map[string]string{"path": "docs/the system", "fail-on": "high", "base": "main", "new-only": "true", "sarif": "out.sarif", "comment": "out.md", "args": "--only RES-040 --count-risks"}

	if j := runAction(t, bin, repository, at); j.code != 0 || j.outputs["verdict"] != "passed" || j.outputs["exit-code"] != "0" {
		t.Errorf("nothing is new: exit %d, %v\n%s", j.code, j.outputs, j.log)
	}
	write(strings.Replace(shop, "  call \"db\"", "  call \"stock\" { to = service.stock }\n  call \"db\"", 1) + "service \"stock\" {}\n")
	git("commit", "-q", "-a", "-m", "head")
	j := runAction(t, bin, repository, at)
	if j.code != 2 || j.outputs["verdict"] != "failed" || j.outputs["exit-code"] != "2" || j.outputs["high"] != "2" {
		t.Errorf("one is new: exit %d, %v\n%s", j.code, j.outputs, j.log)
	}
	if !strings.Contains(j.log, "\n::error file=docs/the system/system.hcl,line=7,") || !strings.Contains(j.log, "1 in main too") {
		t.Errorf("%s", j.log)
	}
	if !strings.Contains(j.summary, "**Failed** at `high`: 1 blocks.") {
		t.Errorf("%s", j.summary)
	}
	for file, want := range map[string]string{
		filepath.Join(repository, "out.sarif"): `"uri": "docs/the%20system/system.hcl"`, filepath.Join(repository, "out.md"): "docs/the system/system.hcl:7",
		j.outputs["plan-json"]: `"format_version"`,
	} {
		if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %q (%v)", file, want, err)
		}
	}

	// a shallow checkout has no base: the message says what to fetch, and nothing is decided
	lost := map[string]string{"path": "docs/the system", "base": "origin/main", "new-only": "true"}
	if j := runAction(t, bin, repository, lost); j.code != 1 || j.outputs["exit-code"] != "1" || j.outputs["verdict"] != "none" || !strings.Contains(j.log, "fetch-depth: 0") {
		t.Errorf("exit %d, %v\n%s", j.code, j.outputs, j.log)
	}
	// new-only without base is a mistake, not a gate on everything
	if j := runAction(t, bin, repository, map[string]string{"path": "docs/the system", "new-only": "true"}); j.code != 1 || !strings.Contains(j.log, "--new-only needs --base") {
		t.Errorf("exit %d\n%s", j.code, j.log)
	}
	// broken input
	write("system \"s\" {")
	if j := runAction(t, bin, repository, map[string]string{"path": "docs/the system"}); j.code != 1 || j.outputs["verdict"] != "none" || j.summary != "" {
		t.Errorf("exit %d, %v\n%s", j.code, j.outputs, j.log)
	}
	// the defaults, on a system in the root
	if err := os.WriteFile(filepath.Join(repository, "system.hcl"), []byte(shop), 0o644); err != nil {
		t.Fatal(err)
	}
	if j := runAction(t, bin, repository, nil); j.code != 0 || j.outputs["verdict"] != "passed" || j.outputs["high"] == "0" {
		t.Errorf("exit %d, %v\n%s", j.code, j.outputs, j.log)
	}
}
