package dsl

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// lineWidth is how long an object may get before it is written over several lines.
const lineWidth = 100

// Print writes a model as canonical HCL: what is written in it (Value.Written), be it a value, `none` or `unknown`, and
// nothing that was inherited, derived or assumed. Blocks come in the order of the reference, those of one kind in the
// model's order; arguments in the order of the reference; an Origin's Comment follows its argument, a
// Block's Comment stands above it.
//
// Loading the result gives the same facts again, if the model's references are complete.
func Print(m *model.Model) []byte {
	p := &printer{}
	v := reflect.ValueOf(m).Elem()
	for _, t := range Schema().TopLevel() {
		f := v.FieldByIndex(plans().root[t.Kind].index)
		for _, b := range blocksIn(f) {
			if p.Len() > 0 {
				p.WriteByte('\n')
			}
			p.block("", plans().root[t.Kind].plan, b)
		}
	}
	return hclwrite.Format(p.Bytes())
}

// Format lays a file out canonically and leaves its meaning alone. A file with CRLF line endings keeps them; a byte
// order mark goes. A file that does not parse is not touched: the diagnostics say why.
func Format(name string, src []byte) ([]byte, source.Diagnostics) {
	if _, diags := parse(model.File{Name: name, Bytes: src}); diags.HasErrors() {
		return nil, diags
	}
	out := bytes.TrimPrefix(src, []byte("\ufeff"))
	first := bytes.IndexByte(out, '\n')
	crlf := first > 0 && out[first-1] == '\r'
	out = hclwrite.Format(bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n")))
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	if crlf {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	return out, nil
}

type printer struct{ bytes.Buffer }

// blocksIn are the structs of a field that holds one block or a list of them.
func blocksIn(f reflect.Value) []reflect.Value {
	if f.Kind() != reflect.Slice {
		if f.IsNil() {
			return nil
		}
		return []reflect.Value{f.Elem()}
	}
	out := make([]reflect.Value, f.Len())
	for i := range out {
		out[i] = f.Index(i).Elem()
	}
	return out
}

// argument is one line, or an object over several.
type argument struct {
	name, value, comment string
	items                []argument // of an object that is written over several lines
}

func (p *printer) block(indent string, pl *plan, v reflect.Value) {
	b := v.Addr().Interface().(model.Entity).Self()
	args := arguments(pl, v)
	var nested [][]reflect.Value
	var kinds []*plan
	count := 0
	for _, k := range pl.typ.Blocks {
		bf := pl.blocks[k]
		list := blocksIn(v.FieldByIndex(bf.index))
		nested, kinds, count = append(nested, list), append(kinds, bf.plan), count+len(list)
	}
	for line := range strings.Lines(b.Comment) {
		fmt.Fprintf(p, "%s# %s\n", indent, strings.Join(strings.Fields(line), " "))
	}
	fmt.Fprintf(p, "%s%s %s {", indent, pl.typ.Kind, quote(b.Label))
	switch {
	case count == 0 && len(args) == 0:
		p.WriteString("}\n")
		return
	case count == 0 && len(args) == 1 && args[0].items == nil && args[0].comment == "" && len(indent)+len(args[0].value) < lineWidth-40:
		fmt.Fprintf(p, " %s = %s }\n", args[0].name, args[0].value)
		return
	}
	p.WriteByte('\n')
	p.arguments(indent+"  ", args)
	for i, list := range nested {
		for _, n := range list {
			p.block(indent+"  ", kinds[i], n)
		}
	}
	p.WriteString(indent + "}\n")
}

func (p *printer) arguments(indent string, args []argument) {
	for _, a := range args {
		comment := ""
		if a.comment != "" {
			comment = " # " + strings.Join(strings.Fields(a.comment), " ")
		}
		if a.items == nil {
			fmt.Fprintf(p, "%s%s = %s%s\n", indent, a.name, a.value, comment)
			continue
		}
		fmt.Fprintf(p, "%s%s = {%s\n", indent, a.name, comment)
		p.arguments(indent+"  ", a.items)
		p.WriteString(indent + "}\n")
	}
}

// arguments are the written facts of a block or object in the table's order.
func arguments(pl *plan, v reflect.Value) []argument {
	var out []argument
	for i := range pl.fields {
		f := &pl.fields[i]
		fv := v.FieldByIndex(f.index)
		if !fv.Field(2).Bool() {
			continue
		}
		a := argument{name: f.attr.Name}
		o, _ := fv.Field(3).Interface().(*model.Origin)
		if o != nil {
			a.comment = o.Comment
		}
		switch st := model.State(fv.Field(1).Uint()); {
		case !st.HasValue():
			a.value = st.String()
		case f.elem != nil:
			a.value, a.items = objectText(arguments(f.elem, fv.Field(0).Elem()))
		default:
			a.value = valueText(f.attr, fv.Field(0).Interface(), o)
		}
		out = append(out, a)
	}
	return out
}

// objectText is an object on one line, or its items where that would be too long or lose a comment.
func objectText(items []argument) (string, []argument) {
	if len(items) == 0 {
		return "{}", nil
	}
	parts, width := make([]string, len(items)), 0
	for i, a := range items {
		if a.items != nil || a.comment != "" {
			return "", items
		}
		parts[i] = a.name + " = " + a.value
		width += len(parts[i]) + 2
	}
	if width > lineWidth {
		return "", items
	}
	return "{ " + strings.Join(parts, ", ") + " }", nil
}

func quote(s string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

// valueText is a value as one would write it: the author's spelling where there is one that means the same.
func valueText(a *Attr, v any, o *model.Origin) string {
	text := ""
	if o != nil {
		text = o.Text
	}
	switch v := v.(type) {
	case string:
		if a.Type == Ref && !slices.Contains(a.Values, v) || a.Type == Subject && declarable(v) {
			return v
		}
		return quote(v)
	case bool:
		return strconv.FormatBool(v)
	case int:
		if a.Type == Attempts && v == model.Unlimited {
			return `"unlimited"`
		}
		return strconv.Itoa(v)
	case int64:
		if n, problem, _ := parseSize(text); problem == "" && n == v {
			return quote(text)
		}
		return quote(FormatSize(v))
	case float64:
		if a.Type != Ratio {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		if n, problem, _ := parseRatio(text); problem == "" && n == v {
			return quote(text)
		}
		return quote(FormatRatio(v))
	case time.Duration:
		if d, problem, _ := parseDuration(text); problem == "" && d == v {
			return quote(text)
		}
		return quote(FormatDuration(v))
	case model.Window:
		if v.Time == 0 {
			return strconv.Itoa(v.Count)
		}
		return valueText(a, v.Time, o)
	case model.Addr:
		return string(v)
	case []model.Addr:
		if slices.Contains(a.Values, text) {
			return quote(text)
		}
		return listText(a, v)
	case []string:
		return listText(a, v)
	case []float64:
		return listText(a, v)
	}
	panic(fmt.Sprintf("dsl: no text for %T", v)) // excluded by TestTableMatchesModel
}

func listText[T any](a *Attr, list []T) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = valueText(a, e, nil)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// declarable reports whether an address can be that of a block, so that it needs no quotes.
func declarable(addr string) bool {
	kind, _, ok := strings.Cut(addr, ".")
	return ok && addressForm.MatchString(addr) && Block(model.Kind(kind)) != nil && IsTopLevel(model.Kind(kind))
}

// FormatDuration writes a duration in its largest unit that leaves a whole number: "250ms", "2s", "7d".
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	best := durationUnits[0]
	for _, u := range durationUnits {
		if u.name != "w" && d%u.d == 0 { // 7d and 14d read better than 1w and 2w
			best = u
		}
	}
	return strconv.FormatInt(int64(d/best.d), 10) + best.name
}

// FormatRatio writes a ratio as a percentage: 0.999 is "99.9%".
func FormatRatio(v float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	exp, err := strconv.Atoi(exponent)
	if err != nil { // not a number: no ratio of a model is
		return mantissa + "%"
	}
	shifted, err := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(exp+2), 64)
	if err != nil {
		return mantissa + "%"
	}
	return strconv.FormatFloat(shifted, 'f', -1, 64) + "%"
}

// FormatSize writes a size in bytes in its largest binary unit that leaves a whole number: "64KiB".
func FormatSize(n int64) string {
	for _, u := range []string{"TiB", "GiB", "MiB", "KiB"} {
		if n != 0 && n%sizeUnits[u] == 0 {
			return strconv.FormatInt(n/sizeUnits[u], 10) + u
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}
