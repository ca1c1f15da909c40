package journal

import (
	"context"
	"time"
)

// BatchStage is how far a batch has come.
type BatchStage string

// The stages. A batch that is being sent may or may not have reached the provider.
const (
	BatchSending    BatchStage = "sending"
	BatchSent       BatchStage = "sent"
	BatchCancelling BatchStage = "cancelling"
)

// Batch is one that has not ended.
type Batch struct {
	ID        string // ours
	Account   string
	Remote    string // the provider's id; "" until it is known
	Stage     BatchStage
	Questions int
	SentAt    time.Time
	NextAt    time.Time // when it is looked at again
}

// Gathered is what waits to be sent to one model by one path.
type Gathered struct {
	Path      string
	Questions int
	Bytes     int64
	Oldest    time.Time
}

// Gathered lists what waits to be sent to a model, by path.
func (j *Journal) Gathered(ctx context.Context, provider, model string) ([]Gathered, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT path, count(*), sum(bytes), min(created_at) FROM batch_questions
		WHERE state='gathered' AND provider=? AND model=? GROUP BY path ORDER BY path`, provider, model)
	if err != nil {
		return nil, j.wrap("read what is gathered", err)
	}
	defer rows.Close()
	var out []Gathered
	for rows.Next() {
		var g Gathered
		var oldest int64
		if err := rows.Scan(&g.Path, &g.Questions, &g.Bytes, &oldest); err != nil {
			return nil, j.wrap("read what is gathered", err)
		}
		g.Oldest = fromMS(oldest)
		out = append(out, g)
	}
	return out, j.wrap("read what is gathered", rows.Err())
}

// BeginBatch takes the oldest questions that fit, and notes that they are being sent before they are: after a crash the provider is asked
// whether it has them. It returns nothing where nothing is gathered.
func (j *Journal) BeginBatch(ctx context.Context, b Batch, provider, model, path string, maxQuestions int, maxBytes int64) ([]Question, error) {
	var out []Question
	err := j.update(ctx, "begin a batch", func(tx *txn) error {
		var err error
		if out, err = oldestQuestions(tx, provider, model, path, maxQuestions, maxBytes); err != nil || len(out) == 0 {
			return err
		}
		now := j.nowMS()
		for _, q := range out {
			if _, err := tx.Exec(`UPDATE batch_questions SET state='sent', batch=?, updated_at=? WHERE key=?`, b.ID, now, q.Key); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`INSERT INTO batches (id, account, remote, state, questions, sent_at, next_at, updated_at) VALUES (?,?,'','sending',?,?,?,?)`,
			b.ID, b.Account, len(out), now, now, now)
		return err
	})
	return out, err
}

func oldestQuestions(tx *txn, provider, model, path string, maxQuestions int, maxBytes int64) ([]Question, error) {
	rows, err := tx.Query(`SELECT key, body, bytes FROM batch_questions WHERE state='gathered' AND provider=? AND model=? AND path=?
		ORDER BY created_at, key LIMIT ?`, provider, model, path, maxQuestions)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Question
	var total int64
	for rows.Next() {
		var q Question
		var packed []byte
		var size int64
		if err := rows.Scan(&q.Key, &packed, &size); err != nil {
			return nil, err
		}
		if total += size; total > maxBytes && len(out) > 0 {
			break
		}
		if q.Body, err = unpack(packed); err != nil {
			return nil, err
		}
		q.Path = path
		out = append(out, q)
	}
	return out, rows.Err()
}

// OpenBatches lists the batches that have not ended, oldest first.
func (j *Journal) OpenBatches(ctx context.Context) ([]Batch, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT id, account, remote, state, questions, sent_at, next_at FROM batches WHERE state<>'ended' ORDER BY sent_at, id`)
	if err != nil {
		return nil, j.wrap("read batches", err)
	}
	defer rows.Close()
	var out []Batch
	for rows.Next() {
		var b Batch
		var sent, next int64
		if err := rows.Scan(&b.ID, &b.Account, &b.Remote, &b.Stage, &b.Questions, &sent, &next); err != nil {
			return nil, j.wrap("read batches", err)
		}
		b.SentAt, b.NextAt = fromMS(sent), fromMS(next)
		out = append(out, b)
	}
	return out, j.wrap("read batches", rows.Err())
}

