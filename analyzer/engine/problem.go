package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
	"github.com/open-policy-agent/opa/v1/ast"
)

// Problem says what is wrong with a policy and where. It has the parts of a diagnostic: whoever prints it decides on the
// layout.
type Problem struct {
	Range   model.Range
	Context string // "rule no_owner", empty above the rules
	Line    string // the source line at Range.Start, empty if there is none
	Summary string // capital, no final period
	Detail  string // whole sentences: what is wrong, then what to do
}

func (p *Problem) Error() string {
	at := p.Range.File
	if p.Range.Start.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", at, p.Range.Start.Line, p.Range.Start.Column)
	}
	return at + ": " + p.Summary + ": " + p.Detail
}

// Problems are all problems of a run, in the order of files and positions.
type Problems []*Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// err returns the problems in order, or nil if there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b *Problem) int {
		return cmp.Or(a.Range.Compare(b.Range), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
	return slices.CompactFunc(ps, func(a, b *Problem) bool {
		return a.Range.Start == b.Range.Start && a.Range.File == b.Range.File && a.Detail == b.Detail
	})
}

// source is one Rego file with its lines, for positions and snippets.
type source struct {
	path   string
	text   string
	own    bool // a team's own file, not one of archcheck's
	places bool // its rules say where patterns are in place and which forces hold
	mod    *ast.Module
	pkg    string    // its package, without "data."
	digest *digested // in the place of mod, where nothing but the walk needs it
	lines  []string
}

func (s *source) line(n int) string {
	if s.lines == nil {
		s.lines = strings.Split(s.text, "\n")
	}
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[n-1], "\r")
}

// at makes a problem at a syntax node.
func (s *source) at(loc *ast.Location, context, summary, detail string, args ...any) *Problem {
	p := &Problem{Context: context, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
	p.Range.File = s.path
	if loc == nil {
		return p
	}
	width := len(loc.Text)
	if i := strings.IndexByte(string(loc.Text), '\n'); i >= 0 {
		width = i
	}
	start := model.Pos{Line: int32(loc.Row), Column: int32(loc.Col), Byte: int32(loc.Offset)}
	p.Range.Start, p.Range.End = start, start
	p.Range.End.Column += int32(width)
	p.Range.End.Byte += int32(width)
	p.Line = s.line(loc.Row)
	return p
}

// atText makes a problem at the first occurrence of text in the lines [from, to].
func (s *source) atText(from, to int, text, context, summary, detail string, args ...any) *Problem {
	offset := 0
	for i := 1; i < from; i++ {
		offset += len(s.line(i)) + 1
	}
	for i := from; i <= to; i++ {
		if col := strings.Index(s.line(i), text); col >= 0 {
			loc := &ast.Location{Row: i, Col: col + 1, Offset: offset + col, Text: []byte(text)}
			return s.at(loc, context, summary, detail, args...)
		}
		offset += len(s.line(i)) + 1
	}
	return s.at(&ast.Location{Row: from, Col: 1}, context, summary, detail, args...)
}

// didYouMean is a sentence that names the candidate nearest to name, or lists the candidates if none is near.
func didYouMean(name string, candidates []string) string {
	if best := suggest.Nearest(name, candidates); best != "" {
		return fmt.Sprintf("Did you mean %q?", best)
	}
	if len(candidates) == 0 {
		return "There is none."
	}
	const most = 12
	if len(candidates) > most {
		return fmt.Sprintf("There are %s and %d more.", strings.Join(candidates[:most], ", "), len(candidates)-most)
	}
	return "Use one of " + strings.Join(candidates, ", ") + "."
}

// problemsOf translates OPA's errors.
func problemsOf(err error, find func(path string) *source) Problems {
	var out Problems
	var list ast.Errors
	switch e := err.(type) {
	case ast.Errors:
		list = e
	case *ast.Error:
		list = ast.Errors{e}
	default:
		return Problems{{Summary: "Policies cannot be loaded", Detail: err.Error()}}
	}
	for _, e := range list {
		var src *source
		if e.Location != nil {
			src = find(e.Location.File)
		}
		if src == nil {
			src = &source{}
		}
		out = append(out, src.at(e.Location, "", summaryOf(e), "%s", detailOf(e)))
	}
	return out
}

func summaryOf(e *ast.Error) string {
	switch e.Code {
	case ast.ParseErr:
		return "Policy does not parse"
	case ast.TypeErr:
		return "Policy does not fit the facts"
	}
	return "Policy does not compile"
}

func detailOf(e *ast.Error) string {
	msg := e.Message
	for _, cut := range []string{"undefined function "} {
		if name, ok := strings.CutPrefix(msg, cut); ok {
			if why := whyForbidden(name); why != "" {
				return fmt.Sprintf("%s %s. A rule is a function of its input: what it needs must be a fact.", name, why)
			}
		}
	}
	switch d := e.Details.(type) {
	case *ast.RefErrInvalidDetail:
		var names []string
		for _, v := range d.OneOf {
			if s, ok := v.(ast.String); ok {
				names = append(names, string(s))
			}
		}
		if have, ok := d.Ref[d.Pos].Value.(ast.String); ok && len(names) > 0 {
			return fmt.Sprintf("There is no %q in %s. %s", string(have), d.Ref[:d.Pos], didYouMean(string(have), names))
		}
	}
	if len(msg) > 0 {
		msg = strings.ToUpper(msg[:1]) + msg[1:]
	}
	if e.Details != nil {
		if lines := e.Details.Lines(); len(lines) > 0 {
			msg += " (" + strings.Join(strings.Fields(strings.Join(lines, " ")), " ") + ")"
		}
	}
	if !strings.HasSuffix(msg, ".") {
		msg += "."
	}
	return msg
}
