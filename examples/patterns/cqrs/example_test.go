package cqrs_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/archcheck/archcheck/examples/patterns/cqrs"
)

// open returns an empty database. One connection: every connection to
// ":memory:" would be a database of its own.
func open(schema string) *sql.DB {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		panic(err)
	}
	return db
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func Example() {
	ctx := context.Background()
	write, read := open(cqrs.WriteSchema), open(cqrs.ReadSchema)
	defer write.Close()
	defer read.Close()

	must(cqrs.Register(ctx, write, "c-1", "Ada"))
	must(cqrs.Place(ctx, write, "o-1", "c-1", 1500))
	must(cqrs.Sync(ctx, write, read, 100))
	receipt := must(cqrs.Place(ctx, write, "o-2", "c-1", 2500))

	show := func(when string) {
		row, fresh, err := cqrs.Customer(ctx, read, "c-1", receipt)
		fmt.Printf("%s: %d orders, %d cents, sees own write: %v %v\n", when, row.Orders, row.Cents, fresh, err)
	}
	show("right after the write")
	fmt.Println("lag:", must(cqrs.Lag(ctx, write, read)))
	must(cqrs.Sync(ctx, write, read, 100))
	show("a moment later")
	// Output:
	// right after the write: 1 orders, 1500 cents, sees own write: false <nil>
	// lag: 1
	// a moment later: 2 orders, 4000 cents, sees own write: true <nil>
}

// The view is derived: deleted and rebuilt it is the same.
func TestRebuild(t *testing.T) {
	ctx := t.Context()
	write, first := open(cqrs.WriteSchema), open(cqrs.ReadSchema)
	must(cqrs.Place(ctx, write, "o-1", "c-1", 100)) // before its customer is known
	must(cqrs.Register(ctx, write, "c-1", "Ada"))
	for range 3 { // one change at a time, and once with nothing to do
		must(cqrs.Sync(ctx, write, first, 1))
	}
	must(cqrs.Register(ctx, write, "c-1", "Ada L."))
	must(cqrs.Sync(ctx, write, first, 100))
	second := open(cqrs.ReadSchema)
	if n := must(cqrs.Sync(ctx, write, second, 100)); n != 3 {
		t.Errorf("rebuild applied %d changes, want 3", n)
	}
	want := cqrs.Row{Name: "Ada L.", Orders: 1, Cents: 100}
	for name, view := range map[string]*sql.DB{"followed": first, "rebuilt": second} {
		if row, fresh, err := cqrs.Customer(ctx, view, "c-1", 3); row != want || !fresh || err != nil {
			t.Errorf("%s view: %+v fresh=%v %v, want %+v", name, row, fresh, err, want)
		}
	}
}

// A refused command leaves neither state nor a change to follow.
func TestRefusedCommand(t *testing.T) {
	write, read := open(cqrs.WriteSchema), open(cqrs.ReadSchema)
	if _, err := cqrs.Place(t.Context(), write, "o-1", "c-1", 0); err == nil {
		t.Fatal("an order of 0 cents was accepted")
	}
	if n := must(cqrs.Sync(t.Context(), write, read, 100)); n != 0 {
		t.Errorf("%d changes after a refused command", n)
	}
}
