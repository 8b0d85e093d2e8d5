// Package databaseperservice splits a join: inventory owns the stock table, and
// orders keeps the copy it needs, fed by inventory's events.
package databaseperservice

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "modernc.org/sqlite" // database/sql driver "sqlite"
)

// Open creates a private, in-memory database with the given schema.
func Open(ctx context.Context, schema string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // every connection to :memory: is its own database
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// The schemas of the two services; neither can see the other's.
const (
	InventorySchema = `
		CREATE TABLE stock  (sku TEXT PRIMARY KEY, units INTEGER NOT NULL, version INTEGER NOT NULL);
		CREATE TABLE outbox (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, units INTEGER NOT NULL, version INTEGER NOT NULL);`
	OrdersSchema = `
		CREATE TABLE orders     (id TEXT PRIMARY KEY, sku TEXT NOT NULL);
		CREATE TABLE stock_view (sku TEXT PRIMARY KEY, units INTEGER NOT NULL, version INTEGER NOT NULL);`
)

// snippet:start

// StockChanged is inventory's contract with the world. It carries the state and
// a version, so a consumer can apply it late, twice or out of order.
type StockChanged struct {
	SKU     string
	Units   int
	Version int
}

// Inventory is the only writer of its database.
type Inventory struct{ DB *sql.DB }

// Set changes the stock and records the event in one local transaction.
func (i Inventory) Set(ctx context.Context, sku string, units int) error {
	tx, err := i.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `INSERT INTO stock VALUES (?1, ?2, 1)
		ON CONFLICT (sku) DO UPDATE SET units = ?2, version = version + 1`, sku, units); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO outbox (sku, units, version)
		SELECT sku, units, version FROM stock WHERE sku = ?`, sku); err != nil {
		return err
	}
	return tx.Commit()
}

// Orders answers from its own copy. Inventory may be down, slow or mid-release.
type Orders struct{ DB *sql.DB }

// Apply keeps the newest version; anything older or already seen is ignored.
func (o Orders) Apply(ctx context.Context, e StockChanged) error {
	_, err := o.DB.ExecContext(ctx, `INSERT INTO stock_view VALUES (?1, ?2, ?3)
		ON CONFLICT (sku) DO UPDATE SET units = ?2, version = ?3 WHERE version < ?3`, e.SKU, e.Units, e.Version)
	return err
}

// Place accepts an order against the copy. The copy may be stale: the real
// reservation is inventory's, in a saga that can still say no.
func (o Orders) Place(ctx context.Context, id, sku string) error {
	var units int
	err := o.DB.QueryRowContext(ctx, `SELECT units FROM stock_view WHERE sku = ?`, sku).Scan(&units)
	if errors.Is(err, sql.ErrNoRows) || err == nil && units == 0 {
		return fmt.Errorf("%s is sold out", sku)
	} else if err != nil {
		return err
	}
	_, err = o.DB.ExecContext(ctx, `INSERT INTO orders VALUES (?, ?)`, id, sku)
	return err
}

// snippet:end

// Events reads the outbox, oldest first, as a relay would.
func (i Inventory) Events(ctx context.Context) ([]StockChanged, error) {
	rows, err := i.DB.QueryContext(ctx, `SELECT sku, units, version FROM outbox ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []StockChanged
	for rows.Next() {
		var e StockChanged
		if err := rows.Scan(&e.SKU, &e.Units, &e.Version); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}
