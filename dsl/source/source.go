// Package source knows the bytes of a file: lines, columns, snippets, byte edits, and how a diagnostic is shown.
//
// Rules of the package:
//   - A place in a file is a byte offset. Lines and columns are derived from it here and nowhere else, because every
//     reader counts columns differently: HCL in grapheme clusters, LSP and GitHub in UTF-16 units, others in code points.
//   - It knows neither the language nor the rules.
package source

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"unicode/utf8"

	"github.com/apparentlymart/go-textseg/v15/textseg"

	"github.com/archcheck/archcheck/dsl/model"
)

// File is one file's bytes with an index of its lines.
type File struct {
	Name  string
	Bytes []byte
	lines []int // offset of each line's first byte
}

var bom = []byte("\xef\xbb\xbf")

// New indexes a file.
func New(name string, b []byte) *File {
	f := &File{Name: name, Bytes: b, lines: []int{0}}
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return f
		}
		i += n + 1
		f.lines = append(f.lines, i)
	}
}

// Lines is the number of lines; a final newline begins a last, empty one.
func (f *File) Lines() int { return len(f.lines) }

// Line is the text of a line (from 1) without its line ending and byte order mark; nil beyond the file.
func (f *File) Line(n int) []byte {
	if n < 1 || n > len(f.lines) {
		return nil
	}
	end := len(f.Bytes)
	if n < len(f.lines) {
		end = f.lines[n] - 1
	}
	return bytes.TrimSuffix(f.Bytes[f.start(n):end], []byte("\r"))
}

// LineStart is the offset of the first byte of a line's text; the line must be in the file.
func (f *File) LineStart(n int) int { return f.start(n) }

// start is the offset of a line's first byte of text: after the byte order mark in the first line.
func (f *File) start(n int) int {
	if n == 1 && bytes.HasPrefix(f.Bytes, bom) {
		return len(bom)
	}
	return f.lines[n-1]
}

// Column is one place's column in every way of counting, each from 1. A byte order mark has no column.
type Column struct {
	Line     int
	Byte     int
	Rune     int // Unicode code points
	UTF16    int // UTF-16 units
	Grapheme int // what HCL counts and a reader sees
}

// At converts a byte offset. Offsets beyond the file count as its end, offsets inside a character as its start.
func (f *File) At(offset int) Column {
	offset = max(0, min(offset, len(f.Bytes)))
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
	start := f.start(line)
	if offset < start {
		offset = start
	}
	for offset > start && offset < len(f.Bytes) && !utf8.RuneStart(f.Bytes[offset]) {
		offset--
	}
	head := f.Bytes[start:offset]
	c := Column{Line: line, Byte: len(head) + 1, Rune: 1, UTF16: 1, Grapheme: 1}
	if !slices.ContainsFunc(head, func(b byte) bool { return b >= utf8.RuneSelf }) { // a line of ASCII, as most are
		c.Rune, c.UTF16, c.Grapheme = c.Byte, c.Byte, c.Byte
		return c
	}
	for rest := head; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		c.Rune++
		c.UTF16++
		if r > 0xFFFF {
			c.UTF16++
		}
	}
	for rest := head; len(rest) > 0; c.Grapheme++ {
		n, _, err := textseg.ScanGraphemeClusters(rest, true)
		if err != nil || n == 0 {
			n = 1
		}
		rest = rest[n:]
	}
	return c
}

// Offset converts a line and a column in UTF-16 units, both from 1, as editors send them. Columns beyond the line count
// as its end.
func (f *File) Offset(line, utf16 int) int {
	if line < 1 {
		return f.start(1)
	}
	if line > len(f.lines) {
		return len(f.Bytes)
	}
	at, col := f.start(line), 1
	for text := f.Line(line); len(text) > 0 && col < utf16; {
		r, n := utf8.DecodeRune(text)
		text, at, col = text[n:], at+n, col+1
		if r > 0xFFFF {
			col++
		}
	}
	return at
}

// Range builds a range of the model from byte offsets.
func (f *File) Range(start, end int) model.Range {
	pos := func(o int) model.Pos {
		c := f.At(o)
		return model.Pos{Line: int32(c.Line), Column: int32(c.Grapheme), Byte: int32(o)}
	}
	return model.Range{File: f.Name, Start: pos(start), End: pos(end)}
}

// Text is the text of a range, empty where the range lies outside the file.
func (f *File) Text(r model.Range) string {
	s, e := int(r.Start.Byte), int(r.End.Byte)
	if s < 0 || e < s || e > len(f.Bytes) {
		return ""
	}
	return string(f.Bytes[s:e])
}

// Cause strips the operation and the path from a file error, which the caller names in the user's own words.
func Cause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
