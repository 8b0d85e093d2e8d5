// Package manifest splits files into Kubernetes objects and reads the forms that all of them share: label selectors,
// quantities, durations.
package manifest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// Object is one Kubernetes object.
type Object struct {
	Group   string // "apps", empty for the core group
	Version string // "v1"
	Kind    string
	Name    string
	Space   string // namespace; "default" where none is written
	Node    yamldoc.Node
}

// Place is file:line of the object's kind.
func (o Object) Place() string { return o.Node.Get("kind").Place() }

// Spec follows keys below spec.
func (o Object) Spec(path ...string) yamldoc.Node {
	return o.Node.Get("spec").Get(path...)
}

// Label is one of the object's labels.
func (o Object) Label(name string) string { return o.Node.Get("metadata", "labels", name).Str() }

// Annotation is one of the object's annotations.
func (o Object) Annotation(name string) yamldoc.Node {
	return o.Node.Get("metadata", "annotations", name)
}

// groups are the API groups that an importer reads, those of older clusters included.
var groups = map[string]bool{
	"": true, "apps": true, "batch": true, "autoscaling": true, "policy": true, "extensions": true, "networking.k8s.io": true,
	"gateway.networking.k8s.io": true, "keda.sh": true, "networking.istio.io": true, "security.istio.io": true,
	"telemetry.istio.io": true, "extensions.istio.io": true, "install.istio.io": true, "argoproj.io": true, "dapr.io": true,
}

// Read reports whether objects of an apiVersion are read; group is the part of it before the slash, or all of it.
func Read(group, version string) bool {
	if group == version {
		return knownVersions.MatchString(version)
	}
	return groups[group]
}

// variable is one that a shell would replace; no name of a cluster holds such characters.
var variable = regexp.MustCompile(`\$\{?[A-Za-z_]`)

// knownVersions are the versions of each group that are read; older ones differ in what is read at most in names.
var knownVersions = regexp.MustCompile(`^v[12]((alpha|beta)[0-9]+)?$`)

// Objects are the objects of all files, lists unfolded, in the order of the files.
func Objects(d *draft.Draft, files []model.File) []Object {
	var out []Object
	for _, f := range files {
		y := d.Parse(f)
		found := 0
		for _, doc := range y.Docs {
			found += objects(d, doc, &out, 0)
		}
		if found == 0 && len(y.Docs) > 0 {
			if x, ok := y.Template(); ok {
				d.Problem(x)
				continue
			}
			d.Leave("%s: no Kubernetes object", f.Name)
		}
	}
	return out
}

func objects(d *draft.Draft, doc yamldoc.Node, out *[]Object, depth int) int {
	kind, version := doc.Get("kind").Str(), doc.Get("apiVersion").Str()
	if kind == "" || version == "" || depth > 4 {
		return 0
	}
	if items := doc.Get("items"); strings.HasSuffix(kind, "List") && items.IsSeq() {
		n := 0
		for _, i := range items.Items() {
			n += objects(d, i, out, depth+1)
		}
		return max(n, 1)
	}
	if kind == "Kustomization" {
		for _, key := range []string{"patches", "patchesStrategicMerge", "patchesJson6902", "namePrefix", "nameSuffix", "replicas", "configMapGenerator", "bases", "components", "helmCharts"} {
			if at := doc.Get(key); !at.IsZero() {
				d.Problem(at.Warning("Kustomization that has not been built", fmt.Sprintf(
					"Its %s changes what the files beside it say. Build it and read the result: kustomize build DIR | archcheck import kubernetes -", key)))
				break
			}
		}
		return 1
	}
	o := Object{Kind: kind, Node: doc, Name: doc.Get("metadata", "name").Str(), Space: doc.Get("metadata", "namespace").Str()}
	if o.Space == "" {
		o.Space = "default"
	}
	group, v, ok := strings.Cut(version, "/")
	if !ok {
		group, v = "", version
	}
	o.Group, o.Version = group, v
	if ok && !groups[group] {
		d.LeaveOnce(group+"/"+kind, "%s objects, the first at %s: nothing reads the API group %s", kind, doc.Get("kind").Place(), group)
		return 1
	}
	if strings.Contains(version, "{{") || strings.Contains(o.Name, "{{") {
		if x, ok := doc.File().Template(); ok {
			d.Problem(x)
			return 1
		}
	}
	if variable.MatchString(o.Name) || variable.MatchString(o.Space) {
		d.Problem(doc.Get("metadata", "name").Problem("Variable that has not been replaced", fmt.Sprintf(
			"What this %s is called depends on a variable. Replace the variables and read the result: envsubst < %s | archcheck import kubernetes -", kind, doc.File().Name)))
		return 1
	}
	if !knownVersions.MatchString(v) {
		d.Problem(doc.Get("apiVersion").Warning("Unknown API version", fmt.Sprintf("%s %q is read as if it were of a version that archcheck knows (v1, v2, and their alpha and beta versions).", kind, o.Name)))
	}
	if o.Name == "" {
		if doc.Get("metadata", "generateName").Str() == "" {
			d.Problem(doc.Get("kind").Warning("Object without a name", fmt.Sprintf("This %s has no metadata.name; it was left out.", kind)))
		}
		return 1
	}
	*out = append(*out, o)
	return 1
}

