package kubernetes

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/manifest"
)

// latest keeps the last declaration of each object: it is the one that the cluster runs.
func (r *reader) latest() {
	at := map[string]int{}
	var copies []copied
	keep := r.objects[:0]
	for _, o := range r.objects {
		key := strings.Join([]string{o.Group, o.Kind, o.Space, o.Name}, "/")
		i, again := at[key]
		if !again || o.Kind == "Namespace" { // every folder of manifests begins with its own
			at[key] = len(keep)
			keep = append(keep, o)
			continue
		}
		copies = append(copies, copied{keep[i], o})
		keep[i] = o
	}
	r.objects = keep
	r.twice(copies)
}

// copied is an object that is declared again.
type copied struct{ first, last manifest.Object }

// twice tells of objects that are declared again: one by one, or once of a file that shows the same parts as another.
func (r *reader) twice(copies []copied) {
	const few = 2
	files := func(c copied) [2]string {
		return [2]string{c.first.Node.File().Name, c.last.Node.File().Name}
	}
	count := map[[2]string]int{}
	for _, c := range copies {
		count[files(c)]++
	}
	told := map[[2]string]bool{}
	for _, c := range copies {
		f, at := files(c), c.last.Node.Get("metadata", "name")
		switch n := count[f]; {
		case n <= few || f[0] == f[1]:
			r.d.Problem(at.Warning("Declared twice", fmt.Sprintf(
				"%s %q of namespace %q is declared at %s already. The cluster runs what is applied last: this one is read, the other is not.", c.last.Kind, c.last.Name, c.last.Space, c.first.Place())))
		case !told[f]:
			told[f] = true
			r.d.Problem(at.Warning("Declared twice", fmt.Sprintf(
				"%s %q and %d more objects of this file are declared in %s already. The cluster runs what is applied last: these are read, the others are not. Where the files are two ways to run the system, name one of them only.", c.last.Kind, c.last.Name, n-1, f[0])))
		}
	}
}
