// Package graphql serves a small catalogue: queries are bounded in depth and each list of books loads its authors in one
// batch, however many books there are.
package graphql

import (
	"context"
	"fmt"
	"time"

	"github.com/graph-gophers/dataloader/v7"
	gql "github.com/graph-gophers/graphql-go"
)

const schema = `
type Query { books: [Book!]! }
type Book { title: String! author: Author! }
type Author { name: String! books: [Book!]! }
`

// snippet:start

// Store is the service behind the graph. Authors answers many keys with one call.
type Store interface {
	Books() []Book
	Authors(ctx context.Context, ids []string) (map[string]Author, error)
}

// NewSchema bounds what one request may ask for: a public endpoint without a limit runs whatever a stranger composes.
func NewSchema(s Store) *gql.Schema {
	return gql.MustParseSchema(schema, &query{s}, gql.MaxDepth(4), gql.MaxQueryLength(2000))
}

type loader = dataloader.Loader[string, Author]

// newLoader is made per request: its cache must not outlive the caller's rights or show one caller another's data.
func newLoader(s Store) *loader {
	batch := func(ctx context.Context, ids []string) []*dataloader.Result[Author] {
		found, err := s.Authors(ctx, ids)
		out := make([]*dataloader.Result[Author], len(ids)) // one result per key, in the order of the keys
		for i, id := range ids {
			a, ok := found[id]
			switch {
			case err != nil:
				out[i] = &dataloader.Result[Author]{Error: err}
			case !ok:
				out[i] = &dataloader.Result[Author]{Error: fmt.Errorf("no author %s", id)}
			default:
				out[i] = &dataloader.Result[Author]{Data: a}
			}
		}
		return out
	}
	return dataloader.NewBatchedLoader(batch, dataloader.WithWait[string, Author](100*time.Millisecond), dataloader.WithBatchCapacity[string, Author](100))
}

// Author is called once per book, at the same time for all books of a list; the loader collects the keys.
func (b *bookResolver) Author(ctx context.Context) (*authorResolver, error) {
	a, err := loaderFrom(ctx).Load(ctx, b.AuthorID)()
	if err != nil {
		return nil, err
	}
	return &authorResolver{b.store, a}, nil
}

// snippet:end

// Book is a record of the store.
type Book struct{ Title, AuthorID string }

// Author is a record of the store.
type Author struct{ ID, Name string }

type query struct{ store Store }

func (q *query) Books() []*bookResolver { return wrap(q.store, func(Book) bool { return true }) }

type bookResolver struct {
	store Store
	Book
}

func (b *bookResolver) Title() string { return b.Book.Title }

type authorResolver struct {
	store Store
	a     Author
}

func (a *authorResolver) Name() string { return a.a.Name }

func (a *authorResolver) Books() []*bookResolver {
	return wrap(a.store, func(b Book) bool { return b.AuthorID == a.a.ID })
}

func wrap(s Store, keep func(Book) bool) []*bookResolver {
	out := []*bookResolver{}
	for _, b := range s.Books() {
		if keep(b) {
			out = append(out, &bookResolver{s, b})
		}
	}
	return out
}

type loaderKey struct{}

func loaderFrom(ctx context.Context) *loader { return ctx.Value(loaderKey{}).(*loader) }

// Exec runs one query with a loader of its own.
func Exec(ctx context.Context, sch *gql.Schema, s Store, query string) *gql.Response {
	return sch.Exec(context.WithValue(ctx, loaderKey{}, newLoader(s)), query, "", nil)
}
