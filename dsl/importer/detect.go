package importer

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/compose"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
)

// Found is what a folder holds that a description can be made of.
type Found struct {
	Sources []Source // to be imported together
	Others  []Source // of the same system seen otherwise: reading them as well would say things twice
	Advice  []string // what has to be rendered first, with the command
}

// Detect looks through a folder for sources. Paths are relative to it, with forward slashes. Manifests count as the
// system before a compose file, and that before a drawing: they are nearest to what runs.
func Detect(dir string) (Found, error) {
	d := &detector{root: dir, dirs: map[string]*manifests{}}
	if err := filepath.WalkDir(dir, d.visit); err != nil {
		return Found{}, err
	}
	return d.found(), nil
}

type detector struct {
	root     string
	compose  []string
	dirs     map[string]*manifests
	overlays map[string][]string
	drawings []string
	traces   []string
	advice   []string
}

// manifests are the cluster manifests of one folder.
type manifests struct {
	dir        string
	kustomized bool // built from these files, which alone are not what runs
	again      bool // shows workloads that another folder shows
	files      []string
	workloads  map[string]bool
	of         map[string][]string // per file: its workloads
}

// maxDetected is the size of the largest file that is looked into.
const maxDetected = 8 << 20

// maxFolders is how deep folders are looked through.
const maxFolders = 8

func (d *detector) visit(p string, e fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(d.root, p)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	name := e.Name()
	if e.IsDir() {
		if rel != "." && (strings.HasPrefix(name, ".") || skipDirs[name] || name == "testdata" || strings.Count(rel, "/") >= maxFolders) {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(p, "Chart.yaml")); err == nil {
			d.advice = append(d.advice, "Helm chart in "+rel+": helm template "+rel+" | archcheck import kubernetes - > system.hcl")
			return fs.SkipDir
		}
		return nil
	}
	if !e.Type().IsRegular() || !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(path.Ext(name))) {
		return nil
	}
	if st, err := e.Info(); err != nil || st.Size() > maxDetected {
		return nil
	}
	if slices.Contains(compose.Names, name) {
		d.compose = append(d.compose, rel)
		return nil
	}
	b, err := os.ReadFile(p)
	if err != nil {
		return nil // what cannot be read is no source
	}
	d.classify(rel, b)
	return nil
}

var (
	apiVersion = regexp.MustCompile(`(?m)^\s*"?apiVersion"?:\s*"?([A-Za-z0-9./-]+)`)
	rollout    = regexp.MustCompile(`(?m)^\s*"?kind"?:\s*"?(Rollout|AnalysisTemplate|ClusterAnalysisTemplate)\b`) // the group holds more than rollouts
	kindLine   = regexp.MustCompile(`(?m)^\s*"?kind"?:\s*"?([A-Za-z]+)`)
)

func (d *detector) classify(rel string, b []byte) {
	text := string(b)
	base := path.Base(rel)
	switch {
	case strings.Contains(text, "topology_template") && strings.Contains(text, "micro.nodes."):
		d.drawings = append(d.drawings, rel)
		return
	case strings.Contains(text, `"resourceSpans"`):
		d.traces = append(d.traces, rel)
		return
	case strings.Contains(text, "resilience4j") && strings.HasPrefix(base, "application"):
		d.overlay("resilience4j", rel)
		return
	}
	versions := apiVersion.FindAllStringSubmatch(text, -1)
	if len(versions) == 0 || !kindLine.MatchString(text) {
		return
	}
	if strings.Contains(text, "kustomize.config.k8s.io") {
		dir := path.Dir(rel)
		d.manifests(dir).kustomized = true
		if strings.Contains(text, "kind: Component") {
			return
		}
		d.advice = append(d.advice, "Kustomization in "+dir+": kustomize build "+dir+" | archcheck import kubernetes - > system.hcl")
		return
	}
	if strings.Contains(text, "{{") {
		if _, diags := yamldoc.Parse(rel, b); len(diags) > 0 {
			return // a template that belongs to another tool
		}
	}
	var core bool
	for _, v := range versions {
		group, _, _ := strings.Cut(v[1], "/")
		switch {
		case strings.HasSuffix(group, ".istio.io"):
			d.overlay("istio", rel)
		case group == "dapr.io":
			d.overlay("dapr", rel)
		case group == "argoproj.io":
			if rollout.MatchString(text) {
				d.overlay("argo-rollouts", rel)
			}
		case manifest.Read(group, v[1]):
			core = true
		}
	}
	if core {
		d.manifest(rel, b)
	}
}

func (d *detector) overlay(kind, rel string) {
	if _, ok := Find(kind); !ok {
		return
	}
	if d.overlays == nil {
		d.overlays = map[string][]string{}
	}
	if !slices.Contains(d.overlays[kind], rel) {
		d.overlays[kind] = append(d.overlays[kind], rel)
	}
}

