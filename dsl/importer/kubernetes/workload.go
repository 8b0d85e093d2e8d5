package kubernetes

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// facts reads what a workload says about itself.
func (r *reader) facts(w *workload) {
	c := w.c
	for _, p := range w.main.Get("ports").Items() {
		if v, ok := p.Get("containerPort").Int(); ok {
			c.Ports = append(c.Ports, v)
		}
		if strings.HasPrefix(p.Get("name").Str(), "grpc") {
			r.grpc(c, p)
		}
	}
	if c.Role == draft.Client {
		return
	}
	scale := &model.Scale{}
	if c.Scale.V != nil {
		scale = c.Scale.V
	}
	r.replicas(w, scale)
	if !scale.CPU.Written {
		scale.CPU = quantity(w.main, "cpu", manifest.CPU)
	}
	if !scale.Memory.Written {
		scale.Memory = quantity(w.main, "memory", manifest.Memory)
	}
	if scale.Replicas.Written || scale.Min.Written || scale.CPU.Written || scale.Memory.Written {
		c.Scale = draft.Object(scale)
	}
	if !c.Deploy.Written {
		r.deploy(w, scale)
	}
	if w.obj.Kind == "StatefulSet" {
		if v := w.obj.Spec("volumeClaimTemplates"); len(v.Items()) > 0 {
			c.Service.Stateful = draft.Stated(true, v.Place(), "a volume per replica")
		}
	}
	if t := w.obj.Label("team"); t != "" {
		c.Service.Team = draft.Stated(t, w.obj.Node.Get("metadata", "labels", "team").Place())
	}
	r.sidecars(w)
}

// replicas of several versions behind one Service add up. An autoscaler decides between its bounds, so that the number
// in the manifest is not what runs.
func (r *reader) replicas(w *workload, scale *model.Scale) {
	if w.obj.Kind == "DaemonSet" {
		w.c.Note("One replica per node.")
		return
	}
	if hpa, ok := r.autoscaled[w.obj.Space+"/"+w.obj.Name]; ok {
		low, high := hpa.Spec("minReplicas"), hpa.Spec("maxReplicas")
		if low.IsZero() {
			low = hpa.Spec("minReplicaCount")
		}
		if high.IsZero() {
			high = hpa.Spec("maxReplicaCount")
		}
		n, ok := low.Int()
		place := low.Place()
		if !ok {
			n, place = 1, hpa.Place()+" "+hpa.Kind+"'s default"
		}
		scale.Min = draft.Stated(n, place)
		if v, ok := high.Int(); ok && v > 0 {
			scale.Max = draft.Stated(v, high.Place())
		}
		return
	}
	at := w.obj.Spec("replicas")
	n, ok := at.Int()
	place := at.Place()
	if !ok {
		n, place = 1, w.obj.Place()+" "+w.obj.Kind+"'s default"
	}
	if scale.Replicas.Written && w.group != nil {
		n, place = n+scale.Replicas.V, scale.Replicas.Origin.Comment+", "+place
	}
	if n > 0 {
		scale.Replicas = draft.Stated(n, place)
	} else {
		w.c.Note("Scaled to zero (%s).", place)
	}
}

// quantity is what a container asks for, else what it is limited to.
func quantity(container yamldoc.Node, what string, form func(string) string) model.Value[string] {
	for _, bound := range []string{"requests", "limits"} {
		v := container.Get("resources", bound, what)
		if q := form(v.Str()); q != "" {
			return draft.Stated(q, v.Place())
		}
	}
	return model.Value[string]{}
}

// deploy reads how new pods replace old ones. The manifest shows all there is of probes; whether a program finishes its
// requests when it is told to stop, it does not.
func (r *reader) deploy(w *workload, scale *model.Scale) {
	d := &model.Deploy{}
	switch w.obj.Kind {
	case "Deployment":
		s := w.obj.Spec("strategy")
		if s.Get("type").Str() == "Recreate" {
			d.Strategy = draft.Stated("recreate", s.Get("type").Place())
			break
		}
		d.Strategy = draft.Stated("rolling", orDefault(s.Get("type"), w.obj))
		d.MaxSurge = share(s.Get("rollingUpdate", "maxSurge"), scale.Replicas, true)
		d.MaxUnavailable = share(s.Get("rollingUpdate", "maxUnavailable"), scale.Replicas, false)
	case "StatefulSet", "DaemonSet":
		s := w.obj.Spec("updateStrategy")
		if s.Get("type").Str() == "OnDelete" {
			return
		}
		d.Strategy = draft.Stated("rolling", orDefault(s.Get("type"), w.obj))
		if w.obj.Kind == "StatefulSet" {
			d.MaxSurge = draft.Stated(0.0, w.obj.Place(), "StatefulSet: one replica at a time is replaced")
			if n := scale.Replicas.V; n > 0 {
				d.MaxUnavailable = draft.Stated(math.Round(1/float64(n)*1e4)/1e4, w.obj.Place(), "1 of "+strconv.Itoa(n))
			}
		}
	default:
		return
	}
	d.Analysis = draft.Unknown[[]string]()
	Probes(w.pod, w.main, d)
	w.c.Deploy = draft.Object(d)
}

