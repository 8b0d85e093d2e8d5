package compose

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// declare makes a service's component and the names that others reach it by.
func (r *reader) declare(s *service) {
	c := r.d.Component(s.name, "")
	s.c = c
	if c.Place == "" {
		c.Place, c.What = s.at.Place(), "compose service"
	}
	if image := r.expand(s.get("image").Str()); image != "" {
		c.Image = image
	}
	for _, key := range []string{"hostname", "container_name"} {
		// Several services may carry one hostname by mistake; then the name means none of them.
		if h := s.get(key).Str(); h != "" && r.byName[h] == nil {
			r.d.Alias(c, h, "")
		}
	}
	for _, n := range s.get("networks").Pairs() {
		for _, a := range n.Value.Get("aliases").Strings() {
			if r.byName[a] == nil {
				r.d.Alias(c, a, "")
			}
		}
	}
	for _, p := range s.get("expose").Items() {
		if v, ok := p.Int(); ok {
			c.Ports = append(c.Ports, v)
		}
	}
	r.ports(s)
	r.scale(s)
	r.deploy(s)
	if p := s.get("profiles"); !p.IsZero() {
		c.Note("Runs only with profile %s (%s).", strings.Join(p.Strings(), " or "), p.Place())
	}
}

// ports notes what a service listens on and what it publishes on the host.
func (r *reader) ports(s *service) {
	for _, p := range s.get("ports").Items() {
		if p.IsMap() {
			target, _ := p.Get("target").Int()
			published := p.Get("published").Str()
			if target > 0 {
				s.c.Ports = append(s.c.Ports, target)
			}
			if published != "" && p.Get("protocol").Str() != "udp" && !loopback(p.Get("host_ip").Str()) {
				r.expose(s, p, published)
			}
			continue
		}
		text := r.expand(p.Str())
		text, protocol, _ := strings.Cut(text, "/")
		parts := strings.Split(text, ":")
		if v, err := strconv.Atoi(parts[len(parts)-1]); err == nil {
			s.c.Ports = append(s.c.Ports, v)
		}
		if len(parts) < 2 || protocol == "udp" || len(parts) > 2 && loopback(strings.Join(parts[:len(parts)-2], ":")) {
			continue
		}
		r.expose(s, p, parts[len(parts)-2])
	}
}

// loopback is a published port that only the machine itself reaches.
func loopback(ip string) bool {
	return ip == "localhost" || strings.HasPrefix(ip, "127.") || ip == "[::1]" || ip == "::1"
}

func (r *reader) expose(s *service, at yamldoc.Node, port string) {
	for _, x := range s.c.Exposed {
		if strings.HasPrefix(x.Place, s.file+":") {
			return // one way in is enough
		}
	}
	s.c.Exposed = append(s.c.Exposed, draft.Exposure{Place: at.Place(), How: "publishes port " + port})
}

func (r *reader) scale(s *service) {
	scale := &model.Scale{}
	if s.c.Scale.V != nil {
		scale = s.c.Scale.V
	}
	stated := false
	replicas := s.get("deploy", "replicas")
	if replicas.IsZero() {
		replicas = s.get("scale")
	}
	if n, err := strconv.Atoi(r.expand(replicas.Str())); err == nil && n > 0 {
		scale.Replicas, stated = draft.Stated(n, replicas.Place()), true
	}
	for _, bound := range []string{"limits", "reservations"} {
		res := s.get("deploy", "resources", bound)
		if v := res.Get("cpus"); v.Str() != "" && !scale.CPU.Written && cpu(v.Str()) {
			scale.CPU, stated = draft.Stated(v.Str(), v.Place()), true
		}
		if v := res.Get("memory"); !scale.Memory.Written {
			if m := memory(v.Str()); m != "" {
				scale.Memory, stated = draft.Stated(m, v.Place()), true
			}
		}
	}
	if stated {
		s.c.Scale = draft.Object(scale)
	}
}

func cpu(s string) bool {
	v, err := strconv.ParseFloat(s, 64)
	return err == nil && v > 0 && v < 1e6 && !strings.ContainsAny(s, "eExX_+-") && !strings.HasPrefix(s, ".")
}

// memory turns Docker's sizes, whose units are powers of 1024 whatever their spelling, into the language's.
func memory(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	digits := strings.TrimRight(s, "bkmgit")
	n, err := strconv.Atoi(digits)
	if err != nil || n <= 0 || n > 1<<40 {
		return ""
	}
	switch strings.TrimRight(s[len(digits):], "bi") {
	case "":
		return fmt.Sprintf("%dB", n)
	case "k":
		return fmt.Sprintf("%dKiB", n)
	case "m":
		return fmt.Sprintf("%dMiB", n)
	case "g":
		return fmt.Sprintf("%dGiB", n)
	}
	return ""
}

// deploy reads how Swarm updates the service; without update_config the file does not say.
func (r *reader) deploy(s *service) {
	u := s.get("deploy", "update_config")
	if u.IsZero() {
		return
	}
	d := &model.Deploy{Strategy: draft.Stated("rolling", u.Place()), Drain: draft.Unknown[time.Duration](), Analysis: draft.Unknown[[]string]()}
	if health := s.get("healthcheck"); !health.IsZero() && health.Get("disable").Str() != "true" {
		d.Readiness = draft.Stated(true, health.Place(), "health check")
	} else {
		d.Readiness = draft.Unknown[bool]()
	}
	grace := s.get("stop_grace_period")
	if v, err := time.ParseDuration(grace.Str()); err == nil && v >= 0 {
		d.Grace = draft.Stated(v, grace.Place())
	}
	s.c.Deploy = draft.Object(d)
}

