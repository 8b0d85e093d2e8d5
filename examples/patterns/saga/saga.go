// Package saga runs one business transaction over several services: local
// steps, compensations in reverse order, and a state that survives a crash.
package saga

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Schema is the orchestrator's memory. next is the step that will run, or run
// again, when the saga is picked up; undoing says in which direction.
const Schema = `
CREATE TABLE sagas (
	id     TEXT PRIMARY KEY,
	next   INTEGER NOT NULL DEFAULT 0,
	undoing INTEGER NOT NULL DEFAULT 0,
	status TEXT NOT NULL DEFAULT 'running'
);`

// ErrRefused is a business "no" of a step: repeating it will not help.
var ErrRefused = errors.New("refused")

// Statuses of a saga that has ended.
const (
	Done        = "done"
	Compensated = "compensated"
)

// snippet:start

// Step is one local transaction of one service. Do and Undo get a key that is
// the same in every attempt, and must treat a repeated key as one request.
// Steps with an Undo come first, then at most one without (the pivot: the
// point of no return), then Retriable ones, which may not be refused.
type Step struct {
	Name      string
	Do, Undo  func(ctx context.Context, key string) error
	Retriable bool
}

// Run starts a saga or resumes it where the process died. An error other than
// a refusal leaves it as it is, to be resumed later.
func Run(ctx context.Context, db *sql.DB, id string, steps []Step) (status string, err error) {
	if _, err := db.ExecContext(ctx, `INSERT INTO sagas (id) VALUES (?) ON CONFLICT DO NOTHING`, id); err != nil {
		return "", err
	}
	var next int
	var undoing bool
	row := db.QueryRowContext(ctx, `SELECT next, undoing, status FROM sagas WHERE id = ?`, id)
	if err := row.Scan(&next, &undoing, &status); err != nil || status != "running" {
		return status, err
	}
	for {
		switch {
		case !undoing && next == len(steps):
			return finish(ctx, db, id, Done)
		case undoing && next < 0:
			return finish(ctx, db, id, Compensated)
		}
		step, key := steps[next], fmt.Sprintf("%s/%s", id, steps[next].Name)
		switch {
		case undoing && step.Undo != nil:
			if err := step.Undo(ctx, key); err != nil {
				return status, fmt.Errorf("undo %s: %w", key, err) // stays undoing, tried again
			}
		case !undoing:
			err := step.Do(ctx, key)
			if undoing = errors.Is(err, ErrRefused) && !step.Retriable; err != nil && !undoing {
				return status, fmt.Errorf("%s: %w", key, err) // outcome unknown: ask again
			}
		}
		if undoing {
			next-- // a refused step changed nothing: begin with the one before
		} else {
			next++
		}
		if _, err := db.ExecContext(ctx, `UPDATE sagas SET next = ?, undoing = ? WHERE id = ?`,
			next, undoing, id); err != nil {
			return status, err
		}
	}
}

// snippet:end

func finish(ctx context.Context, db *sql.DB, id, status string) (string, error) {
	_, err := db.ExecContext(ctx, `UPDATE sagas SET status = ? WHERE id = ?`, status, id)
	return status, err
}

// Validate refuses an order of steps in which a failure could not be undone.
func Validate(steps []Step) error {
	last, pivot := "", ""
	for _, s := range steps {
		switch {
		case s.Retriable && s.Undo != nil:
			return fmt.Errorf("%s is retriable and has an undo: choose one", s.Name)
		case s.Retriable:
			last = s.Name
		case last != "":
			return fmt.Errorf("%s may be refused after %s, which cannot be undone", s.Name, last)
		case pivot != "":
			return fmt.Errorf("%s may be refused after the pivot %s", s.Name, pivot)
		case s.Undo == nil:
			pivot = s.Name
		}
	}
	return nil
}

// Unfinished lists sagas to resume: after a start, and by a timer for those
// that a lost answer left behind.
func Unfinished(ctx context.Context, db *sql.DB) (ids []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT id FROM sagas WHERE status = 'running' ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
