package engine

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/open-policy-agent/opa/v1/ast"
)

// result is one decoded member of a rule's set.
type result struct {
	verdict  analyzer.Verdict
	severity analyzer.Severity
	facts    []analyzer.Fact // sorted by name
	evidence []model.Addr    // sorted
	fixes    []analyzer.Fix  // best first
	detail   string          // of a plain text
	says     []string        // templates of the message, where the result is no plain text
}

var resultKeys = []string{"alternatives", "asks", "evidence", "facts", "fix", "say", "severity", "verdict"}

// decoder turns what one rule answered about one document into results, strictly.
type decoder struct {
	*rule
	paths map[string][]string // where the facts of results come from, by name
	look  lookup              // the document
	probs Problems
}

func (d *decoder) fail(summary, detail string, args ...any) {
	d.probs = append(d.probs, d.src.at(d.loc, "rule "+d.card.Rule, summary, detail, args...))
}

// decode reads one member of the set.
func (d *decoder) decode(t *ast.Term) *result {
	r := &result{severity: slices.Max(d.card.Severities)}
	if text, ok := t.Value.(ast.String); ok {
		r.verdict, r.detail = analyzer.Violation, string(text)
		return r
	}
	obj, ok := t.Value.(ast.Object)
	if !ok {
		d.fail("Result has the wrong type", "A result is a text or an object, not %s.", t)
		return r
	}
	obj.Foreach(func(k, _ *ast.Term) {
		if key, ok := k.Value.(ast.String); !ok || !slices.Contains(resultKeys, string(key)) {
			d.fail("Unknown key in a result", "A result has no key %s. %s", k, didYouMean(strings.Trim(k.String(), `"`), resultKeys))
		}
	})
	d.verdict(obj, r)
	d.severity(obj, r)
	if r.verdict <= analyzer.Unlikely {
		return r // counted, never shown
	}
	if v := get(obj, "facts"); v != nil {
		r.facts = d.facts(v)
	}
	d.asks(obj, r)
	if v := get(obj, "evidence"); v != nil {
		r.evidence = d.evidence(v)
	}
	if v := get(obj, "fix"); v != nil {
		r.addFix(d.fix(v))
	}
	if v := get(obj, "alternatives"); v != nil {
		if err := eachElem(v, func(t *ast.Term) { r.addFix(d.fix(t)) }); err != "" {
			d.fail("Result has the wrong type", "\"alternatives\" is a list of lists of operations, not %s.", err)
		}
	}
	d.template(obj, r)
	return r
}

// keyTerms are the keys of results, fixes and facts, made once.
var keyTerms = func() map[string]*ast.Term {
	out := map[string]*ast.Term{}
	for _, list := range [][]string{resultKeys, opKeys, {"state", "value", "lo", "hi", "text", "from", "assumes"}} {
		for _, k := range list {
			out[k] = ast.StringTerm(k)
		}
	}
	return out
}()

func get(obj ast.Object, key string) *ast.Term {
	k := keyTerms[key]
	if k == nil {
		k = ast.StringTerm(key)
	}
	return obj.Get(k)
}

// eachElem calls f for the members of a list or set; it returns the spelling of what is neither.
func eachElem(t *ast.Term, f func(*ast.Term)) string {
	switch x := t.Value.(type) {
	case *ast.Array:
		x.Foreach(f)
	case ast.Set:
		x.Foreach(f)
	default:
		return t.String()
	}
	return ""
}

func (d *decoder) verdict(obj ast.Object, r *result) {
	v := get(obj, "verdict")
	if v == nil {
		d.fail("Result has no verdict", "Write \"verdict\", the outcome of the lib calls.")
		return
	}
	text, _ := v.Value.(ast.String)
	verdict, err := analyzer.ParseVerdict(string(text))
	if err != nil {
		d.fail("Unknown verdict", "%s is no verdict. Take it from lib: pass, unlikely, question, risk or violation.", v)
	}
	r.verdict = verdict
}

func (d *decoder) severity(obj ast.Object, r *result) {
	v := get(obj, "severity")
	if v == nil {
		if !d.card.Plain() {
			d.fail("Result chooses no severity", "The card lists %s: each result says which case it is.", names(d.card.Severities))
		}
		return
	}
	text, _ := v.Value.(ast.String)
	sev, err := analyzer.ParseSeverity(string(text))
	switch {
	case err != nil:
		d.fail("Unknown severity", "%s is no severity. %s", v, didYouMean(string(text), analyzer.Severities()))
	case !d.card.Plain() && !slices.Contains(d.card.Severities, sev):
		d.fail("Severity is not on the card", "The card lists %s, the result chooses %s.", names(d.card.Severities), sev)
	}
	r.severity = sev
}

func names[T interface{ String() string }](list []T) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.String()
	}
	return strings.Join(out, ", ")
}

