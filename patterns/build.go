package patterns

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

var (
	slugForm     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	kindForm     = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	leafForm     = regexp.MustCompile(`^D[0-9]{2}$`)
	scenarioForm = regexp.MustCompile(`^SCN-[0-9]{2}$`)
	ruleForm     = regexp.MustCompile(`^([A-Z]{3})-[0-9]{3}$`)
)

// Rules that judge no single pattern have these prefixes instead of a category's.
var commonCodes = []string{"INP", "SYS"}

// builder resolves references and collects every fault instead of stopping at the first.
type builder struct {
	files fs.FS
	diags hcl.Diagnostics
	cat   *Catalog
	slugs map[string]*Pattern
	codes []string
}

func (b *builder) errorf(r hcl.Range, summary, format string, args ...any) {
	b.diags = append(b.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &r})
}

func (b *builder) build(cf categoriesFile, ff flowchartFile, sf scenariosFile, manifests []manifestFile) *Catalog {
	b.cat = &Catalog{byID: map[ID]*Pattern{}, byKey: map[string]*Pattern{}}
	b.slugs = map[string]*Pattern{}
	b.codes = slices.Clone(commonCodes)
	for _, c := range cf.Categories {
		b.codes = append(b.codes, c.Code)
	}
	b.patterns(cf, manifests)
	b.scenarios(sf)
	for _, m := range manifests {
		if p := b.slugs[m.Pattern.Slug]; p != nil {
			b.fill(p, m.Pattern)
		}
	}
	b.scenariosAgree()
	b.keys()
	b.flowchart(ff)
	b.order()
	return b.cat
}

// patterns makes one Pattern per manifest and puts them in the order that categories.hcl lists.
func (b *builder) patterns(cf categoriesFile, manifests []manifestFile) {
	byID := map[ID]manifestFile{}
	for _, m := range manifests {
		id := ID(path.Dir(m.path))
		if want := ID(m.Pattern.Category + "/" + m.Pattern.Slug); want != id {
			b.errorf(m.Pattern.Range, "Manifest in the wrong folder", "This is %q, but its folder is %q.", want, id)
			continue
		}
		byID[id] = m
	}
	for _, cb := range cf.Categories {
		cat := &Category{ID: cb.ID, Title: cb.Title, Focus: cb.Focus, Code: cb.Code, Precedes: cb.Precedes}
		for _, next := range cb.Precedes {
			if !slices.ContainsFunc(cf.Categories, func(o categoryBlock) bool { return o.ID == next }) {
				b.errorf(cb.Range, "Unknown category", "%q precedes %q, which is no category.", cb.ID, next)
			}
		}
		for _, slug := range cb.Patterns {
			id := ID(cb.ID + "/" + slug)
			m, ok := byID[id]
			if !ok {
				b.errorf(cb.Range, "Pattern without manifest", "%q is listed but %s/pattern.hcl is not there.", slug, id)
				continue
			}
			delete(byID, id)
			if b.slugs[slug] != nil || !slugForm.MatchString(slug) {
				b.errorf(m.Pattern.Range, "Bad slug", "%q is taken or not of the form lower-case-words.", slug)
				continue
			}
			mb := m.Pattern
			p := &Pattern{ID: id, Name: mb.Name, Category: cat, Focus: mb.Focus, BestFor: mb.BestFor, TradeOff: mb.TradeOff,
				Aliases: mb.Aliases, Sources: mb.Sources, Range: mb.Range, files: b.files}
			if p.Focus == "" {
				p.Focus = cat.Focus
			}
			b.slugs[slug], b.cat.byID[id] = p, p
			cat.Patterns = append(cat.Patterns, p)
			b.cat.patterns = append(b.cat.patterns, p)
		}
		b.cat.Categories = append(b.cat.Categories, cat)
	}
	for _, m := range manifests { // manifests, not byID: the order of diagnostics must not depend on a map
		if _, left := byID[ID(path.Dir(m.path))]; left {
			b.errorf(m.Pattern.Range, "Pattern not listed", "Add %q to its category in categories.hcl.", m.Pattern.Slug)
		}
	}
}

// fill resolves what a manifest refers to.
func (b *builder) fill(p *Pattern, m patternBlock) {
	for _, s := range m.Sources {
		if !strings.HasPrefix(s, "https://") {
			b.errorf(m.Range, "Source without link", "%q is not an https link.", s)
		}
	}
	for _, id := range m.Scenarios {
		s := b.cat.Scenario(id)
		switch {
		case s == nil:
			b.errorf(m.Range, "Unknown scenario", "scenarios.hcl has no %q%s.", id, hint(id, b.scenarioIDs()))
		case !slices.Contains(s.Demands, p) && !slices.Contains(s.Also, p):
			b.errorf(m.Range, "Scenario disagrees", "%s names %s, whose demands in scenarios.hcl do not name %q.", p.ID, id, m.Slug)
		default:
			p.Scenarios = append(p.Scenarios, s)
		}
	}
	for _, l := range m.Leaves {
		b.rules(l.Range, l.Rules)
		if !leafForm.MatchString(l.ID) || !kindForm.MatchString(l.Subject) {
			b.errorf(l.Range, "Bad leaf", "A leaf is called D01 to D99 and its subject is a kind such as \"call\"; this is %q on %q.", l.ID, l.Subject)
		}
		leaf := &Leaf{ID: l.ID, Pattern: p, Subject: l.Subject, Force: l.Force, Rules: l.Rules, Source: b.source(l.Range, l.Source), Range: l.Range}
		for _, s := range l.Path {
			q, a, _ := strings.Cut(s, "=")
			leaf.Path = append(leaf.Path, Step{q, a})
		}
		p.Leaves = append(p.Leaves, leaf)
	}
	for _, r := range m.Relations {
		b.relation(p, r)
	}
}

