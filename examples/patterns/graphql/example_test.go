package graphql

import (
	"context"
	"fmt"
)

type shelf struct{ calls [][]string }

func (*shelf) Books() []Book {
	return []Book{{"Dubliners", "j"}, {"Emma", "a"}, {"Persuasion", "a"}, {"Ulysses", "j"}}
}

func (s *shelf) Authors(_ context.Context, ids []string) (map[string]Author, error) {
	s.calls = append(s.calls, ids)
	return map[string]Author{"a": {"a", "Austen"}, "j": {"j", "Joyce"}}, nil
}

func Example() {
	s := &shelf{}
	sch := NewSchema(s)
	res := Exec(context.Background(), sch, s, `{ books { title author { name } } }`)
	fmt.Println(string(res.Data))
	fmt.Printf("%d call(s) for %d authors of 4 books\n", len(s.calls), len(s.calls[0]))

	res = Exec(context.Background(), sch, s, `{ books { author { books { author { books { title } } } } } }`)
	fmt.Println("too deep:", len(res.Errors) > 0, "- further calls:", len(s.calls)-1)
	// Output:
	// {"books":[{"title":"Dubliners","author":{"name":"Joyce"}},{"title":"Emma","author":{"name":"Austen"}},{"title":"Persuasion","author":{"name":"Austen"}},{"title":"Ulysses","author":{"name":"Joyce"}}]}
	// 1 call(s) for 2 authors of 4 books
	// too deep: true - further calls: 0
}
