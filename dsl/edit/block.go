package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// block plans the operations on one block.
func (e *Editor) block(ops []Op) (*Result, error) {
	if ops[0].Add != "" {
		return e.add(ops[0])
	}
	s, err := e.find(ops[0].At)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(ops, func(op Op) bool { return op.Drop }) {
		return s.drop(), nil // whatever else was to change in it goes with it
	}
	r := &Result{}
	var inserts []Op
	var hcl []string
	ops, err = e.fold(s, ops)
	if err != nil {
		return nil, err
	}
	for _, op := range ops {
		var line *Line
		var ed *Edit
		switch {
		case op.Unset != "":
			ed, line, err = s.unset(op.Unset)
		case op.Set != "":
			ed, line, err = s.set(op.Set, op.Value)
			if err == nil && ed == nil {
				inserts = append(inserts, op)
				continue
			}
		default:
			err = fmt.Errorf("an operation on %s says nothing to do", op.At)
		}
		if err != nil {
			return nil, err
		}
		r.Edits = append(r.Edits, *ed)
		r.Lines = append(r.Lines, *line)
		hcl = append(hcl, line.Text)
	}
	if len(inserts) > 0 {
		ed, lines, err := s.insert(inserts)
		if err != nil {
			return nil, err
		}
		r.Edits = append(r.Edits, ed)
		r.Lines = append(r.Lines, lines...)
		for _, op := range inserts {
			hcl = append(hcl, op.Set+" = "+value(op.Value))
		}
	}
	r.HCL = strings.Join(hcl, "\n")
	return r, e.verify(s, r.Edits)
}

// fold makes one operation of several on keys of one object: the object's new value, with what it holds kept. Where the
// block has no such object yet, the keys become one, together with those of the object that it inherits: an object of its
// own hides that one whole.
func (e *Editor) fold(s *site, ops []Op) ([]Op, error) {
	keys := map[string]int{}
	for _, op := range ops {
		if name, _, nested := strings.Cut(op.Set, "."); nested {
			keys[name]++
		}
	}
	var out []Op
	at := map[string]int{}
	for _, op := range ops {
		name, key, nested := strings.Cut(op.Set, ".")
		attr := s.block.Body.Attributes[name]
		if !nested || keys[name] < 2 && attr != nil {
			out = append(out, op)
			continue
		}
		i, seen := at[name]
		if !seen {
			v, err := e.inherited(op.At, name)
			if attr != nil {
				v, err = s.object(attr)
			}
			if err != nil {
				return nil, err
			}
			i = len(out)
			at[name] = i
			out = append(out, Op{At: op.At, Set: name, Value: v})
		}
		out[i].Value = out[i].Value.(object).with(key, op.Value)
	}
	return out, nil
}

// set replaces the value of an attribute that is written, or of a key inside its object. It returns nothing where the
// attribute is not there yet.
func (s *site) set(path string, v any) (*Edit, *Line, error) {
	name, key, nested := strings.Cut(path, ".")
	attr := s.block.Body.Attributes[name]
	if attr == nil {
		if nested {
			return nil, nil, fmt.Errorf("%s has no object %q to set %q in", s.block.Type, name, key)
		}
		return nil, nil, nil
	}
	expr := attr.Expr.Range()
	start, end, text := expr.Start.Byte, expr.End.Byte, value(v)
	was := string(s.src[start:end])
	if nested {
		obj, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return nil, nil, fmt.Errorf("%s is not written as an object", name)
		}
		was = ""
		start, end, text = s.insideObject(obj, key, text, &was)
	}
	ed := &Edit{s.file, start, end, text}
	if nested && strings.Contains(string(s.src[expr.Start.Byte:expr.End.Byte]), "\n") { // only the line of the key changes
		line := &Line{Action: '~', File: s.file, Line: 1 + strings.Count(string(s.src[:start]), "\n"), Text: key + " = " + value(v), Was: oneLine(was)}
		if was == "" {
			line.Action = '+'
		}
		return ed, line, nil
	}
	full := string(s.src[expr.Start.Byte:start]) + text + string(s.src[end:expr.End.Byte])
	line := &Line{Action: '~', File: s.file, Line: attr.NameRange.Start.Line, Text: oneLine(s.lead(attr) + full), Was: oneLine(was)}
	return ed, line, nil
}