// connect reads what a service is configured to use.
func (r *reader) connect(s *service) {
	seen := map[string]bool{}
	for _, n := range s.nodes {
		r.environment(s, n.Get("environment"), seen)
	}
	for _, n := range s.nodes {
		r.envFiles(s, n.Get("env_file"), seen)
	}
	for _, key := range []string{"command", "entrypoint"} {
		cmd := s.get(key)
		r.d.Text(s.c, "", r.expand(strings.Join(cmd.Strings(), " ")), cmd.Place())
	}
	for _, n := range s.nodes {
		r.links(s, n)
		r.startOrder(s, n.Get("depends_on"))
	}
	r.labels(s)
	for _, v := range s.get("volumes").Items() {
		if v.IsMap() {
			r.mount(s, v.Get("source").Str())
		} else {
			host, _, _ := strings.Cut(r.expand(v.Str()), ":")
			r.mount(s, host)
		}
	}
	for _, n := range s.nodes {
		for _, v := range n.Get("configs").Items() {
			name := v.Str()
			if v.IsMap() {
				name = v.Get("source").Str()
			}
			r.mountConfig(s, name)
		}
	}
}

// mountConfig finds the file of a top-level config.
func (r *reader) mountConfig(s *service, name string) {
	f := s.nodes[0].File()
	for _, doc := range f.Docs {
		if file := doc.Get("configs", name, "file").Str(); file != "" {
			r.mount(s, file)
		}
	}
}

func (r *reader) environment(s *service, env yamldoc.Node, seen map[string]bool) {
	for _, p := range env.Pairs() {
		value := p.Value.Str()
		if p.Value.IsZero() {
			value = r.vars[p.Key]
		}
		r.variable(s, p.Key, value, p.Value.Place(), seen)
	}
	for _, item := range env.Items() {
		name, value, stated := strings.Cut(item.Str(), "=")
		if !stated { // passed through from the project's .env
			value = r.vars[name]
		}
		r.variable(s, name, value, item.Place(), seen)
	}
}

func (r *reader) envFiles(s *service, n yamldoc.Node, seen map[string]bool) {
	items := n.Items()
	if len(items) == 0 && !n.IsZero() {
		items = []yamldoc.Node{n}
	}
	for _, item := range items {
		name := item.Str()
		if item.IsMap() {
			name = item.Get("path").Str()
		}
		f, ok := r.d.Beside(s.file, r.expand(name))
		if !ok {
			if name != "" && r.d.Read != nil {
				r.d.Problem(item.Warning("Environment file not read", fmt.Sprintf("%q could not be read; addresses in it are missing from the result.", name)))
			}
			continue
		}
		for i, l := range strings.Split(string(f.Bytes), "\n") {
			if k, v, ok := assignment(l); ok {
				r.variable(s, k, v, fmt.Sprintf("%s:%d", f.Name, i+1), seen)
			}
		}
	}
}

func (r *reader) variable(s *service, name, value, place string, seen map[string]bool) {
	if seen[name] {
		return // a nearer definition wins
	}
	seen[name] = true
	s.c.Env = append(s.c.Env, name)
	r.d.Text(s.c, name, r.expand(r.expand(value)), place)
}

// links were the way to reach another container before networks: they say that it is used, not how.
func (r *reader) links(s *service, n yamldoc.Node) {
	for _, item := range n.Get("links").Items() {
		name, _, _ := strings.Cut(item.Str(), ":")
		if to := r.byName[name]; to != nil {
			r.d.Call(s.c, to.c, draft.Evidence{Place: item.Place(), How: "link", Certainty: draft.Medium})
		}
	}
}

func (r *reader) startOrder(s *service, n yamldoc.Node) {
	add := func(name string, at yamldoc.Node) {
		if to := r.byName[name]; to != nil {
			if at.Get("condition").Str() == "service_completed_successfully" {
				to.c.Role, to.c.Why = draft.Tool, "it ends before others start"
				return
			}
			r.d.Call(s.c, to.c, draft.Evidence{Place: at.Place(), How: "depends_on: start order only", Certainty: draft.Weak})
		}
	}
	for _, item := range n.Items() {
		add(item.Str(), item)
	}
	for _, p := range n.Pairs() {
		add(p.Key, p.Value)
	}
}

// labels by which Traefik finds what it routes to.
func (r *reader) labels(s *service) {
	rule := func(name, place string) {
		if !strings.HasPrefix(name, "traefik.http.routers.") && !strings.HasPrefix(name, "traefik.tcp.routers.") && name != "traefik.frontend.rule" {
			return
		}
		for _, g := range r.services {
			if p := draft.ByImage(g.c.Image); p != nil && p.Name == "traefik" {
				r.d.Call(g.c, s.c, draft.Evidence{Place: place, How: "route by label", Certainty: draft.Strong}).Forwards()
			}
		}
	}
	for _, p := range s.get("labels").Pairs() {
		rule(p.Key, p.Value.Place())
	}
	for _, item := range s.get("labels").Items() {
		name, _, _ := strings.Cut(item.Str(), "=")
		rule(name, item.Place())
	}
}
