package saga_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/archcheck/archcheck/examples/patterns/saga"
)

func open(file string) *sql.DB {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(strings.Replace(saga.Schema, "CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)); err != nil {
		panic(err)
	}
	return db
}

// world plays the three services. Each of them remembers the keys it has seen,
// fails as told, and logs effects only.
type world struct {
	seen map[string]bool
	fail map[string]error
	log  []string
}

func (w *world) call(action string) func(context.Context, string) error {
	return func(_ context.Context, key string) error {
		if err := w.fail[action]; err != nil {
			return err
		}
		if !w.seen[action+key] {
			w.seen[action+key] = true
			w.log = append(w.log, action)
		}
		return nil
	}
}

func newWorld() *world { return &world{seen: map[string]bool{}, fail: map[string]error{}} }

func (w *world) checkout() []saga.Step {
	return []saga.Step{
		{Name: "stock", Do: w.call("reserve"), Undo: w.call("release")},
		{Name: "points", Do: w.call("redeem"), Undo: w.call("give back")},
		{Name: "payment", Do: w.call("charge")}, // the pivot
		{Name: "parcel", Do: w.call("ship"), Retriable: true},
	}
}

func Example() {
	ctx, db := context.Background(), open(":memory:")
	defer db.Close()

	w := newWorld()
	status, err := saga.Run(ctx, db, "order-1", w.checkout())
	fmt.Println(status, err, w.log)

	w = newWorld()
	w.fail["charge"] = saga.ErrRefused
	status, err = saga.Run(ctx, db, "order-2", w.checkout())
	fmt.Println(status, err, w.log)

	w = newWorld()
	w.fail["ship"] = errors.New("warehouse unreachable")
	status, err = saga.Run(ctx, db, "order-3", w.checkout())
	fmt.Println(status, err, w.log)
	delete(w.fail, "ship")
	status, err = saga.Run(ctx, db, "order-3", w.checkout())
	fmt.Println(status, err, w.log)
	// Output:
	// done <nil> [reserve redeem charge ship]
	// compensated <nil> [reserve redeem give back release]
	// running order-3/parcel: warehouse unreachable [reserve redeem charge]
	// done <nil> [reserve redeem charge ship]
}

// Whatever call the process dies in, and however often, a restarted
// orchestrator ends the saga with every effect exactly once.
func TestCrashAnywhere(t *testing.T) {
	crash := errors.New("process died")
	for _, refused := range []bool{false, true} {
		want := []string{"reserve", "redeem", "charge", "ship"}
		if refused {
			want = []string{"reserve", "redeem", "give back", "release"}
		}
		for _, deadly := range want {
			file := filepath.Join(t.TempDir(), "sagas.db")
			w := newWorld()
			if refused {
				w.fail["charge"] = saga.ErrRefused
			}
			steps := w.checkout()
			for i := range steps { // the deadly call takes effect, its answer is lost
				for _, f := range []*func(context.Context, string) error{&steps[i].Do, &steps[i].Undo} {
					if inner := *f; inner != nil {
						*f = func(ctx context.Context, key string) error {
							before := len(w.log)
							err := inner(ctx, key)
							if len(w.log) > before && w.log[before] == deadly {
								return crash
							}
							return err
						}
					}
				}
			}
			db := open(file)
			if _, err := saga.Run(t.Context(), db, "s", steps); !errors.Is(err, crash) {
				t.Fatalf("%s: %v, want the crash", deadly, err)
			}
			db.Close()

			db = open(file) // a new process
			ids, err := saga.Unfinished(t.Context(), db)
			if err != nil || !slices.Equal(ids, []string{"s"}) {
				t.Fatalf("%s: unfinished %v, %v", deadly, ids, err)
			}
			if _, err := saga.Run(t.Context(), db, "s", w.checkout()); err != nil {
				t.Fatalf("%s: resume: %v", deadly, err)
			}
			if !slices.Equal(w.log, want) {
				t.Errorf("died in %s: effects %v, want %v", deadly, w.log, want)
			}
			if ids, _ := saga.Unfinished(t.Context(), db); len(ids) != 0 {
				t.Errorf("%s: still unfinished: %v", deadly, ids)
			}
			db.Close()
		}
	}
}

func TestValidate(t *testing.T) {
	nop := func(context.Context, string) error { return nil }
	undoable, pivot, retriable := saga.Step{Name: "u", Do: nop, Undo: nop}, saga.Step{Name: "p", Do: nop},
		saga.Step{Name: "r", Do: nop, Retriable: true}
	for _, c := range []struct {
		steps []saga.Step
		ok    bool
	}{
		{[]saga.Step{undoable, undoable, pivot, retriable, retriable}, true},
		{[]saga.Step{undoable, retriable}, true},
		{[]saga.Step{pivot, undoable}, false},
		{[]saga.Step{pivot, pivot}, false},
		{[]saga.Step{undoable, retriable, undoable}, false},
		{[]saga.Step{{Name: "x", Do: nop, Undo: nop, Retriable: true}}, false},
	} {
		if err := saga.Validate(c.steps); (err == nil) != c.ok {
			t.Errorf("Validate(%v) = %v", c.steps, err)
		}
	}
}