// lead is "name = " as it is written, padding included.
func (s *site) lead(a *hclsyntax.Attribute) string {
	return string(s.src[a.NameRange.Start.Byte:a.Expr.Range().Start.Byte])
}

// insideObject returns the span to replace for one key of an object, and the new text.
func (s *site) insideObject(obj *hclsyntax.ObjectConsExpr, key, text string, was *string) (int, int, string) {
	for _, it := range obj.Items {
		kr := it.KeyExpr.Range()
		if strings.Trim(string(s.src[kr.Start.Byte:kr.End.Byte]), `"`) == key {
			vr := it.ValueExpr.Range()
			*was = string(s.src[vr.Start.Byte:vr.End.Byte])
			return vr.Start.Byte, vr.End.Byte, text
		}
	}
	if n := len(obj.Items); n > 0 {
		at := obj.Items[n-1].ValueExpr.Range().End.Byte
		sep := ", "
		if strings.Contains(string(s.src[obj.OpenRange.Start.Byte:at]), "\n") {
			sep = s.eol + s.indent(obj.Items[n-1].KeyExpr.Range().Start.Byte)
		}
		return at, at, sep + key + " = " + text
	}
	r := obj.Range()
	return r.Start.Byte, r.End.Byte, "{ " + key + " = " + text + " }"
}

// unset removes an attribute, with its line where nothing else stands on it.
func (s *site) unset(name string) (*Edit, *Line, error) {
	attr := s.block.Body.Attributes[name]
	if attr == nil {
		return nil, nil, fmt.Errorf("%s has no %q to remove", s.block.Type, name)
	}
	r := attr.Range()
	start, end := r.Start.Byte, r.End.Byte
	line := &Line{Action: '-', File: s.file, Line: r.Start.Line, Text: oneLine(string(s.src[start:end]))}
	ls, le := s.lineStart(start), s.lineEnd(end)
	if rest := strings.TrimSpace(string(s.src[end:le])); strings.TrimSpace(string(s.src[ls:start])) == "" && (rest == "" || strings.HasPrefix(rest, "#")) {
		start, end = ls, min(le+1, len(s.src))
	}
	return &Edit{s.file, start, end, ""}, line, nil
}

// insert adds attributes to the block, opening it where it is written on one line.
func (s *site) insert(ops []Op) (Edit, []Line, error) {
	b := s.block
	in := s.indent(b.TypeRange.Start.Byte)
	open, shut := b.OpenBraceRange, b.CloseBraceRange
	if open.Start.Line == shut.Start.Line {
		return s.openBlock(ops, in)
	}
	at, width, after := s.lastAttribute()
	var text strings.Builder
	var lines []Line
	for _, op := range ops {
		l := pad(op.Set, width) + " = " + value(op.Value)
		text.WriteString(in + "  " + l + s.eol)
		lines = append(lines, Line{Action: '+', File: s.file, Line: after, Text: l})
	}
	return Edit{s.file, at, at, text.String()}, lines, nil
}

// openBlock rewrites a one-line block over several lines with the new attributes.
func (s *site) openBlock(ops []Op, in string) (Edit, []Line, error) {
	b := s.block
	type pair struct{ name, text string }
	var pairs []pair
	for _, a := range b.Body.Attributes {
		r := a.Expr.Range()
		pairs = append(pairs, pair{a.Name, string(s.src[r.Start.Byte:r.End.Byte])})
	}
	slices.SortFunc(pairs, func(x, y pair) int {
		return b.Body.Attributes[x.name].NameRange.Start.Byte - b.Body.Attributes[y.name].NameRange.Start.Byte
	})
	for _, op := range ops {
		pairs = append(pairs, pair{op.Set, value(op.Value)})
	}
	width := 0
	for _, p := range pairs {
		width = max(width, utf8.RuneCountInString(p.name))
	}
	head := string(s.src[b.TypeRange.Start.Byte:b.OpenBraceRange.End.Byte])
	lines := []Line{{Action: '+', File: s.file, Line: b.TypeRange.Start.Line, Text: head}}
	var text strings.Builder
	text.WriteString("{" + s.eol)
	for _, p := range pairs {
		l := pad(p.name, width) + " = " + p.text
		text.WriteString(in + "  " + l + s.eol)
		lines = append(lines, Line{Action: '+', File: s.file, Text: "  " + l})
	}
	text.WriteString(in + "}")
	lines = append(lines, Line{Action: '+', File: s.file, Text: "}"})
	return Edit{s.file, b.OpenBraceRange.Start.Byte, b.CloseBraceRange.End.Byte, text.String()}, lines, nil
}

