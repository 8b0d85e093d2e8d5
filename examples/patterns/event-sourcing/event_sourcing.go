// Package eventsourcing keeps what happened instead of what is: an append-only
// store with optimistic concurrency, state by replay, and a projection.
package eventsourcing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Schema holds the log, snapshots of long streams, and one projection with the
// position up to which it has read.
const Schema = `
CREATE TABLE events (
	position INTEGER PRIMARY KEY AUTOINCREMENT,
	stream   TEXT NOT NULL,
	version  INTEGER NOT NULL,
	type     TEXT NOT NULL,
	data     TEXT NOT NULL,
	UNIQUE (stream, version)
);
CREATE TABLE snapshots (stream TEXT PRIMARY KEY, version INTEGER NOT NULL, balance INTEGER NOT NULL);
CREATE TABLE balances (account TEXT PRIMARY KEY, balance INTEGER NOT NULL);
CREATE TABLE checkpoint (position INTEGER NOT NULL);
INSERT INTO checkpoint VALUES (0);`

// ErrConflict says that somebody else appended to the stream first. Load the
// account again, decide again, append again.
var ErrConflict = errors.New("the stream has moved on")

// Event is one fact about one account.
type Event struct{ Type, Data string }

// Account is the state that the events of one stream add up to.
type Account struct {
	Version int
	Balance int64 // cents
}

// Deposited and Withdrawn are the events of an account.
func Deposited(cents int64) Event {
	return Event{"Deposited.v2", fmt.Sprintf(`{"cents":%d}`, cents)}
}

// Withdrawn records money taken out.
func Withdrawn(cents int64) Event {
	return Event{"Withdrawn.v2", fmt.Sprintf(`{"cents":%d}`, cents)}
}

// change reads an event of any age as an amount. Version 1 counted whole
// euros; stored events are never rewritten, they are read as today's.
func change(e Event) (cents int64, err error) {
	var d struct{ Euros, Cents int64 }
	if err := json.Unmarshal([]byte(e.Data), &d); err != nil {
		return 0, fmt.Errorf("%s: %w", e.Type, err)
	}
	switch e.Type {
	case "Deposited.v1":
		return 100 * d.Euros, nil
	case "Deposited.v2":
		return d.Cents, nil
	case "Withdrawn.v2":
		return -d.Cents, nil
	}
	return 0, fmt.Errorf("unknown event type %q", e.Type)
}

// snippet:start

// Append adds events to a stream that is still at the expected version. Of two
// commands that decided on the same state, one gets ErrConflict.
func Append(ctx context.Context, db *sql.DB, stream string, expected int, events ...Event) error {
	return inTx(ctx, db, func(tx *sql.Tx) error {
		for i, e := range events {
			result, err := tx.ExecContext(ctx, `INSERT INTO events (stream, version, type, data)
				SELECT ?1, ?2 + 1, ?3, ?4
				WHERE (SELECT coalesce(max(version), 0) FROM events WHERE stream = ?1) = ?2`,
				stream, expected+i, e.Type, e.Data)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, ErrConflict)
			}
		}
		return nil
	})
}

// Load replays an account from its latest snapshot and reports how many
// events that took.
func Load(ctx context.Context, db *sql.DB, stream string) (a Account, replayed int, err error) {
	row := db.QueryRowContext(ctx, `SELECT version, balance FROM snapshots WHERE stream = ?`, stream)
	if err := row.Scan(&a.Version, &a.Balance); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Account{}, 0, err
	}
	err = each(ctx, db, `SELECT version, stream, type, data FROM events WHERE stream = ? AND version > ?
		ORDER BY version`, func(version int64, _ string, cents int64) error {
		a.Version, a.Balance, replayed = int(version), a.Balance+cents, replayed+1
		return nil
	}, stream, a.Version)
	return a, replayed, err
}

// Project brings the balances up to date. Rows and checkpoint change in one
// transaction, so a crash repeats nothing and skips nothing; setting the
// checkpoint to 0 and emptying the table rebuilds it from history.
func Project(ctx context.Context, db *sql.DB) error {
	return inTx(ctx, db, func(tx *sql.Tx) error {
		return each(ctx, tx, `SELECT position, stream, type, data FROM events
			WHERE position > (SELECT position FROM checkpoint) ORDER BY position`,
			func(position int64, stream string, cents int64) error {
				if _, err := tx.ExecContext(ctx, `INSERT INTO balances VALUES (?1, ?2)
					ON CONFLICT DO UPDATE SET balance = balance + ?2`, stream, cents); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, `UPDATE checkpoint SET position = ?`, position)
				return err
			})
	})
}

// snippet:end

// Snapshot stores the state of an account, so that Load starts there.
func Snapshot(ctx context.Context, db *sql.DB, stream string) error {
	a, _, err := Load(ctx, db, stream)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO snapshots VALUES (?1, ?2, ?3)
		ON CONFLICT DO UPDATE SET version = ?2, balance = ?3`, stream, a.Version, a.Balance)
	return err
}

// Withdraw decides on the account's state and records the decision.
func Withdraw(ctx context.Context, db *sql.DB, stream string, cents int64) error {
	for {
		a, _, err := Load(ctx, db, stream)
		if err != nil {
			return err
		}
		if a.Balance < cents {
			return fmt.Errorf("balance is %d, cannot withdraw %d", a.Balance, cents)
		}
		if err = Append(ctx, db, stream, a.Version, Withdrawn(cents)); !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

// each reads all rows before it calls do: a connection cannot write while it
// is still reading.
func each(ctx context.Context, q querier, query string, do func(at int64, stream string, cents int64) error, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	type row struct {
		at     int64
		stream string
		Event
	}
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.at, &r.stream, &r.Type, &r.Data); err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range all {
		cents, err := change(r.Event)
		if err != nil {
			return fmt.Errorf("%s at %d: %w", r.stream, r.at, err)
		}
		if err := do(r.at, r.stream, cents); err != nil {
			return err
		}
	}
	return nil
}

func inTx(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
