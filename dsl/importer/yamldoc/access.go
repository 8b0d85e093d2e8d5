package yamldoc

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Pair is one entry of a mapping.
type Pair struct {
	Key   string
	Value Node
}

// Get follows keys downward; the zero Node where one is missing.
func (n Node) Get(path ...string) Node {
	for _, key := range path {
		n = n.child(key, 0)
	}
	return n
}

func (n Node) child(key string, depth int) Node {
	y := n.resolved()
	if y == nil || y.Kind != yaml.MappingNode || depth > maxHops || !n.f.step(len(y.Content)/2) {
		return Node{}
	}
	var merged []Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Kind == yaml.ScalarNode && k.Value == key {
			return Node{n: v, key: k, f: n.f}
		}
		if k.Tag == "!!merge" {
			merged = append(merged, Node{n: v, f: n.f})
		}
	}
	for _, m := range merged {
		for _, from := range m.oneOrMore() {
			if c := from.child(key, depth+1); c.n != nil {
				return c
			}
		}
	}
	return Node{}
}

// Pairs are the entries of a mapping in source order, merged ones (`<<`) after its own.
func (n Node) Pairs() []Pair {
	var out []Pair
	n.pairs(map[string]bool{}, &out, 0)
	return out
}

func (n Node) pairs(seen map[string]bool, out *[]Pair, depth int) {
	y := n.resolved()
	if y == nil || y.Kind != yaml.MappingNode || depth > maxHops || !n.f.step(len(y.Content)/2) {
		return
	}
	var merged []Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		switch {
		case k.Tag == "!!merge":
			merged = append(merged, Node{n: v, f: n.f})
		case k.Kind == yaml.ScalarNode && !seen[k.Value]:
			seen[k.Value] = true
			*out = append(*out, Pair{k.Value, Node{n: v, key: k, f: n.f}})
		}
	}
	for _, m := range merged {
		for _, from := range m.oneOrMore() {
			from.pairs(seen, out, depth+1)
		}
	}
}

// Items are the elements of a sequence; nothing for any other value.
func (n Node) Items() []Node {
	y := n.resolved()
	if y == nil || y.Kind != yaml.SequenceNode || !n.f.step(len(y.Content)) {
		return nil
	}
	out := make([]Node, len(y.Content))
	for i, c := range y.Content {
		out[i] = Node{n: c, f: n.f}
	}
	return out
}

// oneOrMore is a sequence's elements, or the value itself.
func (n Node) oneOrMore() []Node {
	if n.IsSeq() {
		return n.Items()
	}
	return []Node{n}
}

// Strings are the scalars of a sequence, or the one scalar that stands instead of it.
func (n Node) Strings() []string {
	if s, ok := n.Scalar(); ok {
		return []string{s}
	}
	var out []string
	for _, i := range n.Items() {
		if s, ok := i.Scalar(); ok {
			out = append(out, s)
		}
	}
	return out
}

// step spends the file's budget; false once it is gone.
func (f *File) step(n int) bool {
	if f == nil {
		return false
	}
	f.steps += n + 1
	return f.steps <= f.limit()
}

// IsMap reports whether the value is a mapping.
func (n Node) IsMap() bool { y := n.resolved(); return y != nil && y.Kind == yaml.MappingNode }

// IsSeq reports whether the value is a sequence.
func (n Node) IsSeq() bool { y := n.resolved(); return y != nil && y.Kind == yaml.SequenceNode }

// Scalar is the text of a scalar of any type.
func (n Node) Scalar() (string, bool) {
	y := n.resolved()
	if y == nil || y.Kind != yaml.ScalarNode {
		return "", false
	}
	return y.Value, true
}

// Str is the text of a scalar, empty for anything else.
func (n Node) Str() string {
	s, _ := n.Scalar()
	return s
}

// Int is a whole number, also one in quotes.
func (n Node) Int() (int, bool) {
	s, ok := n.Scalar()
	if !ok {
		return 0, false
	}
	v, err := strconv.Atoi(strings.TrimSpace(s))
	return v, err == nil
}

// Float is a number, also one in quotes.
func (n Node) Float() (float64, bool) {
	s, ok := n.Scalar()
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return v, err == nil && v-v == 0
}

// Bool is true or false in any of YAML's usual spellings.
func (n Node) Bool() (value, ok bool) {
	switch strings.ToLower(strings.TrimSpace(n.Str())) {
	case "true", "yes", "on", "enabled":
		return true, true
	case "false", "no", "off", "disabled":
		return false, true
	}
	return false, false
}
