package eventsourcing_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	_ "modernc.org/sqlite"

	eventsourcing "github.com/archcheck/archcheck/examples/patterns/event-sourcing"
)

// open returns an empty store. One connection: every connection to ":memory:"
// would be a database of its own.
func open() *sql.DB {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(eventsourcing.Schema); err != nil {
		panic(err)
	}
	return db
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func balance(db *sql.DB, account string) (cents int64) {
	must(db.QueryRow(`SELECT balance FROM balances WHERE account = ?`, account).Scan(&cents))
	return cents
}

func Example() {
	ctx, db := context.Background(), open()
	defer db.Close()

	// The first event is old: its schema counted euros.
	old := eventsourcing.Event{Type: "Deposited.v1", Data: `{"euros":100}`}
	must(eventsourcing.Append(ctx, db, "acc-1", 0, old, eventsourcing.Deposited(50)))

	// Two tellers read version 2. Both may withdraw 80 euros; one comes first.
	must(eventsourcing.Append(ctx, db, "acc-1", 2, eventsourcing.Withdrawn(8000)))
	err := eventsourcing.Append(ctx, db, "acc-1", 2, eventsourcing.Withdrawn(8000))
	fmt.Println("second teller:", err)
	fmt.Println("and again:", eventsourcing.Withdraw(ctx, db, "acc-1", 8000))

	must(eventsourcing.Project(ctx, db))
	fmt.Println("balance for queries:", balance(db, "acc-1"))
	// Output:
	// second teller: the stream has moved on
	// and again: balance is 2050, cannot withdraw 8000
	// balance for queries: 2050
}

func TestSnapshotShortensReplay(t *testing.T) {
	ctx, db := t.Context(), open()
	defer db.Close()
	for i := range 30 {
		must(eventsourcing.Append(ctx, db, "a", i, eventsourcing.Deposited(1)))
	}
	must(eventsourcing.Snapshot(ctx, db, "a"))
	must(eventsourcing.Append(ctx, db, "a", 30, eventsourcing.Deposited(5)))
	a, replayed, err := eventsourcing.Load(ctx, db, "a")
	if err != nil || a.Balance != 35 || a.Version != 31 || replayed != 1 {
		t.Errorf("Load = %+v after %d events, %v; want balance 35 at version 31 after 1 event", a, replayed, err)
	}
}

// A projection may be thrown away at any time, and may not count twice.
func TestProjectionIsDerived(t *testing.T) {
	ctx, db := t.Context(), open()
	defer db.Close()
	must(eventsourcing.Append(ctx, db, "a", 0, eventsourcing.Deposited(10), eventsourcing.Deposited(5)))
	must(eventsourcing.Project(ctx, db))
	must(eventsourcing.Project(ctx, db))
	if got := balance(db, "a"); got != 15 {
		t.Errorf("balance after two runs = %d, want 15", got)
	}
	_, err := db.Exec(`DELETE FROM balances; UPDATE checkpoint SET position = 0`)
	must(err)
	must(eventsourcing.Project(ctx, db))
	if got := balance(db, "a"); got != 15 {
		t.Errorf("balance after a rebuild = %d, want 15", got)
	}
}

func TestAppendIsAllOrNothing(t *testing.T) {
	ctx, db := t.Context(), open()
	defer db.Close()
	if err := eventsourcing.Append(ctx, db, "a", 3, eventsourcing.Deposited(1)); !errors.Is(err, eventsourcing.ErrConflict) {
		t.Errorf("appending beyond the end: %v, want ErrConflict", err)
	}
	unknown := eventsourcing.Event{Type: "Deposited.v2", Data: `{`}
	must(eventsourcing.Append(ctx, db, "a", 0, eventsourcing.Deposited(1), unknown))
	if err := eventsourcing.Project(ctx, db); err == nil {
		t.Error("a broken event was skipped in silence")
	}
	var rows int
	must(db.QueryRow(`SELECT count(*) FROM balances`).Scan(&rows))
	if rows != 0 {
		t.Errorf("%d rows of a projection that failed half-way", rows)
	}
}
