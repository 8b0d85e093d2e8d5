// Package kubernetes reads cluster manifests: workloads, Services, Ingress and Gateway API routes, network policies,
// autoscalers, disruption budgets, probes and cron jobs.
//
// The objects are read as trees of nodes; see package yamldoc for why the typed API is not used. A probe's timeouts and
// thresholds are about starting and readiness and are not taken for limits of calls.
package kubernetes

import (
	"slices"
	"sort"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// elsewhere are kinds that another importer reads.
var elsewhere = map[string]string{
	"networking.istio.io": "istio", "security.istio.io": "istio", "argoproj.io": "argo-rollouts", "dapr.io": "dapr",
}

// workload is a controller of pods.
type workload struct {
	obj    manifest.Object
	pod    yamldoc.Node // the pod template
	labels map[string]string
	c      *draft.Component
	main   yamldoc.Node // the container that the pod is about
	group  *group
}

// svc is a Service.
type svc struct {
	obj       manifest.Object
	workloads []*workload
}

type reader struct {
	d          *draft.Draft
	quiet      bool // says nothing of what other importers read
	objects    []manifest.Object
	workloads  []*workload
	services   []*svc
	configMaps map[[2]string]manifest.Object
	gateways   map[string]*draft.Component
	autoscaled map[string]manifest.Object
	configUses map[[2]string][]*workload
	labelled   map[string][]*workload // by namespace and one label
}

// Controllers of pods and where their pod template is.
var templates = map[string][]string{
	"Deployment": {"spec", "template"}, "StatefulSet": {"spec", "template"}, "DaemonSet": {"spec", "template"},
	"ReplicaSet": {"spec", "template"}, "ReplicationController": {"spec", "template"}, "Rollout": {"spec", "template"},
	"CronJob": {"spec", "jobTemplate", "spec", "template"}, "Job": {"spec", "template"}, "Pod": nil,
}

// Read adds manifests to the draft.
func Read(d *draft.Draft, files []model.File) { read(d, files, false) }

// Workloads adds manifests to the draft for another importer that reads the rest of them itself.
func Workloads(d *draft.Draft, files []model.File) { read(d, files, true) }

func read(d *draft.Draft, files []model.File, quiet bool) {
	r := &reader{d: d, quiet: quiet, objects: manifest.Objects(d, files), configMaps: map[[2]string]manifest.Object{},
		gateways: map[string]*draft.Component{}, autoscaled: map[string]manifest.Object{}, configUses: map[[2]string][]*workload{}, labelled: map[string][]*workload{}}
	r.collect()
	r.match()
	r.declare()
	for _, w := range r.workloads {
		r.facts(w)
	}
	for _, w := range r.workloads {
		r.connect(w)
	}
	r.mountedConfig()
	r.meshes()
	r.entries()
	for _, o := range r.objects {
		switch {
		case o.Kind == "Ingress":
			r.ingress(o)
		case o.Kind == "NetworkPolicy":
			r.networkPolicy(o)
		case o.Kind == "PodDisruptionBudget":
			r.disruption(o)
		case o.Group == "gateway.networking.k8s.io":
			r.gatewayAPI(o)
		}
	}
}

// collect sorts the objects into those that others refer to, and says what is read by other importers.
func (r *reader) collect() {
	r.latest()
	left := map[string]int{}
	places := map[string]string{}
	for _, o := range r.objects {
		if kind, ok := elsewhere[o.Group]; ok {
			left[kind+" "+o.Kind]++
			if places[kind+" "+o.Kind] == "" {
				places[kind+" "+o.Kind] = o.Place()
			}
			if o.Kind != "Rollout" || !o.Spec("workloadRef").IsZero() {
				continue
			}
		}
		switch o.Kind {
		case "Service":
			r.services = append(r.services, &svc{obj: o})
		case "ConfigMap":
			r.configMaps[[2]string{o.Space, o.Name}] = o
		case "HorizontalPodAutoscaler", "ScaledObject":
			t := o.Spec("scaleTargetRef")
			r.autoscaled[o.Space+"/"+t.Get("name").Str()] = o
		}
		if path, ok := templates[o.Kind]; ok && (o.Group != "serving.knative.dev") {
			r.workload(o, path)
		}
	}
	keys := make([]string, 0, len(left))
	for k := range left {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		if r.quiet {
			break
		}
		kind, what, _ := strings.Cut(k, " ")
		if slices.Contains(r.d.Kinds, kind) {
			continue
		}
		r.d.Leave("%d %s (%s): add %s and the same files to the command to read them", left[k], what, places[k], kind)
	}
}

func (r *reader) workload(o manifest.Object, path []string) {
	if draft.IsPlatform(o.Space) {
		r.d.Leave("%s %s (%s): namespace %s belongs to the platform", o.Kind, o.Name, o.Place(), o.Space)
		return
	}
	if o.Kind == "Pod" && !o.Node.Get("metadata", "ownerReferences").IsZero() || o.Kind == "ReplicaSet" && !o.Node.Get("metadata", "ownerReferences").IsZero() {
		return // its controller is what counts
	}
	if o.Kind == "Job" {
		r.d.Leave("Job %s (%s): it runs once", o.Name, o.Place())
		return
	}
	w := &workload{obj: o, pod: o.Node.Get(path...)}
	w.labels = manifest.Labels(w.pod.Get("metadata", "labels"))
	w.main = w.mainContainer()
	r.workloads = append(r.workloads, w)
}

// containers are the pod's containers in the order of the manifest.
func (w *workload) containers() []yamldoc.Node { return w.pod.Get("spec", "containers").Items() }

// mainContainer is the one that carries the workload's name, else the first that is no known helper, else the first.
func (w *workload) mainContainer() yamldoc.Node {
	all := w.containers()
	for _, c := range all {
		if c.Get("name").Str() == w.obj.Name {
			return c
		}
	}
	for _, c := range all {
		if draft.Purpose(c.Get("name").Str(), c.Get("image").Str()) == "" {
			return c
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return yamldoc.Node{}
}

// match finds the workloads behind every Service.
func (r *reader) match() {
	for _, w := range r.workloads {
		for k, v := range w.labels {
			key := w.obj.Space + "\x00" + k + "\x00" + v
			r.labelled[key] = append(r.labelled[key], w)
		}
	}
	for _, s := range r.services {
		sel := manifest.Labels(s.obj.Spec("selector"))
		for _, w := range r.withAny(s.obj.Space, sel) {
			if manifest.SelectsAll(sel, w.labels) {
				s.workloads = append(s.workloads, w)
			}
		}
	}
	r.groups()
}

// withAny are the workloads of a namespace that carry the label of a selector that the fewest carry; in a large cluster
// looking at all of them for each Service takes minutes.
func (r *reader) withAny(space string, sel map[string]string) []*workload {
	var fewest []*workload
	first := true
	for k, v := range sel {
		if some := r.labelled[space+"\x00"+k+"\x00"+v]; first || len(some) < len(fewest) {
			fewest, first = some, false
		}
	}
	return fewest
}

// group is several workloads that one Service spreads its requests over: versions of one service.
type group struct {
	name    string
	members []*workload
}

func (r *reader) groups() {
	alone := map[*workload]bool{}
	for _, s := range r.services {
		if len(s.workloads) == 1 {
			alone[s.workloads[0]] = true
		}
	}
	for _, s := range r.services {
		if len(s.workloads) < 2 || slices.ContainsFunc(s.workloads, func(w *workload) bool { return alone[w] || w.group != nil }) {
			continue
		}
		g := &group{name: s.obj.Name, members: s.workloads}
		for _, w := range s.workloads {
			w.group = g
		}
	}
}

// declare makes the components and the names that reach them.
func (r *reader) declare() {
	for _, w := range r.workloads {
		name := w.obj.Name
		switch {
		case w.group != nil:
			name = w.group.name
		case w.labels["version"] != "" && strings.HasSuffix(name, "-"+w.labels["version"]):
			name = strings.TrimSuffix(name, "-"+w.labels["version"])
		}
		w.c = r.d.Component(name, w.obj.Space)
		if w.c.Space == "" {
			w.c.Space = w.obj.Space
		}
		if w.c.Place == "" {
			w.c.Place, w.c.What = w.obj.Place(), w.obj.Kind
		}
		if w.group != nil && len(w.group.members) > 1 {
			var names []string
			for _, m := range w.group.members {
				names = append(names, m.obj.Name)
			}
			w.c.Note("Versions behind one Service: %s.", strings.Join(names, ", "))
		}
		if w.c.Image == "" {
			w.c.Image = w.main.Get("image").Str()
		}
		if app := w.obj.Annotation("dapr.io/app-id").Str() + w.pod.Get("metadata", "annotations", "dapr.io/app-id").Str(); app != "" {
			r.d.Alias(w.c, app, "")
		}
		if w.obj.Kind == "CronJob" {
			w.c.Role, w.c.Kind = draft.Client, draft.Stated("scheduler", w.obj.Place(), "CronJob")
		}
	}
	for _, s := range r.services {
		r.service(s)
	}
	if len(r.workloads) > 0 {
		if !r.d.Platform.Written {
			r.d.Platform = draft.Stated("kubernetes", r.workloads[0].obj.Place())
		}
		if !r.d.Discovery.Written && len(r.services) > 0 {
			r.d.Discovery = draft.Stated("dns", r.services[0].obj.Place(), "Services are found by name")
		}
		if space := r.workloads[0].obj.Space; r.d.Name == "" && space != "default" && !slices.ContainsFunc(r.workloads, func(w *workload) bool { return w.obj.Space != space }) {
			r.d.Name = space
		}
	}
}

// service makes a Service's name reach what it selects, or what it stands for outside the cluster.
func (r *reader) service(s *svc) {
	spec := s.obj.Node.Get("spec")
	if host := spec.Get("externalName").Str(); host != "" && spec.Get("type").Str() == "ExternalName" {
		if c := r.d.Host(host, s.obj.Space); c != nil {
			r.d.Alias(c, s.obj.Name, s.obj.Space)
			return
		}
		c := r.d.Component(s.obj.Name, s.obj.Space)
		c.Place, c.What = s.obj.Place(), "ExternalName Service for "+host
		if p := draft.ByPort(port(spec)); p != nil && (p.Role == draft.Datastore || p.Role == draft.Broker) {
			c.Ports = append(c.Ports, port(spec))
		} else {
			c.Role = draft.External
		}
		return
	}
	var behind []*draft.Component
	for _, w := range s.workloads {
		if !slices.Contains(behind, w.c) {
			behind = append(behind, w.c)
		}
	}
	if len(behind) != 1 {
		return
	}
	r.d.Alias(behind[0], s.obj.Name, s.obj.Space)
	for _, p := range spec.Get("ports").Items() {
		if p.Get("appProtocol").Str() == "grpc" || strings.HasPrefix(p.Get("name").Str(), "grpc") {
			r.grpc(behind[0], p)
		}
		if v, ok := p.Get("targetPort").Int(); ok {
			behind[0].Ports = append(behind[0].Ports, v)
		} else if v, ok := p.Get("port").Int(); ok {
			behind[0].Ports = append(behind[0].Ports, v)
		}
	}
}

func port(spec yamldoc.Node) int {
	for _, p := range spec.Get("ports").Items() {
		if v, ok := p.Get("port").Int(); ok {
			return v
		}
	}
	return 0
}

func (r *reader) grpc(c *draft.Component, at yamldoc.Node) {
	for _, a := range c.Service.APIs {
		if a.Label == "grpc" {
			return
		}
	}
	api := &model.API{}
	api.Block = model.Block{Kind: model.KindAPI, Label: "grpc", Comment: at.Place() + " port is named or marked grpc"}
	c.Service.APIs = append(c.Service.APIs, api)
}

// entries are the Services that the cluster opens to the outside.
func (r *reader) entries() {
	for _, s := range r.services {
		t := s.obj.Spec("type")
		if t.Str() != "LoadBalancer" && t.Str() != "NodePort" {
			continue
		}
		how := t.Str() + " Service"
		for _, a := range s.obj.Node.Get("metadata", "annotations").Pairs() {
			if strings.Contains(a.Key, "internal") && a.Value.Str() != "false" {
				how = "internal " + how
			}
		}
		for _, w := range s.workloads {
			x := draft.Exposure{Place: t.Place(), How: how}
			if !slices.Contains(w.c.Exposed, x) {
				w.c.Exposed = append(w.c.Exposed, x)
			}
		}
	}
}

// behind is the component that a Service leads to.
func (r *reader) behind(name, space string) *draft.Component {
	for _, s := range r.services {
		if s.obj.Name == name && s.obj.Space == space && len(s.workloads) > 0 {
			return s.workloads[0].c
		}
	}
	return r.d.Host(name, space)
}
