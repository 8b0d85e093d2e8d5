package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// example is the code block of a page that stands below its mark, <!-- example: NAME -->.
func example(t *testing.T, page, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)<!-- example: " + name + " -->\n```[a-z]+\n(.*?)```").FindStringSubmatch(string(b))
	if m == nil {
		t.Fatalf("docs/%s has no example %q", page, name)
	}
	return m[1]
}

func parseYAML[T any](t *testing.T, text string) T {
	t.Helper()
	var out T
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func readYAML[T any](t *testing.T, path ...string) T {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return parseYAML[T](t, string(b))
}

// words are those of a command that a page shows.
func words(line string) []string { return strings.Fields(strings.ReplaceAll(line, `"`, "")) }

// runs runs a command that a page shows, in a folder with a system, and demands one of the exit codes.
func runs(t *testing.T, line string, codes ...int) {
	t.Helper()
	args := words(line)
	if args[0] != "archcheck" {
		t.Fatalf("%q is no command of archcheck", line)
	}
	if r := command(t, args[1:]...); !slices.Contains(codes, r.code) {
		t.Errorf("%s: exit %d, want %v: %s", line, r.code, codes, r.errs)
	}
}

type action struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []struct {
			ID, Uses, Shell, Run string
			Env                  map[string]string
		}
	}
}

// TestPageOnGitHub: the workflow that is copied gives the action what it takes, and the page names all that it gives.
func TestPageOnGitHub(t *testing.T) {
	a := readYAML[action](t, "action.yml")
	w := parseYAML[struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			Steps []struct {
				Uses string
				With map[string]string
			}
		}
	}](t, example(t, "github.md", "workflow"))
	used := false
	for _, s := range w.Jobs["archcheck"].Steps {
		if !strings.HasPrefix(s.Uses, "archcheck/archcheck@") {
			continue
		}
		used = true
		for name := range s.With {
			if _, ok := a.Inputs[name]; !ok {
				t.Errorf("the action has no input %q", name)
			}
		}
	}
	if !used || w.Permissions["security-events"] != "write" {
		t.Errorf("the workflow does not use the action, or may not upload: %+v", w)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "github.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range a.Outputs {
		if !strings.Contains(string(page), "`"+name+"`") || o.Description == "" || o.Value == "" {
			t.Errorf("output %s is not described", name)
		}
	}
	for name, in := range a.Inputs {
		if !strings.Contains(string(page), "`"+name+"`") && !strings.Contains(string(page), name+":") || in.Description == "" {
			t.Errorf("input %s is not described", name)
		}
	}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("an expression stands in a script, where whoever sets it can run commands: %s", s.Run)
		}
	}
}

type gitlabJob struct {
	Image     string
	Stage     string
	Script    []string
	Artifacts struct {
		When    string
		Reports map[string]string
	}
}

// TestPageOnGitLab: the template takes the inputs that the page gives it, the job without it does the same, and its command
// writes the reports that it hands over.
func TestPageOnGitLab(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", ".gitlab", "archcheck.yml"))
	if err != nil {
		t.Fatal(err)
	}
	head, body, ok := strings.Cut(string(b), "\n---\n")
	if !ok {
		t.Fatal("the template has no spec")
	}
	spec := parseYAML[struct {
		Spec struct {
			Inputs map[string]struct{ Default, Description string }
		}
	}](t, head)
	include := parseYAML[struct {
		Include []struct {
			Project, File string
			Inputs        map[string]string
		}
	}](t, example(t, "gitlab.md", "gitlab"))
	if len(include.Include) != 1 || include.Include[0].File != "/.gitlab/archcheck.yml" {
		t.Errorf("%+v", include)
	}
	for name, value := range include.Include[0].Inputs {
		if _, ok := spec.Spec.Inputs[name]; !ok {
			t.Errorf("the template has no input %q", name)
		}
		body = strings.ReplaceAll(body, "$[[ inputs."+name+" ]]", value)
	}
	for name, in := range spec.Spec.Inputs {
		if in.Description == "" {
			t.Errorf("input %s has no description", name)
		}
		body = strings.ReplaceAll(body, "$[[ inputs."+name+" ]]", in.Default)
	}
	job := parseYAML[map[string]gitlabJob](t, body)["archcheck"]
	shown := parseYAML[map[string]gitlabJob](t, example(t, "gitlab.md", "gitlab-job"))["archcheck"]
	plain := func(lines []string) string { return strings.ReplaceAll(strings.Join(lines, "\n"), `"`, "") }
	if plain(job.Script) != plain(shown.Script) || job.Image != shown.Image {
		t.Errorf("the template runs\n%s\nthe page shows\n%s", plain(job.Script), plain(shown.Script))
	}
	system(t, shop)
	runs(t, shown.Script[len(shown.Script)-1], 2)
	for _, j := range []gitlabJob{job, shown} {
		if j.Artifacts.When != "always" || len(j.Artifacts.Reports) != 2 {
			t.Errorf("%+v", j.Artifacts)
		}
		for _, file := range j.Artifacts.Reports {
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
		}
	}
}

