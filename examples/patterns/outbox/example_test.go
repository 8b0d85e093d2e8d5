package outbox_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/archcheck/archcheck/examples/patterns/outbox"
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

func count(db *sql.DB, query string) (n int) {
	if err := db.QueryRow(query).Scan(&n); err != nil {
		panic(err)
	}
	return n
}

// The relay dies right after the broker took the event and before the row is
// marked. The next run sends it again; the consumer notices.
func Example() {
	ctx := context.Background()
	orders, loyalty := open(outbox.Schema), open(outbox.InboxSchema+`CREATE TABLE points (n INTEGER)`)
	defer orders.Close()
	defer loyalty.Close()

	if err := outbox.Place(ctx, orders, "o-1", 4200); err != nil {
		fmt.Println(err)
		return
	}
	dying, die := context.WithCancel(ctx)
	deliver := func(_ context.Context, e outbox.Event) error {
		duplicate, err := outbox.Consume(ctx, loyalty, e, func(tx *sql.Tx) error {
			_, err := tx.Exec(`INSERT INTO points VALUES (42)`)
			return err
		})
		fmt.Printf("%s %s duplicate=%v\n", e.Type, e.Payload, duplicate)
		die()
		return err
	}
	sent, err := outbox.Relay(dying, orders, 10, deliver)
	fmt.Println("first run:", sent, errors.Is(err, context.Canceled))
	sent, err = outbox.Relay(ctx, orders, 10, deliver)
	fmt.Println("second run:", sent, err)
	fmt.Println("points granted:", count(loyalty, `SELECT sum(n) FROM points`))
	// Output:
	// OrderPlaced {"cents":4200,"order":"o-1"} duplicate=false
	// first run: 0 true
	// OrderPlaced {"cents":4200,"order":"o-1"} duplicate=true
	// second run: 1 <nil>
	// points granted: 42
}

// What is rolled back is not announced.
func TestNoEventWithoutState(t *testing.T) {
	db := open(outbox.Schema)
	defer db.Close()
	if err := outbox.Place(t.Context(), db, "o-1", -1); err == nil {
		t.Fatal("an order of -1 cents was accepted")
	}
	if n := count(db, `SELECT count(*) FROM outbox`); n != 0 {
		t.Errorf("%d events for an order that was refused", n)
	}
}

// A broker outage delays events and reorders none.
func TestOrderSurvivesAnOutage(t *testing.T) {
	db := open(outbox.Schema)
	defer db.Close()
	for _, id := range []string{"a", "b", "c"} {
		if err := outbox.Place(t.Context(), db, id, 1); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	down := true
	publish := func(_ context.Context, e outbox.Event) error {
		if e.Key == "b" && down {
			return errors.New("broker unavailable")
		}
		got = append(got, e.Key)
		return nil
	}
	if n, err := outbox.Relay(t.Context(), db, 10, publish); n != 1 || err == nil {
		t.Fatalf("Relay during the outage = %d, %v; want 1 and an error", n, err)
	}
	down = false
	if n, err := outbox.Relay(t.Context(), db, 10, publish); n != 2 || err != nil {
		t.Fatalf("Relay afterwards = %d, %v; want 2", n, err)
	}
	if !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("published %v, want a b c", got)
	}
	if err := outbox.Clean(t.Context(), db, 1); err != nil {
		t.Fatal(err)
	}
	if n := count(db, `SELECT count(*) FROM outbox`); n != 1 {
		t.Errorf("%d rows left after cleaning, want 1", n)
	}
}

// A failed effect leaves no trace in the inbox, so redelivery tries again.
func TestFailedEffectIsRepeated(t *testing.T) {
	db := open(outbox.InboxSchema)
	defer db.Close()
	e := outbox.Event{ID: "e-1"}
	broken := errors.New("disk full")
	if _, err := outbox.Consume(t.Context(), db, e, func(*sql.Tx) error { return broken }); !errors.Is(err, broken) {
		t.Fatalf("Consume = %v, want %v", err, broken)
	}
	duplicate, err := outbox.Consume(t.Context(), db, e, func(*sql.Tx) error { return nil })
	if duplicate || err != nil {
		t.Errorf("second delivery: duplicate=%v, %v; want it applied", duplicate, err)
	}
}