func (d *detector) manifests(dir string) *manifests {
	m := d.dirs[dir]
	if m == nil {
		m = &manifests{dir: dir, workloads: map[string]bool{}, of: map[string][]string{}}
		d.dirs[dir] = m
	}
	return m
}

// variants parts the files of a folder into those that describe one system together and those that show workloads of a
// larger one of these again: the same system in another size.
func (m *manifests) variants() (together, again []string) {
	files := slices.Clone(m.files)
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(m.of[b]), len(m.of[a])), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	taken := map[string]bool{}
	for _, f := range files {
		if slices.ContainsFunc(m.of[f], func(w string) bool { return taken[w] }) {
			again = append(again, f)
			continue
		}
		for _, w := range m.of[f] {
			taken[w] = true
		}
		together = append(together, f)
	}
	slices.Sort(again)
	return together, again
}

// manifest notes the workloads of a file, by which two folders that describe the same system are told.
func (d *detector) manifest(rel string, b []byte) {
	m := d.manifests(path.Dir(rel))
	m.files = append(m.files, rel)
	f, _ := yamldoc.Parse(rel, b)
	for _, doc := range f.Docs {
		switch k := doc.Get("kind").Str(); k {
		case "Deployment", "StatefulSet", "DaemonSet", "Rollout":
			w := k + "/" + doc.Get("metadata", "namespace").Str() + "/" + doc.Get("metadata", "name").Str()
			m.workloads[w] = true
			m.of[rel] = append(m.of[rel], w)
		}
	}
}

// found puts together what belongs together.
func (d *detector) found() Found {
	f := Found{Advice: d.advice}
	var dirs []*manifests
	for _, m := range d.dirs {
		dirs = append(dirs, m)
	}
	slices.SortFunc(dirs, func(a, b *manifests) int {
		return cmp.Or(cmp.Compare(len(b.workloads), len(a.workloads)), cmp.Compare(strings.Count(a.dir, "/"), strings.Count(b.dir, "/")), cmp.Compare(a.dir, b.dir))
	})
	taken := map[string]bool{}
	var files []string
	for _, m := range dirs {
		if len(m.files) == 0 || m.kustomized && len(taken) > 0 {
			continue
		}
		again := false
		for w := range m.workloads {
			again = again || taken[w]
		}
		if again {
			f.Others = append(f.Others, Source{"kubernetes", []string{m.dir}})
			m.again = true
			continue
		}
		for w := range m.workloads {
			taken[w] = true
		}
		together, variants := m.variants()
		files = append(files, together...)
		for _, v := range variants {
			f.Others = append(f.Others, Source{"kubernetes", []string{v}})
		}
	}
	slices.Sort(files)
	primary := len(taken) > 0
	if primary {
		f.Sources = append(f.Sources, Source{"kubernetes", files})
	}
	d.projects(&f, &primary)
	for _, s := range []Source{{"otel", d.traces}, {"microtosca", d.drawings}} {
		if _, ok := Find(s.Kind); !ok || len(s.Paths) == 0 {
			continue
		}
		if primary && s.Kind == "microtosca" {
			f.Others = append(f.Others, s)
			continue
		}
		f.Sources, primary = append(f.Sources, s), true
	}
	for _, k := range Kinds() {
		paths := slices.DeleteFunc(d.overlays[k.Name], func(p string) bool {
			m := d.dirs[path.Dir(p)]
			return m != nil && (m.again || m.kustomized) && !slices.ContainsFunc(files, func(f string) bool { return path.Dir(f) == m.dir })
		})
		if len(paths) > 0 && primary {
			f.Sources = append(f.Sources, Source{k.Name, paths})
		}
	}
	return f
}

// projects takes the compose project nearest to the folder itself.
func (d *detector) projects(f *Found, primary *bool) {
	byDir := map[string][]string{}
	var dirs []string
	for _, c := range d.compose {
		dir := path.Dir(c)
		if byDir[dir] == nil {
			dirs = append(dirs, dir)
		}
		byDir[dir] = append(byDir[dir], c)
	}
	slices.SortFunc(dirs, func(a, b string) int {
		return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(a, b))
	})
	for _, dir := range dirs {
		files := byDir[dir]
		slices.SortFunc(files, func(a, b string) int {
			return cmp.Compare(slices.Index(compose.Names, path.Base(a)), slices.Index(compose.Names, path.Base(b)))
		})
		s := Source{"compose", files}
		if *primary {
			f.Others = append(f.Others, s)
			continue
		}
		f.Sources, *primary = append(f.Sources, s), true
	}
}

func depth(dir string) int {
	if dir == "." {
		return 0
	}
	return 1 + strings.Count(dir, "/")
}
