package edit

import (
	"strings"
)

// drop takes the block out with its lines, the comment that stands directly above it, and one of the two empty lines that
// would be left next to each other.
func (s *site) drop() *Result {
	b := s.block
	start, end := b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte
	line := Line{Action: '-', File: s.file, Line: b.TypeRange.Start.Line, Text: oneLine(string(s.src[start:b.OpenBraceRange.End.Byte])) + " … }"}
	if b.OpenBraceRange.Start.Line == b.CloseBraceRange.Start.Line {
		line.Text = oneLine(string(s.src[start:end]))
	}
	ls, le := s.lineStart(start), s.lineEnd(end)
	if strings.TrimSpace(string(s.src[ls:start])) != "" {
		return &Result{Edits: []Edit{{s.file, start, end, ""}}, Lines: []Line{line}}
	}
	if rest := strings.TrimSpace(string(s.src[end:le])); rest != "" && !comment(rest) {
		return &Result{Edits: []Edit{{s.file, start, end, ""}}, Lines: []Line{line}}
	}
	for ls > 0 {
		above := s.lineStart(ls - 1)
		if !comment(strings.TrimSpace(string(s.src[above:ls]))) {
			break
		}
		ls = above
	}
	end = min(le+1, len(s.src))
	if ls > 0 && s.blank(s.lineStart(ls-1), ls) && (end == len(s.src) || s.blank(end, s.lineEnd(end)) || s.src[end+s.margin(end)] == '}') {
		ls = s.lineStart(ls - 1)
	}
	return &Result{Edits: []Edit{{s.file, ls, end, ""}}, Lines: []Line{line}}
}

func comment(line string) bool { return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") }

func (s *site) blank(from, to int) bool { return strings.TrimSpace(string(s.src[from:to])) == "" }

// margin is the white space at an offset.
func (s *site) margin(at int) int {
	n := 0
	for at+n < len(s.src)-1 && (s.src[at+n] == ' ' || s.src[at+n] == '\t') {
		n++
	}
	return n
}
