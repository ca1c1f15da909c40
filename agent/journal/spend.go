package journal

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Spending is what models cost: of one call, or added up by UTC day, site, provider, model, tariff and step.
type Spending struct {
	Day          time.Time // midnight UTC when read
	Site         string    // "" for files of the command line
	Provider     string
	Model        string
	Calls        int
	TokensIn     int64
	TokensCached int64 // the part of TokensIn that the provider had in its cache
	TokensOut    int64
	USD          float64 // 0 where the price is not known
	Batch        bool    // at the price of batches
	Step         string  // what was paid for, as in llm.Charge
}

// Tokens of input and output together.
func (s Spending) Tokens() int64 { return s.TokensIn + s.TokensOut }

// Spent is an amount that a cap is held against.
type Spent struct {
	Tokens int64
	USD    float64
}

// Plus adds two amounts.
func (s Spent) Plus(o Spent) Spent { return Spent{s.Tokens + o.Tokens, s.USD + o.USD} }

// Totals are what has been spent, with what calls under way may cost at most.
type Totals struct {
	Document Spent // over all its attempts, as far as this agent knows
	Day      Spent // of this agent, UTC
	Month    Spent
	// Of the document's site alone; zero where it has none.
	SiteDay   Spent
	SiteMonth Spent
}

// KeyOfDocument names a document in the ledger.
type KeyOfDocument struct {
	Site     string // "" for files of the command line
	Document string // the job and its source revision
}

// ReserveSpend sets aside what a call may cost at most (its Day and Calls are not read), unless allow refuses: then nothing is written and its
// error returned. allow sees the totals without this call; nil allows every amount, and nothing is added up. It runs inside the transaction, so no two calls can take the same
// money; it must be quick and ask nobody. The reservation is on disk when ReserveSpend returns, and counts as spent until it is settled.
func (j *Journal) ReserveSpend(ctx context.Context, doc KeyOfDocument, atMost Spending, allow func(Totals) error) (id int64, err error) {
	var refused error
	err = j.update(ctx, "reserve money for a call", func(tx *txn) error {
		id, err = j.reserve(tx, doc, atMost, allow, &refused)
		return err
	})
	return id, errors.Join(refused, err)
}