// template takes the result's own message, else the card's, and refuses names that the result's facts lack. A question
// has none: nothing is known to be wrong, and its facts are what it asks for.
func (d *decoder) template(obj ast.Object, r *result) {
	text := d.card.Say
	if v := get(obj, "say"); v != nil {
		own, ok := v.Value.(ast.String)
		if !ok {
			d.fail("Result has the wrong type", "\"say\" is a message template, not %s.", v)
			return
		}
		text = string(own)
	}
	if text == "" || r.verdict == analyzer.Question {
		return
	}
	parsed, err := parseSay(text)
	if err != nil { // the card's was refused when it was read
		d.fail("Message is malformed", "In \"say\", %s.", err)
		return
	}
	for _, name := range parsed.names() {
		if !slices.ContainsFunc(r.facts, func(f analyzer.Fact) bool { return f.Name == name }) {
			d.fail("Message names a fact that the result lacks", "\"say\" prints {%s}, but the result's facts have no %q.", name, name)
		}
	}
	r.says = []string{text}
}

// asks keeps of a question's facts those that its rule says the answer hangs on: what only tells a finding's story is
// nothing that anybody has to state.
func (d *decoder) asks(obj ast.Object, r *result) {
	v := get(obj, "asks")
	if v == nil {
		return
	}
	list, ok := plainValue(v).([]string)
	if !ok {
		d.fail("Result has the wrong type", "\"asks\" is a list of names of facts, not %s.", v)
	}
	for _, name := range list {
		if !slices.ContainsFunc(r.facts, func(f analyzer.Fact) bool { return f.Name == name }) {
			d.fail("Question names a fact that the result lacks", "\"asks\" lists %q, but the result's facts have no such name.", name)
		}
	}
	if r.verdict == analyzer.Question {
		r.facts = slices.DeleteFunc(r.facts, func(f analyzer.Fact) bool { return !slices.Contains(list, f.Name) })
	}
}

func (d *decoder) evidence(t *ast.Term) []model.Addr {
	var out []model.Addr
	if err := eachElem(t, func(e *ast.Term) {
		a, ok := e.Value.(ast.String)
		if !ok {
			d.fail("Evidence is no address", "\"evidence\" lists addresses of other places, not %s.", e)
			return
		}
		out = append(out, model.Addr(a))
	}); err != "" {
		d.fail("Result has the wrong type", "\"evidence\" is a list of addresses, not %s.", err)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (d *decoder) facts(t *ast.Term) []analyzer.Fact {
	obj, ok := t.Value.(ast.Object)
	if !ok {
		d.fail("Result has the wrong type", "\"facts\" is an object of names and facts, not %s.", t)
		return nil
	}
	var out []analyzer.Fact
	obj.Foreach(func(k, v *ast.Term) {
		name, ok := k.Value.(ast.String)
		if !ok {
			d.fail("Result has the wrong type", "A fact's name is a text, not %s.", k)
			return
		}
		out = append(out, d.fact(string(name), v))
	})
	slices.SortFunc(out, func(a, b analyzer.Fact) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// fact reads a whole fact, or a plain value that the rule computed or took from Go's plain fields.
func (d *decoder) fact(name string, t *ast.Term) analyzer.Fact {
	f := analyzer.Fact{Name: name, State: model.Derived.String()}
	f.Path, f.Unit = d.look.place(d.paths[name], t)
	obj, ok := t.Value.(ast.Object)
	if !ok {
		f.Value = plainValue(t)
		if f.Value == nil {
			d.fail("Fact has the wrong type", "Fact %q is neither a fact nor a text, number, yes/no or list of texts: %s.", name, t)
		}
		f.Text = f.String()
		return f
	}
	if get(obj, "state") == nil {
		d.fail("Fact has the wrong type", "Fact %q is an object without \"state\": pass the fact itself, or one plain value. It is %s.", name, t)
		return f
	}
	f.State = textOf(obj, "state")
	f.Text, f.From = textOf(obj, "text"), textOf(obj, "from")
	if v := get(obj, "value"); v != nil {
		f.Value = plainValue(v)
	}
	f.Lo, f.Hi = numberOf(obj, "lo"), numberOf(obj, "hi")
	if v := get(obj, "assumes"); v != nil {
		f.Assumes, _ = plainValue(v).([]string)
	}
	f.Text = f.String()
	return f
}

func textOf(obj ast.Object, key string) string {
	if v := get(obj, key); v != nil {
		s, _ := v.Value.(ast.String)
		return string(s)
	}
	return ""
}

func numberOf(obj ast.Object, key string) *float64 {
	if v := get(obj, key); v != nil {
		if f, ok := plainValue(v).(float64); ok {
			return &f
		}
	}
	return nil
}

// plainValue is a text, number, yes/no or list of texts as Go has it; nil for anything else.
func plainValue(t *ast.Term) any {
	switch x := t.Value.(type) {
	case ast.String:
		return string(x)
	case ast.Boolean:
		return bool(x)
	case ast.Number:
		f, err := json.Number(x).Float64()
		if err != nil {
			return nil
		}
		return f
	case *ast.Array, ast.Set:
		words := []string{}
		whole := true
		eachElem(t, func(e *ast.Term) {
			s, ok := e.Value.(ast.String)
			whole = whole && ok
			words = append(words, string(s))
		})
		if whole {
			return words
		}
	}
	return nil
}
