package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
	"github.com/archcheck/archcheck/patterns"
)

// decision is one leaf reached on one subject.
type decision struct {
	Subject string `json:"subject"`
	Leaf    string `json:"leaf"`
	Pattern string `json:"pattern"`
	Name    string `json:"name"`
	Path    string `json:"path"`   // the answers on the way; empty for leaves beside the flowchart
	Force   string `json:"force"`  // what calls for the pattern here
	Status  string `json:"status"` // in_place, recommended, undecided, met
	Reason  string `json:"reason,omitempty"`
}

// What a status is called in print.
var decisionWords = map[string]string{"in_place": "in place", "recommended": "OWED", "undecided": "open", "met": "met"}

// decideSystem prints the leaves that the subjects of a system reach.
func (a *app) decideSystem(ctx context.Context, catalog *patterns.Catalog, ev *evaluation, subject, output string) error {
	eng, err := engine.NewPresence(func(id string) bool { return strings.HasPrefix(id, "D") })
	if err != nil {
		return a.policyError(err)
	}
	res, err := eng.EvalFacts(ctx, ev.facts)
	if err != nil {
		return a.policyError(err)
	}
	_, forces := places(res.Raws)
	var all []decision
	for i := range forces {
		r := &forces[i]
		if subject != "" && string(r.Subject) != subject {
			continue
		}
		if leaf := catalog.Leaf(r.Card.ID); leaf != nil && r.Verdict >= analyzer.Risk {
			all = append(all, ev.decide(r, leaf))
		}
	}
	if len(all) == 0 && subject != "" {
		return ev.noLeaf(subject)
	}
	slices.SortStableFunc(all, func(x, y decision) int {
		return cmp.Or(strings.Compare(x.Subject, y.Subject), strings.Compare(x.Leaf, y.Leaf))
	})
	if output == "json" {
		b, err := json.MarshalIndent(map[string]any{"decisions": append([]decision{}, all...)}, "", "  ")
		if err != nil {
			return err
		}
		return a.print(append(b, '\n'))
	}
	d := a.document()
	last := ""
	for _, x := range all {
		if x.Subject != last {
			d.WriteString("\n" + d.bold(x.Subject) + "\n")
			last = x.Subject
		}
		text := x.Name + ": " + x.Force + "."
		if x.Path != "" {
			text += " " + x.Path + "."
		}
		if x.Reason != "" {
			text += " " + x.Reason
		}
		d.wrapped(fmt.Sprintf("  %s  %-8s  ", x.Leaf, decisionWords[x.Status]), text)
	}
	return a.print(bytes.TrimLeft(d.Bytes(), "\n"))
}

// decide says how the system stands to a leaf that a subject reaches: its rules ask for the pattern there, wait for an
// answer, or are content. Then the pattern is in place there, or something else serves.
func (ev *evaluation) decide(r *analyzer.Raw, leaf *patterns.Leaf) decision {
	out := decision{
		Subject: string(r.Subject), Leaf: leaf.ID, Pattern: string(leaf.Pattern.ID), Name: leaf.Pattern.Name,
		Path: steps(leaf.Path), Force: strings.TrimSuffix(r.Detail, "."),
	}
	var p analyzer.Presence
	for _, x := range ev.result.Presence {
		if x.Pattern == out.Pattern {
			p = x
		}
	}
	here := func(list []model.Addr) bool { return slices.Contains(list, r.Subject) }
	switch {
	case here(p.Missing):
		out.Status = "recommended"
	case here(p.Questions):
		out.Status = "undecided"
	case here(p.Present):
		out.Status = "in_place"
	default:
		out.Status = "met"
		for _, id := range leaf.Rules { // the rule for this kind of subject, else the first
			c := ev.result.Cards[id]
			if c != nil && c.Kind == analyzer.Missing && (out.Reason == "" || c.Subject == r.Card.Subject) {
				out.Reason = id + " does not ask for it here."
			}
		}
	}
	return out
}

// noLeaf is the error for a subject that reaches no leaf, or that there is not.
func (ev *evaluation) noLeaf(subject string) error {
	if ev.model.Lookup(model.Addr(subject)) != nil {
		return withHint(fmt.Errorf("--subject %s: the flowchart leads nowhere there", subject), "archcheck decide without --subject lists all subjects.")
	}
	var all []string
	for _, x := range ev.model.Addrs() {
		all = append(all, string(x))
	}
	err := fmt.Errorf("--subject %s: the model declares nothing at this address", subject)
	if near := suggest.Address(subject, all); near != "" {
		return withHint(err, "Did you mean %s?", near)
	}
	return withHint(err, "An address is like service.orders or service.orders.call.charge.")
}
