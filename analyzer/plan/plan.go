// Package plan says what to do about findings: the changes of each as edits and as the lines to write. It is pure: same
// findings and same files, same plan.
package plan

import (
	"hash/fnv"
	"runtime"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// Plan is what a run recommends.
type Plan struct {
	Changes []*Change // in the order of their findings' rank
	model   *model.Model
}

// Change is one finding with its alternatives; at most one is applied.
type Change struct {
	Finding *analyzer.Finding
	Action  analyzer.Action // of the first alternative
	Fixes   []Fix           // once WorkOut was asked for them
	Members []*Change       // of a finding that stands for several; until worked out, their action is taken to be the same
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

// Make says what each of the findings changes. The fixes themselves are for WorkOut: of a large system a text shows ten
// changes and counts the others, and an edit costs a parse of the block that it changes.
func Make(findings []*analyzer.Finding, m *model.Model) *Plan {
	p := &Plan{model: m}
	for _, f := range findings {
		c := &Change{Finding: f}
		for _, member := range f.Members {
			c.Members = append(c.Members, &Change{Finding: member})
		}
		p.Changes = append(p.Changes, c)
	}
	p.each(p.Changes, func(ed *edit.Editor, c *Change) {
		c.Action = action(ed, c.Finding)
		for _, m := range c.Members {
			m.Action = c.Action
		}
	})
	return p
}

// WorkOut plans the fixes of changes and of their members.
func (p *Plan) WorkOut(changes []*Change) {
	var all []*Change
	for _, c := range changes {
		all = append(append(all, c), c.Members...)
	}
	p.each(all, func(ed *edit.Editor, c *Change) {
		c.Action = action(ed, c.Finding)
		c.Fixes = make([]Fix, len(c.Finding.Fixes))
		for i, fix := range c.Finding.Fixes {
			c.Fixes[i] = makeFix(ed, c.Finding, fix)
		}
	})
}

// each visits changes. Each processor takes those of some subjects, so that none parses what another one does.
func (p *Plan) each(changes []*Change, visit func(*edit.Editor, *Change)) {
	var wg sync.WaitGroup
	workers := uint32(runtime.GOMAXPROCS(0))
	for w := range workers {
		wg.Go(func() {
			ed := edit.New(p.model)
			for _, c := range changes {
				if shard(c.Finding.Subject)%workers == w {
					visit(ed, c)
				}
			}
		})
	}
	wg.Wait()
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

func makeFix(ed *edit.Editor, f *analyzer.Finding, fix analyzer.Fix) Fix {
	out := Fix{Title: fix.Title, Ops: fix.Ops, Safety: "manual"}
	ops, advice := operations(f, fix)
	if out.Advice = advice; len(ops) == 0 {
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

// operations are what a fix does to files, and what it says beside that.
func operations(f *analyzer.Finding, fix analyzer.Fix) (ops []edit.Op, advice []string) {
	for _, op := range fix.Ops {
		if op.Advise != "" {
			advice = append(advice, op.Advise)
			continue
		}
		at := op.At
		if at == "" && op.Add == "" {
			at = f.Subject
		}
		ops = append(ops, edit.Op{At: at, Set: op.Set, Unset: op.Unset, Add: op.Add, Label: op.Label, Value: op.Value})
	}
	return ops, advice
}

// action is what the first alternative does first to the file. Advice adds where a pattern is missing, else it changes.
func action(ed *edit.Editor, f *analyzer.Finding) analyzer.Action {
	if len(f.Fixes) > 0 {
		ops, _ := operations(f, f.Fixes[0])
		if does := ed.Does(ops); does != 0 {
			return analyzer.Action(does)
		}
	}
	if f.Kind == analyzer.Missing {
		return analyzer.Add
	}
	return analyzer.Change
}
