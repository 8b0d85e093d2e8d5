package patterns

import "slices"

// Entry is what a plan needs of a pattern. The index holds it compiled in, because parsing the whole catalog takes about
// 13 ms, which a plan has better uses for; a test keeps it equal to the manifests.
type Entry struct {
	ID   ID
	Name string
	Rank int    // place in a plan, as Catalog.Rank
	Need string // the force of its leaf in the decision flowchart: without it the pattern is not needed
}

// Situation is what a plan needs of a scenario, compiled in for the same reason.
type Situation struct {
	ID, Name  string
	Demands   []ID // the scenario's own, then those that archcheck adds
	CheckedBy []string
}

// Situations returns every scenario, by id, without parsing anything.
func Situations() []Situation { return slices.Clone(situations) }

// Index returns what is compiled in of every pattern in catalog order without parsing anything.
func Index() []Entry { return slices.Clone(index) }

// Find returns the index entry of one pattern; false when the catalog has no such id.
func Find(id ID) (Entry, bool) {
	i := slices.IndexFunc(index, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{Rank: len(index)}, false
	}
	return index[i], true
}
