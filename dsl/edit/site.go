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
		if block = parseBlock(src, b); block == nil {
			return nil, fmt.Errorf("%s is not written as a block of its own", a)
		}
		if len(e.blocks) >= maxBlocks {
			clear(e.blocks)
		}
		e.blocks[a] = block
	}
	return &site{b.Body.File, src, block, eol(src)}, nil
}

// parseBlock parses one block at its place in the file; nil if what stands there is no block of this kind.
func parseBlock(src []byte, b *model.Block) *hclsyntax.Block {
	at, end := b.Body.Start, int(b.Body.End.Byte)
	if int(at.Byte) >= end || end > len(src) {
		return nil
	}
	pos := hcl.Pos{Line: int(at.Line), Column: int(at.Column), Byte: int(at.Byte)}
	file, diags := hclsyntax.ParseConfig(src[at.Byte:end], b.Body.File, pos)
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
