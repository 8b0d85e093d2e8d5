package engine

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/version"
)

// The digest is archcheck's own policies, parsed and compiled: their cards and their rules as the walk reads them. Doing
// that again in every run took most of the time and memory of a plan of a small system. It is written by
//
//	go test ./analyzer/engine -run TestDigest -update
//
// and a test compares it with what the policies compile to. It begins with a sum over the policies: whoever edits one and
// runs archcheck gets what the policy says, and waits for the compiler.
//
//go:embed rules.digest
var digestFile string

// digested is one policy in the digest.
type digested struct {
	pkg   string
	cards []digestedCard
	words []string // of the whole digest
	at    string   // its rules
}

type digestedCard struct {
	card   *analyzer.Card
	row    int
	single bool
}

// openDigest finds the policies of the digest by path. There are none where the policies are not those it was made of.
var openDigest = sync.OnceValue(func() map[string]*digested {
	sum := digestSum()
	if !strings.HasPrefix(digestFile, sum) {
		return nil
	}
	return readDigest(digestFile[len(sum):])
})

// digestSum is a sum over all of archcheck's policies and the version of the compiler.
func digestSum() string {
	h := sha256.New()
	h.Write([]byte("archcheck digest 1 of OPA " + version.Version + "\n"))
	for _, s := range digestSources() {
		h.Write(binary.AppendUvarint([]byte(s.path+"\n"), uint64(len(s.text))))
		h.Write([]byte(s.text))
	}
	return string(h.Sum(nil))
}

func digestSources() []*source {
	all := append(embedded(policies.Lib()), embedded(policies.Rules())...)
	return append(all, embedded(append(policies.Presence(), policies.Forces()...))...)
}

// fromDigest gives archcheck's own policies among the sources their part of the digest.
func fromDigest(srcs ...*source) {
	known := openDigest()
	for _, s := range srcs {
		if d := known[s.path]; d != nil && !s.own {
			s.digest, s.pkg = d, d.pkg
		}
	}
}

// undigested are the same policies for the compiler.
func undigested(srcs []*source) []*source {
	out := make([]*source, len(srcs))
	for i, s := range srcs {
		out[i] = &source{path: s.path, text: s.text, own: s.own, places: s.places}
	}
	return out
}

// readCards makes the rules of a digested policy.
func (d *digested) readCards(s *source) []*rule {
	out := make([]*rule, len(d.cards))
	for i, c := range d.cards {
		loc := &ast.Location{File: s.path, Row: c.row, Col: 1}
		out[i] = &rule{card: c.card, src: s, loc: loc, single: c.single}
	}
	return out
}

// addTo adds the policy's rules to a reader.
func (d *digested) addTo(r *reader) {
	in := digestReader{text: d.at, words: d.words}
	for range in.count() {
		path, depth := in.word(), in.count()
		r.add(path, depth, in.rule())
	}
}

// readDigest reads what follows the sum.
func readDigest(text string) map[string]*digested {
	in := digestReader{text: text}
	in.words = make([]string, in.count())
	for i := range in.words {
		in.words[i] = in.take(in.count())
	}
	out := map[string]*digested{}
	for range in.count() {
		path, d := in.word(), &digested{pkg: in.word(), words: in.words}
		d.cards = make([]digestedCard, in.count())
		for i := range d.cards {
			d.cards[i] = digestedCard{in.card(), in.count(), in.flag()}
		}
		d.at = in.take(in.count())
		out[path] = d
	}
	return out
}
