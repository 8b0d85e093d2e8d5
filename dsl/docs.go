package dsl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

//go:generate sh -c "go run ../cmd/archcheck schema model -o markdown > REFERENCE.md"

// jsonBlock and jsonAttr are the table as published by `archcheck schema model -o json`; keys are added, never renamed.
type jsonBlock struct {
	Name   string     `json:"name"`
	Doc    string     `json:"doc"`
	Top    bool       `json:"top_level,omitempty"`
	Labels []string   `json:"labels,omitempty"`
	Blocks []string   `json:"blocks,omitempty"`
	Attrs  []jsonAttr `json:"arguments"`
}

type jsonAttr struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	List     bool     `json:"list,omitempty"`
	Object   string   `json:"object,omitempty"`
	Values   []string `json:"values,omitempty"`
	Refs     []string `json:"references,omitempty"`
	Required bool     `json:"required,omitempty"`
	Class    string   `json:"class"`
	Default  string   `json:"default,omitempty"`
	Computed string   `json:"computed_default,omitempty"`
	None     bool     `json:"none,omitempty"`
	Unknown  bool     `json:"unknown,omitempty"`
	Doc      string   `json:"doc"`
}

// String is the class's name in the reference.
func (c Class) String() string {
	return map[Class]string{Identity: "identity", Control: "control", Claim: "claim", Measurement: "measurement", Defaulted: "default"}[c]
}

// ReferenceJSON is the language's table as JSON.
func ReferenceJSON() []byte {
	blocks := func(types []*BlockType) []jsonBlock {
		out := make([]jsonBlock, len(types))
		for i, t := range types {
			b := jsonBlock{Name: t.Name(), Doc: t.Doc, Labels: t.Labels, Top: t.Kind != "" && IsTopLevel(t.Kind)}
			for _, k := range t.Blocks {
				b.Blocks = append(b.Blocks, string(k))
			}
			for j := range t.Attrs {
				a := &t.Attrs[j]
				ja := jsonAttr{Name: a.Name, Type: a.Type.String(), List: a.List, Object: a.Object, Values: a.Values, Required: a.Required,
					Class: a.Class.String(), Default: a.Default, Computed: a.Computed, None: a.NoneOK, Unknown: a.UnknOK, Doc: a.Doc}
				for _, k := range a.Refs {
					ja.Refs = append(ja.Refs, string(k))
				}
				b.Attrs = append(b.Attrs, ja)
			}
			out[i] = b
		}
		return out
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Format  string      `json:"format_version"`
		Blocks  []jsonBlock `json:"blocks"`
		Objects []jsonBlock `json:"objects"`
	}{"1.0", blocks(Schema().Blocks), blocks(Schema().Objects)})
	if err != nil {
		panic(err) // strings and booleans only
	}
	return b.Bytes()
}

const referenceHead = `<!-- Written by "go generate ./dsl" from the language's table. -->
# Language reference

One file, or one directory of files, describes one system in literal HCL: no variables, no functions, no loops.

Units are written in quotes: durations ("250ms", "2s", "15m", "7d"), ratios ("99.9%"), sizes ("64KiB"), dates
("2027-01-31"). References are written without: ` + "`to = service.payments`" + `.

The column *unstated* says what it means that nobody wrote an argument:

| unstated | meaning |
|---|---|
| absent | Nobody provides it; the file is the design. Write ` + "`none`" + ` to say so on purpose, ` + "`unknown`" + ` to turn it into a question. |
| question | Only its owner knows. archcheck asks and does not accuse. ` + "`none` and `unknown`" + ` are legal. |
| unknown | A number that nobody gave; some have a documented assumption. ` + "`unknown`" + ` is legal. |
| a value | The language's default: certain. |
| – | Names or refers to something; nothing is concluded from its absence. |

`

// ReferenceMarkdown is the language's table as a page of documentation.
func ReferenceMarkdown() []byte {
	var b bytes.Buffer
	b.WriteString(referenceHead)
	b.WriteString("## Blocks\n\n")
	for _, t := range Schema().Blocks {
		label := "NAME"
		if len(t.Labels) > 0 {
			label = strings.Join(t.Labels, "|")
		}
		fmt.Fprintf(&b, "### %s\n\n`%s \"%s\" { … }`\n\n%s", t.Kind, t.Kind, label, t.Doc)
		if len(t.Blocks) > 0 {
			var in []string
			for _, k := range t.Blocks {
				in = append(in, fmt.Sprintf("[%s](#%s)", k, k))
			}
			fmt.Fprintf(&b, " Holds %s.", allOf(in))
		}
		if !IsTopLevel(t.Kind) {
			fmt.Fprintf(&b, " %s", placeOf(t))
		}
		b.WriteString("\n\n")
		attrTable(&b, t)
	}
	b.WriteString("## Objects\n\nPresence of the object is presence of the pattern; `{}` takes every default.\n\n")
	for _, t := range Schema().Objects {
		fmt.Fprintf(&b, "### %s\n\n`%s = { … }`\n\n%s\n\n", t.Object, t.Object, t.Doc)
		attrTable(&b, t)
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}

func attrTable(b *bytes.Buffer, t *BlockType) {
	b.WriteString("| argument | value | unstated | |\n|---|---|---|---|\n")
	for i := range t.Attrs {
		a := &t.Attrs[i]
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", a.Name, strings.ReplaceAll(valueDoc(a), "|", "\\|"), unstatedDoc(a), a.Doc)
	}
	b.WriteByte('\n')
}

func valueDoc(a *Attr) string {
	out := a.Type.String()
	words := make([]string, len(a.Values))
	for i, v := range a.Values {
		words[i] = "`\"" + v + "\"`"
	}
	switch a.Type {
	case Enum:
		out = strings.Join(words, " ")
	case Ref:
		kinds := make([]string, len(a.Refs))
		for i, k := range a.Refs {
			kinds[i] = string(k)
		}
		out = "reference to " + oneOf(kinds)
		if a.List {
			out = "list of " + oneOf(kinds)
		}
		if len(words) > 0 {
			out = strings.Join(words, " ") + " or " + out
		}
		return out
	case Object:
		return fmt.Sprintf("[%s](#%s)", a.Object, a.Object)
	}
	if a.List {
		out = "list of " + out
	}
	return out
}

func unstatedDoc(a *Attr) string {
	switch {
	case a.Required:
		return "**required**"
	case a.Default != "":
		return "`" + a.Default + "`"
	case a.Computed != "":
		return a.Computed
	case a.Class == Control:
		return "absent"
	case a.Class == Claim:
		return "question"
	case a.Class == Measurement:
		return "unknown"
	}
	return "–"
}