// lastAttribute is where a new attribute goes: behind the last one that stands above the block's first nested block, or
// behind the opening brace. Width is the name column of the attributes just above, which the new line joins.
func (s *site) lastAttribute() (at, width, line int) {
	b := s.block
	first := len(s.src)
	if len(b.Body.Blocks) > 0 {
		first = b.Body.Blocks[0].TypeRange.Start.Byte
	}
	end, nameWidth := b.OpenBraceRange.End.Byte, 0
	line = b.OpenBraceRange.Start.Line
	for _, a := range b.Body.Attributes {
		if r := a.Range(); r.End.Byte > end && r.End.Byte < first {
			end, line = r.End.Byte, r.End.Line
			nameWidth = a.EqualsRange.Start.Column - a.NameRange.Start.Column - 1
		}
	}
	at = s.lineEnd(end)
	if at < len(s.src) {
		at++
	}
	return at, nameWidth, line
}

// add writes a new block: at the end of a block's body, or at the end of the file that declares the system.
func (e *Editor) add(op Op) (*Result, error) {
	attrs, _ := op.Value.(map[string]any)
	if op.At == "" {
		if e.m.System == nil {
			return nil, fmt.Errorf("there is no system to add %s to", op.Add)
		}
		file := e.m.System.Body.File
		src, err := e.text(file)
		if err != nil {
			return nil, err
		}
		if e.lines[file] == 0 {
			e.lines[file] = bytes.Count(src, []byte("\n")) + 1
		}
		nl := eol(src)
		body := blockText(op.Add, op.Label, attrs, "")
		lead := nl
		if len(src) > 0 && src[len(src)-1] != '\n' {
			lead = nl + nl
		}
		text := lead + strings.ReplaceAll(body, "\n", nl) + nl
		return &Result{
			Edits: []Edit{{file, len(src), len(src), text}},
			Lines: blockLines(body, file, e.lines[file]), HCL: body,
		}, e.parse(file, text)
	}
	s, err := e.find(op.At)
	if err != nil {
		return nil, err
	}
	in := s.indent(s.block.TypeRange.Start.Byte)
	if s.block.OpenBraceRange.Start.Line == s.block.CloseBraceRange.Start.Line {
		return e.addToOneLine(s, op, attrs, in)
	}
	body := blockText(op.Add, op.Label, attrs, in+"  ")
	at := s.lineStart(s.block.CloseBraceRange.Start.Byte)
	text := in + "  " + strings.ReplaceAll(body, "\n", s.eol) + s.eol
	edits := []Edit{{s.file, at, at, text}}
	return &Result{
		Edits: edits,
		Lines: blockLines(unindent(body, in+"  "), s.file, s.block.CloseBraceRange.Start.Line), HCL: unindent(body, in+"  "),
	}, e.verify(s, edits)
}

// addToOneLine opens a one-line block and writes the new block inside it.
func (e *Editor) addToOneLine(s *site, op Op, attrs map[string]any, in string) (*Result, error) {
	ed, _, err := s.openBlock(nil, in)
	if err != nil {
		return nil, err
	}
	body := blockText(op.Add, op.Label, attrs, in+"  ")
	ed.Text = strings.TrimSuffix(ed.Text, in+"}") + in + "  " + strings.ReplaceAll(body, "\n", s.eol) + s.eol + in + "}"
	plain := unindent(body, in+"  ")
	return &Result{Edits: []Edit{ed}, Lines: blockLines(plain, s.file, s.block.TypeRange.Start.Line), HCL: plain}, e.verify(s, []Edit{ed})
}
