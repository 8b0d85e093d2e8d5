// Package importer makes a description of a system from what it runs on: compose files, cluster manifests, traces.
// Each kind of source has a package of its own that fills a draft; one model is built of it.
//
// Rules of the package:
//   - It states what a source shows, with file and line. The rest is `unknown`, once, in one inherited policy.
//   - Several sources of several kinds make one model: those that show components come before those that only add to them.
//   - A source that cannot be read whole is an error: half a system that looks whole would be judged as one.
package importer

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/appconfig"
	"github.com/archcheck/archcheck/dsl/importer/argorollouts"
	"github.com/archcheck/archcheck/dsl/importer/compose"
	"github.com/archcheck/archcheck/dsl/importer/dapr"
	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/istio"
	"github.com/archcheck/archcheck/dsl/importer/kubernetes"
	"github.com/archcheck/archcheck/dsl/importer/microtosca"
	"github.com/archcheck/archcheck/dsl/importer/otel"
	"github.com/archcheck/archcheck/dsl/importer/resilience4j"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// Kind is one kind of source.
type Kind struct {
	Name string
	Doc  string
	// phase orders the kinds of one run: 0 shows components, 1 adds to them.
	phase int
	// files of a directory that belong to the kind; nil for all YAML files below it.
	files []string
	read  func(*draft.Draft, []model.File)
}

// Kinds are all kinds of sources, in the order of the reference.
func Kinds() []Kind {
	return []Kind{
		{Name: "compose", Doc: "Compose files: services, addresses in their environment, links, start order, ports, replicas", files: compose.Names, read: compose.Read},
		{Name: "kubernetes", Doc: "Manifests: workloads, Services, Ingress, Gateway API, network policies, autoscalers, probes, cron jobs", read: kubernetes.Read},
		{Name: "istio", Doc: "Mesh configuration: time limits, retries, outlier detection, connection pools, mutual TLS, gateways", phase: 1, read: istio.Read},
		{Name: "argo-rollouts", Doc: "Rollouts: canary steps, blue-green switches, analyses", phase: 1, read: argorollouts.Read},
		{Name: "dapr", Doc: "Dapr resources: state stores, publish and subscribe, resiliency", phase: 1, read: dapr.Read},
		{Name: "resilience4j", Doc: "Spring's application.yml: Resilience4j instances, gateway routes, addresses", phase: 1, read: resilience4j.Read},
		{Name: "appconfig", Doc: "Programs' own configuration (JSON, YAML): time limits of calls in sections about a component", phase: 1, read: appconfig.Read},
		{Name: "otel", Doc: "OpenTelemetry traces (OTLP/JSON): calls, calls per request, latencies, messages", read: otel.Read},
		{Name: "microtosca", Doc: "microTOSCA models: nodes, interactions with their properties, edge and team groups", read: microtosca.Read},
	}
}

// Find is the kind of a name; false if there is none.
func Find(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Source is one or more paths that are read as one kind.
type Source struct {
	Kind  string
	Paths []string // files, directories, or "-"
}

// Options say what else may be read.
type Options struct {
	Name  string    // of the system; taken from the sources if empty
	Else  string    // its name where the sources have none; their folder's if empty
	Stdin io.Reader // read for the path "-"

	// Beside reads a file that a source refers to, such as a mounted configuration; nil reads none.
	Beside func(name string) ([]byte, error)
}

// Result is an imported model.
type Result struct {
	Model *model.Model
	Shown *model.Shown
	Left  []string // what was read and left out, one sentence each
	Files []model.File
	Diags source.Diagnostics
}

// Import reads sources into one model. Where the diagnostics have errors, the model is not to be used.
func Import(sources []Source, opts Options) Result {
	d := draft.New()
	d.Read, d.Name = opts.Beside, opts.Name
	type job struct {
		kind  Kind
		files []model.File
	}
	var jobs []job
	l := &loader{opts: opts, seen: map[string]model.File{}}
	for _, s := range sources {
		k, ok := Find(s.Kind)
		if !ok {
			l.diags = append(l.diags, source.Diagnostic{Summary: "Unknown kind of source", Detail: fmt.Sprintf("There is no kind %q. The kinds are %s.", s.Kind, strings.Join(names(), ", "))})
			continue
		}
		files := l.load(k, s.Paths)
		// Manifests refer to each other wherever they lie; compose files that are named apart are projects of their own.
		if i := slices.IndexFunc(jobs, func(j job) bool { return j.kind.Name == k.Name && k.files == nil }); i >= 0 {
			for _, f := range files {
				if !slices.ContainsFunc(jobs[i].files, func(o model.File) bool { return o.Name == f.Name }) {
					jobs[i].files = append(jobs[i].files, f)
				}
			}
			continue
		}
		jobs = append(jobs, job{k, files})
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return cmp.Compare(a.kind.phase, b.kind.phase) })
	d.Files = l.files
	if !l.diags.HasErrors() {
		for _, j := range jobs {
			d.Kinds = append(d.Kinds, j.kind.Name)
		}
		for _, j := range jobs {
			d.Reading = j.kind.Name
			j.kind.read(d, j.files)
		}
	}
	if d.Name == "" {
		d.Name = cmp.Or(opts.Else, folder(sources))
	}
	r := Result{Model: d.Build(), Shown: d.Shown(), Left: append(l.left, d.Left...), Files: d.Files, Diags: append(l.diags, d.Diags...)}
	if len(d.Components) == 0 && !r.Diags.HasErrors() {
		r.Diags = append(r.Diags, source.Diagnostic{Summary: "Nothing to describe", Detail: "The sources show no component of a system. " + l.tried(sources)})
	}
	r.Diags.Sort()
	slices.Sort(r.Left)
	return r
}

// Label is a name as a block label.
func Label(name string) string { return draft.Label(name) }

func names() []string {
	var out []string
	for _, k := range Kinds() {
		out = append(out, k.Name)
	}
	return out
}

func (l *loader) tried(sources []Source) string {
	var parts []string
	for _, s := range sources {
		parts = append(parts, strings.Join(s.Paths, ", ")+" was read as "+s.Kind)
	}
	return strings.Join(parts, "; ") + "."
}
