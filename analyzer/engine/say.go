package engine

import (
	"fmt"
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

// fill writes the message. Whatever names it lacks was refused when the result was decoded.
func (s say) fill(facts []analyzer.Fact, subject, from, to model.Addr) string {
	var b strings.Builder
	for i, part := range s {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		switch k := slices.IndexFunc(facts, func(f analyzer.Fact) bool { return f.Name == part }); {
		case k >= 0:
			b.WriteString(facts[k].String())
		case part == "subject":
			b.WriteString(string(subject))
		case part == "from":
			b.WriteString(string(from))
		case part == "to":
			b.WriteString(string(to))
		}
	}
	return b.String()
}
