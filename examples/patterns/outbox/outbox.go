// Package outbox announces state changes without losing or inventing one: the
// event is a row of the same transaction, and a relay publishes the rows.
package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// Schema is the service's database: its state and, beside it, its outbox.
const Schema = `
CREATE TABLE orders (id TEXT PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents > 0));
CREATE TABLE outbox (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT, -- order of publication
	id      TEXT NOT NULL UNIQUE,              -- what consumers recognise duplicates by
	key     TEXT NOT NULL,                     -- aggregate id: the topic's ordering key
	type    TEXT NOT NULL,
	payload TEXT NOT NULL,
	sent    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX unsent ON outbox (seq) WHERE sent = 0;`

// InboxSchema is the table that a consumer keeps beside its own state.
const InboxSchema = `CREATE TABLE inbox (event_id TEXT PRIMARY KEY);`

// Event is one announced state change.
type Event struct {
	ID, Key, Type, Payload string
	seq                    int64
}

// snippet:start

// Place stores an order and its event in one transaction: both or neither.
func Place(ctx context.Context, db *sql.DB, id string, cents int64) error {
	return inTx(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO orders VALUES (?, ?)`, id, cents); err != nil {
			return fmt.Errorf("place order %s: %w", id, err)
		}
		payload, err := json.Marshal(map[string]any{"order": id, "cents": cents})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO outbox (id, key, type, payload) VALUES (?, ?, ?, ?)`,
			"placed-"+id, id, "OrderPlaced", string(payload))
		return err
	})
}

// Relay publishes up to batch waiting events in order and reports how many.
// It marks an event after the broker has it, so a crash in between repeats
// the event and never loses it; at the first failure it stops, so a later
// event of the same order cannot overtake.
func Relay(ctx context.Context, db *sql.DB, batch int, publish func(context.Context, Event) error) (int, error) {
	waiting, err := unsent(ctx, db, batch)
	if err != nil {
		return 0, err
	}
	for i, e := range waiting {
		if err := publish(ctx, e); err != nil {
			return i, fmt.Errorf("publish %s: %w", e.ID, err)
		}
		if _, err := db.ExecContext(ctx, `UPDATE outbox SET sent = 1 WHERE seq = ?`, e.seq); err != nil {
			return i, fmt.Errorf("mark %s: %w", e.ID, err)
		}
	}
	return len(waiting), nil
}

// Consume applies an event once, however often it is delivered: the consumer
// remembers the id in the transaction of the effect.
func Consume(ctx context.Context, db *sql.DB, e Event, effect func(*sql.Tx) error) (duplicate bool, err error) {
	err = inTx(ctx, db, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING`, e.ID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			duplicate = err == nil
			return err
		}
		return effect(tx)
	})
	return duplicate, err
}

// snippet:end

// Clean removes events that were published and lie below the newest keep.
func Clean(ctx context.Context, db *sql.DB, keep int) error {
	_, err := db.ExecContext(ctx,
		`DELETE FROM outbox WHERE sent = 1 AND seq <= (SELECT max(seq) FROM outbox) - ?`, keep)
	return err
}

func unsent(ctx context.Context, db *sql.DB, limit int) ([]Event, error) {
	rows, err := db.QueryContext(ctx,
		`SELECT seq, id, key, type, payload FROM outbox WHERE sent = 0 ORDER BY seq LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.seq, &e.ID, &e.Key, &e.Type, &e.Payload); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
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
