package patterns

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// flowchart grows the tree from the paths of the leaves, so the tree and the manifests cannot differ.
func (b *builder) flowchart(ff flowchartFile) {
	f := &b.cat.Flowchart
	f.Start = ff.Start
	for _, qb := range ff.Questions {
		q := &Question{ID: qb.ID, Text: qb.Text, Range: qb.Range}
		for _, ab := range qb.Answers {
			if q.Answer(ab.ID) != nil {
				b.errorf(qb.Range, "Answer twice", "%s offers %q twice.", qb.ID, ab.ID)
			}
			q.Answers = append(q.Answers, &Answer{ID: ab.ID, Text: ab.Text})
		}
		if f.Question(qb.ID) != nil {
			b.errorf(qb.Range, "Question twice", "%s is asked twice.", qb.ID)
		}
		f.Questions = append(f.Questions, q)
	}
	seen := map[string]bool{}
	for _, p := range b.cat.patterns {
		for _, l := range p.Leaves {
			if seen[l.ID] {
				b.errorf(l.Range, "Leaf twice", "%s is taken.", l.ID)
			}
			seen[l.ID] = true
			b.grow(f, l)
		}
	}
	b.complete(f)
}

// grow walks one path from the first question and hangs the leaf at its end.
func (b *builder) grow(f *Flowchart, l *Leaf) {
	var last *Answer
	for i, s := range l.Path {
		q := f.Question(s.Question)
		if q == nil {
			b.errorf(l.Range, "Unknown question", "%s asks %q, which flowchart.hcl does not have.", l.ID, s.Question)
			return
		}
		a := q.Answer(s.Answer)
		if a == nil {
			var known []string
			for _, o := range q.Answers {
				known = append(known, o.ID)
			}
			b.errorf(l.Range, "Unknown answer", "%s does not offer %q%s.", q.ID, s.Answer, hint(s.Answer, known))
			return
		}
		if i == 0 && q != f.Questions[0] {
			b.errorf(l.Range, "Path starts in the middle", "%s begins at %s, but %s is asked first.", l.ID, q.ID, f.Questions[0].ID)
			return
		}
		if last != nil && !b.connect(l.Range, last, q, nil) {
			return
		}
		last = a
	}
	if last != nil {
		b.connect(l.Range, last, nil, l)
	}
}

func (b *builder) connect(r hcl.Range, a *Answer, next *Question, leaf *Leaf) bool {
	if a.Next == next && a.Leaf == leaf {
		return true
	}
	if a.Next != nil || a.Leaf != nil {
		b.errorf(r, "Paths disagree", "The answer %q leads to two different places.", a.ID)
		return false
	}
	a.Next, a.Leaf = next, leaf
	return true
}

// complete refuses an answer that leads nowhere and a question that nobody reaches.
func (b *builder) complete(f *Flowchart) {
	reached := map[*Question]bool{}
	for i, q := range f.Questions {
		if i == 0 {
			reached[q] = true
		}
		for _, a := range q.Answers {
			if a.Next == nil && a.Leaf == nil {
				b.errorf(q.Range, "Dead end", "%s=%s leads neither to a question nor to a pattern.", q.ID, a.ID)
			}
			if a.Next != nil {
				if slices.Index(f.Questions, a.Next) <= i {
					b.errorf(q.Range, "Question order", "%s leads back to %s: list questions in the order they are asked.", q.ID, a.Next.ID)
				}
				reached[a.Next] = true
			}
		}
	}
	for _, q := range f.Questions {
		if !reached[q] {
			b.errorf(q.Range, "Question out of reach", "No answer leads to %s.", q.ID)
		}
	}
}
