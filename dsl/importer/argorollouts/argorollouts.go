// Package argorollouts reads Rollouts: canary steps, blue-green switches and the analyses that go with them. The pods of
// a Rollout are read as those of any other workload, by package kubernetes.
package argorollouts

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/kubernetes"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// Read adds Rollouts to the draft.
func Read(d *draft.Draft, files []model.File) {
	objects := manifest.Objects(d, files)
	metrics := map[string][]string{}
	for _, o := range objects {
		if o.Kind == "AnalysisTemplate" || o.Kind == "ClusterAnalysisTemplate" {
			for _, m := range o.Spec("metrics").Items() {
				metrics[o.Name] = append(metrics[o.Name], m.Get("name").Str())
			}
		}
	}
	fresh := false
	for _, o := range objects {
		if o.Kind == "Rollout" && d.Find(o.Name, o.Space) == nil && o.Spec("workloadRef").IsZero() {
			fresh = true
		}
	}
	if fresh {
		kubernetes.Workloads(d, files)
	}
	found := false
	for _, o := range objects {
		if o.Kind != "Rollout" {
			continue
		}
		found = true
		name := o.Name
		if ref := o.Spec("workloadRef", "name").Str(); ref != "" {
			name = ref
		}
		c := d.Find(name, o.Space)
		if c == nil {
			c = d.Host(name, o.Space)
		}
		if c == nil {
			d.Problem(o.Node.Get("metadata", "name").Warning("Rollout without its workload", "These sources do not show the pods of Rollout "+strconv.Quote(o.Name)+". Add the manifest of its workload to the command."))
			continue
		}
		rollout(o, c, metrics)
	}
	if !found && len(objects) > 0 {
		d.Problem(objects[0].Node.Get("kind").Warning("No Rollout", "None of these objects is an Argo Rollout; nothing was read from them as argo-rollouts."))
	}
}

func rollout(o manifest.Object, c *draft.Component, metrics map[string][]string) {
	d := &model.Deploy{}
	canary, bg := o.Spec("strategy", "canary"), o.Spec("strategy", "blueGreen")
	var analyses []yamldoc.Node
	switch {
	case bg.IsMap():
		d.Strategy = draft.Stated("blue_green", bg.Place())
		keep := bg.Get("scaleDownDelaySeconds")
		if n, ok := keep.Int(); ok && n >= 0 && n < 1<<20 {
			d.KeepOld = draft.Stated(time.Duration(n)*time.Second, keep.Place())
		}
		analyses = append(analyses, bg.Get("prePromotionAnalysis"), bg.Get("postPromotionAnalysis"))
	case len(canary.Get("steps").Items()) > 0:
		d.Strategy = draft.Stated("canary", canary.Place())
		if routing := canary.Get("trafficRouting"); routing.IsMap() {
			d.Router = draft.Stated(true, routing.Place())
		}
		analyses = append(steps(canary, d), canary.Get("analysis"))
	default:
		place := canary.Place()
		if place == "" {
			place = o.Place()
		}
		d.Strategy = draft.Stated("rolling", place, "a canary without steps is a rolling update")
		analyses = append(analyses, canary.Get("analysis"))
	}
	d.Analysis = analysis(analyses, metrics)
	main := yamldoc.Node{}
	if containers := o.Spec("template", "spec", "containers").Items(); len(containers) > 0 {
		main = containers[0]
		for _, x := range containers {
			if x.Get("name").Str() == o.Name {
				main = x
			}
		}
	}
	if main.IsMap() {
		kubernetes.Probes(o.Spec("template"), main, d)
	} else if c.Deploy.V != nil { // the pods are those of another workload, which has been read
		was := c.Deploy.V
		d.Readiness, d.Drain, d.Grace = was.Readiness, was.Drain, was.Grace
	}
	c.Deploy = draft.Object(d)
}

// steps reads the shares of traffic and the shortest pause between them; it returns the analyses among them. A pause
// without a duration waits for a person.
func steps(canary yamldoc.Node, d *model.Deploy) []yamldoc.Node {
	var shares []float64
	var analyses []yamldoc.Node
	var bake time.Duration
	var at yamldoc.Node
	for _, s := range canary.Get("steps").Items() {
		if w, ok := s.Get("setWeight").Int(); ok && w > 0 && w <= 100 {
			shares = append(shares, math.Round(float64(w))/100)
		}
		if p := s.Get("pause", "duration"); !p.IsZero() {
			v, ok := pause(p)
			if ok && (bake == 0 || v < bake) {
				bake, at = v, p
			}
		}
		analyses = append(analyses, s.Get("analysis"))
	}
	if len(shares) > 0 {
		d.Steps = draft.Stated(shares, canary.Get("steps").Place())
	}
	if bake > 0 {
		d.Bake = draft.Stated(bake, at.Place(), "shortest pause")
	} else {
		d.Bake = draft.Unknown[time.Duration]()
	}
	return analyses
}

// pause is "10m", or a number of seconds.
func pause(n yamldoc.Node) (time.Duration, bool) {
	if v, ok := n.Int(); ok && v > 0 && v < 1<<24 {
		return time.Duration(v) * time.Second, true
	}
	v, off, ok := manifest.Duration(n)
	return v, ok && !off
}

// analysis lists what is measured: the metrics of the templates that are here, else the templates' names. What is not
// in a Rollout may still be watched by another tool, so that its absence is none only where a strategy has its place.
func analysis(nodes []yamldoc.Node, metrics map[string][]string) model.Value[[]string] {
	var names []string
	place := ""
	for _, a := range nodes {
		for _, t := range a.Get("templates").Items() {
			name := t.Get("templateName").Str()
			if name == "" {
				continue
			}
			if place == "" {
				place = a.Place()
			}
			found := metrics[name]
			if len(found) == 0 {
				found = []string{name}
			}
			for _, m := range found {
				if m != "" && !slices.Contains(names, m) {
					names = append(names, m)
				}
			}
		}
	}
	if len(names) == 0 {
		return draft.Unknown[[]string]("no analysis in the Rollout")
	}
	return draft.Stated(names, place)
}
