package journal

import (
	"context"
	"database/sql"
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

var _ llm.Cache = (*Journal)(nil)

// Get returns a finished step; see llm.Cache.
func (j *Journal) Get(ctx context.Context, key string) (llm.Completion, bool, error) {
	var c llm.Completion
	var body []byte
	var used int64
	err := j.read.QueryRowContext(ctx, `SELECT body, tokens_in, tokens_out, used_at FROM steps WHERE key=?`, key).
		Scan(&body, &c.TokensIn, &c.TokensOut, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return llm.Completion{}, false, nil
	}
	if err != nil {
		return llm.Completion{}, false, j.wrap("read a step", err)
	}
	text, err := unpack(body)
	if err != nil {
		return llm.Completion{}, false, nil // as good as absent
	}
	c.Text = string(text)
	j.touch(ctx, used, `UPDATE steps SET used_at=? WHERE key=?`, key)
	return c, true, nil
}

// Put keeps a finished step; it is on disk when Put returns nil.
func (j *Journal) Put(ctx context.Context, key string, c llm.Completion) error {
	body := pack([]byte(c.Text))
	return j.update(ctx, "keep a step", func(tx *txn) error { return j.putStep(tx, key, body, c) })
}

// putStep keeps a step; body is its packed text.
func (j *Journal) putStep(tx *txn, key string, body []byte, c llm.Completion) error {
	_, err := tx.Exec(`INSERT INTO steps (key, body, tokens_in, tokens_out, used_at) VALUES (?,?,?,?,?)
		ON CONFLICT (key) DO UPDATE SET body=excluded.body, tokens_in=excluded.tokens_in,
			tokens_out=excluded.tokens_out, used_at=excluded.used_at`, key, body, c.TokensIn, c.TokensOut, j.nowMS())
	return err
}