// reserve sets the amount aside, or puts the reason of allow into refused and writes nothing.
func (j *Journal) reserve(tx *txn, doc KeyOfDocument, atMost Spending, allow func(Totals) error, refused *error) (int64, error) {
	day := j.now().UTC().Format(time.DateOnly)
	if allow != nil {
		totals, err := totalsOf(tx, doc, day)
		if err != nil {
			return 0, err
		}
		if *refused = allow(totals); *refused != nil {
			return 0, nil
		}
	}
	res, err := tx.Exec(`INSERT INTO reservations (day, site, document, provider, model, batch, step, tokens_in, tokens_out, usd) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		day, doc.Site, doc.Document, atMost.Provider, atMost.Model, atMost.Batch, atMost.Step, atMost.TokensIn, atMost.TokensOut, atMost.USD)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// SettleSpend replaces a reservation by what the call has really used. Settling twice is an error.
func (j *Journal) SettleSpend(ctx context.Context, id int64, used Spending) error {
	return j.update(ctx, "book a call", func(tx *txn) error { return j.settle(tx, id, used) })
}

// SettleSpendSoon is SettleSpend with the next transaction: every later reservation and every later look at what was spent finds the call settled,
// and after a crash its reservation counts. ended is told what came of it; it must be quick and ask nothing of the journal.
func (j *Journal) SettleSpendSoon(id int64, used Spending, ended func(error)) {
	j.later("book a call", true, func(tx *txn) error { return j.settle(tx, id, used) }, ended)
}

func (j *Journal) settle(tx *txn, id int64, used Spending) error {
	var r Spending
	var day string
	var doc KeyOfDocument
	err := tx.QueryRow(`DELETE FROM reservations WHERE id=? RETURNING day, site, document, provider, model, batch, step`, id).
		Scan(&day, &doc.Site, &doc.Document, &r.Provider, &r.Model, &r.Batch, &r.Step)
	if err != nil {
		return err
	}
	if used.Calls == 0 && used.Tokens() == 0 && used.USD == 0 {
		return nil
	}
	if err := addToDocument(tx, doc, Spent{used.Tokens(), used.USD}, j.nowMS()); err != nil {
		return err
	}
	_, err = tx.Exec(bookSpend+` VALUES (?,?,?,?,?,?,?,?,?,?,?)`+addSpend,
		day, doc.Site, r.Provider, r.Model, r.Batch, r.Step, used.Calls, used.TokensIn, used.TokensCached, used.TokensOut, used.USD)
	return err
}

const (
	bookSpend = `INSERT INTO spend (day, site, provider, model, batch, step, calls, tokens_in, tokens_cached, tokens_out, usd)`
	addSpend  = ` ON CONFLICT (day, site, provider, model, batch, step) DO UPDATE SET calls=calls+excluded.calls, tokens_in=tokens_in+excluded.tokens_in,
		tokens_cached=tokens_cached+excluded.tokens_cached, tokens_out=tokens_out+excluded.tokens_out, usd=usd+excluded.usd`
	addDocument = ` ON CONFLICT (site, document) DO UPDATE SET tokens=tokens+excluded.tokens, usd=usd+excluded.usd, updated_at=excluded.updated_at`
)

func addToDocument(tx *txn, doc KeyOfDocument, s Spent, now int64) error {
	_, err := tx.Exec(`INSERT INTO document_spend (site, document, tokens, usd, updated_at) VALUES (?,?,?,?,?)`+addDocument,
		doc.Site, doc.Document, s.Tokens, s.USD, now)
	return err
}

// KnowSpent tells the ledger what a document has cost elsewhere: others' totals travel with the job. The larger of both sums counts, since the one
// that came may contain this agent's own. It returns what is known now.
func (j *Journal) KnowSpent(ctx context.Context, doc KeyOfDocument, elsewhere Spent) (Spent, error) {
	var out Spent
	err := j.update(ctx, "note what a document has cost", func(tx *txn) error {
		_, err := tx.Exec(`INSERT INTO document_spend (site, document, tokens, usd, updated_at) VALUES (?,?,?,?,?)
			ON CONFLICT (site, document) DO UPDATE SET tokens=max(tokens, excluded.tokens), usd=max(usd, excluded.usd), updated_at=excluded.updated_at`,
			doc.Site, doc.Document, elsewhere.Tokens, elsewhere.USD, j.nowMS())
		if err != nil {
			return err
		}
		return tx.QueryRow(`SELECT tokens, usd FROM document_spend WHERE site=? AND document=?`, doc.Site, doc.Document).Scan(&out.Tokens, &out.USD)
	})
	return out, err
}

// querier is a transaction or the readers' pool.
type querier interface {
	QueryRow(query string, args ...any) *sql.Row
}

// sum is one of Totals.
type sum struct {
	into  *Spent
	query string
	args  []any
}

func totalsOf(q querier, doc KeyOfDocument, day string) (t Totals, err error) {
	sums := []sum{
		{&t.Document, `SELECT tokens, usd FROM document_spend WHERE site=? AND document=? UNION ALL
			SELECT tokens_in+tokens_out, usd FROM reservations WHERE site=? AND document=?`, []any{doc.Site, doc.Document, doc.Site, doc.Document}},
		{&t.Day, `SELECT tokens_in+tokens_out AS tokens, usd FROM spend WHERE day=? UNION ALL
			SELECT tokens_in+tokens_out, usd FROM reservations WHERE day=?`, []any{day, day}},
		{&t.Month, `SELECT tokens_in+tokens_out AS tokens, usd FROM spend WHERE day>=? AND day<=? UNION ALL
			SELECT tokens_in+tokens_out, usd FROM reservations WHERE day>=? AND day<=?`, []any{day[:8] + "01", day[:8] + "31", day[:8] + "01", day[:8] + "31"}},
	}
	if doc.Site != "" {
		sums = append(sums, sumsOfSite(&t, doc.Site, day)...)
	}
	for _, sum := range sums {
		row := q.QueryRow(`SELECT coalesce(sum(tokens),0), coalesce(sum(usd),0.0) FROM (`+sum.query+`)`, sum.args...)
		if err := row.Scan(&sum.into.Tokens, &sum.into.USD); err != nil {
			return t, err
		}
	}
	return t, nil
}

func sumsOfSite(t *Totals, site, day string) []sum {
	const query = `SELECT tokens_in+tokens_out AS tokens, usd FROM spend WHERE site=? AND day>=? AND day<=? UNION ALL
		SELECT tokens_in+tokens_out, usd FROM reservations WHERE site=? AND day>=? AND day<=?`
	first, last := day[:8]+"01", day[:8]+"31"
	return []sum{
		{&t.SiteDay, query, []any{site, day, day, site, day, day}},
		{&t.SiteMonth, query, []any{site, first, last, site, first, last}},
	}
}

// SpendTotals are the sums of now; doc may be zero.
func (j *Journal) SpendTotals(ctx context.Context, doc KeyOfDocument) (Totals, error) {
	j.catchUp(ctx, false)
	t, err := totalsOf(readSpend{ctx, j.read}, doc, j.now().UTC().Format(time.DateOnly))
	return t, j.wrap("read spending", err)
}

type readSpend struct {
	ctx context.Context
	db  *reader
}

func (r readSpend) QueryRow(query string, args ...any) *sql.Row {
	return r.db.QueryRowContext(r.ctx, query, args...)
}

// ofCalls are the reservations of calls, which end with their process; those of questions that wait for a batch do not.
const ofCalls = ` WHERE id NOT IN (SELECT reservation FROM batch_questions WHERE reservation<>0)`

// bookAbandoned counts the calls that an earlier process was making when it died: they may have been billed in full.
func bookAbandoned(tx *txn, now int64) error {
	if _, err := tx.Exec(`INSERT INTO document_spend (site, document, tokens, usd, updated_at)
		SELECT site, document, sum(tokens_in+tokens_out), sum(usd), ? FROM reservations`+ofCalls+` GROUP BY site, document`+addDocument, now); err != nil {
		return err
	}
	if _, err := tx.Exec(bookSpend + ` SELECT day, site, provider, model, batch, step, count(*), sum(tokens_in), 0, sum(tokens_out), sum(usd) FROM reservations` +
		ofCalls + ` GROUP BY day, site, provider, model, batch, step` + addSpend); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM reservations` + ofCalls)
	return err
}

// Spend lists the days since the given one (included), oldest first. Calls under way are not in it.
func (j *Journal) Spend(ctx context.Context, since time.Time) ([]Spending, error) {
	j.catchUp(ctx, false)
	rows, err := j.read.QueryContext(ctx, `SELECT day, site, provider, model, batch, step, calls, tokens_in, tokens_cached, tokens_out, usd FROM spend
		WHERE day >= ? ORDER BY day, site, provider, model, batch, step`, since.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, j.wrap("read spending", err)
	}
	defer rows.Close()
	var out []Spending
	for rows.Next() {
		var s Spending
		var day string
		if err := rows.Scan(&day, &s.Site, &s.Provider, &s.Model, &s.Batch, &s.Step, &s.Calls, &s.TokensIn, &s.TokensCached, &s.TokensOut, &s.USD); err != nil {
			return nil, j.wrap("read spending", err)
		}
		if s.Day, err = time.Parse(time.DateOnly, day); err != nil {
			return nil, j.wrap("read spending", err)
		}
		out = append(out, s)
	}
	return out, j.wrap("read spending", rows.Err())
}
