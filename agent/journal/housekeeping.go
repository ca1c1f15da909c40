package journal

import (
	"context"
	"crypto/rand"
	"time"
)

// Purged counts what Purge removed.
type Purged struct {
	Jobs, Documents, Steps, Buried int
}

// purgeBatch keeps each deleting transaction short, so that page and step writes get between.
const purgeBatch = 200

// Purge removes what was last used or changed before olderThan: cached documents and steps,
// finished jobs with their result ids, buried messages. Work in progress and waiting messages
// stay, whatever their age.
func (j *Journal) Purge(ctx context.Context, olderThan time.Time) (Purged, error) {
	limit := ms(olderThan)
	var p Purged
	for _, step := range []struct {
		n     *int
		query string
	}{
		{&p.Documents, `DELETE FROM documents WHERE id IN (SELECT id FROM documents WHERE used_at < ?1
			AND sha256 NOT IN (SELECT sha256 FROM jobs WHERE state NOT IN ('done','failed','lost','released')) LIMIT ?2)`},
		{&p.Steps, `DELETE FROM steps WHERE key IN (SELECT key FROM steps WHERE used_at < ?1 LIMIT ?2)`},
		{new(int), `DELETE FROM document_spend WHERE (site, document) IN (SELECT site, document FROM document_spend WHERE updated_at < ?1 LIMIT ?2)`},
		{new(int), `DELETE FROM batch_questions WHERE key IN (SELECT key FROM batch_questions WHERE state IN ('answered','given_up') AND updated_at < ?1 LIMIT ?2)`},
		{new(int), `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE state='ended' AND updated_at < ?1 LIMIT ?2)`},
		{&p.Buried, `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state='buried' AND updated_at < ?1 LIMIT ?2)`},
		{&p.Jobs, `DELETE FROM jobs WHERE (site, job_id) IN (SELECT site, job_id FROM jobs
			WHERE state IN ('done','failed','lost','released') AND updated_at < ?1 LIMIT ?2)`},
		{new(int), `DELETE FROM results WHERE (site, job_id, sha256) IN (SELECT r.site, r.job_id, r.sha256 FROM results r
			WHERE r.created_at < ?1 AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.site=r.site AND j.job_id=r.job_id)
				AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id=r.result_id) LIMIT ?2)`},
	} {
		if err := j.deleteInBatches(ctx, step.n, step.query, limit); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (j *Journal) deleteInBatches(ctx context.Context, total *int, query string, limit int64) error {
	for {
		var n int64
		err := j.update(ctx, "purge the journal", func(tx *txn) error {
			res, err := tx.Exec(query, limit, purgeBatch)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
		*total += int(n)
		if n < purgeBatch {
			return nil
		}
	}
}

// CheckSpace writes so many random bytes and removes them again: nil means that there is room.
func (j *Journal) CheckSpace(ctx context.Context, bytes int) error {
	body := make([]byte, bytes)
	_, _ = rand.Read(body) // never fails; random, so that no file system compresses it away
	const key = "space-probe"
	err := j.update(ctx, "try to write", func(tx *txn) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO steps (key, body, tokens_in, tokens_out, used_at) VALUES (?,?,0,0,?)`, key, body, j.nowMS())
		return err
	})
	if err != nil {
		return err
	}
	return j.update(ctx, "try to write", func(tx *txn) error {
		_, err := tx.Exec(`DELETE FROM steps WHERE key=?`, key)
		return err
	})
}

// Compact gives unused pages back to the file system and folds the write-ahead log into the
// file. Readers that are in the middle of an iteration make it do less, never fail.
func (j *Journal) Compact(ctx context.Context) error {
	if j.readOnly {
		return ErrReadOnly.at("compact the journal", j.path)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	for _, pragma := range []string{`PRAGMA incremental_vacuum`, `PRAGMA wal_checkpoint(TRUNCATE)`, `PRAGMA optimize`} {
		if err := j.drain(pragma); err != nil {
			return j.wrap("compact the journal", err)
		}
	}
	return nil
}

// drain runs a pragma to its end: incremental_vacuum frees one page for each step of its cursor.
func (j *Journal) drain(pragma string) error {
	rows, err := j.write.QueryContext(context.Background(), pragma)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}
