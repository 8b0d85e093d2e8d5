package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// say is a parsed message template: literal text and names of facts or ends by turns, starting with text.
type say []string

// ends are the names that every message may use besides the facts of its result.
var ends = []string{"from", "subject", "to"}

// parseSay splits a template. "{name}" is a fact of the result or an end; "{{" and "}}" are braces.
func parseSay(text string) (say, error) {
	var out say
	var lit strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c {
			lit.WriteByte(c)
			i++
			continue
		}
		switch c {
		case '{':
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return nil, fmt.Errorf("the brace after %q is never closed. Write {name}, or {{ for a brace", text[:i])
			}
			name := text[i+1 : i+end]
			if name == "" || strings.ContainsAny(name, " {") {
				return nil, fmt.Errorf("{%s} is no name. Write {name}, or {{ for a brace", name)
			}
			out = append(out, lit.String(), name)
			lit.Reset()
			i += end
		case '}':
			return nil, fmt.Errorf("the brace after %q was never opened. Write }} for a brace", text[:i])
		default:
			lit.WriteByte(c)
		}
	}
	return append(out, lit.String()), nil
}

// names lists the facts that the template needs.
func (s say) names() []string {
	var out []string
	for i := 1; i < len(s); i += 2 {
		if !slices.Contains(ends, s[i]) && !slices.Contains(out, s[i]) {
			out = append(out, s[i])
		}
	}
	return out
}

// fill writes the message. Whatever names it lacks was refused when the result was decoded. People call things by their
// labels: the place of a finding carries the whole address.
func (s say) fill(facts []analyzer.Fact, subject, from, to model.Addr) string {
	var b strings.Builder
	for i, part := range s {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		switch k := slices.IndexFunc(facts, func(f analyzer.Fact) bool { return f.Name == part }); {
		case k >= 0:
			b.WriteString(named(facts[k]))
		case part == "subject":
			b.WriteString(short(string(subject)))
		case part == "from":
			b.WriteString(apart(from, to))
		case part == "to":
			b.WriteString(apart(to, from))
		}
	}
	return analyzer.Spaced(b.String())
}

// named is a fact as a sentence has it, with addresses by their labels.
func named(f analyzer.Fact) string {
	switch x := f.Value.(type) {
	case string:
		if f.Text == x {
			return short(x)
		}
	case []string:
		words := make([]string, len(x))
		for i, w := range x {
			words[i] = short(w)
		}
		f.Value, f.Text = words, ""
	}
	return f.String()
}

var topLevel = regexp.MustCompile(`^(broker|client|datastore|external|flag|gateway|mesh|migration|policy|queue|registry|service|system|topic|transaction)\.[A-Za-z_][A-Za-z0-9_-]*$`)

// short is the label of a top-level address, and anything else as it is.
func short(a string) string {
	if topLevel.MatchString(a) {
		_, label, _ := strings.Cut(a, ".")
		return label
	}
	return a
}

// apart is the label of one end of an edge, with its kind where the other end has the same label.
func apart(a, other model.Addr) string {
	s := short(string(a))
	if s == short(string(other)) {
		return strings.Replace(string(a), ".", " ", 1)
	}
	return s
}