func (b *builder) relation(p *Pattern, r relationBlock) {
	rel := &Relation{Kind: Kind(r.Kind), From: Node{Pattern: p.ID}, When: r.When, Rules: r.Rules, Source: Ext, Range: r.Range}
	kinds := []string{string(Requires), string(Conflicts), string(Alternative), string(Complements), string(Precedes)}
	if !slices.Contains(kinds, r.Kind) {
		b.errorf(r.Range, "Unknown relation", "%q is none of %s%s.", r.Kind, strings.Join(kinds, ", "), hint(r.Kind, kinds))
	}
	if r.Source != "" {
		rel.Source = b.source(r.Range, r.Source)
	}
	b.rules(r.Range, r.Rules)
	if r.From != "" {
		rel.From = b.node(r.Range, r.From)
		if rel.From.Pattern != "" {
			b.errorf(r.Range, "Relation in the wrong manifest", "from may name a property; a relation of %s belongs into its own manifest.", r.From)
		}
	}
	to := r.To
	if len(r.AnyOf) > 0 {
		rel.AnyOf, to = true, r.AnyOf
	}
	if len(to) == 0 || len(r.To) > 0 && len(r.AnyOf) > 0 || rel.AnyOf && len(r.AnyOf) == 1 {
		b.errorf(r.Range, "Bad relation ends", "Give either to = [...] or any_of = [...] with two or more entries.")
	}
	for _, t := range to {
		n := b.node(r.Range, t)
		if n == rel.From && rel.Kind != Conflicts {
			b.errorf(r.Range, "Relation to itself", "%s %s itself.", n, r.Kind)
		}
		rel.To = append(rel.To, n)
	}
	p.Relations = append(p.Relations, rel)
}

// node resolves "timeout" to a pattern and "idempotency*" to a property.
func (b *builder) node(r hcl.Range, ref string) Node {
	if name, ok := strings.CutSuffix(ref, "*"); ok {
		if !slugForm.MatchString(name) || b.slugs[name] != nil {
			b.errorf(r, "Bad property", "%q must be lower-case words and no pattern's slug, then a *.", ref)
		}
		return Node{Property: name}
	}
	if p := b.slugs[ref]; p != nil {
		return Node{Pattern: p.ID}
	}
	b.errorf(r, "Unknown pattern", "There is no pattern %q%s. A property ends in *.", ref, hint(ref, b.slugList()))
	return Node{Property: ref}
}

func (b *builder) source(r hcl.Range, s string) Source {
	if s != string(Seed) && s != string(Ext) {
		b.errorf(r, "Unknown source", "%q is neither \"seed\" nor \"ext\".", s)
	}
	return Source(s)
}

func (b *builder) rules(r hcl.Range, ids []string) {
	for _, id := range ids {
		if m := ruleForm.FindStringSubmatch(id); m == nil || !slices.Contains(b.codes, m[1]) {
			b.errorf(r, "Bad rule id", "%q must be three digits after the code of a category and a dash, as in %s-001.", id, b.codes[len(b.codes)-1])
		}
	}
}

func (b *builder) slugList() []string {
	var out []string
	for _, p := range b.cat.patterns {
		out = append(out, p.ID.Slug())
	}
	return out
}

func (b *builder) scenarioIDs() []string {
	var out []string
	for _, s := range b.cat.Scenarios {
		out = append(out, s.ID)
	}
	return out
}

func (b *builder) scenarios(sf scenariosFile) {
	for _, sb := range sf.Scenarios {
		if !scenarioForm.MatchString(sb.ID) || b.cat.Scenario(sb.ID) != nil {
			b.errorf(sb.Range, "Bad scenario id", "%q is taken or not of the form SCN-01.", sb.ID)
		}
		b.rules(sb.Range, sb.CheckedBy)
		s := &Scenario{ID: sb.ID, Name: sb.Name, Trigger: sb.Trigger, Unless: sb.Unless, CheckedBy: sb.CheckedBy, Note: sb.Note, Range: sb.Range}
		s.Demands = b.demanded(sb.Range, sb.Demands)
		s.Also = b.demanded(sb.Range, sb.Also)
		b.cat.Scenarios = append(b.cat.Scenarios, s)
	}
	slices.SortFunc(b.cat.Scenarios, func(x, y *Scenario) int { return strings.Compare(x.ID, y.ID) })
}

func (b *builder) demanded(r hcl.Range, slugs []string) []*Pattern {
	var out []*Pattern
	for _, slug := range slugs {
		p := b.slugs[slug]
		if p == nil {
			b.errorf(r, "Unknown pattern", "There is no pattern %q%s.", slug, hint(slug, b.slugList()))
			continue
		}
		out = append(out, p)
	}
	return out
}

// scenariosAgree refuses a demand that the pattern's own manifest does not name: a reader of either file sees all of it.
func (b *builder) scenariosAgree() {
	for _, s := range b.cat.Scenarios {
		for _, p := range slices.Concat(s.Demands, s.Also) {
			if !slices.Contains(p.Scenarios, s) {
				b.errorf(s.Range, "Scenario disagrees", "%s demands %s, whose manifest does not name %s.", s.ID, p.ID, s.ID)
			}
		}
	}
}
