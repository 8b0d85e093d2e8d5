package edit

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// reference is an address as the language writes references: a declared kind, then labels.
var reference = regexp.MustCompile(`^(service|gateway|client|datastore|external|registry|topic|queue|broker|policy|mesh|flag|transaction|migration)\.[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*$`)

// plain is text that nothing in HCL reads otherwise; most values are, and hclwrite takes a hundred times as long.
var plain = regexp.MustCompile(`^[A-Za-z0-9 ._%:/-]*$`)

// value writes a value as the language does: addresses are references, `none` and `unknown` keywords, other strings
// are quoted, objects and lists stay on one line.
func value(v any) string {
	switch x := v.(type) {
	case verbatim:
		return string(x)
	case object:
		parts := make([]string, len(x))
		for i, m := range x {
			parts[i] = m.key + " = " + value(m.value)
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case string:
		if x == "none" || x == "unknown" || reference.MatchString(x) {
			return x
		}
		if plain.MatchString(x) {
			return `"` + x + `"`
		}
		return strings.TrimSpace(string(hclwrite.TokensForValue(cty.StringVal(x)).Bytes()))
	case bool:
		return strconv.FormatBool(x)
	case int:
		return strconv.Itoa(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case fmt.Stringer: // json.Number
		return x.String()
	case []string:
		return list(x)
	case []any:
		return list(x)
	case map[string]any:
		if len(x) == 0 {
			return "{}"
		}
		var parts []string
		for _, k := range keys(x) {
			parts = append(parts, k+" = "+value(x[k]))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	}
	return fmt.Sprint(v)
}

// verbatim is a value as its author wrote it.
type verbatim string

// object is an object whose keys keep their order.
type object []member

type member struct {
	key   string
	value any
}

// with is the object with one key set.
func (o object) with(key string, v any) object {
	out := slices.Clone(o)
	for i := range out {
		if out[i].key == key {
			out[i].value = v
			return out
		}
	}
	return append(out, member{key, v})
}

func list[T any](xs []T) string {
	parts := make([]string, len(xs))
	for i, x := range xs {
		parts[i] = value(x)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// order is the order in which objects of the language are written; other keys follow by name.
var order = []string{
	"to", "from", "timeout", "deadline", "connect_timeout", "retry", "circuit_breaker", "store", "relay", "max_attempts", "backoff", "initial_backoff", "max_backoff", "jitter", "budget",
	"failure_rate", "window", "min_calls", "slow_call", "slow_rate", "open_for", "half_open", "max_concurrent", "queue", "max_wait",
	"rps", "burst", "per", "replicas", "zones", "strategy", "readiness", "drain", "grace", "steps", "bake",
}

func keys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	rank := func(k string) int {
		if i := slices.Index(order, k); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(out, func(a, b string) int {
		if ra, rb := rank(a), rank(b); ra != rb {
			return ra - rb
		}
		return strings.Compare(a, b)
	})
	return out
}

// blockText writes a whole block; all lines but the first are indented by in. Two forms are blocks inside it: a key of two
// words, "call orders", whose value holds that block's arguments, and a list of such values with a "label" in each, whose
// order counts. No attribute of the language is a list of objects.
func blockText(typ, label string, attrs map[string]any, in string) string {
	head := typ
	if label != "" {
		head += " " + strconv.Quote(label)
	}
	if len(attrs) == 0 {
		return head + " {}"
	}
	ks, blocks := parts(attrs)
	if len(ks) == 1 && len(blocks) == 0 {
		return head + " { " + ks[0] + " = " + value(attrs[ks[0]]) + " }"
	}
	width := 0
	for _, k := range ks {
		width = max(width, utf8.RuneCountInString(k))
	}
	var b strings.Builder
	b.WriteString(head + " {\n")
	for _, k := range ks {
		b.WriteString(in + "  " + pad(k, width) + " = " + value(attrs[k]) + "\n")
	}
	for _, n := range blocks {
		b.WriteString(in + "  " + blockText(n.typ, n.label, n.attrs, in+"  ") + "\n")
	}
	b.WriteString(in + "}")
	return b.String()
}

// nested is a block inside a new one.
type nested struct {
	typ, label string
	attrs      map[string]any
}

// parts tells the attributes of a new block, by name, from the blocks inside it.
func parts(attrs map[string]any) (names []string, blocks []nested) {
	for _, k := range keys(attrs) {
		if typ, label, ok := strings.Cut(k, " "); ok {
			inner, _ := attrs[k].(map[string]any)
			blocks = append(blocks, nested{typ, label, inner})
			continue
		}
		list, _ := attrs[k].([]any)
		var inside []nested
		for _, v := range list {
			m, _ := v.(map[string]any)
			if label, ok := m["label"].(string); ok {
				m = maps.Clone(m)
				delete(m, "label")
				inside = append(inside, nested{k, label, m})
			}
		}
		if len(inside) == 0 || len(inside) < len(list) {
			names = append(names, k)
			continue
		}
		blocks = append(blocks, inside...)
	}
	return names, blocks
}

func blockLines(body, file string, line int) []Line {
	var out []Line
	for i, l := range strings.Split(body, "\n") {
		n := 0
		if i == 0 {
			n = line
		}
		out = append(out, Line{Action: '+', File: file, Line: n, Text: l})
	}
	return out
}

func unindent(s, in string) string { return strings.ReplaceAll(s, "\n"+in, "\n") }

func pad(s string, width int) string {
	if n := utf8.RuneCountInString(s); n < width {
		return s + strings.Repeat(" ", width-n)
	}
	return s
}

var spaces = regexp.MustCompile(`\s*\n\s*`)

// oneLine folds a value that is written over several lines, for printing.
func oneLine(s string) string { return spaces.ReplaceAllString(strings.TrimSpace(s), " ") }

func (s *site) lineStart(at int) int { return bytes.LastIndexByte(s.src[:at], '\n') + 1 }

// lineEnd is the offset of the line feed that ends the line, or the end of the file.
func (s *site) lineEnd(at int) int {
	if i := bytes.IndexByte(s.src[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(s.src)
}

// indent is the white space before the first word of the line.
func (s *site) indent(at int) string {
	ls := s.lineStart(at)
	i := ls
	for i < at && (s.src[i] == ' ' || s.src[i] == '\t') {
		i++
	}
	return string(s.src[ls:i])
}

// Literal writes a value as the language does; addresses become references.
func Literal(v any) string { return value(v) }
