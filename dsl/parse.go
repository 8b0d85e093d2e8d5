package dsl

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// maxDepth bounds the nesting of brackets, operators and templates. A description needs four levels; the parser recurses
// for each, and a stack that overflows cannot be caught.
const maxDepth = 100

// readable finds what keeps a file from being parsed at all. Otherwise it returns the offsets at which the file can be
// cut: line starts of its top level.
func readable(f model.File) (cuts []int, diags source.Diagnostics) {
	if i := bytes.IndexByte(f.Bytes, 0); i >= 0 {
		return nil, source.Diagnostics{{Summary: "Not a text file", Range: model.Range{File: f.Name},
			Detail: fmt.Sprintf("Byte %d is zero, so this is no HCL. Name the files to read instead of a folder, or remove it.", i)}}
	}
	if i := invalidUTF8(f.Bytes); i >= 0 {
		detail := fmt.Sprintf("Byte %d (0x%02x) begins no UTF-8 character. Save the file in UTF-8.", i, f.Bytes[i])
		if i < 2 && (bytes.HasPrefix(f.Bytes, []byte{0xff, 0xfe}) || bytes.HasPrefix(f.Bytes, []byte{0xfe, 0xff})) {
			detail = fmt.Sprintf("Byte %d begins a UTF-16 byte order mark. Save the file in UTF-8.", i)
		}
		return nil, source.Diagnostics{{Summary: "Not UTF-8", Detail: detail, Range: model.Range{File: f.Name}}}
	}
	at, cuts := tooDeep(f.Bytes, f.Name)
	if at >= 0 {
		return nil, source.Diagnostics{{Summary: "Nested too deeply", Range: source.New(f.Name, f.Bytes).Range(at, at+1), Detail: fmt.Sprintf(
			"More than %d brackets, operators or templates are open here. A description needs no more than a few.", maxDepth)}}
	}
	return cuts, nil
}

// parse turns bytes into a syntax tree, or into diagnostics.
func parse(f model.File) (*hclsyntax.Body, source.Diagnostics) {
	if _, diags := readable(f); diags != nil {
		return nil, diags
	}
	return syntax(f)
}

// syntax parses a readable file.
func syntax(f model.File) (*hclsyntax.Body, source.Diagnostics) {
	file, diags := hclsyntax.ParseConfig(f.Bytes, f.Name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fromHCL(source.New(f.Name, f.Bytes), diags)
	}
	return file.Body.(*hclsyntax.Body), nil
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// tooDeep returns the offset at which nesting exceeds maxDepth, or -1, and the line starts outside all brackets. A plain
// scan answers for files of brackets, strings and comments; a file with templates or heredocs, which no description needs
// nested, goes to HCL's own lexer and has no cuts.
func tooDeep(b []byte, name string) (at int, cuts []int) {
	depth, run, questions := 0, 0, 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case ' ', '\t', '\r':
			continue
		case '\n':
			if depth == 0 {
				cuts = append(cuts, i+1)
			}
		case '#':
			i = endOfLine(b, i) - 1
		case '/':
			switch {
			case bytes.HasPrefix(b[i:], []byte("//")):
				i = endOfLine(b, i) - 1
			case bytes.HasPrefix(b[i:], []byte("/*")):
				n := bytes.Index(b[i+2:], []byte("*/"))
				if n < 0 {
					return -1, nil
				}
				i += n + 3
			}
		case '"':
			for i++; i < len(b) && b[i] != '"' && b[i] != '\n'; i++ {
				if b[i] == '\\' {
					i++
				} else if (b[i] == '$' || b[i] == '%') && i+1 < len(b) && b[i+1] == '{' {
					return tooDeepTokens(b, name), nil
				}
			}
		case '<':
			if bytes.HasPrefix(b[i:], []byte("<<")) {
				return tooDeepTokens(b, name), nil
			}
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
		case '-', '!':
			if run++; run > maxDepth {
				return i, nil
			}
			continue
		case '?':
			questions++
		}
		run = 0
		if depth > maxDepth || questions > maxDepth {
			return i, nil
		}
	}
	return -1, cuts
}

