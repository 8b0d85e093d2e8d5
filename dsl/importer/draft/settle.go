package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// Address records that a component is addressed in some way, which may show what it is.
func (c *Component) addressed(a Address, place string) {
	if a.Scheme != "" {
		if c.schemes == nil {
			c.schemes = map[string]string{}
		}
		if _, ok := c.schemes[a.Scheme]; !ok {
			c.schemes[a.Scheme] = place
		}
	}
	if a.Port > 0 && !slices.Contains(c.Ports, a.Port) {
		c.Ports = append(c.Ports, a.Port)
	}
}

// Text looks through a text for the addresses of other components and of outside systems. name is the variable that it
// is the value of, empty for a command.
func (d *Draft) Text(from *Component, name, text, place string) {
	where := name
	if name == "" {
		where = "its command"
	}
	d.look(from, name, where, text, place)
}

var setting = regexp.MustCompile(`^\s*"?-?\s*"?([A-Za-z0-9_.-]+)"?\s*(?:=|:\s)\s*"?([^"]*)`)

// Line looks through one line of a configuration file.
func (d *Draft) Line(from *Component, file, line, place string) {
	t := strings.TrimSpace(line)
	if t == "" || strings.HasPrefix(t, "#") || strings.HasPrefix(t, "//") {
		return
	}
	if m := setting.FindStringSubmatch(line); m != nil {
		d.look(from, m[1], file, strings.TrimRight(strings.TrimSpace(m[2]), ",;"), place)
		return
	}
	d.look(from, "", file, line, place)
}

// Setting looks through the value of one setting of a configuration file.
func (d *Draft) Setting(from *Component, name, file, value, place string) {
	d.look(from, name, file, value, place)
}

// look finds addresses in the value of a variable or setting that stands somewhere.
func (d *Draft) look(from *Component, name, where, text, place string) {
	waits := waitsFor(name + " " + text)
	for _, a := range Addresses(text) {
		if a.Bare && (name != "" && !NamesAHost(name) || name == "" && where != "its command") {
			continue
		}
		to := d.Host(a.Host, from.Space)
		if to == nil {
			d.outside(from, a, name, Evidence{Place: place, How: "address in " + where, Certainty: Strong})
			continue
		}
		if to == from {
			continue
		}
		to.addressed(a, place)
		ev := Evidence{Place: place, How: "address in " + where, Certainty: Strong}
		if a.Bare {
			ev = Evidence{Place: place, How: "name in " + where, Certainty: Medium}
		}
		if waits {
			ev = Evidence{Place: place, How: "waits for it at start", Certainty: Weak}
		}
		d.Call(from, to, ev)
	}
}

