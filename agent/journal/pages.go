package journal

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// touchEvery: how coarsely the last use of a cached entry is kept; a write a day, not a write a read.
const touchEvery = 24 * time.Hour

// PutDocumentSoon keeps what is known about a source as a whole, with the next transaction: with the first of its pages, without which it is of no use.
// version is the extractor's: other tools or rules never see this entry. doc is the caller's; it is stored compressed. ended is told what came of it; it
// must be quick and ask nothing of the journal.
func (j *Journal) PutDocumentSoon(sha256, version string, doc []byte, ended func(error)) {
	body := pack(doc)
	j.later("keep a document", false, func(tx *txn) error {
		_, err := tx.Exec(`INSERT INTO documents (sha256, version, doc, used_at) VALUES (?,?,?,?)
			ON CONFLICT (sha256, version) DO UPDATE SET doc=excluded.doc, used_at=excluded.used_at`,
			sha256, version, body, j.nowMS())
		return err
	}, ended)
}

// Document returns what PutDocumentSoon kept; false where there is nothing.
func (j *Journal) Document(ctx context.Context, sha256, version string) ([]byte, bool, error) {
	var body []byte
	var used int64
	err := j.read.QueryRowContext(ctx, `SELECT doc, used_at FROM documents WHERE sha256=? AND version=? AND doc IS NOT NULL`,
		sha256, version).Scan(&body, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, j.wrap("read a document", err)
	}
	doc, err := unpack(body)
	if err != nil {
		return nil, false, nil // as good as absent: it will be extracted again
	}
	j.touch(ctx, used, `UPDATE documents SET used_at=? WHERE sha256=? AND version=?`, sha256, version)
	return doc, true, nil
}

// PageBlob is one finished page; Number counts from 1.
type PageBlob struct {
	Number int
	Blob   []byte
}

// PutPages keeps finished pages, all of them or none. A page that is put again is replaced.
func (j *Journal) PutPages(ctx context.Context, sha256, version string, pages []PageBlob) error {
	bodies := make([][]byte, len(pages))
	for i, p := range pages {
		bodies[i] = pack(p.Blob)
	}
	return j.update(ctx, "keep pages", func(tx *txn) error {
		id, err := documentID(tx, sha256, version, j.nowMS())
		if err != nil {
			return err
		}
		put, err := tx.prepared(`INSERT INTO pages (document, page, body) VALUES (?,?,?)
			ON CONFLICT (document, page) DO UPDATE SET body=excluded.body`)
		if err != nil {
			return err
		}
		for i, p := range pages {
			if _, err := put.Exec(id, p.Number, bodies[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutPage is PutPages with one page.
func (j *Journal) PutPage(ctx context.Context, sha256, version string, page int, blob []byte) error {
	return j.PutPages(ctx, sha256, version, []PageBlob{{page, blob}})
}

// documentID is the row of a document, made where there is none.
func documentID(tx *txn, sha256, version string, now int64) (id int64, err error) {
	err = tx.QueryRow(`SELECT id FROM documents WHERE sha256=? AND version=?`, sha256, version).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	err = tx.QueryRow(`INSERT INTO documents (sha256, version, used_at) VALUES (?,?,?) RETURNING id`, sha256, version, now).Scan(&id)
	return id, err
}

// pagesAtOnce is how many pages PagesAfter gives at the most.
const pagesAtOnce = 64

// PagesAfter returns kept pages with numbers above after, in their order, a few dozen at a time: a document may be longer than the memory.
// last is the number to go on after; 0 where there are no more.
func (j *Journal) PagesAfter(ctx context.Context, sha256, version string, after int) (pages []PageBlob, last int, err error) {
	rows, err := j.read.QueryContext(ctx, `SELECT p.page, p.body FROM pages p JOIN documents d ON d.id = p.document
		WHERE d.sha256=? AND d.version=? AND p.page>? ORDER BY p.page LIMIT ?`, sha256, version, after, pagesAtOnce)
	if err != nil {
		return nil, 0, j.wrap("read pages", err)
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&last, &body); err != nil {
			return nil, 0, j.wrap("read pages", err)
		}
		if blob, err := unpack(body); err == nil { // else as good as absent: the page is read again
			pages = append(pages, PageBlob{last, blob})
		}
	}
	return pages, last, j.wrap("read pages", rows.Err())
}

// touch notes a use for Purge. It is best effort: at worst an entry is made once more.
func (j *Journal) touch(ctx context.Context, used int64, query string, args ...any) {
	now := j.nowMS()
	if j.readOnly || now-used < touchEvery.Milliseconds() {
		return
	}
	_ = j.update(ctx, "note a use", func(tx *txn) error {
		_, err := tx.Exec(query, append([]any{now}, args...)...)
		return err
	})
}
