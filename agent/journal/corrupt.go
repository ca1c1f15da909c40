package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// SetAside tells what became of a damaged journal.
type SetAside struct {
	Path   string // where the damaged file is now
	Reason string
	Saved  Saved
}

// Saved counts the rows that could be read from the damaged file.
type Saved struct {
	Outbox, Results, Pages, Steps int
}

// moveAside renames the database together with its log files, so that it can still be opened.
func moveAside(path string, now time.Time) (SetAside, error) {
	base := path + ".corrupt-" + now.UTC().Format("20060102T150405Z")
	target := base
	for i := 2; exists(target); i++ {
		target = fmt.Sprintf("%s.%d", base, i)
	}
	if err := os.Rename(path, target); err != nil {
		return SetAside{}, err
	}
	// The log belongs to the damaged file: left behind, it would be replayed into the new one.
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Rename(path+suffix, target+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return SetAside{}, err
		}
	}
	return SetAside{Path: target}, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// salvage copies what is readable. Undelivered results come first: they are the only rows that
// no one else knows. Pages and steps only save work, so the first unreadable row of a table ends it.
func (j *Journal) salvage(ctx context.Context, from string) Saved {
	db, err := sql.Open("sqlite", dsn(from, readerQuery+"&mode=ro"))
	if err != nil {
		return Saved{}
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var s Saved
	s.Outbox = j.copyRows(ctx, db, 12,
		`SELECT id, site, job_id, epoch, kind, body, state, attempts, next_at, last_error, created_at, updated_at FROM outbox`,
		`INSERT OR IGNORE INTO outbox (id, site, job_id, epoch, kind, body, state, attempts, next_at, last_error, created_at, updated_at)
		 VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`)
	s.Results = j.copyRows(ctx, db, 5,
		`SELECT site, job_id, sha256, result_id, created_at FROM results`,
		`INSERT OR IGNORE INTO results (site, job_id, sha256, result_id, created_at) VALUES (?,?,?,?,?)`)
	for _, step := range []string{`step`, `'summary'`} { // older journals do not tell steps apart
		n := j.copyRows(ctx, db, 11, // a cap that forgot what was spent would be none
			`SELECT day, site, provider, model, batch, `+step+`, calls, tokens_in, tokens_cached, tokens_out, usd FROM spend`, bookSpend+` VALUES (?,?,?,?,?,?,?,?,?,?,?)`+addSpend)
		n += j.copyRows(ctx, db, 11, `SELECT id, day, site, document, provider, model, batch, `+step+`, tokens_in, tokens_out, usd FROM reservations`,
			`INSERT OR IGNORE INTO reservations (id, day, site, document, provider, model, batch, step, tokens_in, tokens_out, usd) VALUES (?,?,?,?,?,?,?,?,?,?,?)`)
		if n > 0 {
			break
		}
	}
	j.copyRows(ctx, db, 5, `SELECT site, document, tokens, usd, updated_at FROM document_spend`,
		`INSERT OR IGNORE INTO document_spend (site, document, tokens, usd, updated_at) VALUES (?,?,?,?,?)`)
	j.copyRows(ctx, db, 8, `SELECT id, account, remote, state, questions, sent_at, next_at, updated_at FROM batches`, // paid, or about to be
		`INSERT OR IGNORE INTO batches (id, account, remote, state, questions, sent_at, next_at, updated_at) VALUES (?,?,?,?,?,?,?,?)`)
	j.copyRows(ctx, db, 16, `SELECT key, provider, model, path, site, document, body, bytes, reservation, state, batch, answer, tokens, usd, created_at, updated_at FROM batch_questions`,
		`INSERT OR IGNORE INTO batch_questions (key, provider, model, path, site, document, body, bytes, reservation, state, batch, answer, tokens, usd, created_at, updated_at)
		 VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`)
	s.Steps = j.copyRows(ctx, db, 5,
		`SELECT key, body, tokens_in, tokens_out, used_at FROM steps`,
		`INSERT OR IGNORE INTO steps (key, body, tokens_in, tokens_out, used_at) VALUES (?,?,?,?,?)`)
	j.copyRows(ctx, db, 5,
		`SELECT id, sha256, version, doc, used_at FROM documents`,
		`INSERT OR IGNORE INTO documents (id, sha256, version, doc, used_at) VALUES (?,?,?,?,?)`)
	s.Pages = j.copyRows(ctx, db, 3,
		`SELECT document, page, body FROM pages`,
		`INSERT OR IGNORE INTO pages (document, page, body) VALUES (?,?,?)`)
	return s
}

// copyRows inserts row by row and returns how many arrived. A row that the checks of the new
// schema refuse, or that is garbage, is left behind.
func (j *Journal) copyRows(ctx context.Context, from *sql.DB, columns int, query, insert string) int {
	rows, err := from.QueryContext(ctx, query)
	if err != nil {
		return 0
	}
	defer rows.Close()
	tx, err := j.write.BeginTx(ctx, nil)
	if err != nil {
		return 0
	}
	defer func() { _ = tx.Rollback() }()
	values, pointers := make([]any, columns), make([]any, columns)
	for i := range values {
		pointers[i] = &values[i]
	}
	n := 0
	for rows.Next() {
		if rows.Scan(pointers...) != nil {
			break
		}
		if res, err := tx.ExecContext(ctx, insert, values...); err == nil {
			added, _ := res.RowsAffected()
			n += int(added)
		}
	}
	_ = rows.Err() // the file is damaged: what could be read is what there is
	if tx.Commit() != nil {
		return 0
	}
	return n
}
