// Package edit turns an intent ("set retry.max_attempts of service.orders.call.charge to 1") into byte edits of the
// files a model was read from.
//
// Rules of the package:
//   - hclwrite generates fragments; splices at the offsets of hclsyntax place them. Every other byte stays, CRLF and
//     comments included.
//   - An edit that does not re-parse is an error, never a suggestion.
package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// Op is one intent. Exactly one of Set, Unset, Add and Drop is given.
type Op struct {
	At    model.Addr // the block to change
	Set   string     // attribute path: "timeout", "retry.max_attempts"
	Unset string     // attribute to remove
	Add   string     // type of a block to add; inside At, or at the top level where At is empty
	Label string     // its label
	Drop  bool       // take the block out, with the comment that stands directly above it
	Value any        // string, float64, int, bool, []any or map[string]any
}

// Edit replaces the bytes [Start, End) of a file.
type Edit struct {
	File       string
	Start, End int
	Text       string
}

// Line is one line of a change as a plan prints it: '+', '~' or '-', the line it stands at (0 for the further lines of
// a block), the new text, and what a changed value was.
type Line struct {
	Action rune
	File   string
	Line   int
	Text   string
	Was    string
}

// Result is what a list of operations comes to.
type Result struct {
	Edits []Edit // by file and offset
	Lines []Line
	HCL   string // the fragment to write
}

// Editor finds places in the files of one model. It is not safe for concurrent use.
type Editor struct {
	m       *model.Model
	inside  map[model.Addr][]*model.Block   // the blocks that a block holds
	blocks  map[model.Addr]*hclsyntax.Block // parsed so far
	objects map[*model.Origin]object        // inherited ones, read so far: all heirs share the origin
	fields  map[reflect.Type]map[string][]int
	parses  map[string]bool // texts that were proved to parse
	lines   map[string]int  // of each file that something was added to
}

// New returns an editor of a model's files.
func New(m *model.Model) *Editor {
	e := &Editor{m: m, inside: map[model.Addr][]*model.Block{}, blocks: map[model.Addr]*hclsyntax.Block{}, objects: map[*model.Origin]object{},
		fields: map[reflect.Type]map[string][]int{}, parses: map[string]bool{}, lines: map[string]int{}}
	m.Each(func(ent model.Entity) {
		if b := ent.Self(); b.Parent != "" {
			e.inside[b.Parent] = append(e.inside[b.Parent], b)
		}
	})
	return e
}

// Plan turns operations that belong together into edits. The result re-parses.
func (e *Editor) Plan(ops []Op) (*Result, error) {
	r := &Result{}
	groups := groupByBlock(ops)
	var hcl []string
	for _, g := range groups {
		part, err := e.block(g)
		if err != nil {
			return nil, err
		}
		r.Edits = append(r.Edits, part.Edits...)
		r.Lines = append(r.Lines, part.Lines...)
		hcl = append(hcl, part.HCL)
	}
	r.HCL = strings.Join(hcl, "\n")
	slices.SortStableFunc(r.Edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start))
	})
	for i := 1; i < len(r.Edits); i++ {
		if a, b := r.Edits[i-1], r.Edits[i]; a.File == b.File && b.Start < a.End {
			return nil, fmt.Errorf("two changes of one place in %s", a.File)
		}
	}
	return r, nil
}

// Does is the action of the first line that operations come to: '+', '~' or '-', 0 where its block cannot be changed. It
// looks at no other block.
func (e *Editor) Does(ops []Op) rune {
	if len(ops) == 0 {
		return 0
	}
	r, err := e.block(groupByBlock(ops)[0])
	if err != nil || len(r.Lines) == 0 {
		return 0
	}
	return r.Lines[0].Action
}

// groupByBlock keeps the operations on one block together, so that a one-line block is opened once.
func groupByBlock(ops []Op) [][]Op {
	var out [][]Op
	index := map[model.Addr]int{}
	for _, op := range ops {
		if i, ok := index[op.At]; ok && op.Add == "" {
			out[i] = append(out[i], op)
			continue
		}
		if op.Add == "" {
			index[op.At] = len(out)
		}
		out = append(out, []Op{op})
	}
	return out
}

// Apply returns the new bytes of every file that the edits change. Edits must not overlap.
func Apply(files []model.File, edits []Edit) map[string][]byte {
	out := map[string][]byte{}
	for _, f := range files {
		var mine []Edit
		for _, ed := range edits {
			if ed.File == f.Name {
				mine = append(mine, ed)
			}
		}
		if len(mine) == 0 {
			continue
		}
		slices.SortStableFunc(mine, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
		var buf bytes.Buffer
		at := 0
		for _, ed := range mine {
			buf.Write(f.Bytes[at:ed.Start])
			buf.WriteString(ed.Text)
			at = ed.End
		}
		buf.Write(f.Bytes[at:])
		out[f.Name] = buf.Bytes()
	}
	return out
}
