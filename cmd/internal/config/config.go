// Package config reads .archcheck.hcl: the policies, thresholds and severities that a team or a platform sets for all
// its systems. Nothing else may change a verdict.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// Name is the file's name.
const Name = ".archcheck.hcl"

// Config is the configuration in force. A zero field was not set.
type Config struct {
	File          string // that it was read from; empty if there is none
	Policies      []string
	FailOn        string
	MaxWaiverDays int
	CountRisks    bool
	StrictWaivers bool
	Params        facts.Params
	Rules         []Rule
	Set           map[string]bool // what the file states, by attribute; parameters as params.NAME
	Source        []model.File    // the file itself, for snippets
}

// Rule overrides one rule.
type Rule struct {
	ID       string
	Severity string
	Enabled  bool
	Reason   string
	Range    model.Range
}

// DefaultMaxWaiverDays is the longest that `waive` accepts a finding for unless the configuration says otherwise.
const DefaultMaxWaiverDays = 180

// file is the shape of .archcheck.hcl.
type file struct {
	Policies      []string    `hcl:"policies,optional" doc:"A team's own policies: .rego files, folders or bundles, relative to this file."`
	FailOn        *string     `hcl:"fail_on,optional" doc:"archcheck check fails on findings of this severity and above."`
	MaxWaiverDays *int        `hcl:"max_waiver_days,optional" doc:"The longest that a new waiver may last, in days."`
	CountRisks    *bool       `hcl:"count_risks,optional" doc:"Risks fail the gate too, not only violations."`
	StrictWaivers *bool       `hcl:"strict_waivers,optional" doc:"A waiver that matches nothing fails the gate."`
	Params        *paramsBody `hcl:"params,block" doc:"The thresholds of the rule book."`
	Rules         []rule      `hcl:"rule,block" doc:"Overrides one rule; its label is the rule's id."`
}

type paramsBody struct {
	Body hcl.Body `hcl:",remain"`
}

type rule struct {
	ID       string    `hcl:"id,label"`
	Severity *string   `hcl:"severity,optional" doc:"Its severity instead of the card's."`
	Enabled  *bool     `hcl:"enabled,optional" doc:"false switches it off; then reason is required."`
	Reason   *string   `hcl:"reason,optional" doc:"Why it is switched off for everybody."`
	Range    hcl.Range `hcl:",def_range"`
}

// Default is the configuration where there is no file.
func Default() *Config {
	return &Config{MaxWaiverDays: DefaultMaxWaiverDays, Params: facts.DefaultParams(), Set: map[string]bool{}}
}

// Find looks for the nearest .archcheck.hcl from dir upward, as far as the root of the repository. It returns an empty
// name where there is none.
func Find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		name := filepath.Join(dir, Name)
		if _, err := os.Stat(name); err == nil {
			return name, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return "", nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

// Read reads a configuration. Shown is the file's name in messages. Diagnostics with errors mean that nothing of it is
// in force.
func Read(name, shown string) (*Config, []model.File, source.Diagnostics) {
	b, err := os.ReadFile(name)
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, nil, source.Diagnostics{{Summary: "Configuration cannot be read", Detail: fmt.Sprintf("%s: %s. Name an existing file, or run with --no-config.", shown, err)}}
	}
	files := []model.File{{Name: shown, Bytes: b}}
	parsed, hd := hclsyntax.ParseConfig(b, shown, hcl.InitialPos)
	var f file
	if !hd.HasErrors() {
		hd = append(hd, gohcl.DecodeBody(parsed.Body, nil, &f)...)
	}
	c := Default()
	c.File, c.Source = shown, files
	diags := convert(hd)
	if !diags.HasErrors() {
		diags = append(diags, c.take(&f, parsed.Body.(*hclsyntax.Body), filepath.Dir(name))...)
	}
	return c, files, diags
}