type hook struct {
	ID, Name, Description, Entry, Language, Files string
	PassFilenames                                 *bool `yaml:"pass_filenames"`
	RequireSerial                                 bool  `yaml:"require_serial"`
}

// deployment is what a cluster runs of the shop.
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: shop:1
`

// TestPageOnPreCommit: the hooks that the page uses are there, and each runs as pre-commit would run it.
func TestPageOnPreCommit(t *testing.T) {
	hooks := map[string]hook{}
	for _, h := range readYAML[[]hook](t, ".pre-commit-hooks.yaml") {
		if h.Name == "" || h.Description == "" || h.PassFilenames == nil || *h.PassFilenames || !h.RequireSerial {
			t.Errorf("%+v", h)
		}
		files := regexp.MustCompile(h.Files)
		if !files.MatchString("deep/system.hcl") || files.MatchString("README.md") {
			t.Errorf("%s looks at %s", h.ID, h.Files)
		}
		hooks[h.ID] = h
	}
	for id, h := range hooks {
		if twin, ok := hooks[id+"-system"]; ok && (twin.Entry != h.Entry || h.Language != "golang" || twin.Language != "system") {
			t.Errorf("%s and its twin differ", id)
		}
	}
	config := parseYAML[struct {
		Repos []struct {
			Repo, Rev string
			Hooks     []struct {
				ID   string
				Args []string
			}
		}
	}](t, example(t, "pre-commit.md", "pre-commit"))
	if len(config.Repos) != 1 || config.Repos[0].Rev == "" || len(config.Repos[0].Hooks) < 3 {
		t.Fatalf("%+v", config)
	}
	system(t, shop)
	if err := os.Mkdir("k8s", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("k8s", "shop.yaml"), []byte(deployment), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, h := range config.Repos[0].Hooks {
		if _, ok := hooks[h.ID]; !ok {
			t.Errorf("there is no hook %s", h.ID)
			continue
		}
		codes := []int{0}
		if strings.HasPrefix(h.ID, "archcheck-drift") {
			codes = append(codes, 2) // what is described and what runs may differ: that is a verdict too
		}
		runs(t, hooks[h.ID].Entry+" "+strings.Join(h.Args, " "), codes...)
	}
	if err := os.WriteFile("system.hcl", []byte(strings.ReplaceAll(shop, "  ", "     ")), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, hooks["archcheck-fmt"].Entry, 2)
}

// TestPageOnDocker: the image that is built holds the program alone, and what is run in it runs.
func TestPageOnDocker(t *testing.T) {
	root := filepath.Join("..", "..")
	b, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	stages := strings.Split(string(b), "\nFROM ")
	last := stages[len(stages)-1]
	if len(stages) != 3 && len(stages) != 2 || !strings.HasPrefix(last, "scratch\n") || strings.Contains(last, "RUN") {
		t.Errorf("the last stage is not one from scratch:\n%s", last)
	}
	for _, want := range []string{`ENTRYPOINT ["/archcheck"]`, "USER 65534:65534", "WORKDIR /system", "CGO_ENABLED=0"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the Dockerfile lacks %s", want)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^COPY ([A-Za-z. ]+) /`).FindAllStringSubmatch(string(b), -1) {
		for _, name := range strings.Fields(m[1]) {
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Error(err)
			}
		}
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(mod))[1]
	for _, file := range []string{"Dockerfile", "action.yml", ".gitlab/archcheck.yml"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil || !regexp.MustCompile(`golang:`+version+`\b|go-version: "`+version+`"`).Match(text) {
			t.Errorf("%s does not build with Go %s (%v)", file, version, err)
		}
	}
	lines := strings.Split(strings.TrimSpace(example(t, "docker.md", "docker")), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "docker build -t archcheck") {
		t.Fatalf("%q", lines)
	}
	_, inside, ok := strings.Cut(lines[1], ":/system:ro\" ")
	if !ok {
		t.Fatalf("%q does not mount the system", lines[1])
	}
	system(t, shop)
	runs(t, inside, 0)
}

// TestPagesShowCommandsThatRun: what the pages on completion and policies say to type runs.
func TestPagesShowCommandsThatRun(t *testing.T) {
	completion := example(t, "completion.md", "completion")
	policies := example(t, "policies.md", "commands")
	system(t, shop)
	for _, line := range strings.Split(strings.TrimSpace(completion), "\n") {
		runs(t, strings.TrimSpace(line[:strings.Index(line, ">")]), 0)
	}
	for _, line := range strings.Split(strings.TrimSpace(policies), "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.NewReplacer("service.a.call.b", "service.shop.call.db", "DIR", "policies").Replace(line)
		runs(t, strings.TrimSpace(line), 0)
	}
	if _, err := os.Stat("rules.tar.gz"); err != nil {
		t.Error(err)
	}
}
