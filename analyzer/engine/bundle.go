package engine

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/policies"
)

// indexEntry is one rule in archcheck_index: where any OPA finds it.
type indexEntry struct {
	ID       string `json:"id"`
	Category string `json:"category,omitempty"` // of archcheck's own rules
	Pattern  string `json:"pattern,omitempty"`
	Package  string `json:"package,omitempty"` // of a team's
	Rule     string `json:"rule"`
}

// Bundle writes a stock OPA bundle: the rules, the library, the entrypoint data.archcheck.main.findings and its index of
// rules by kind. Any OPA then answers what archcheck decodes. Equal policies give equal bytes.
func (e *Engine) Bundle(w io.Writer) error {
	files := map[string]string{}
	for _, s := range slices.Concat(e.lib, embedded(policies.Stock())) {
		files[strings.TrimPrefix(s.path, "policies/")] = s.text
	}
	for _, s := range e.srcs {
		text := s.text
		if !s.own {
			text = untypedText(text) // a bundle has no schemas
		}
		name := strings.TrimPrefix(s.path, "policies/")
		if s.own {
			name = ownName(s, files)
		}
		files[name] = text
	}
	index := map[string][]indexEntry{}
	for _, r := range e.rules {
		parts := strings.Split(r.card.Package, ".")
		x := indexEntry{ID: r.card.ID, Rule: r.card.Rule}
		if r.src.own {
			x.Package = parts[1]
		} else {
			x.Category, x.Pattern = parts[2], parts[3]
		}
		index[r.card.Subject] = append(index[r.card.Subject], x)
	}
	for _, list := range index {
		slices.SortFunc(list, func(a, b indexEntry) int { return cmp.Compare(a.ID, b.ID) })
	}
	for name, v := range map[string]any{
		"archcheck_index/data.json": index,
		".manifest":                 map[string]any{"revision": "", "rego_version": 1, "roots": []string{"archcheck", "archcheck_index", "custom"}},
	} {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return err
		}
		files[name] = string(b) + "\n"
	}
	return writeTar(w, files)
}

// ownName is the place of a team's file in the bundle, by its package: where it was read from stays private.
func ownName(s *source, taken map[string]string) string {
	base := s.path[strings.LastIndexByte(s.path, '/')+1:]
	name := strings.ReplaceAll(s.pkg, ".", "/") + "/" + base
	for taken[name] != "" {
		name = strings.TrimSuffix(name, ".rego") + "_.rego"
	}
	return name
}

// writeTar writes the files sorted, without times and owners.
func writeTar(w io.Writer, files map[string]string) error {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	tw := tar.NewWriter(zw)
	for _, n := range names {
		h := &tar.Header{Name: "/" + n, Mode: 0o644, Size: int64(len(files[n])), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if err := tw.WriteHeader(h); err != nil {
			return err
		}
		if _, err := io.WriteString(tw, files[n]); err != nil {
			return err
		}
	}
	if err := tw.Close(); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	_, err = w.Write(buf.Bytes())
	return err
}
