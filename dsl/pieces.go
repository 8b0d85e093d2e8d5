package dsl

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// A large file is cut so that all processors have work and only a few syntax trees are there at a time: HCL's tokens and
// tree take 60 times the room of the text. On 1 MB, validate peaks at 80 MB instead of 120.
const (
	// pieceSize is the least number of bytes that are parsed by themselves. HCL's list of tokens doubles while it is short
	// and then grows by a quarter: with pieces of 32 KB, a third more is allocated in all than with pieces of 2.
	pieceSize = 2 << 10
	// shareSize is the least number of bytes that one decoder reads, piece by piece.
	shareSize = 32 << 10
)

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

// shares deals pieces out, in their order, with at least size bytes in each share but the last.
func shares(ps []piece, size int) [][]piece {
	var out [][]piece
	room := 0
	for _, p := range ps {
		if room <= 0 {
			out, room = append(out, nil), size
		}
		out[len(out)-1] = append(out[len(out)-1], p)
		room -= len(p.bytes)
	}
	return out
}

// decode reads one file. It never fails: what is wrong is in the diagnostics of the decoders, of which there is at least
// one.
func decode(f model.File) []*decoder {
	whole := &decoder{name: f.Name, text: string(f.Bytes)}
	cuts, diags := readable(f)
	if diags == nil {
		if out := whole.pieces(shares(split(f.Bytes, cuts, pieceSize), shareSize)); out != nil {
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

// pieces decodes a file piece by piece, each share by a decoder of its own; nil where that does not pay, or where a piece
// has a mistake at its top level: only the parse of the whole file tells where it begins. Cuts lie between the blocks of a
// file that has none, so its pieces parse to what the whole does.
func (d *decoder) pieces(shares [][]piece) []*decoder {
	if len(shares) < 2 {
		return nil
	}
	out := make([]*decoder, len(shares))
	parallel(len(shares), func(i int) {
		own := &decoder{name: d.name, text: d.text}
		for _, p := range shares[i] {
			file, diags := hclsyntax.ParseConfig(p.bytes, d.name, p.at)
			body := file.Body.(*hclsyntax.Body)
			if diags.HasErrors() || len(body.Attributes) > 0 {
				return
			}
			own.top(body)
		}
		out[i] = own
	})
	for _, own := range out {
		if own == nil {
			return nil
		}
	}
	return out
}
