package edit

import (
	"bytes"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// site is a block in its file.
type site struct {
	file  string
	src   []byte
	block *hclsyntax.Block
	eol   string
}

// maxBlocks bounds the syntax trees that an editor keeps. Findings about one block mostly follow each other, and a tree
// takes 25 times the room of its text.
const maxBlocks = 4096

// find parses the block at an address. Only what is to change is parsed: a plan touches a tenth of a large file.
func (e *Editor) find(a model.Addr) (*site, error) {
	ent := e.m.Lookup(a)
	if ent == nil {
		return nil, fmt.Errorf("there is no %s to change", a)
	}
	b := ent.Self()
	src, err := e.text(b.Body.File)
	if err != nil {
		return nil, err
	}
	block := e.blocks[a]
	if block == nil {
		at, end := int(b.Body.Start.Byte), int(b.Body.End.Byte)
		if at < end && end <= len(src) {
			if block = parseBlock(hollow(src[at:end], b, e.inside[a]), b); block == nil {
				block = parseBlock(src[at:end], b)
			}
		}
		if block == nil {
			return nil, fmt.Errorf("%s is not written as a block of its own", a)
		}
		if len(e.blocks) >= maxBlocks {
			clear(e.blocks)
		}
		e.blocks[a] = block
	}
	return &site{b.Body.File, src, block, eol(src)}, nil
}

// hollow is the text of a block in which the blocks inside it hold nothing, at the same places: of a service with its calls
// a change of the service itself concerns a tenth.
func hollow(text []byte, b *model.Block, inside []*model.Block) []byte {
	if len(inside) == 0 {
		return text
	}
	text = bytes.Clone(text)
	for _, in := range inside {
		from, to := int(in.Decl.End.Byte-b.Body.Start.Byte), int(in.Body.End.Byte-b.Body.Start.Byte)-1
		if in.Body.File != b.Body.File || from < 0 || to <= from || to >= len(text) {
			continue
		}
		open := bytes.IndexByte(text[from:to], '{')
		if open < 0 {
			continue
		}
		for i := from + open + 1; i < to; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return text
}

// parseBlock parses the text of one block at its place in the file; nil if it is no block of this kind.
func parseBlock(text []byte, b *model.Block) *hclsyntax.Block {
	at := b.Body.Start
	file, diags := hclsyntax.ParseConfig(text, b.Body.File, hcl.Pos{Line: int(at.Line), Column: int(at.Column), Byte: int(at.Byte)})
	if diags.HasErrors() {
		return nil
	}
	body := file.Body.(*hclsyntax.Body)
	if len(body.Blocks) != 1 || len(body.Attributes) > 0 || body.Blocks[0].Type != string(b.Kind) {
		return nil
	}
	return body.Blocks[0]
}

// text is a file of the model.
func (e *Editor) text(file string) ([]byte, error) {
	for _, f := range e.m.Files {
		if f.Name == file {
			return f.Bytes, nil
		}
	}
	return nil, fmt.Errorf("the model was not read from %s", file)
}

func eol(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