// SaveBatch keeps the stage, the provider's id and the next look of a batch.
func (j *Journal) SaveBatch(ctx context.Context, b Batch) error {
	return j.update(ctx, "save a batch", func(tx *txn) error {
		_, err := tx.Exec(`UPDATE batches SET remote=?, state=?, next_at=?, updated_at=? WHERE id=?`, b.Remote, string(b.Stage), ms(b.NextAt), j.nowMS(), b.ID)
		return err
	})
}

// Regather ends a batch that the provider never had, or did not begin: its questions wait for another one.
func (j *Journal) Regather(ctx context.Context, id string) error {
	return j.endBatch(ctx, id, func(tx *txn) error {
		_, err := tx.Exec(`UPDATE batch_questions SET state='gathered', batch='', updated_at=? WHERE batch=? AND state='sent'`, j.nowMS(), id)
		return err
	})
}

// EndBatch ends a batch. What it brought no answer to is given up; billed says that such questions may have been charged all the same: they
// count at their upper bound then, else as nothing.
func (j *Journal) EndBatch(ctx context.Context, id string, billed bool) error {
	return j.endBatch(ctx, id, func(tx *txn) error { return j.giveUp(tx, billed, `q.batch=? AND q.state='sent'`, id) })
}

func (j *Journal) endBatch(ctx context.Context, id string, questions func(*txn) error) error {
	return j.update(ctx, "end a batch", func(tx *txn) error {
		if err := questions(tx); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE batches SET state='ended', updated_at=? WHERE id=?`, j.nowMS(), id)
		return err
	})
}

// GiveUpGathered gives up what was gathered before olderThan and never sent.
func (j *Journal) GiveUpGathered(ctx context.Context, olderThan time.Time) error {
	return j.update(ctx, "give up what was gathered", func(tx *txn) error {
		return j.giveUp(tx, false, `q.state='gathered' AND q.created_at<?`, ms(olderThan))
	})
}

// giveUp ends the waiting of all questions that a condition names.
func (j *Journal) giveUp(tx *txn, billed bool, where string, arg any) error {
	all, err := heldFor(tx, billed, where, arg)
	if err != nil {
		return err
	}
	for id, used := range all {
		if err := j.settle(tx, id, used); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE batch_questions SET state='given_up', tokens=?, usd=?, body=x'', reservation=0, updated_at=? WHERE reservation=?`,
			used.Tokens(), used.USD, j.nowMS(), id); err != nil {
			return err
		}
	}
	return nil
}

// heldFor are the reservations of questions, with what is to be booked in their place: all of it, or nothing.
func heldFor(tx *txn, billed bool, where string, arg any) (map[int64]Spending, error) {
	used := `0, 0, 0, 0.0`
	if billed {
		used = `1, r.tokens_in, r.tokens_out, r.usd`
	}
	rows, err := tx.Query(`SELECT r.id, `+used+` FROM batch_questions q JOIN reservations r ON r.id=q.reservation WHERE `+where, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int64]Spending{}
	for rows.Next() {
		var id int64
		var s Spending
		if err := rows.Scan(&id, &s.Calls, &s.TokensIn, &s.TokensOut, &s.USD); err != nil {
			return nil, err
		}
		all[id] = s
	}
	return all, rows.Err()
}

// BatchTotals is what waits for batches.
type BatchTotals struct {
	Gathered  int       // questions that are not sent yet
	Batches   int       // under way
	Questions int       // in them
	Documents int       // whose questions wait, gathered or sent
	Since     time.Time // of the oldest question that waits; zero: none does
}

// BatchTotals adds up what waits.
func (j *Journal) BatchTotals(ctx context.Context) (t BatchTotals, err error) {
	var oldest int64
	err = j.read.QueryRowContext(ctx, `SELECT coalesce(sum(state='gathered'),0), coalesce(sum(state='sent'),0), count(DISTINCT site || char(0) || document), coalesce(min(created_at),0)
		FROM batch_questions WHERE state IN ('gathered','sent')`).Scan(&t.Gathered, &t.Questions, &t.Documents, &oldest)
	if err == nil {
		err = j.read.QueryRowContext(ctx, `SELECT count(*) FROM batches WHERE state<>'ended'`).Scan(&t.Batches)
	}
	t.Since = fromMS(oldest)
	return t, j.wrap("read what waits for batches", err)
}
