package journal

import (
	"context"
	"errors"
	"time"
)

// CachedDocument is a document whose pages the journal keeps, so that they are not read again.
type CachedDocument struct {
	SHA256  string
	Version string // of the extractor that read it
	Pages   int
	Bytes   int64 // as kept
	UsedAt  time.Time
	Names   string // file names of its jobs, one of them where there are several
}

// CachedDocuments lists what is kept of documents, the largest first.
func (j *Journal) CachedDocuments(ctx context.Context) ([]CachedDocument, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT d.sha256, d.version, COUNT(p.page), COALESCE(LENGTH(d.doc), 0) + COALESCE(SUM(LENGTH(p.body)), 0) AS bytes, d.used_at,
		COALESCE((SELECT filename FROM jobs WHERE jobs.sha256 = d.sha256 LIMIT 1), '')
		FROM documents d LEFT JOIN pages p ON p.document = d.id GROUP BY d.id ORDER BY bytes DESC, d.sha256`)
	if err != nil {
		return nil, j.wrap("list what is kept", err)
	}
	defer rows.Close()
	var out []CachedDocument
	for rows.Next() {
		var d CachedDocument
		var used int64
		if err := rows.Scan(&d.SHA256, &d.Version, &d.Pages, &d.Bytes, &used, &d.Names); err != nil {
			return nil, j.wrap("list what is kept", err)
		}
		d.UsedAt = fromMS(used)
		out = append(out, d)
	}
	return out, j.wrap("list what is kept", rows.Err())
}

// CachedAnswers counts the answers of models that are kept, and their bytes.
func (j *Journal) CachedAnswers(ctx context.Context) (n int, bytes int64, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(LENGTH(body)), 0) FROM steps`).Scan(&n, &bytes)
	return n, bytes, j.wrap("count answers", err)
}

// ErrInWork: a document's pages are needed by a job that is not finished.
var ErrInWork = errors.New("the document is in work")

// Forget removes the pages of a document, whichever extractor read them; 0 where none are kept. It is ErrInWork while a job needs them.
func (j *Journal) Forget(ctx context.Context, sha256 string) (removed int, err error) {
	err = j.update(ctx, "forget a document", func(tx *txn) error {
		var busy int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM jobs WHERE sha256=? AND state NOT IN ('done','failed','lost','released')`, sha256).Scan(&busy); err != nil {
			return err
		}
		if busy > 0 {
			return ErrInWork
		}
		res, err := tx.Exec(`DELETE FROM documents WHERE sha256=?`, sha256)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		removed = int(n)
		return err
	})
	return removed, err
}

// RecentJobs lists the jobs that changed last, the newest first.
func (j *Journal) RecentJobs(ctx context.Context, most int) ([]JobRecord, error) {
	return j.queryJobs(ctx, `ORDER BY state IN ('done','failed','lost','released'), updated_at DESC, site, job_id LIMIT ?`, most)
}
