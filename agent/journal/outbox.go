package journal

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Kind is what an outbox item tells the site.
type Kind string

const (
	KindResult Kind = "result"
	KindFail   Kind = "fail"
)

// Item is one message to a site. Body is the request's JSON, sent byte for byte.
type Item struct {
	ID        string // a result's result_id; any UUID for a failure
	Site      string
	JobID     int64
	Epoch     int64
	Kind      Kind
	Body      []byte // nil in lists
	Bytes     int    // length of Body
	CreatedAt time.Time
	Attempts  int
	NextAt    time.Time
	LastError string
	Buried    bool
}

// Due returns at most dueItems items and, beyond the first, dueBytes of bodies in one call.
const (
	dueItems = 32
	dueBytes = 16 << 20
)

// Enqueue puts an item into the outbox and saves the job (usually as StateReporting) in one
// transaction: a crash leaves both or none. An item that waits already is replaced, since the
// newer lease token is the valid one; ErrStaleEpoch when the journal knows a later lease.
func (j *Journal) Enqueue(ctx context.Context, item Item, job JobRecord) error {
	if item.Site != job.Site || item.JobID != job.JobID || item.Epoch != job.Epoch {
		return &Error{Op: "queue a message", Path: j.path, Code: CodeInvalid,
			Message: fmt.Sprintf("it belongs to job %d, epoch %d, not to job %d, epoch %d", item.JobID, item.Epoch, job.JobID, job.Epoch)}
	}
	return j.update(ctx, "queue a message", func(tx *txn) error {
		if err := j.saveJob(tx, job); err != nil {
			return err
		}
		now := j.nowMS()
		created := ms(item.CreatedAt)
		if created == 0 {
			created = now
		}
		_, err := tx.Exec(`INSERT INTO outbox (id, site, job_id, epoch, kind, body, next_at, created_at, updated_at)
			VALUES (?,?,?,?,?,?,?,?,?)
			ON CONFLICT (id) DO UPDATE SET site=excluded.site, job_id=excluded.job_id, epoch=excluded.epoch, kind=excluded.kind,
				body=excluded.body, state='pending', attempts=0, next_at=excluded.next_at, last_error='', updated_at=excluded.updated_at`,
			item.ID, item.Site, item.JobID, item.Epoch, string(item.Kind), item.Body, now, created, now)
		return err
	})
}

const itemColumns = `id, site, job_id, epoch, kind, length(body), created_at, attempts, next_at, last_error, state='buried'`

// maxWait is longer than anybody postpones an item. One that is to wait longer was written before
// the clock was set back, and would otherwise lie there for the length of the jump.
const maxWait = 16 * time.Minute // a site may ask for 15 at the most

// DueSites returns the sites that Due has items for.
func (j *Journal) DueSites(ctx context.Context, now time.Time) ([]string, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT DISTINCT site FROM outbox WHERE state='pending' AND (next_at<=? OR next_at>?)`, ms(now), ms(now.Add(maxWait)))
	if err != nil {
		return nil, j.wrap("read the outbox", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var site string
		if err := rows.Scan(&site); err != nil {
			return nil, j.wrap("read the outbox", err)
		}
		out = append(out, site)
	}
	return out, j.wrap("read the outbox", rows.Err())
}

// Due returns the items to send to a site now, or with "" to all, the longest waiting first. It caps its answer; call it
// again after the batch is dealt with.
func (j *Journal) Due(ctx context.Context, site string, now time.Time) ([]Item, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT `+itemColumns+`, body FROM outbox
		WHERE state='pending' AND (next_at<=? OR next_at>?) AND (?='' OR site=?) ORDER BY next_at, created_at, id LIMIT ?`, ms(now), ms(now.Add(maxWait)), site, site, dueItems)
	if err != nil {
		return nil, j.wrap("read the outbox", err)
	}
	defer rows.Close()
	var out []Item
	total := 0
	for rows.Next() {
		var body []byte
		it, err := scanItem(rows, &body)
		if err != nil {
			return nil, j.wrap("read the outbox", err)
		}
		it.Body = body
		if total += len(body); total > dueBytes && len(out) > 0 {
			return out, nil
		}
		out = append(out, it)
	}
	return out, j.wrap("read the outbox", rows.Err())
}

func scanItem(rows *sql.Rows, more ...any) (Item, error) {
	var it Item
	var created, next int64
	dest := append([]any{&it.ID, &it.Site, &it.JobID, &it.Epoch, &it.Kind, &it.Bytes, &created, &it.Attempts, &next, &it.LastError, &it.Buried}, more...)
	err := rows.Scan(dest...)
	it.CreatedAt, it.NextAt = fromMS(created), fromMS(next)
	return it, err
}

// Reschedule notes a failed delivery: attempts so far, when to try again, and why (one
// sentence). An item that is gone or buried stays so.
func (j *Journal) Reschedule(ctx context.Context, id string, attempts int, next time.Time, lastErr string) error {
	return j.update(ctx, "reschedule a message", func(tx *txn) error {
		_, err := tx.Exec(`UPDATE outbox SET attempts=?, next_at=?, last_error=?, updated_at=? WHERE id=? AND state='pending'`,
			attempts, ms(next), lastErr, j.nowMS(), id)
		return err
	})
}

// Delivered removes items that the site has accepted and finishes their jobs: done after a
// result, failed after a failure. A job that was leased again since is left alone. Idempotent.
func (j *Journal) Delivered(ctx context.Context, ids ...string) error {
	return j.update(ctx, "note a delivery", func(tx *txn) error {
		for _, id := range ids {
			if err := j.delivered(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (j *Journal) delivered(tx *txn, id string) error {
	if _, err := tx.Exec(`UPDATE jobs SET state = CASE o.kind WHEN 'result' THEN 'done' ELSE 'failed' END, updated_at=?
			FROM outbox o WHERE o.id=? AND o.site=jobs.site AND o.job_id=jobs.job_id AND o.epoch=jobs.epoch
				AND jobs.state='reporting'`, j.nowMS(), id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM outbox WHERE id=?`, id)
	return err
}

// Bury takes an item out of delivery because the site refused it for good, and marks its job
// lost with the reason. The item is kept until Purge, for `status` and for a look by hand.
func (j *Journal) Bury(ctx context.Context, id, reason string) error {
	return j.update(ctx, "bury a message", func(tx *txn) error {
		now := j.nowMS()
		if _, err := tx.Exec(`UPDATE jobs SET state='lost', error=?, updated_at=?
			FROM outbox o WHERE o.id=? AND o.site=jobs.site AND o.job_id=jobs.job_id AND o.epoch=jobs.epoch
				AND jobs.state='reporting'`, reason, now, id); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE outbox SET state='buried', last_error=?, updated_at=? WHERE id=?`, reason, now, id)
		return err
	})
}

// OutboxSize counts what waits for delivery; buried items do not count.
func (j *Journal) OutboxSize(ctx context.Context) (count int, bytes int64, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(length(body)), 0) FROM outbox WHERE state='pending'`).
		Scan(&count, &bytes)
	return count, bytes, j.wrap("measure the outbox", err)
}