// take checks what a decoded file says and makes it the configuration.
func (c *Config) take(f *file, body *hclsyntax.Body, dir string) source.Diagnostics {
	var diags source.Diagnostics
	at := func(b *hclsyntax.Body, name string) model.Range {
		if a := b.Attributes[name]; a != nil {
			return rng(a.Expr.Range())
		}
		return model.Range{}
	}
	for name := range body.Attributes {
		c.Set[name] = true
	}
	for _, p := range f.Policies {
		if !filepath.IsAbs(p) {
			p = filepath.Join(dir, p)
		}
		c.Policies = append(c.Policies, p)
	}
	if f.FailOn != nil {
		c.FailOn = *f.FailOn
		if _, err := analyzer.ParseSeverity(c.FailOn); err != nil {
			diags = append(diags, source.Diagnostic{Summary: "Unknown severity", Range: at(body, "fail_on"), Detail: severityHint(c.FailOn)})
		}
	}
	if f.MaxWaiverDays != nil {
		c.MaxWaiverDays = *f.MaxWaiverDays
		if c.MaxWaiverDays < 1 {
			diags = append(diags, source.Diagnostic{Summary: "Invalid number of days", Range: at(body, "max_waiver_days"), Detail: "max_waiver_days is the longest that a waiver may last, at least 1 day."})
		}
	}
	c.CountRisks = f.CountRisks != nil && *f.CountRisks
	c.StrictWaivers = f.StrictWaivers != nil && *f.StrictWaivers
	if f.Params != nil {
		diags = append(diags, c.params(f.Params.Body)...)
	}
	for _, r := range f.Rules {
		diags = append(diags, c.rule(r)...)
	}
	return diags
}

// params lays the stated thresholds over the defaults.
func (c *Config) params(body hcl.Body) source.Diagnostics {
	attrs, _ := body.JustAttributes()
	for name := range attrs {
		c.Set["params."+name] = true
	}
	diags := convert(gohcl.DecodeBody(body, nil, &c.Params))
	for name, a := range attrs {
		if v, d := a.Expr.Value(nil); !d.HasErrors() && v.Type().FriendlyName() == "number" && v.AsBigFloat().Sign() <= 0 {
			diags = append(diags, source.Diagnostic{Summary: "Invalid threshold", Range: rng(a.Expr.Range()), Detail: fmt.Sprintf("%s is a positive number.", name)})
		}
	}
	diags.Sort()
	return diags
}

func (c *Config) rule(r rule) source.Diagnostics {
	out := Rule{ID: r.ID, Enabled: true, Range: rng(r.Range)}
	var diags source.Diagnostics
	if r.Severity != nil {
		out.Severity = *r.Severity
		if _, err := analyzer.ParseSeverity(out.Severity); err != nil {
			diags = append(diags, source.Diagnostic{Summary: "Unknown severity", Range: out.Range, Detail: severityHint(out.Severity)})
		}
	}
	if r.Reason != nil {
		out.Reason = *r.Reason
	}
	if r.Enabled != nil {
		out.Enabled = *r.Enabled
		if !out.Enabled && strings.TrimSpace(out.Reason) == "" {
			diags = append(diags, source.Diagnostic{Summary: "Missing reason", Range: out.Range,
				Detail: fmt.Sprintf("Rule %s is switched off for everybody. Say why: reason = \"…\".", r.ID)})
		}
	}
	if slices.ContainsFunc(c.Rules, func(x Rule) bool { return x.ID == r.ID }) {
		diags = append(diags, source.Diagnostic{Summary: "Duplicate rule", Range: out.Range, Detail: fmt.Sprintf("%s is configured twice. Keep one of the blocks.", r.ID)})
	}
	c.Rules = append(c.Rules, out)
	return diags
}

// Check compares the rules named with those there are.
func (c *Config) Check(known []string) source.Diagnostics {
	var diags source.Diagnostics
	for _, r := range c.Rules {
		if slices.Contains(known, r.ID) {
			continue
		}
		d := source.Diagnostic{Summary: "Unknown rule", Range: r.Range, Detail: fmt.Sprintf("No loaded policy has a rule %q. archcheck policy list names them.", r.ID)}
		if best := suggest.Nearest(r.ID, known); best != "" {
			d.Detail = fmt.Sprintf("No loaded policy has a rule %q. Did you mean %q?", r.ID, best)
		}
		diags = append(diags, d)
	}
	return diags
}

func severityHint(s string) string {
	return fmt.Sprintf("%q is no severity. Use one of %s.", s, strings.Join(analyzer.Severities(), ", "))
}

func convert(hd hcl.Diagnostics) source.Diagnostics {
	var out source.Diagnostics
	for _, d := range hd {
		x := source.Diagnostic{Summary: d.Summary, Detail: d.Detail}
		if d.Subject != nil {
			x.Range = rng(*d.Subject)
		}
		out = append(out, x)
	}
	return out
}

func rng(r hcl.Range) model.Range {
	pos := func(p hcl.Pos) model.Pos {
		return model.Pos{Line: int32(p.Line), Column: int32(p.Column), Byte: int32(p.Byte)}
	}
	return model.Range{File: r.Filename, Start: pos(r.Start), End: pos(r.End)}
}
