package dsl

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// pieceSize is the least number of bytes that are parsed by themselves. A large file is cut so that all processors have
// work and only a few syntax trees are there at a time: HCL's tokens and tree take 60 times the room of the text. On 1 MB,
// validate peaks at 80 MB instead of 120.
const pieceSize = 32 << 10

// piece is a part of a file, from a line start of its top level to the next.
type piece struct {
	bytes []byte
	at    hcl.Pos // of its first byte in the file
}

// split cuts a file at some of the line starts, into pieces of at least size bytes.
func split(text []byte, cuts []int, size int) []piece {
	var out []piece
	at := hcl.InitialPos
	for _, c := range append(cuts, len(text)) {
		if c-at.Byte < size && c < len(text) || c == at.Byte {
			continue
		}
		part := text[at.Byte:c]
		out = append(out, piece{part, at})
		at = hcl.Pos{Line: at.Line + bytes.Count(part, []byte("\n")), Column: 1, Byte: c}
	}
	return out
}

// decode reads one file. It never fails: what is wrong is in the diagnostics of the decoders, of which there is at least
// one.
func decode(f model.File) []*decoder {
	whole := &decoder{name: f.Name, text: string(f.Bytes)}
	cuts, diags := readable(f)
	if diags == nil {
		if out := whole.pieces(split(f.Bytes, cuts, pieceSize)); out != nil {
			return out
		}
	}
	var body *hclsyntax.Body
	if diags == nil {
		body, diags = syntax(f)
	}
	if whole.diags = diags; body != nil {
		whole.top(body)
	} else {
		whole.lost.block(nil)
	}
	return []*decoder{whole}
}

// pieces decodes a file piece by piece; nil where that does not pay, or where a piece has a mistake at its top level: only
// the parse of the whole file tells where it begins. Cuts lie between the blocks of a file that has none, so its pieces
// parse to what the whole does.
func (d *decoder) pieces(ps []piece) []*decoder {
	if len(ps) < 2 {
		return nil
	}
	out := make([]*decoder, len(ps))
	parallel(len(ps), func(i int) {
		file, diags := hclsyntax.ParseConfig(ps[i].bytes, d.name, ps[i].at)
		body := file.Body.(*hclsyntax.Body)
		if diags.HasErrors() || len(body.Attributes) > 0 {
			return
		}
		out[i] = &decoder{name: d.name, text: d.text}
		out[i].top(body)
	})
	for _, p := range out {
		if p == nil {
			return nil
		}
	}
	return out
}
