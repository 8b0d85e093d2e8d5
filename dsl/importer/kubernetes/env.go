package kubernetes

import (
	"fmt"
	"sort"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
)

// connect reads what a workload is configured to use: variables, also those of ConfigMaps, and commands. Secrets are
// never looked into.
func (r *reader) connect(w *workload) {
	for _, c := range w.containers() {
		vars := map[string]string{}
		for _, from := range c.Get("envFrom").Items() {
			if cm, ok := r.configMaps[[2]string{w.obj.Space, from.Get("configMapRef", "name").Str()}]; ok {
				for _, p := range cm.Node.Get("data").Pairs() {
					r.variable(w, from.Get("prefix").Str()+p.Key, p.Value, vars)
				}
			}
		}
		for _, e := range c.Get("env").Items() {
			value := e.Get("value")
			if ref := e.Get("valueFrom", "configMapKeyRef"); !ref.IsZero() {
				if cm, ok := r.configMaps[[2]string{w.obj.Space, ref.Get("name").Str()}]; ok {
					value = cm.Node.Get("data").Get(ref.Get("key").Str())
				}
			}
			r.variable(w, e.Get("name").Str(), value, vars)
		}
		for _, key := range []string{"command", "args"} {
			n := c.Get(key)
			r.d.Text(w.c, "", substitute(strings.Join(n.Strings(), " "), vars), n.Place())
		}
	}
	for _, c := range w.pod.Get("spec", "initContainers").Items() {
		n := c.Get("command")
		if text := strings.Join(append(n.Strings(), c.Get("args").Strings()...), " "); text != "" {
			for _, a := range draft.Addresses(text) {
				if to := r.d.Host(a.Host, w.obj.Space); to != nil && to != w.c && !a.Bare {
					r.d.Call(w.c, to, draft.Evidence{Place: c.Get("name").Place(), How: "init container waits for it", Certainty: draft.Weak})
				}
			}
		}
	}
	r.uses(w)
}

func (r *reader) variable(w *workload, name string, value yamldoc.Node, vars map[string]string) {
	w.c.Env = append(w.c.Env, name)
	text := substitute(value.Str(), vars)
	vars[name] = text
	r.d.Text(w.c, name, text, value.Place())
}

// substitute resolves $(NAME) by the variables before it.
func substitute(s string, vars map[string]string) string {
	if !strings.Contains(s, "$(") || len(s) > 1<<16 {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "$(")
		b.WriteString(before)
		if !ok || b.Len() > 1<<16 {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, ")")
		if !ok {
			return b.String() + "$(" + rest
		}
		if v, ok := vars[name]; ok {
			b.WriteString(v)
		} else {
			b.WriteString("$(" + name + ")")
		}
		s = after
	}
}

// uses notes the ConfigMaps that a workload mounts.
func (r *reader) uses(w *workload) {
	for _, v := range w.pod.Get("spec", "volumes").Items() {
		names := []string{v.Get("configMap", "name").Str()}
		for _, s := range v.Get("projected", "sources").Items() {
			names = append(names, s.Get("configMap", "name").Str())
		}
		for _, n := range names {
			key := [2]string{w.obj.Space, n}
			if _, ok := r.configMaps[key]; ok {
				r.configUses[key] = append(r.configUses[key], w)
			}
		}
	}
}

// mountedConfig reads the ConfigMaps that one component alone mounts: one that several share says nothing about any one
// of them.
func (r *reader) mountedConfig() {
	keys := make([][2]string, 0, len(r.configUses))
	for k := range r.configUses {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i][0]+"/"+keys[i][1] < keys[j][0]+"/"+keys[j][1] })
	for _, k := range keys {
		users := r.configUses[k]
		shared := false
		for _, u := range users {
			shared = shared || u.c != users[0].c
		}
		if shared {
			continue
		}
		for _, p := range r.configMaps[k].Node.Get("data").Pairs() {
			r.config(users[0], p)
		}
	}
}

func (r *reader) config(w *workload, p yamldoc.Pair) {
	text := p.Value.Str()
	first := p.Value.Line()
	if strings.Contains(text, "\n") {
		first++ // a block begins on the line after its key
	}
	for i, line := range strings.Split(text, "\n") {
		r.d.Line(w.c, p.Key, line, fmt.Sprintf("%s:%d", p.Value.File().Name, first+i))
	}
}

// byLabels are the components of the pods that a selector selects.
func (r *reader) byLabels(sel yamldoc.Node, space string) []*draft.Component {
	var out []*draft.Component
	for _, w := range r.workloads {
		if w.obj.Space != space || !manifest.Selects(sel, w.labels) {
			continue
		}
		dup := false
		for _, c := range out {
			dup = dup || c == w.c
		}
		if !dup {
			out = append(out, w.c)
		}
	}
	return out
}
