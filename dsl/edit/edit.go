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
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// Op is one intent. Exactly one of Set, Unset and Add is given.
type Op struct {
	At    model.Addr // the block to change
	Set   string     // attribute path: "timeout", "retry.max_attempts"
	Unset string     // attribute to remove
	Add   string     // type of a block to add; inside At, or at the top level where At is empty
	Label string     // its label
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
	m      *model.Model
	bodies map[string]*hclsyntax.Body
}

// New returns an editor of a model's files.
func New(m *model.Model) *Editor { return &Editor{m: m, bodies: map[string]*hclsyntax.Body{}} }

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
	return r, e.verify(r.Edits)
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

// verify parses what the edits touch again: the innermost blocks that they lie in, and what they add between blocks.
// The rest of the file has been parsed before and stays as it is, so a large file is not parsed once per fix.
func (e *Editor) verify(edits []Edit) error {
	for i := 0; i < len(edits); {
		file := edits[i].File
		body, src, err := e.parse(file)
		if err != nil {
			return err
		}
		start, end := span(body, edits[i])
		n := i
		for n < len(edits) && edits[n].File == file && edits[n].Start <= end {
			n++
		}
		var part []Edit
		for _, ed := range edits[i:n] {
			part = append(part, Edit{file, ed.Start - start, ed.End - start, ed.Text})
		}
		piece := Apply([]model.File{{Name: file, Bytes: src[start:end]}}, part)[file]
		if _, diags := hclsyntax.ParseConfig(piece, file, hcl.InitialPos); diags.HasErrors() {
			return fmt.Errorf("the change of %s would not parse: %s", file, diags[0].Detail)
		}
		i = n
	}
	return nil
}

// span is the innermost block that an edit lies in, or the empty place of an edit between blocks.
func span(body *hclsyntax.Body, ed Edit) (int, int) {
	start, end := ed.Start, ed.End
	for {
		i := sort.Search(len(body.Blocks), func(i int) bool { return body.Blocks[i].CloseBraceRange.End.Byte >= ed.End })
		if i == len(body.Blocks) || body.Blocks[i].TypeRange.Start.Byte > ed.Start {
			return start, end
		}
		start, end, body = body.Blocks[i].TypeRange.Start.Byte, body.Blocks[i].CloseBraceRange.End.Byte, body.Blocks[i].Body
	}
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

// site is a block in its file.
type site struct {
	file  string
	src   []byte
	block *hclsyntax.Block
	eol   string
}

func (e *Editor) find(a model.Addr) (*site, error) {
	ent := e.m.Lookup(a)
	if ent == nil {
		return nil, fmt.Errorf("there is no %s to change", a)
	}
	b := ent.Self()
	body, src, err := e.parse(b.Body.File)
	if err != nil {
		return nil, err
	}
	if blk := blockAt(body, int(b.Body.Start.Byte)); blk != nil {
		return &site{b.Body.File, src, blk, eol(src)}, nil
	}
	return nil, fmt.Errorf("%s is not written as a block of its own", a)
}

func (e *Editor) parse(file string) (*hclsyntax.Body, []byte, error) {
	for _, f := range e.m.Files {
		if f.Name != file {
			continue
		}
		if b, ok := e.bodies[file]; ok {
			return b, f.Bytes, nil
		}
		parsed, diags := hclsyntax.ParseConfig(f.Bytes, file, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, nil, fmt.Errorf("%s does not parse", file)
		}
		b := parsed.Body.(*hclsyntax.Body)
		e.bodies[file] = b
		return b, f.Bytes, nil
	}
	return nil, nil, fmt.Errorf("the model was not read from %s", file)
}

func blockAt(body *hclsyntax.Body, start int) *hclsyntax.Block {
	first := sort.Search(len(body.Blocks), func(i int) bool { return body.Blocks[i].CloseBraceRange.End.Byte > start })
	for _, b := range body.Blocks[first:] {
		if b.TypeRange.Start.Byte == start {
			return b
		}
		if start > b.OpenBraceRange.Start.Byte && start < b.CloseBraceRange.End.Byte {
			return blockAt(b.Body, start)
		}
	}
	return nil
}

func eol(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
