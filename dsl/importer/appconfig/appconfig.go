// Package appconfig reads the configuration files of programs (JSON or YAML) for what they say about other components:
// a section that is called like a component, or whose address leads to it, with a time limit of calls to it.
//
// Such a file is often shared by all programs, so that it names callees and not callers: what it says becomes the
// callee's inbound policy.
package appconfig

import (
	"path"
	"strings"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// maxDepth of sections within sections.
const maxDepth = 12

// limits are the names of settings that limit a call, with the unit of a bare number; zero: the value names it itself.
var limits = map[string]time.Duration{
	"timeout_ms": time.Millisecond, "timeoutms": time.Millisecond, "timeout-ms": time.Millisecond, "timeoutmillis": time.Millisecond,
	"request_timeout_ms": time.Millisecond, "requesttimeoutms": time.Millisecond, "read_timeout_ms": time.Millisecond,
	"timeout_s": time.Second, "timeout_seconds": time.Second, "timeoutseconds": time.Second, "timeout-seconds": time.Second,
	"timeout": 0, "request_timeout": 0, "requesttimeout": 0, "request-timeout": 0, "read_timeout": 0, "read-timeout": 0, "readtimeout": 0, "response-timeout": 0,
}

// connects limit setting up a connection.
var connects = map[string]time.Duration{
	"connect_timeout_ms": time.Millisecond, "connecttimeoutms": time.Millisecond, "connect_timeout": 0, "connect-timeout": 0, "connecttimeout": 0,
}

// Read adds configuration files to the draft.
func Read(d *draft.Draft, files []model.File) {
	for _, f := range files {
		r := &reader{d: d, file: f.Name, policies: map[[2]time.Duration]*model.Policy{}}
		for _, doc := range d.Parse(f).Docs {
			r.section("", doc, 0)
		}
		if r.found == 0 {
			d.Leave("%s: no section of it is about a component and limits calls to it", f.Name)
		}
	}
}

type reader struct {
	d        *draft.Draft
	file     string
	found    int
	policies map[[2]time.Duration]*model.Policy // one for all callees with the same limits
}

func (r *reader) section(name string, n yamldoc.Node, depth int) {
	if depth > maxDepth {
		return
	}
	if n.IsMap() {
		r.callee(name, n)
	}
	for _, p := range n.Pairs() {
		if p.Value.IsMap() || p.Value.IsSeq() {
			r.section(p.Key, p.Value, depth+1)
		}
	}
	for _, i := range n.Items() {
		r.section("", i, depth+1)
	}
}

// callee reads one section if it is about a component.
func (r *reader) callee(name string, n yamldoc.Node) {
	c := r.d.Host(name, "")
	for _, p := range n.Pairs() {
		if c == nil && draft.NamesAHost(p.Key) {
			for _, a := range draft.Addresses(p.Value.Str()) {
				c = r.d.Host(a.Host, "")
			}
		}
	}
	if c == nil {
		c = r.only(name, n)
	}
	if c == nil {
		return
	}
	var timeout, connect model.Value[time.Duration]
	for _, p := range n.Pairs() {
		if v, ok := limit(p, limits); ok {
			timeout = draft.Stated(v, p.Value.Place())
		}
		if v, ok := limit(p, connects); ok {
			connect = draft.Stated(v, p.Value.Place())
		}
	}
	if !timeout.Written && !connect.Written {
		return
	}
	r.found++
	if c.Inbound != nil {
		c.Note("%s limits calls to it as well (%s): another source's policy is in force here.", r.file, n.Place())
		return
	}
	key := [2]time.Duration{timeout.V, connect.V}
	p := r.policies[key]
	if p == nil {
		name := strings.TrimSuffix(path.Base(r.file), path.Ext(r.file))
		if len(r.policies) > 0 {
			name = "to_" + c.Name
		}
		p = r.d.Policy(draft.Label(name))
		p.Comment = r.file + ": what the callers of some components are configured with"
		p.Timeout, p.ConnectTimeout = timeout, connect
		r.policies[key] = p
	}
	c.Inbound, c.InboundNote = p, n.Place()
}

// only is a service that no other source shows: a section whose own name is its address, with a port. Stores that nobody
// runs are left-overs more often than not.
func (r *reader) only(name string, n yamldoc.Node) *draft.Component {
	port, _ := n.Get("port").Int()
	for _, p := range n.Pairs() {
		if name != "" && port > 0 && !draft.IsProduct(name, port) && p.Value.Str() == name && draft.NamesAHost(p.Key) {
			c := r.d.Component(name, "")
			c.Place, c.What = n.Place(), "configured, and in no other source"
			c.Ports = append(c.Ports, port)
			return c
		}
	}
	return nil
}

func limit(p yamldoc.Pair, names map[string]time.Duration) (time.Duration, bool) {
	unit, ok := names[strings.ToLower(p.Key)]
	if !ok {
		return 0, false
	}
	if unit == 0 {
		v, err := time.ParseDuration(p.Value.Str())
		return v, err == nil && v > 0
	}
	v, ok := p.Value.Float()
	if !ok || v <= 0 || v > 1e9 {
		return 0, false
	}
	return time.Duration(v * float64(unit)), true
}
