// Package plan orders findings into what to do next: changes grouped by subject, each with the lines to write. It is
// pure: same findings and same files, same plan.
package plan

import (
	"cmp"
	"hash/fnv"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// Plan is what a run recommends.
type Plan struct {
	Changes             []*Change // in the order of their findings' rank
	Groups              []Group   // the same by subject, in the order of each subject's best
	Add, Change, Remove int
}

// Group is what a plan says about one subject.
type Group struct {
	Subject model.Addr
	Changes []*Change
}

// Change is one finding with its alternatives; at most one is applied.
type Change struct {
	Finding *analyzer.Finding
	Action  analyzer.Action // of the first alternative
	Fixes   []Fix
	Members []*Change // of a finding that stands for several
}

// Fix is one alternative as edits and as printed lines.
type Fix struct {
	Title  string
	Safety string // manual: advice only; unsafe: it changes behaviour
	Ops    []analyzer.Op
	HCL    string
	Edits  []edit.Edit
	Lines  []edit.Line
	Advice []string
}

// Make plans the findings, which are ranked. Precedes is the catalog's order of patterns: among findings of one subject
// and severity, what must be in place first comes first. Waived and known findings make no change.
func Make(findings []*analyzer.Finding, m *model.Model, precedes func(pattern string) int) *Plan {
	p := &Plan{}
	index := map[model.Addr]int{}
	for _, c := range changes(findings, m) {
		f := c.Finding
		p.Changes = append(p.Changes, c)
		if f.Waiver != nil || f.Known {
			continue
		}
		p.count(c.Action)
		i, ok := index[f.Subject]
		if !ok {
			i = len(p.Groups)
			index[f.Subject] = i
			p.Groups = append(p.Groups, Group{Subject: f.Subject})
		}
		p.Groups[i].Changes = append(p.Groups[i].Changes, c)
	}
	for _, g := range p.Groups {
		slices.SortStableFunc(g.Changes, func(a, b *Change) int {
			return cmp.Or(
				cmp.Compare(b.Finding.Severity, a.Finding.Severity),
				cmp.Compare(b.Finding.Verdict, a.Finding.Verdict),
				cmp.Compare(precedes(a.Finding.Pattern), precedes(b.Finding.Pattern)),
			)
		})
	}
	return p
}

// changes makes the change of every finding. Each processor takes the findings of some subjects, so that none parses what
// another one does.
func changes(findings []*analyzer.Finding, m *model.Model) []*Change {
	var all []*Change
	list := outline(findings, &all)
	var wg sync.WaitGroup
	workers := uint32(runtime.GOMAXPROCS(0))
	for w := range workers {
		wg.Go(func() {
			ed := edit.New(m)
			for _, c := range all {
				if shard(c.Finding.Subject)%workers != w {
					continue
				}
				for _, fix := range c.Finding.Fixes {
					c.Fixes = append(c.Fixes, makeFix(ed, c.Finding, fix))
				}
				c.Action = action(c)
			}
		})
	}
	wg.Wait()
	return list
}

// outline makes the changes of findings and their members without their fixes; all collects every one.
func outline(findings []*analyzer.Finding, all *[]*Change) []*Change {
	var list []*Change
	for _, f := range findings {
		c := &Change{Finding: f}
		*all = append(*all, c)
		list = append(list, c)
		c.Members = outline(f.Members, all)
	}
	return list
}

// shard is a number that a node shares with what lies inside it.
func shard(a model.Addr) uint32 {
	node := string(a)
	if i := strings.IndexByte(node, '.'); i >= 0 {
		if n := strings.IndexByte(node[i+1:], '.'); n >= 0 {
			node = node[:i+1+n]
		}
	}
	h := fnv.New32a()
	h.Write([]byte(node))
	return h.Sum32()
}

func (p *Plan) count(a analyzer.Action) {
	switch a {
	case analyzer.Add:
		p.Add++
	case analyzer.Remove:
		p.Remove++
	default:
		p.Change++
	}
}

func makeFix(ed *edit.Editor, f *analyzer.Finding, fix analyzer.Fix) Fix {
	out := Fix{Title: fix.Title, Ops: fix.Ops, Safety: "manual"}
	var ops []edit.Op
	for _, op := range fix.Ops {
		if op.Advise != "" {
			out.Advice = append(out.Advice, op.Advise)
			continue
		}
		at := op.At
		if at == "" && op.Add == "" {
			at = f.Subject
		}
		ops = append(ops, edit.Op{At: at, Set: op.Set, Unset: op.Unset, Add: op.Add, Label: op.Label, Value: op.Value})
	}
	if len(ops) == 0 {
		return out
	}
	r, err := ed.Plan(ops)
	if err != nil { // a place that cannot be edited (a journey, a default) is still worth saying in words
		out.Advice = append(out.Advice, describe(ops))
		return out
	}
	out.HCL, out.Edits, out.Lines, out.Safety = r.HCL, r.Edits, r.Lines, "unsafe"
	if out.Title == "" {
		out.Title = describe(ops)
	}
	return out
}

// describe says operations in words, for what no edit can show.
func describe(ops []edit.Op) string {
	var parts []string
	for _, op := range ops {
		switch {
		case op.Set != "":
			parts = append(parts, "set "+op.Set+" = "+edit.Literal(op.Value)+" on "+string(op.At))
		case op.Unset != "":
			parts = append(parts, "remove "+op.Unset+" from "+string(op.At))
		case op.At != "":
			parts = append(parts, "add "+op.Add+" to "+string(op.At))
		default:
			parts = append(parts, strings.TrimSpace("add "+op.Add+" "+op.Label))
		}
	}
	s := strings.Join(parts, ", ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// action is what the first alternative does to the file. Advice adds where a pattern is missing, else it changes.
func action(c *Change) analyzer.Action {
	if len(c.Fixes) > 0 {
		for _, l := range c.Fixes[0].Lines {
			return analyzer.Action(l.Action)
		}
	}
	if c.Finding.Kind == analyzer.Missing {
		return analyzer.Add
	}
	return analyzer.Change
}