// Selects reports whether a label selector selects labels. An empty selector selects nothing here: what selects all says
// nothing about anyone.
func Selects(sel yamldoc.Node, labels map[string]string) bool {
	match := Labels(sel.Get("matchLabels"))
	exprs := sel.Get("matchExpressions").Items()
	if len(match) == 0 && len(exprs) == 0 || len(match) > 0 && !SelectsAll(match, labels) {
		return false
	}
	for _, e := range exprs {
		v, has := labels[e.Get("key").Str()]
		in := false
		for _, x := range e.Get("values").Strings() {
			in = in || has && x == v
		}
		switch e.Get("operator").Str() {
		case "In":
			if !in {
				return false
			}
		case "NotIn":
			if in {
				return false
			}
		case "Exists":
			if !has {
				return false
			}
		case "DoesNotExist":
			if has {
				return false
			}
		}
	}
	return true
}

// SelectsAll reports whether all labels of a plain selector are there; an empty one selects nothing.
func SelectsAll(sel, labels map[string]string) bool {
	for k, want := range sel {
		if v, ok := labels[k]; !ok || v != want {
			return false
		}
	}
	return len(sel) > 0
}

// Labels are a mapping of labels.
func Labels(n yamldoc.Node) map[string]string {
	out := map[string]string{}
	for _, p := range n.Pairs() {
		out[p.Key] = p.Value.Str()
	}
	return out
}

var cpuForm = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?|[0-9]+m)$`)

// CPU is a quantity of cores as the language writes it; empty if it is none.
func CPU(s string) string {
	if !cpuForm.MatchString(s) || strings.Trim(s, "0.m") == "" {
		return ""
	}
	return s
}

// Memory is a quantity of bytes as the language writes it: "128Mi" is 128MiB; empty if it is none.
func Memory(s string) string {
	digits := strings.TrimRight(s, "iEPTGMKk")
	if n, err := strconv.Atoi(digits); err != nil || n <= 0 || n > 1<<50 {
		return ""
	}
	switch unit := s[len(digits):]; unit {
	case "":
		return digits + "B"
	case "Ki", "Mi", "Gi", "Ti":
		return digits + unit + "B"
	case "k", "K", "M", "G", "T":
		return digits + strings.ToUpper(unit) + "B"
	}
	return ""
}

// Duration is a time as Go and most manifests write it; "0s", which says that there is no limit, has off = true.
func Duration(n yamldoc.Node) (v time.Duration, off, ok bool) {
	v, err := time.ParseDuration(strings.TrimSpace(n.Str()))
	if err != nil || v < 0 {
		return 0, false, false
	}
	return v, v == 0, true
}

// Limit is a time limit as a fact: none where the source turns it off, absent where it says nothing readable.
func Limit(n yamldoc.Node, note string) model.Value[time.Duration] {
	switch v, off, ok := Duration(n); {
	case off:
		return draft.None[time.Duration](n.Place(), strings.TrimSpace(note+" 0s turns it off"))
	case ok:
		return draft.Stated(v, n.Place(), note)
	}
	return model.Value[time.Duration]{}
}
