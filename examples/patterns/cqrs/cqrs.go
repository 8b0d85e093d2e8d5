// Package cqrs answers queries from a model of their own, in a database of its
// own, which follows the write model's changes a little later.
package cqrs

import (
	"context"
	"database/sql"
	"fmt"
)

// WriteSchema is normalised and checks the rules. Its changes table is written
// in the same transaction as the state, like an outbox.
const WriteSchema = `
CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, cents INTEGER NOT NULL CHECK (cents > 0));
CREATE TABLE changes (position INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL);`

// ReadSchema is one row per answer. The position in the same database says how
// far the view has followed.
const ReadSchema = `
CREATE TABLE customer_view (customer TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', orders INTEGER NOT NULL DEFAULT 0,
	cents INTEGER NOT NULL DEFAULT 0);
CREATE TABLE applied (position INTEGER NOT NULL);
INSERT INTO applied VALUES (0);`

// Row is what the query answers: what would be a join and a sum in the write
// model is a look-up here.
type Row struct {
	Name   string
	Orders int
	Cents  int64
}

// Register is a command: it stores a customer under a name, or renames it.
func Register(ctx context.Context, write *sql.DB, id, name string) (int64, error) {
	return command(ctx, write, "customer", id,
		`INSERT INTO customers VALUES (?1, ?2) ON CONFLICT DO UPDATE SET name = ?2`, id, name)
}

// Place is a command: it stores an order.
func Place(ctx context.Context, write *sql.DB, id, customer string, cents int64) (int64, error) {
	return command(ctx, write, "order", id, `INSERT INTO orders VALUES (?, ?, ?)`, id, customer, cents)
}

// snippet:start

// command changes the write model and records that it did, in one transaction.
// The position it returns is the caller's receipt: a read that must see this
// write asks for a view that has come at least that far.
func command(ctx context.Context, write *sql.DB, kind, id, statement string, args ...any) (position int64, err error) {
	err = inTx(ctx, write, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return fmt.Errorf("%s %s: %w", kind, id, err)
		}
		return tx.QueryRowContext(ctx,
			`INSERT INTO changes (kind, id) VALUES (?, ?) RETURNING position`, kind, id).Scan(&position)
	})
	return position, err
}

// Sync applies the next changes to the view and reports how many. View and
// position move together, so a change that is delivered twice counts once.
func Sync(ctx context.Context, write, read *sql.DB, batch int) (int, error) {
	var from int64
	if err := read.QueryRowContext(ctx, `SELECT position FROM applied`).Scan(&from); err != nil {
		return 0, err
	}
	next, err := changes(ctx, write, from, batch)
	if err != nil {
		return 0, err
	}
	for i, c := range next {
		err := inTx(ctx, read, func(tx *sql.Tx) error {
			if err := apply(ctx, tx, c); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE applied SET position = ?`, c.position)
			return err
		})
		if err != nil {
			return i, fmt.Errorf("apply change %d: %w", c.position, err)
		}
	}
	return len(next), nil
}

// Customer answers from the view. fresh is false if the view has not reached
// the caller's own last write: then answer from the write model, or wait.
func Customer(ctx context.Context, read *sql.DB, id string, receipt int64) (row Row, fresh bool, err error) {
	err = read.QueryRowContext(ctx, `SELECT name, orders, cents, (SELECT position FROM applied) >= ?
		FROM customer_view WHERE customer = ?`, receipt, id).Scan(&row.Name, &row.Orders, &row.Cents, &fresh)
	return row, fresh, err
}

// snippet:end

// Lag is how many changes the view is behind: the number to alert on.
func Lag(ctx context.Context, write, read *sql.DB) (int64, error) {
	var head, applied int64
	if err := write.QueryRowContext(ctx, `SELECT coalesce(max(position), 0) FROM changes`).Scan(&head); err != nil {
		return 0, err
	}
	err := read.QueryRowContext(ctx, `SELECT position FROM applied`).Scan(&applied)
	return head - applied, err
}

type change struct {
	position                 int64
	kind, id, customer, name string
	cents                    int64
}

// changes reads the feed with the state that the view needs.
func changes(ctx context.Context, write *sql.DB, from int64, limit int) ([]change, error) {
	rows, err := write.QueryContext(ctx, `
		SELECT f.position, f.kind, f.id, coalesce(o.customer, ''), coalesce(o.cents, 0), coalesce(c.name, '')
		FROM changes f
		LEFT JOIN orders o ON f.kind = 'order' AND o.id = f.id
		LEFT JOIN customers c ON f.kind = 'customer' AND c.id = f.id
		WHERE f.position > ? ORDER BY f.position LIMIT ?`, from, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []change
	for rows.Next() {
		var c change
		if err := rows.Scan(&c.position, &c.kind, &c.id, &c.customer, &c.cents, &c.name); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// apply folds one change into the view.
func apply(ctx context.Context, tx *sql.Tx, c change) (err error) {
	switch c.kind {
	case "customer":
		_, err = tx.ExecContext(ctx, `INSERT INTO customer_view (customer, name) VALUES (?1, ?2)
			ON CONFLICT DO UPDATE SET name = ?2`, c.id, c.name)
	case "order":
		_, err = tx.ExecContext(ctx, `INSERT INTO customer_view (customer, orders, cents) VALUES (?1, 1, ?2)
			ON CONFLICT DO UPDATE SET orders = orders + 1, cents = cents + ?2`, c.customer, c.cents)
	default:
		err = fmt.Errorf("unknown kind %q", c.kind)
	}
	return err
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
