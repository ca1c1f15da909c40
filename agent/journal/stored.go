package journal

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Stored is a job of which the store has objects.
type Stored struct {
	JobID int64
	At    time.Time // when the newest of them was put there, as far as this agent knows
	Own   bool      // by this agent
}

// NoteStored remembers what the store has of a job. What was noted before keeps the later time, and that this agent had a part in it.
func (j *Journal) NoteStored(ctx context.Context, site string, jobs ...Stored) error {
	return j.update(ctx, "note what is stored", func(tx *txn) error {
		for _, s := range jobs {
			_, err := tx.Exec(`INSERT INTO stored (site, job_id, at, own) VALUES (?,?,?,?)
				ON CONFLICT (site, job_id) DO UPDATE SET at=max(at, excluded.at), own=max(own, excluded.own)`, site, s.JobID, ms(s.At), s.Own)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// StoredBefore names some jobs whose objects are older, the oldest first. Not those which are in work here, or whose outcome the site has not
// heard: it may still send somebody to what is stored.
func (j *Journal) StoredBefore(ctx context.Context, site string, before time.Time, most int) (out []Stored, err error) {
	rows, err := j.read.QueryContext(ctx, `SELECT s.job_id, s.at, s.own FROM stored s WHERE s.site=? AND s.at<?
		AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.site=s.site AND j.job_id=s.job_id AND j.state NOT IN ('done','failed','lost','released'))
		AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.site=s.site AND o.job_id=s.job_id AND o.state='pending')
		ORDER BY s.at, s.job_id LIMIT ?`, site, ms(before), most)
	if err != nil {
		return nil, j.wrap("read what is stored", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s Stored
		var at int64
		if err := rows.Scan(&s.JobID, &at, &s.Own); err != nil {
			return nil, j.wrap("read what is stored", err)
		}
		s.At = time.UnixMilli(at)
		out = append(out, s)
	}
	return out, j.wrap("read what is stored", rows.Err())
}

// ForgetStored is for jobs of which the store has nothing any more.
func (j *Journal) ForgetStored(ctx context.Context, site string, jobID int64) error {
	return j.update(ctx, "forget what was stored", func(tx *txn) error {
		_, err := tx.Exec(`DELETE FROM stored WHERE site=? AND job_id=?`, site, jobID)
		return err
	})
}

// StoreListed is when all that a store has of a site was last looked through; zero: never.
func (j *Journal) StoreListed(ctx context.Context, site, store string) (time.Time, error) {
	var at int64
	err := j.read.QueryRowContext(ctx, `SELECT CAST(value AS INTEGER) FROM meta WHERE name=?`, listedName(site, store)).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMilli(at), j.wrap("read when the store was listed", err)
}

// NoteListed is for a store that was looked through to its end.
func (j *Journal) NoteListed(ctx context.Context, site, store string, at time.Time) error {
	return j.update(ctx, "note when the store was listed", func(tx *txn) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO meta (name, value) VALUES (?, CAST(? AS TEXT))`, listedName(site, store), ms(at))
		return err
	})
}

func listedName(site, store string) string { return "listed " + site + " " + store }