// Probes reads readiness and shutdown of a pod into a deploy.
func Probes(pod, main yamldoc.Node, d *model.Deploy) {
	if p := main.Get("readinessProbe"); p.IsMap() {
		d.Readiness = draft.Stated(true, p.Place(), "readinessProbe")
	} else if main.IsMap() {
		d.Readiness = draft.Stated(false, main.Place(), "no readinessProbe")
	} else {
		d.Readiness = draft.Unknown[bool]()
	}
	d.Drain = draft.Unknown[time.Duration]()
	stop := main.Get("lifecycle", "preStop")
	if v, ok := sleep(stop); ok {
		d.Drain = draft.Stated(v, stop.Place(), "preStop sleeps")
	}
	if grace := pod.Get("spec", "terminationGracePeriodSeconds"); !grace.IsZero() {
		if n, ok := grace.Int(); ok && n >= 0 && n < 1<<20 {
			d.Grace = draft.Stated(time.Duration(n)*time.Second, grace.Place())
		}
	}
}

func orDefault(n yamldoc.Node, o manifest.Object) string {
	if n.IsZero() {
		return o.Place() + " " + o.Kind + "'s default"
	}
	return n.Place()
}

// share is a percentage, or a number of replicas as a share of them: surge is rounded up, unavailable down.
func share(n yamldoc.Node, replicas model.Value[int], up bool) model.Value[float64] {
	text, percent := strings.CutSuffix(n.Str(), "%")
	v, err := strconv.Atoi(text)
	switch {
	case err != nil || v < 0 || v > 1e6:
		return model.Value[float64]{}
	case percent && (up || v <= 100):
		return draft.Stated(float64(v)/100, n.Place())
	case percent || !replicas.Has() || replicas.V < 1 || !up && v > replicas.V:
		return model.Value[float64]{}
	}
	return draft.Stated(math.Round(float64(v)/float64(replicas.V)*1e4)/1e4, n.Place(), text+" of "+strconv.Itoa(replicas.V))
}

var sleepCommand = regexp.MustCompile(`\bsleep\s+([0-9]{1,5})s?\b`)

// sleep is how long a preStop hook waits.
func sleep(hook yamldoc.Node) (time.Duration, bool) {
	if n, ok := hook.Get("sleep", "seconds").Int(); ok && n > 0 && n < 1<<20 {
		return time.Duration(n) * time.Second, true
	}
	if m := sleepCommand.FindStringSubmatch(strings.Join(hook.Get("exec", "command").Strings(), " ")); m != nil {
		n, _ := strconv.Atoi(m[1])
		return time.Duration(n) * time.Second, n > 0
	}
	return 0, false
}

// sidecars are the containers beside the main one, and the helpers among the init containers that keep running.
func (r *reader) sidecars(w *workload) {
	add := func(c yamldoc.Node, first bool) {
		if meshProxy(c) != "" {
			return // the mesh's own
		}
		name := draft.Label(c.Get("name").Str())
		for _, s := range w.c.Service.Sidecars {
			if s.Label == name {
				return
			}
		}
		s := &model.Sidecar{}
		s.Block = model.Block{Kind: model.KindSidecar, Label: name, Comment: c.Get("name").Place() + " image " + c.Get("image").Str()}
		if p := draft.Purpose(c.Get("name").Str(), c.Get("image").Str()); p != "" {
			s.Purpose = draft.Stated(p)
		}
		s.CPU, s.Memory = quantity(c, "cpu", manifest.CPU), quantity(c, "memory", manifest.Memory)
		if first {
			s.StartsFirst = draft.Stated(true, c.Get("restartPolicy").Place(), "init container that keeps running")
		}
		w.c.Service.Sidecars = append(w.c.Service.Sidecars, s)
	}
	for _, c := range w.containers() {
		if c.Get("name").Str() != w.main.Get("name").Str() && c.Get("name").Str() != "" {
			add(c, false)
		}
	}
	for _, c := range w.pod.Get("spec", "initContainers").Items() {
		if c.Get("restartPolicy").Str() == "Always" && c.Get("name").Str() != "" {
			add(c, true)
		}
	}
}
