package twophasecommit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// BankSchema is a participant: its accounts, and the promises it has made. A
// row of prepared is the redo record and the lock in one.
const BankSchema = `
CREATE TABLE accounts (id TEXT PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents >= 0));
CREATE TABLE prepared (tx TEXT PRIMARY KEY, account TEXT NOT NULL UNIQUE, cents INTEGER NOT NULL);`

// Change adds cents, which may be negative, to an account.
type Change struct {
	Account string
	Cents   int64
}

// ErrLocked says that another transaction in doubt holds the account.
var ErrLocked = errors.New("account is locked")

// Bank is a participant over its own database.
type Bank struct{ db *sql.DB }

// NewBank returns the participant.
func NewBank(db *sql.DB) Bank { return Bank{db} }

// Prepare checks everything that could fail and records the promise.
func (b Bank) Prepare(ctx context.Context, tx string, c Change) error {
	return inTx(ctx, b.db, func(t *sql.Tx) error {
		if err := free(ctx, t, c.Account); err != nil {
			return err
		}
		var cents int64
		if err := t.QueryRowContext(ctx, `SELECT cents FROM accounts WHERE id = ?`, c.Account).Scan(&cents); err != nil {
			return fmt.Errorf("account %s: %w", c.Account, err)
		}
		if cents+c.Cents < 0 {
			return fmt.Errorf("account %s has %d, needs %d", c.Account, cents, -c.Cents)
		}
		_, err := t.ExecContext(ctx, `INSERT INTO prepared VALUES (?, ?, ?)`, tx, c.Account, c.Cents)
		return err
	})
}

// Commit carries out the promise and frees the account.
func (b Bank) Commit(ctx context.Context, tx string) error {
	return inTx(ctx, b.db, func(t *sql.Tx) error {
		if _, err := t.ExecContext(ctx, `UPDATE accounts SET cents = accounts.cents + p.cents FROM prepared p
			WHERE p.tx = ? AND accounts.id = p.account`, tx); err != nil {
			return err
		}
		_, err := t.ExecContext(ctx, `DELETE FROM prepared WHERE tx = ?`, tx)
		return err
	})
}

// Abort forgets the promise, if there was one.
func (b Bank) Abort(ctx context.Context, tx string) error {
	_, err := b.db.ExecContext(ctx, `DELETE FROM prepared WHERE tx = ?`, tx)
	return err
}

// InDoubt lists promises whose decision this participant does not know.
func (b Bank) InDoubt(ctx context.Context) (txs []string, err error) {
	rows, err := b.db.QueryContext(ctx, `SELECT tx FROM prepared ORDER BY tx`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var tx string
		if err := rows.Scan(&tx); err != nil {
			return nil, err
		}
		txs = append(txs, tx)
	}
	return txs, rows.Err()
}

// Withdraw is a local transaction. It has to respect the promises, too.
func (b Bank) Withdraw(ctx context.Context, account string, cents int64) error {
	return inTx(ctx, b.db, func(t *sql.Tx) error {
		if err := free(ctx, t, account); err != nil {
			return err
		}
		_, err := t.ExecContext(ctx, `UPDATE accounts SET cents = cents - ? WHERE id = ?`, cents, account)
		return err
	})
}

// Balance reads what is committed.
func (b Bank) Balance(ctx context.Context, account string) (cents int64, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT cents FROM accounts WHERE id = ?`, account).Scan(&cents)
	return cents, err
}

func free(ctx context.Context, t *sql.Tx, account string) error {
	var holder string
	err := t.QueryRowContext(ctx, `SELECT tx FROM prepared WHERE account = ?`, account).Scan(&holder)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("%w by %s", ErrLocked, holder)
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