// waitsFor reports whether a command or variable only waits until others are up.
func waitsFor(text string) bool {
	for _, w := range []string{"wait-for", "wait_for", "waitfor", "dockerize", "WAIT_HOSTS", "wait-hosts"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// localSuffixes end names that only the author's own network resolves, and those of documentation.
var localSuffixes = []string{".local", ".localhost", ".internal", ".svc", ".lan", ".invalid", ".test", ".example", "example.com", "example.org", "example.net"}

// outside declares what an address outside the sources belongs to: a store or broker that somebody runs elsewhere, or an
// external system. Only a full domain name counts: a bare name is a component that these files do not show.
func (d *Draft) outside(from *Component, a Address, name string, ev Evidence) {
	if a.Bare || !strings.Contains(a.Host, ".") || strings.Contains(a.Host, "_") || slices.ContainsFunc(localSuffixes, func(s string) bool { return strings.HasSuffix(a.Host, s) }) {
		return
	}
	tld := a.Host[strings.LastIndexByte(a.Host, '.')+1:]
	if len(tld) < 2 || strings.Trim(strings.ToLower(tld), "abcdefghijklmnopqrstuvwxyz") != "" {
		return
	}
	p := ByScheme(a.Scheme)
	web := a.Scheme == "http" || a.Scheme == "https" || a.Scheme == "wss" || a.Scheme == "grpc"
	if p == nil && (!web || !NamesAHost(name)) || p != nil && p.Role != Datastore && p.Role != Broker {
		return
	}
	c := d.Find(a.Host, "")
	if c == nil {
		c = d.Component(a.Host, "")
		c.Place, c.What, c.Role = ev.Place, "outside these files", External
		if p != nil {
			c.Role, c.Why = p.Role, "addressed as "+a.Scheme
			c.Engine, c.Kind = Stated(p.Name, ev.Place), kindOf(p, ev.Place)
		}
	}
	d.Call(from, c, Evidence{Place: ev.Place, How: ev.How, Certainty: Medium})
}

func kindOf(p *Product, comment string) model.Value[string] {
	if p.Kind == "" {
		return model.Value[string]{}
	}
	return Stated(p.Kind, comment)
}

// settle decides what every component is and drops those that are no part of the architecture.
func (d *Draft) settle() {
	callers := map[*Component]bool{}
	for _, e := range d.Edges {
		callers[e.From] = true
	}
	for _, c := range d.Components {
		if c.Role == Client || c.Role == External {
			continue
		}
		if p, why := recognise(c, !callers[c]); p != nil && (c.Role == "" || c.Role == p.Role) {
			if c.Role == "" && p.Role == Gateway && !d.routes(c) {
				p = nil
			}
			if p != nil {
				if c.Role == "" {
					c.Role, c.Why = p.Role, why
				}
				if !c.Engine.Written && p.Name != "" {
					c.Engine = Stated(p.Name, besides(c.Why, why))
				}
				if !c.Kind.Written {
					c.Kind = kindOf(p, besides(c.Why, why))
				}
			}
		}
		if c.Role == "" {
			c.Role = Service
		}
	}
	d.coordinators()
	d.configuration()
	d.sides()
	d.watchersStores()
	d.Components = slices.DeleteFunc(d.Components, func(c *Component) bool {
		if c.Role != Telemetry && c.Role != Tool {
			return false
		}
		what := "watches the system"
		if c.Role == Tool {
			what = "a tool"
		}
		d.Leave("%s (%s): %s, %s", c.Name, c.Place, what, c.Why)
		return true
	})
	gone := func(c *Component) bool { return c == nil || c.Role == Telemetry || c.Role == Tool }
	d.Edges = slices.DeleteFunc(d.Edges, func(e *Edge) bool { return gone(e.From) || gone(e.To) })
	d.Components = slices.DeleteFunc(d.Components, func(c *Component) bool {
		if c.Role != External && c.Role != Client || slices.ContainsFunc(d.Edges, func(e *Edge) bool { return e.To == c || e.From == c }) || d.channelled(c) {
			return false
		}
		d.Leave("%s (%s, %s): these files show nobody who calls it or whom it calls", c.Name, c.Place, c.What)
		return true
	})
	for _, ch := range d.Channels {
		drop := func(u Use) bool { return gone(u.By) }
		ch.Publishes, ch.Consumes = slices.DeleteFunc(ch.Publishes, drop), slices.DeleteFunc(ch.Consumes, drop)
	}
}

// watchersStores leaves out the stores of what watches the system: a search index or a warehouse that nobody else uses.
// A database that only an exporter looks at stays: its users have its address compiled in.
func (d *Draft) watchersStores() {
	d.Components = slices.DeleteFunc(d.Components, func(c *Component) bool {
		if c.Role != Datastore || c.Kind.V != "search" && c.Kind.V != "warehouse" {
			return false
		}
		user := ""
		for _, e := range d.Edges {
			switch {
			case e.From == c, e.To == c && e.From.Role != Telemetry:
				return false
			case e.To == c && user == "":
				user = e.From.Name
			}
		}
		if user == "" {
			return false
		}
		d.Leave("%s (%s): only %s uses it, which watches the system", c.Name, c.Place, user)
		d.Edges = slices.DeleteFunc(d.Edges, func(e *Edge) bool { return e.To == c })
		return true
	})
}

// channelled reports whether a channel names a component.
func (d *Draft) channelled(c *Component) bool {
	by := func(u Use) bool { return u.By == c }
	return slices.ContainsFunc(d.Channels, func(ch *Channel) bool {
		return slices.ContainsFunc(ch.Publishes, by) || slices.ContainsFunc(ch.Consumes, by)
	})
}

// besides is what an argument's comment says beyond its block's.
func besides(block, why string) string {
	if block == why {
		return ""
	}
	return why
}

// routes reports whether a proxy product routes requests here: it has a way in, or calls somebody. A web server that
// does neither serves files.
func (d *Draft) routes(c *Component) bool { return len(c.Exposed) > 0 || d.calls(c) }

func (d *Draft) calls(c *Component) bool {
	return slices.ContainsFunc(d.Edges, func(e *Edge) bool { return e.From == c })
}

// configuration makes services of configuration servers. They are asked when a service starts, not once per request, so
// that nobody's edge to them is a call.
func (d *Draft) configuration() {
	var servers []*Component
	for _, c := range d.Components {
		if c.Role == Config {
			c.Role, c.Why, c.Engine, c.Exposed = Service, "", model.Value[string]{}, nil
			c.Note("Configuration server: it is asked at start, so that no call to it is described.")
			servers = append(servers, c)
		}
	}
	d.Edges = slices.DeleteFunc(d.Edges, func(e *Edge) bool { return slices.Contains(servers, e.To) })
}

// sides finds services that are the two sides of one by their names: one of commands, one of queries. What keeps them in
// step their names do not say.
func (d *Draft) sides() {
	side := func(c *Component, word string) string {
		words := split(c.Name)
		if k := slices.Index(words, word); k >= 0 && c.Role == Service {
			words[k] = "*"
			return strings.Join(words, "-")
		}
		return ""
	}
	commands := map[string]*Component{}
	for _, c := range d.Components {
		if s := side(c, "command"); s != "" {
			commands[s] = c
		}
	}
	for _, c := range d.Components {
		if other := commands[side(c, "query")]; other != nil && !c.Service.CQRS.Written {
			c.Service.CQRS = Object(&model.CQRS{Sync: Unknown[string](), MaxStaleness: Unknown[timeDuration]()})
			c.Service.CQRS.Origin = origin([]string{"by its name, beside " + other.Name})
		}
	}
}

// coordinators leaves out what only coordinates a broker or a store, such as the ZooKeeper of a Kafka: it is no registry
// that services find each other by.
func (d *Draft) coordinators() {
	for _, c := range d.Components {
		if c.Role != Registry && !(c.Role == Datastore && c.Engine.V == "etcd") {
			continue
		}
		var users, others []string
		for _, e := range d.Edges {
			if e.To != c {
				continue
			}
			if e.From.Role == Broker || e.From.Role == Datastore {
				users = append(users, e.From.Name)
			} else {
				others = append(others, e.From.Name)
			}
		}
		if len(users) > 0 && len(others) == 0 {
			c.Role, c.Why = Tool, "it coordinates "+strings.Join(users, ", ")
		}
	}
}

// labels gives every component a name that is unique among its kind. Namesakes of different namespaces carry theirs.
func (d *Draft) labels() {
	byLabel := map[string][]*Component{}
	for _, c := range d.Components {
		c.label = Label(c.Name)
		key := string(c.Role) + "." + c.label
		byLabel[key] = append(byLabel[key], c)
	}
	taken := map[string]bool{}
	for _, c := range d.Components {
		if len(byLabel[string(c.Role)+"."+c.label]) > 1 && c.Space != "" {
			c.label = Label(c.Space + "_" + c.Name)
		}
		c.label = free(taken, string(c.Role)+".", c.label)
	}
}

// free is a label that is not taken yet, and takes it.
func free(taken map[string]bool, prefix, label string) string {
	for n, l := 1, label; ; n++ {
		if n > 1 {
			l = fmt.Sprintf("%s_%d", label, n)
		}
		if !taken[prefix+l] {
			taken[prefix+l] = true
			return l
		}
	}
}

// Label is a name as a block label: letters, digits, - and _, beginning with a letter or _.
func Label(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	s := strings.Trim(b.String(), "-_")
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		s = "_" + s
	}
	return s
}
