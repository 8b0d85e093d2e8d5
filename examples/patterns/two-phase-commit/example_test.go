package twophasecommit_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	_ "modernc.org/sqlite"

	twophasecommit "github.com/archcheck/archcheck/examples/patterns/two-phase-commit"
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

type world struct {
	coordinator twophasecommit.Coordinator
	log         *sql.DB
	north       twophasecommit.Bank
	south       twophasecommit.Bank
}

// newWorld has 100 in the north, nothing in the south, and a decision log.
func newWorld() world {
	log := open(twophasecommit.CoordinatorSchema)
	bank := func(row string) twophasecommit.Bank {
		return twophasecommit.NewBank(open(twophasecommit.BankSchema + `INSERT INTO accounts VALUES ` + row))
	}
	return world{twophasecommit.NewCoordinator(log), log, bank(`('ada', 100)`), bank(`('bob', 0)`)}
}

func (w world) transfer(cents int64) []twophasecommit.Work {
	return []twophasecommit.Work{
		{At: w.north, Change: twophasecommit.Change{Account: "ada", Cents: -cents}},
		{At: w.south, Change: twophasecommit.Change{Account: "bob", Cents: cents}},
	}
}

func (w world) balances() string {
	ada, err1 := w.north.Balance(context.Background(), "ada")
	bob, err2 := w.south.Balance(context.Background(), "bob")
	if err := errors.Join(err1, err2); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("ada %d, bob %d", ada, bob)
}

func Example() {
	ctx, w := context.Background(), newWorld()
	fmt.Println(w.coordinator.Run(ctx, "t1", w.transfer(30)...), w.balances())
	fmt.Println(w.coordinator.Run(ctx, "t2", w.transfer(500)...), w.balances())

	// The coordinator dies between the promises and the decision. Until
	// somebody reads its log, the accounts stay locked for everybody.
	for _, work := range w.transfer(10) {
		fmt.Println(work.At.Prepare(ctx, "t3", work.Change))
	}
	fmt.Println(w.north.Withdraw(ctx, "ada", 1))
	fmt.Println(w.coordinator.Recover(ctx, w.north, w.south), w.balances())
	fmt.Println(w.north.Withdraw(ctx, "ada", 1), w.balances())
	// Output:
	// <nil> ada 70, bob 30
	// t2 aborted: account ada has 70, needs 500 ada 70, bob 30
	// <nil>
	// <nil>
	// account is locked by t3
	// <nil> ada 70, bob 30
	// <nil> ada 69, bob 30
}

// down is a participant that fails while it is told to commit.
type down struct{ twophasecommit.Participant }

func (down) Commit(context.Context, string) error { return errors.New("connection refused") }

// After the decision the transaction commits everywhere, even where a
// participant missed the message.
func TestDecisionOutlivesAParticipantsOutage(t *testing.T) {
	ctx, w := t.Context(), newWorld()
	works := w.transfer(40)
	works[1].At = down{w.south}
	if err := w.coordinator.Run(ctx, "t", works...); err != nil {
		t.Fatalf("Run: %v; the decision was durable", err)
	}
	if got := w.balances(); got != "ada 60, bob 0" {
		t.Fatalf("before recovery: %s, want the south behind", got)
	}
	for range 2 { // recovery may itself be repeated
		if err := w.coordinator.Recover(ctx, w.north, w.south); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.balances(); got != "ada 60, bob 40" {
		t.Errorf("after recovery: %s", got)
	}
}

// If the log cannot be written there is no commit: recovery aborts.
func TestNoDecisionNoCommit(t *testing.T) {
	ctx, w := t.Context(), newWorld()
	lost := open(twophasecommit.CoordinatorSchema)
	lost.Close()
	if err := twophasecommit.NewCoordinator(lost).Run(ctx, "t", w.transfer(40)...); err == nil {
		t.Fatal("committed without a log")
	}
	if err := w.coordinator.Recover(ctx, w.north, w.south); err != nil {
		t.Fatal(err)
	}
	if got := w.balances(); got != "ada 100, bob 0" {
		t.Errorf("after recovery: %s", got)
	}
}

// One "no" aborts all, and frees what the others had locked.
func TestRefusalReleasesTheOthers(t *testing.T) {
	ctx, w := t.Context(), newWorld()
	if err := w.south.Prepare(ctx, "other", twophasecommit.Change{Account: "bob", Cents: 5}); err != nil {
		t.Fatal(err)
	}
	if err := w.coordinator.Run(ctx, "t", w.transfer(1)...); !errors.Is(err, twophasecommit.ErrLocked) {
		t.Fatalf("Run = %v, want ErrLocked", err)
	}
	if err := w.north.Withdraw(ctx, "ada", 1); err != nil {
		t.Errorf("the north is still locked: %v", err)
	}
	if doubtful, _ := w.south.InDoubt(ctx); len(doubtful) != 1 || doubtful[0] != "other" {
		t.Errorf("in doubt in the south: %v, want only the other transaction", doubtful)
	}
}

// Who cannot read the log does not know: the accounts stay locked.
func TestUnreadableLogSettlesNothing(t *testing.T) {
	ctx, w := t.Context(), newWorld()
	for _, work := range w.transfer(10) {
		if err := work.At.Prepare(ctx, "t", work.Change); err != nil {
			t.Fatal(err)
		}
	}
	w.log.Close()
	if err := w.coordinator.Recover(ctx, w.north, w.south); err == nil {
		t.Error("recovered without a log")
	}
	for name, bank := range map[string]twophasecommit.Bank{"north": w.north, "south": w.south} {
		if doubtful, err := bank.InDoubt(ctx); len(doubtful) != 1 || err != nil {
			t.Errorf("%s: in doubt %v, %v; want the promise kept", name, doubtful, err)
		}
	}
}
