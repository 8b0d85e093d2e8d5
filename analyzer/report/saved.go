package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/archcheck/archcheck/analyzer"
)

// Read reads a report that was saved as JSON. Fields that it does not know are from a later minor version and are left
// out; another major version is refused, and so is what is no report.
func Read(b []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(b, &r); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("no JSON: %w", err)
		}
		return nil, fmt.Errorf("no plan of archcheck: %w", err)
	}
	if r.FormatVersion == "" || r.System == "" && r.Coverage.Applicable == 0 {
		return nil, errors.New("no plan of archcheck")
	}
	if major, _, _ := strings.Cut(r.FormatVersion, "."); major+"." != FormatVersion[:strings.Index(FormatVersion, ".")+1] {
		return nil, fmt.Errorf("written in format %s, this archcheck reads %s", r.FormatVersion, FormatVersion)
	}
	for _, f := range r.Flat() {
		_, err := analyzer.ParseSeverity(f.Severity)
		if err == nil {
			_, err = analyzer.ParseVerdict(f.Verdict)
		}
		if err == nil && (f.Rule == "" || f.ID != f.Rule+"@"+f.Subject) {
			err = fmt.Errorf("%q is not the id of %s on %s", f.ID, f.Rule, f.Subject)
		}
		if err != nil {
			return nil, fmt.Errorf("a damaged plan: %w", err)
		}
	}
	fillLists(reflect.ValueOf(&r).Elem())
	return &r, nil
}

// fillLists makes every list that is not there an empty one.
func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillLists(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "members,omitempty" {
				fillLists(v.Field(i))
			}
		}
	}
}

// AsOf judges the waivers of a saved report by another day: what has ended since no longer accepts anything.
func (r *Report) AsOf(today time.Time) {
	day, _ := time.Parse(time.DateOnly, today.Format(time.DateOnly))
	judge := func(w *Waiver) {
		end, err := time.Parse(time.DateOnly, w.Expires)
		if err != nil || w.State == "unmatched" || w.State == "refused" {
			return
		}
		w.Days = int(end.Sub(day).Hours() / 24)
		switch {
		case w.Days < 0:
			w.State = "expired"
		case w.Days <= analyzer.WarnDays:
			w.State = "expiring"
		default:
			w.State = "active"
		}
	}
	for i := range r.Waivers {
		judge(&r.Waivers[i])
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Waiver == nil {
			continue
		}
		if judge(f.Waiver); f.Waiver.State == "expired" {
			f.Expired, f.Waiver = f.Waiver, nil
		}
	}
	r.count()
}

// Accept holds a saved report against a baseline of severities by id: what is in it and not worse is known. A group of
// which a part is known comes apart.
func (r *Report) Accept(file string, baseline map[string]analyzer.Severity) {
	var out []Finding
	for _, f := range r.Findings {
		known := false
		members := f.Members
		if len(members) == 0 {
			members = []Finding{f}
		}
		for i := range members {
			sev, err := analyzer.ParseSeverity(members[i].Severity)
			accepted, ok := baseline[members[i].ID]
			members[i].Known = err == nil && ok && sev <= accepted
			known = known || members[i].Known
		}
		if len(f.Members) > 0 && !known {
			members = []Finding{f}
		}
		out = append(out, members...)
	}
	r.Findings = out
	b := &Baseline{File: file, Stale: []string{}}
	seen := map[string]bool{}
	for _, f := range r.Flat() {
		seen[f.ID] = true
		for _, id := range f.Subsumes {
			seen[id] = true
		}
		switch {
		case f.Known:
			b.Known++
		case f.Waiver == nil:
			b.New++
		}
	}
	for id := range baseline {
		if !seen[id] {
			b.Stale = append(b.Stale, id)
		}
	}
	slices.Sort(b.Stale)
	r.Baseline = b
	r.count()
}

// count makes the summary true to the findings.
func (r *Report) count() {
	s := Summary{Questions: r.Summary.Questions, Hidden: r.Summary.Hidden}
	for i := range r.Findings {
		f := &r.Findings[i]
		s.add(f)
		places := f.Members
		if len(places) == 0 {
			places = r.Findings[i : i+1]
		}
		for k := range places {
			if places[k].Counts() {
				s.Places.count(places[k].Severity)
			}
		}
	}
	r.Summary = s
}

// add counts one finding of the list.
func (s *Summary) add(f *Finding) {
	switch {
	case f.Waiver != nil:
		s.Waived++
		return
	case f.Known:
		s.Known++
		return
	}
	s.count(f.Severity)
	if f.Verdict == analyzer.Risk.String() {
		s.Risks++
	} else {
		s.Violations++
	}
	switch f.Action {
	case analyzer.Add.Name():
		s.Add++
	case analyzer.Remove.Name():
		s.Remove++
	default:
		s.Change++
	}
}
