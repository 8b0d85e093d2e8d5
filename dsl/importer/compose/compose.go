// Package compose reads compose files: services, their images, addresses in their environment, links, start order,
// published ports, replicas, and the configuration files that they mount.
//
// It reads the nodes itself, see package yamldoc for why. Time limits and retries of calls are not in a compose file;
// those of health checks are about starting and are not taken for them.
package compose

import (
	"fmt"
	"path"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// Names are the files that a folder's project consists of, those that override others after them.
var Names = []string{
	"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml",
	"compose.override.yaml", "compose.override.yml", "docker-compose.override.yaml", "docker-compose.override.yml",
}

// maxNesting is how deep files may include or extend others.
const maxNesting = 8

// service is one service with those that it extends.
type service struct {
	name  string
	nodes []yamldoc.Node // its own definition first
	file  string
	at    yamldoc.Node // where it was declared first
	c     *draft.Component
}

type reader struct {
	d        *draft.Draft
	services []*service
	byName   map[string]*service
	vars     map[string]string // of the project's .env file, for ${…}
	mounts   map[string][]mount
	order    []string
	seen     map[string]bool
}

// mount is one service's use of a configuration file.
type mount struct {
	by     *service
	source string // the compose file
	path   string
}

// Read adds compose files to the draft. All of one call are one project: later files override earlier ones.
func Read(d *draft.Draft, files []model.File) {
	r := &reader{d: d, byName: map[string]*service{}, vars: map[string]string{}, mounts: map[string][]mount{}, seen: map[string]bool{}}
	for _, f := range files {
		r.file(f, 0)
	}
	for _, s := range r.services {
		r.declare(s)
	}
	for _, s := range r.services {
		r.connect(s)
	}
	r.configs()
	if len(r.services) > 0 && !d.Discovery.Written {
		d.Discovery = draft.Stated("dns", files[0].Name+": services find each other by name on the project's network")
	}
}

func (r *reader) file(f model.File, depth int) {
	if r.seen[f.Name] || depth > maxNesting {
		return
	}
	r.seen[f.Name] = true
	if env, ok := r.d.Beside(f.Name, ".env"); ok {
		for i, l := range strings.Split(string(env.Bytes), "\n") {
			if k, v, ok := assignment(l); ok && i < 10_000 {
				r.vars[k] = v
			}
		}
	}
	y := r.d.Parse(f)
	for _, doc := range y.Docs {
		if !doc.IsMap() {
			r.d.Problem(doc.Problem("Not a compose file", "A compose file is a mapping with services."))
			continue
		}
		for _, inc := range doc.Get("include").Items() {
			paths := inc.Strings()
			if inc.IsMap() {
				paths = inc.Get("path").Strings()
			}
			for _, p := range paths {
				if g, ok := r.d.Beside(f.Name, p); ok {
					r.file(g, depth+1)
				} else {
					r.d.Problem(inc.Warning("Included file not read", fmt.Sprintf("%q could not be read; its services are missing from the result.", p)))
				}
			}
		}
		if r.d.Name == "" {
			r.d.Name = r.expand(doc.Get("name").Str())
		}
		r.document(f, doc)
	}
}

// document takes the services of one document. The first file format had no services key: its services stand at the top.
func (r *reader) document(f model.File, doc yamldoc.Node) {
	all := doc.Get("services")
	if all.IsZero() {
		var old []yamldoc.Pair
		for _, p := range doc.Pairs() {
			if p.Value.IsMap() && (!p.Value.Get("image").IsZero() || !p.Value.Get("build").IsZero()) {
				old = append(old, p)
			}
		}
		if len(old) == 0 && doc.Get("include").IsZero() {
			r.d.Problem(notCompose(doc))
		}
		for _, p := range old {
			r.add(f, p)
		}
		return
	}
	for _, p := range all.Pairs() {
		r.add(f, p)
	}
}

func notCompose(doc yamldoc.Node) source.Diagnostic {
	if k := doc.Get("kind").Str(); k != "" && !doc.Get("apiVersion").IsZero() {
		x := doc.Get("kind").Problem("Not a compose file", fmt.Sprintf("This is a Kubernetes %s. Read it with archcheck import kubernetes %s.", k, doc.File().Name))
		return x
	}
	return doc.Problem("No services", "A compose file declares its services under the key services; this one declares none.")
}

func (r *reader) add(f model.File, p yamldoc.Pair) {
	if !p.Value.IsMap() {
		if !p.Value.IsZero() {
			r.d.Problem(p.Value.Warning("Service without a definition", fmt.Sprintf("Service %q is no mapping; it was left out.", p.Key)))
		}
		return
	}
	s := r.byName[p.Key]
	if s == nil {
		s = &service{name: p.Key, file: f.Name, at: p.Value}
		r.byName[p.Key] = s
		r.services = append(r.services, s)
	}
	s.nodes = append([]yamldoc.Node{p.Value}, s.nodes...)
	r.extend(s, f, p.Value, 0)
}

// extend adds what a service takes over from another one.
func (r *reader) extend(s *service, f model.File, n yamldoc.Node, depth int) {
	ext := n.Get("extends")
	if ext.IsZero() || depth > maxNesting {
		return
	}
	name, from := ext.Str(), f
	if ext.IsMap() {
		name = ext.Get("service").Str()
		if file := ext.Get("file").Str(); file != "" {
			g, ok := r.d.Beside(f.Name, file)
			if !ok {
				r.d.Problem(ext.Warning("Extended file not read", fmt.Sprintf("%q could not be read; what %s takes over from it is missing.", file, s.name)))
				return
			}
			from = g
		}
	}
	for _, doc := range r.d.Parse(from).Docs {
		if base := doc.Get("services", name); base.IsMap() {
			s.nodes = append(s.nodes, base)
			r.extend(s, from, base, depth+1)
			return
		}
	}
}

// get is a key of the service, or of what it extends.
func (s *service) get(path ...string) yamldoc.Node {
	for _, n := range s.nodes {
		if v := n.Get(path...); !v.IsZero() {
			return v
		}
	}
	return yamldoc.Node{}
}

// expand resolves ${NAME} and ${NAME:-default}; what it cannot resolve stays as it is and matches no name.
func (r *reader) expand(s string) string {
	if !strings.ContainsRune(s, '$') || len(s) > 1<<16 {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inner, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("${" + rest)
			return b.String()
		}
		name, def, has := strings.Cut(inner, "-")
		name = strings.TrimSuffix(name, ":")
		switch v, set := r.vars[name]; {
		case set && v != "":
			b.WriteString(v)
		case has:
			b.WriteString(def)
		default:
			b.WriteString("${" + inner + "}")
		}
		s = after
	}
}

