// Package twophasecommit changes two databases together: both promise first,
// the coordinator decides durably, both carry out the decision.
package twophasecommit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// CoordinatorSchema is the decision log. A transaction without an entry was
// not committed ("presumed abort"), so aborts need not be logged.
const CoordinatorSchema = `CREATE TABLE decisions (tx TEXT PRIMARY KEY);`

// snippet:start

// Participant is one resource manager. After Prepare it can commit, whatever
// happens: promise and locks survive a crash. Commit and Abort may be repeated.
type Participant interface {
	Prepare(ctx context.Context, tx string, change Change) error
	Commit(ctx context.Context, tx string) error
	Abort(ctx context.Context, tx string) error
	InDoubt(ctx context.Context) ([]string, error)
}

// Work is one participant's share of a transaction.
type Work struct {
	At     Participant
	Change Change
}

// Coordinator owns the decision log. Without it the prepared stay in doubt.
type Coordinator struct{ log *sql.DB }

// Run commits all works or none: nil means that the decision is durable, and
// that Recover finishes what a crash or an outage interrupts.
func (c Coordinator) Run(ctx context.Context, tx string, works ...Work) error {
	for i, w := range works { // phase 1: ask
		if err := w.At.Prepare(ctx, tx, w.Change); err != nil {
			for _, asked := range works[:i+1] { // the last one's answer may only have been lost
				err = errors.Join(err, asked.At.Abort(ctx, tx))
			}
			return fmt.Errorf("%s aborted: %w", tx, err)
		}
	}
	if _, err := c.log.ExecContext(ctx, `INSERT INTO decisions VALUES (?)`, tx); err != nil {
		return fmt.Errorf("%s undecided, recovery will tell: %w", tx, err)
	}
	for _, w := range works { // phase 2: tell; a participant that is down is told later
		_ = w.At.Commit(ctx, tx)
	}
	return nil
}

// Recover settles doubts by the log, once the old coordinator has stopped.
func (c Coordinator) Recover(ctx context.Context, participants ...Participant) error {
	for _, p := range participants {
		doubtful, err := p.InDoubt(ctx)
		if err != nil {
			return err
		}
		for _, tx := range doubtful {
			var committed bool
			err := c.log.QueryRowContext(ctx, `SELECT count(*) FROM decisions WHERE tx = ?`, tx).Scan(&committed)
			if err == nil && committed {
				err = p.Commit(ctx, tx)
			} else if err == nil { // an unreadable log is no "abort"
				err = p.Abort(ctx, tx)
			}
			if err != nil {
				return fmt.Errorf("settle %s: %w", tx, err)
			}
		}
	}
	return nil
}

// snippet:end

// NewCoordinator returns a coordinator with its log.
func NewCoordinator(log *sql.DB) Coordinator { return Coordinator{log} }
