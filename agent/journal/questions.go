package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Question is one request to a model that waits for a batch.
type Question struct {
	Key  string // of its step
	Path string // of the provider's API
	Body []byte // as it is sent
}

// Defer keeps a question for a batch and reserves what it may cost, unless allow refuses: as ReserveSpend, in one transaction. The
// reservation is held, through restarts, until the question is settled. A question that is kept already is left as it is.
func (j *Journal) Defer(ctx context.Context, doc KeyOfDocument, q Question, atMost Spending, allow func(Totals) error) error {
	body := pack(q.Body)
	var refused error
	err := j.update(ctx, "keep a question for a batch", func(tx *txn) error {
		var known int
		if err := tx.QueryRow(`SELECT count(*) FROM batch_questions WHERE key=?`, q.Key).Scan(&known); err != nil || known > 0 {
			return err
		}
		id, err := j.reserve(tx, doc, atMost, allow, &refused)
		if err != nil || refused != nil {
			return err
		}
		now := j.nowMS()
		_, err = tx.Exec(`INSERT INTO batch_questions (key, provider, model, path, site, document, body, bytes, reservation, state, batch, created_at, updated_at)
			VALUES (?,?,?,?,?,?,?,?,?,'gathered','',?,?)`, q.Key, atMost.Provider, atMost.Model, q.Path, doc.Site, doc.Document, body, len(q.Body), id, now, now)
		return err
	})
	return errors.Join(refused, err)
}

// storedAnswer is an answer as it is kept until the gate has seen it.
type storedAnswer struct {
	Completion llm.Completion `json:"completion"`
	Cached     int            `json:"tokens_cached,omitempty"`
	Stop       llm.Stop       `json:"stop,omitempty"`
	Thought    bool           `json:"thought,omitempty"`
	Charge     llm.Charge     `json:"charge"`
}

// Deferred tells what became of a question.
func (j *Journal) Deferred(ctx context.Context, key string) (llm.Deferred, error) {
	var state string
	var answer []byte
	err := j.read.QueryRowContext(ctx, `SELECT state, answer FROM batch_questions WHERE key=?`, key).Scan(&state, &answer)
	if errors.Is(err, sql.ErrNoRows) {
		return llm.Deferred{}, nil
	}
	if err != nil {
		return llm.Deferred{}, j.wrap("look for a batch's answer", err)
	}
	switch state {
	case "given_up":
		return llm.Deferred{Wait: llm.GivenUp}, nil
	case "answered":
		return readAnswer(answer), nil
	}
	return llm.Deferred{Wait: llm.Waiting}, nil
}

// readAnswer gives a question up whose answer cannot be read any more.
func readAnswer(packed []byte) llm.Deferred {
	raw, err := unpack(packed)
	var a storedAnswer
	if err != nil || json.Unmarshal(raw, &a) != nil {
		return llm.Deferred{Wait: llm.GivenUp}
	}
	a.Completion.TokensCached, a.Completion.Stop, a.Completion.Thought = a.Cached, a.Stop, a.Thought
	return llm.Deferred{Wait: llm.Answered, Answer: a.Completion, Charge: a.Charge}
}

// Answer keeps what a batch has brought to one of its questions and books it, once: told again it changes nothing. known is false for a
// key that is no question of this batch.
func (j *Journal) Answer(ctx context.Context, batch, key string, c llm.Completion, cost llm.Charge) (known bool, err error) {
	raw, err := json.Marshal(storedAnswer{Completion: c, Cached: c.TokensCached, Stop: c.Stop, Thought: c.Thought, Charge: cost})
	if err != nil {
		return false, err
	}
	return j.endQuestion(ctx, batch, key, "answered", pack(raw), chargeOf(cost))
}

// GiveUp ends the waiting of one question of a batch, which brought no answer to it; used is what it has cost all the same.
func (j *Journal) GiveUp(ctx context.Context, batch, key string, used llm.Charge) (known bool, err error) {
	return j.endQuestion(ctx, batch, key, "given_up", nil, chargeOf(used))
}

func chargeOf(c llm.Charge) Spending {
	return Spending{Provider: c.Provider, Model: c.Model, Calls: c.Calls, TokensIn: int64(c.TokensIn), TokensCached: int64(c.TokensCached), TokensOut: int64(c.TokensOut), USD: c.USD}
}

func (j *Journal) endQuestion(ctx context.Context, batch, key, state string, answer []byte, used Spending) (known bool, err error) {
	err = j.update(ctx, "end a question of a batch", func(tx *txn) error {
		var id int64
		var now string
		err := tx.QueryRow(`SELECT reservation, state FROM batch_questions WHERE key=? AND batch=?`, key, batch).Scan(&id, &now)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		known = true
		if now != "sent" {
			return nil
		}
		if err := j.settle(tx, id, used); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE batch_questions SET state=?, answer=?, tokens=?, usd=?, body=x'', reservation=0, updated_at=? WHERE key=?`,
			state, answer, used.Tokens(), used.USD, j.nowMS(), key)
		return err
	})
	return known, err
}

// DeferredTotals are what questions of a document in batches cost.
type DeferredTotals struct {
	Known  bool  // this journal has questions of the document, ended or not
	Held   Spent // at most, of those that still wait
	Billed Spent // of those that have ended
}

// DeferredSpend adds up the questions of a document.
func (j *Journal) DeferredSpend(ctx context.Context, doc KeyOfDocument) (t DeferredTotals, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT count(*)>0, coalesce(sum(r.tokens_in+r.tokens_out),0), coalesce(sum(r.usd),0.0), coalesce(sum(q.tokens),0), coalesce(sum(q.usd),0.0)
		FROM batch_questions q LEFT JOIN reservations r ON r.id=q.reservation WHERE q.site=? AND q.document=?`, doc.Site, doc.Document).
		Scan(&t.Known, &t.Held.Tokens, &t.Held.USD, &t.Billed.Tokens, &t.Billed.USD)
	return t, j.wrap("read what waits for a batch", err)
}
