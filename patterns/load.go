package patterns

import (
	"embed"
	"io/fs"
	"path"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

//go:embed *.hcl */*/*
var embedded embed.FS

var load = sync.OnceValues(func() (*Catalog, error) { return LoadFS(embedded) })

// Load returns the embedded catalog, parsed on the first call.
func Load() (*Catalog, error) { return load() }

// All returns the patterns of the embedded catalog in catalog order. The tests of this package prove that it loads, so
// an error here is a broken build and panics.
func All() []*Pattern { return must().patterns }

// ByID returns the pattern of the embedded catalog with this id, or nil.
func ByID(id ID) *Pattern { return must().byID[id] }

func must() *Catalog {
	c, err := load()
	if err != nil {
		panic("embedded catalog: " + err.Error())
	}
	return c
}

// LoadFS reads a catalog from a tree laid out like this folder. The error is hcl.Diagnostics with every fault found.
func LoadFS(fsys fs.FS) (*Catalog, error) {
	var cf categoriesFile
	var ff flowchartFile
	var sf scenariosFile
	diags := decode(fsys, "categories.hcl", &cf)
	diags = append(diags, decode(fsys, "flowchart.hcl", &ff)...)
	diags = append(diags, decode(fsys, "scenarios.hcl", &sf)...)
	paths, err := fs.Glob(fsys, "*/*/pattern.hcl") // sorted
	if err != nil {
		return nil, err
	}
	manifests := make([]manifestFile, len(paths))
	for i, p := range paths {
		manifests[i].path = p
		diags = append(diags, decode(fsys, p, &manifests[i].manifestBody)...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	b := &builder{files: fsys}
	c := b.build(cf, ff, sf, manifests)
	if b.diags.HasErrors() {
		return nil, b.diags
	}
	return c, nil
}

func decode(fsys fs.FS, name string, into any) hcl.Diagnostics {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Catalog file missing", Detail: err.Error()}}
	}
	f, diags := hclsyntax.ParseConfig(src, path.Join("patterns", name), hcl.InitialPos)
	if diags.HasErrors() {
		return diags
	}
	return append(diags, gohcl.DecodeBody(f.Body, nil, into)...)
}

// The files as written. gohcl refuses whatever these do not name.
type categoriesFile struct {
	Categories []categoryBlock `hcl:"category,block"`
}

type categoryBlock struct {
	ID       string    `hcl:"id,label"`
	Title    string    `hcl:"title"`
	Focus    string    `hcl:"focus"`
	Code     string    `hcl:"code"`
	Patterns []string  `hcl:"patterns"`
	Precedes []string  `hcl:"precedes,optional"`
	Range    hcl.Range `hcl:",def_range"`
}

type manifestFile struct {
	path string
	manifestBody
}

type manifestBody struct {
	Pattern patternBlock `hcl:"pattern,block"`
}

type patternBlock struct {
	Slug      string          `hcl:"slug,label"`
	Name      string          `hcl:"name"`
	Category  string          `hcl:"category"`
	Focus     string          `hcl:"focus,optional"` // default: the category's
	BestFor   string          `hcl:"best_for"`
	TradeOff  string          `hcl:"trade_off"`
	Aliases   []string        `hcl:"aliases,optional"`
	Scenarios []string        `hcl:"scenarios,optional"`
	Sources   []string        `hcl:"sources"`
	Leaves    []leafBlock     `hcl:"flowchart,block"`
	Relations []relationBlock `hcl:"relation,block"`
	Range     hcl.Range       `hcl:",def_range"`
}

type leafBlock struct {
	ID      string    `hcl:"id,label"`
	Path    []string  `hcl:"path,optional"`
	Source  string    `hcl:"source"`
	Subject string    `hcl:"subject"`
	Force   string    `hcl:"force"`
	Rules   []string  `hcl:"rules"`
	Range   hcl.Range `hcl:",def_range"`
}

type relationBlock struct {
	Kind   string    `hcl:"kind,label"`
	From   string    `hcl:"from,optional"` // a property; default: the pattern itself
	To     []string  `hcl:"to,optional"`
	AnyOf  []string  `hcl:"any_of,optional"`
	When   string    `hcl:"when,optional"`
	Rules  []string  `hcl:"rules,optional"`
	Source string    `hcl:"source,optional"` // default: ext
	Range  hcl.Range `hcl:",def_range"`
}

type flowchartFile struct {
	Start     string          `hcl:"start"`
	Questions []questionBlock `hcl:"question,block"`
}

type questionBlock struct {
	ID      string        `hcl:"id,label"`
	Text    string        `hcl:"text"`
	Answers []answerBlock `hcl:"answer,block"`
	Range   hcl.Range     `hcl:",def_range"`
}

type answerBlock struct {
	ID   string `hcl:"id,label"`
	Text string `hcl:"text"`
}

type scenariosFile struct {
	Scenarios []scenarioBlock `hcl:"scenario,block"`
}

type scenarioBlock struct {
	ID        string    `hcl:"id,label"`
	Name      string    `hcl:"name"`
	Trigger   string    `hcl:"trigger"`
	Unless    string    `hcl:"unless,optional"`
	Demands   []string  `hcl:"demands"`
	Also      []string  `hcl:"also,optional"`
	CheckedBy []string  `hcl:"checked_by"`
	Note      string    `hcl:"note,optional"`
	Range     hcl.Range `hcl:",def_range"`
}
