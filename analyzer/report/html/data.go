package html

// data is what the script knows, as JSON within the page. Addresses are keys; findings and questions are numbers into
// their lists.
type data struct {
	Views     []dataView          `json:"views"`
	Parts     map[string]dataPart `json:"parts"`
	Findings  []dataFinding       `json:"findings"`
	Questions []dataQuestion      `json:"questions"`
	Patterns  map[string]string   `json:"patterns"` // id to name, of those with a card
}

type dataView struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Journey string            `json:"journey,omitempty"`
	Home    map[string]string `json:"home,omitempty"` // address to the element that stands for it
}

type dataPart struct {
	Name      string      `json:"name"`
	Kind      string      `json:"kind"`
	Where     string      `json:"where,omitempty"`
	Members   []string    `json:"members,omitempty"` // of a group
	Findings  []int       `json:"findings,omitempty"`
	Questions []int       `json:"questions,omitempty"`
	Facts     [][4]string `json:"facts,omitempty"` // name, value, state, from
	Present   []string    `json:"present,omitempty"`
	Owed      []string    `json:"owed,omitempty"`
	Line      []string    `json:"line,omitempty"` // of a line: from, to, verb
}

type dataFinding struct {
	ID       string `json:"id"` // its anchor; what it says stands there
	Rule     string `json:"rule"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Verdict  string `json:"verdict"`
	Pattern  string `json:"pattern,omitempty"`
	Waived   bool   `json:"waived,omitempty"`
}

type dataQuestion struct {
	Path  string   `json:"path"`
	Hint  string   `json:"hint,omitempty"`
	Rules []string `json:"rules"`
}

// Data is what the script is told.
func (c content) Data() data {
	d := data{Parts: map[string]dataPart{}, Patterns: map[string]string{}, Views: []dataView{}, Findings: []dataFinding{}, Questions: []dataQuestion{}}
	for _, v := range c.Views {
		d.Views = append(d.Views, dataView{v.ID, v.Name, v.Journey, v.Home})
	}
	number := map[string]int{}
	for _, f := range c.Report.Findings {
		if f.Known {
			continue
		}
		number[f.ID] = len(d.Findings)
		d.Findings = append(d.Findings, dataFinding{
			anchor(f.ID), f.Rule, f.Title, f.Severity, f.Verdict, f.Pattern, f.Waiver != nil,
		})
	}
	for _, q := range c.Report.Questions {
		d.Questions = append(d.Questions, dataQuestion{q.Path, q.Hint, q.Rules})
	}
	for _, k := range c.Cards {
		d.Patterns[k.ID] = k.Name
	}
	for _, p := range c.Parts {
		x := dataPart{Name: p.Name, Kind: p.Kind, Where: p.Where, Questions: c.asked[p.ID], Present: c.present[p.ID], Owed: c.owed[p.ID]}
		if len(p.Members) > 1 {
			x.Members = p.Members
		}
		for _, id := range p.Findings {
			if n, ok := number[id]; ok {
				x.Findings = append(x.Findings, n)
			}
		}
		for _, f := range p.Facts {
			x.Facts = append(x.Facts, [4]string{f.Name, f.Value, f.State, f.From})
		}
		if p.Verb != "" {
			x.Line = []string{p.From, p.To, p.Verb}
		}
		d.Parts[p.ID] = x
	}
	return d
}
