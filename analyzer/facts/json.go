package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// JSON is the document as encoding/json writes it and as policies read it; a value that does not exist is omitted,
// never null.
func (d *Document) JSON() map[string]any {
	out := map[string]any{"format": Format, "kind": d.Kind, "addr": string(d.Addr), "subject": Fields(d.Subject).json()}
	if d.From != nil {
		out["from"] = Fields(d.From).json()
	}
	if d.To != nil {
		out["to"] = Fields(d.To).json()
	}
	out["system"] = Fields(d.System).json()
	return out
}

func (o Obj) json() map[string]any {
	out := make(map[string]any, len(o))
	for _, f := range o {
		out[f.Name] = nodeJSON(f.Node)
	}
	return out
}

func nodeJSON(n Node) any {
	switch x := n.(type) {
	case *Leaf:
		return x.json()
	case Obj:
		return x.json()
	case Arr:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = nodeJSON(e)
		}
		return out
	case Plain:
		return x.V
	}
	return nil
}

func (l *Leaf) json() map[string]any {
	out := map[string]any{"state": l.State.String()}
	for _, f := range l.Contains {
		out[f.Name] = nodeJSON(f.Node)
	}
	if l.Val != nil {
		out["value"] = l.Val
	}
	if l.Number {
		out["lo"] = l.Lo
		if !math.IsInf(l.Hi, 1) {
			out["hi"] = l.Hi
		}
	}
	if l.Text != "" {
		out["text"] = l.Text
	}
	if l.From != "" {
		out["from"] = l.From
	}
	if l.Assumes != 0 {
		out["assumes"] = l.Assumes.Keys()
	}
	if len(l.Needs) > 0 {
		out["needs"] = l.Needs
	}
	return out
}

// states are the names of all states, for the schemas.
func states() []any {
	var out []any
	for s := model.Absent; s <= model.None; s++ {
		out = append(out, s.String())
	}
	return out
}