// assignment reads one line of an environment file.
func assignment(line string) (name, value string, ok bool) {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "export "))
	if line == "" || line[0] == '#' {
		return "", "", false
	}
	name, value, ok = strings.Cut(line, "=")
	return strings.TrimSpace(name), strings.Trim(strings.TrimSpace(value), `"'`), ok
}

// configFiles are the endings of files whose addresses count as configured.
var configFiles = map[string]bool{
	".conf": true, ".cfg": true, ".ini": true, ".json": true, ".properties": true, ".toml": true, ".yaml": true, ".yml": true,
	".template": true, ".xml": true, ".caddyfile": true, ".lua": true,
}

// configs reads the configuration files that one service alone mounts: a file that several share says nothing about any
// one of them.
func (r *reader) configs() {
	for _, key := range r.order {
		uses := r.mounts[key]
		if len(uses) != 1 {
			continue
		}
		u := uses[0]
		f, ok := r.d.Beside(u.source, u.path)
		if !ok {
			continue
		}
		for i, line := range strings.Split(string(f.Bytes), "\n") {
			r.d.Line(u.by.c, path.Base(f.Name), r.expand(line), fmt.Sprintf("%s:%d", f.Name, i+1))
		}
	}
}

func (r *reader) mount(s *service, name string) {
	if !strings.HasPrefix(name, ".") || !configFiles[strings.ToLower(path.Ext(name))] {
		return
	}
	key := path.Join(path.Dir(s.file), name)
	for _, m := range r.mounts[key] {
		if m.by == s {
			return
		}
	}
	if r.mounts[key] == nil {
		r.order = append(r.order, key)
	}
	r.mounts[key] = append(r.mounts[key], mount{s, s.file, name})
}
