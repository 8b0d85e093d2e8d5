// Package messagequeue is a work queue in one SQL table: competing consumers,
// a visibility timeout, a redelivery limit and a dead-letter state.
package messagequeue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // database/sql driver "sqlite"
)

const schema = `CREATE TABLE jobs (
	id         INTEGER PRIMARY KEY,
	body       TEXT    NOT NULL,
	visible_at INTEGER NOT NULL, -- unix milliseconds
	receives   INTEGER NOT NULL DEFAULT 0,
	dead       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_ready ON jobs (dead, visible_at, id);`

// Open creates the queue in db. Visibility must exceed the slowest processing
// time; maxReceives is how often a job may be handed out before it is dead.
func Open(ctx context.Context, db *sql.DB, visibility time.Duration, maxReceives int, now func() time.Time) (*Queue, error) {
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, fmt.Errorf("create queue: %w", err)
	}
	return &Queue{db: db, visibility: visibility, maxReceives: maxReceives, now: now}, nil
}

// Queue is safe for concurrent use by any number of workers.
type Queue struct {
	db          *sql.DB
	visibility  time.Duration
	maxReceives int
	now         func() time.Time
}

// Send stores one job. Called with the transaction that changes the business
// row, it would need no outbox.
func (q *Queue) Send(ctx context.Context, body string) error {
	_, err := q.db.ExecContext(ctx, `INSERT INTO jobs (body, visible_at) VALUES (?, ?)`, body, q.now().UnixMilli())
	return err
}

// Dead lists the bodies of jobs that ran out of deliveries, oldest first.
func (q *Queue) Dead(ctx context.Context) ([]string, error) {
	rows, err := q.db.QueryContext(ctx, `SELECT body FROM jobs WHERE dead = 1 ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		out = append(out, body)
	}
	return out, rows.Err()
}

// snippet:start

// Job is one delivery. Receives doubles as the receipt: it changes with every
// delivery, so a worker that lost its job cannot acknowledge someone else's.
type Job struct {
	ID       int64
	Body     string
	Receives int
}

// ErrLost means the visibility timeout passed and the job went to another worker.
var ErrLost = errors.New("messagequeue: job was redelivered")

// Receive hands the oldest visible job to exactly one worker and hides it for
// the visibility timeout. A nil job means the queue is empty for now.
func (q *Queue) Receive(ctx context.Context) (*Job, error) {
	now := q.now()
	if _, err := q.db.ExecContext(ctx,
		`UPDATE jobs SET dead = 1 WHERE dead = 0 AND receives >= ? AND visible_at <= ?`,
		q.maxReceives, now.UnixMilli()); err != nil {
		return nil, err
	}
	var j Job
	err := q.db.QueryRowContext(ctx, `
		UPDATE jobs SET receives = receives + 1, visible_at = ?
		WHERE id = (SELECT id FROM jobs WHERE dead = 0 AND visible_at <= ? ORDER BY id LIMIT 1)
		RETURNING id, body, receives`,
		now.Add(q.visibility).UnixMilli(), now.UnixMilli()).Scan(&j.ID, &j.Body, &j.Receives)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &j, err
}

// Ack deletes a finished job, unless it was redelivered in the meantime.
func (q *Queue) Ack(ctx context.Context, j *Job) error {
	res, err := q.db.ExecContext(ctx, `DELETE FROM jobs WHERE id = ? AND receives = ? AND dead = 0`, j.ID, j.Receives)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrLost
}

// snippet:end