func tooDeepTokens(b []byte, name string) int {
	tokens, _ := hclsyntax.LexConfig(b, name, hcl.InitialPos)
	depth, run, questions, controls := 0, 0, 0, 0
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenTemplateControl {
			controls++ // %{ if } nests without a bracket that stays open
		}
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp,
			hclsyntax.TokenTemplateControl, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd,
			hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			depth--
		case hclsyntax.TokenMinus, hclsyntax.TokenBang:
			run += 2
		case hclsyntax.TokenQuestion:
			questions++
		}
		run = max(0, run-1)
		if max(depth, run, questions, controls) > maxDepth {
			return t.Range.Start.Byte
		}
	}
	return -1
}

func endOfLine(b []byte, i int) int {
	if n := bytes.IndexByte(b[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(b)
}

// fromHCL takes over the parser's own messages, the first of each line: the rest follows from it. Where the mistake is a
// common one, it says what to write instead.
func fromHCL(src *source.File, diags hcl.Diagnostics) source.Diagnostics {
	out := unquoted(src)
	lines, open := map[int]bool{}, false
	for _, d := range out {
		lines[int(d.Range.Start.Line)] = true
	}
	for _, d := range diags {
		n := source.Diagnostic{Summary: d.Summary, Detail: d.Detail}
		if d.Subject == nil {
			out = append(out, n)
			continue
		}
		line := d.Subject.Start.Line
		if lines[line] || open && d.Summary == "Invalid multi-line string" {
			continue
		}
		lines[line] = true
		n.Range = toRange(*d.Subject)
		switch d.Summary {
		case "Invalid multi-line string":
			open = true // every later quote opens where it should close
			n.Summary, n.Detail = "Unclosed string", "The quote that opens on this line is not closed on it. Text of several lines is written as <<EOT … EOT."
		case "Invalid single-argument block definition", "Missing newline after argument":
			n.Summary = "Two arguments on one line"
			n.Detail = "Write one argument per line; a block on one line holds one argument."
		case "Argument definition required":
			n.Summary = "Block inside a one-line block"
			n.Detail = "A block on one line holds one argument and no block. Write what it holds on lines of their own."
		}
		if d.Subject.Start.Byte < len(src.Bytes) && src.Bytes[d.Subject.Start.Byte] == '\n' && d.Summary == "Invalid expression" {
			n.Summary, n.Detail = "Missing value", "An argument has a value: NAME = VALUE."
		}
		out = append(out, n)
	}
	return out
}

// withUnit is a number with a unit that lacks its quotes.
var withUnit = regexp.MustCompile(`([A-Za-z_]+)\s*[=:]\s*([0-9][0-9.]*(?:%|(?:[num]?s|[mhdw]|[KMGT]i?B?|B)\b))`)

// unquoted finds `timeout = 300ms` and `availability = 99.9%` in a file that does not parse: HCL reads a number with
// something behind, says so in other words, and stops at the first of them.
func unquoted(src *source.File) source.Diagnostics {
	var out source.Diagnostics
	for n := 1; n <= src.Lines(); n++ {
		line := src.Line(n)
		if !bytes.ContainsAny(line, "=:") {
			continue
		}
		start := src.LineStart(n)
		for _, m := range withUnit.FindAllSubmatchIndex(line, -1) {
			if before := line[:m[0]]; bytes.Count(before, []byte(`"`))%2 != 0 || bytes.ContainsAny(before, "#") || bytes.Contains(before, []byte("//")) {
				continue // text or comment
			}
			out = append(out, source.Diagnostic{Summary: "Missing quotes", Range: src.Range(start+m[4], start+m[5]),
				Detail: fmt.Sprintf("A number with a unit is written in quotes. Write %s = %q.", line[m[2]:m[3]], line[m[4]:m[5]])})
		}
	}
	return out
}

// toRange converts a range of HCL's.
func toRange(r hcl.Range) model.Range {
	return model.Range{File: r.Filename, Start: toPos(r.Start), End: toPos(r.End)}
}

func toPos(p hcl.Pos) model.Pos {
	return model.Pos{Line: int32(p.Line), Column: int32(p.Column), Byte: int32(p.Byte)}
}
