package report

import "strings"

// Drift is the published result of comparing a description with sources: what every format of `drift` is written from.
type Drift struct {
	FormatVersion string        `json:"format_version"`
	Version       string        `json:"version"` // of archcheck
	System        string        `json:"system"`
	Files         []File        `json:"files"`   // of the description
	Sources       []DriftSource `json:"sources"` // what it was compared with
	Compared      DriftCompared `json:"compared"`
	Summary       DriftSummary  `json:"summary"`
	Items         []DriftItem   `json:"items"`    // ranked
	Matched       []DriftMatch  `json:"matched"`  // components of both sides, in the order of the description
	NoMatch       []DriftName   `json:"no_match"` // components of one side
	Accepted      []string      `json:"accepted"` // ids that --update has written into the description
	Gate          *DriftGate    `json:"gate,omitempty"`
}

// DriftSource is one kind of source with the files that were read as it.
type DriftSource struct {
	Kind  string   `json:"kind"`
	Paths []string `json:"paths"` // as the user gave them
}

// DriftCompared counts what the description has, and how much of it the sources show at all.
type DriftCompared struct {
	Components      int `json:"components"`
	ComponentsShown int `json:"components_shown"`
	Calls           int `json:"calls"`
	CallsShown      int `json:"calls_shown"`
	SourceFiles     int `json:"source_files"`
}

// DriftSummary counts items by severity.
type DriftSummary struct {
	Severities
	Ignored int `json:"ignored"` // left out by --only, --ignore and --min-severity
}

// DriftItem is one difference.
type DriftItem struct {
	ID          string     `json:"id"` // kind@address
	Kind        string     `json:"kind"`
	Title       string     `json:"title"`
	Severity    string     `json:"severity"`
	Confidence  string     `json:"confidence"` // how well the sources show it
	Address     string     `json:"address"`
	Subjects    []string   `json:"subjects"`              // the calls concerned, where there are several
	Counterpart string     `json:"counterpart,omitempty"` // address in an import of the sources
	Range       Range      `json:"range"`                 // where the description says it, or would
	Description DriftSide  `json:"description"`
	Source      DriftSide  `json:"source"`
	Ratio       float64    `json:"ratio,omitempty"` // measured over stated
	Detail      string     `json:"detail"`
	Help        string     `json:"help"`   // why this kind of difference matters
	Accept      string     `json:"accept"` // what --update does: update, prune (with --prune), manual
	Fixes       []DriftFix `json:"fixes"`  // what accepting it writes
	Fingerprint string     `json:"fingerprint"`
}

// DriftSide is what one side says.
type DriftSide struct {
	Text  string `json:"text"`           // "2s", "no such call"
	How   string `json:"how,omitempty"`  // "inherited from policy.rpc", "address in ORDERS_URL"
	Kind  string `json:"kind,omitempty"` // of the source
	Range Range  `json:"range"`
}

// DriftFix is what accepting an item writes.
type DriftFix struct {
	Title string   `json:"title"`
	HCL   string   `json:"hcl"`
	Edits []Edit   `json:"edits"`
	Lines []Change `json:"lines"`
}

// DriftMatch is a component of both sides and what decided that it is one.
type DriftMatch struct {
	Address string `json:"address"`
	Source  string `json:"source"`
	By      string `json:"by"`
}

// DriftName is a component of one side for which no counterpart is certain.
type DriftName struct {
	Side    string   `json:"side"` // description, sources
	Address string   `json:"address"`
	Range   Range    `json:"range"`
	Nearest []string `json:"nearest"`          // of the other side
	Reason  string   `json:"reason,omitempty"` // why no name decides
}

// DriftGate is the decision of --fail-on.
type DriftGate struct {
	FailOn   string   `json:"fail_on"`
	Blocking []string `json:"blocking"` // ids
	Passed   bool     `json:"passed"`
	Exit     int      `json:"exit"`
}

// Findings are the items as findings, for the formats that know these.
func (d *Drift) Findings() *Report {
	// A run of its own for whoever collects runs: GitHub refuses two uploads of one category, and this is no plan.
	r := &Report{FormatVersion: FormatVersion, Version: d.Version, System: "drift/" + strings.TrimPrefix(d.System, "system."), Files: d.Files}
	for _, i := range d.Items {
		f := Finding{ID: i.ID, Rule: "drift/" + i.Kind, Title: i.Title, Kind: "drift", Verdict: "violation", Severity: i.Severity, Subject: i.Address,
			Subjects: i.Subjects, Detail: i.Detail, Range: i.Range, Help: i.Help, Fingerprint: i.Fingerprint}
		if i.Confidence == "weak" {
			f.Verdict = "risk"
		}
		if i.Source.Range.File != "" {
			message := i.Source.Text
			if i.Source.How != "" {
				message += ": " + i.Source.How
			}
			f.Evidence = append(f.Evidence, Evidence{Address: i.Source.Kind + ":", Message: message, Range: i.Source.Range})
		}
		for _, x := range i.Fixes {
			f.Fixes = append(f.Fixes, Fix{Title: x.Title, Edits: x.Edits})
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}
