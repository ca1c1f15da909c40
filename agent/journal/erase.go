package journal

import (
	"context"
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// StepsOf is the cache of finished steps for the work on one job: it notes that the job used them, so that Erase finds them.
func (j *Journal) StepsOf(site string, jobID int64) llm.Cache { return stepsOf{j, site, jobID} }

type stepsOf struct {
	journal *Journal
	site    string
	jobID   int64
}

var _ llm.Cache = stepsOf{}

// Get is an error where the use of an answer that is there cannot be noted: what cannot be erased later is not used.
func (s stepsOf) Get(ctx context.Context, key string) (llm.Completion, bool, error) {
	c, ok, err := s.journal.Get(ctx, key)
	if !ok || err != nil {
		return c, ok, err
	}
	used, err := s.used(ctx, key)
	if err != nil || used {
		return c, err == nil, err
	}
	return c, true, s.journal.update(ctx, "note the use of a step", func(tx *txn) error { return s.note(tx, key) })
}

func (s stepsOf) Put(ctx context.Context, key string, c llm.Completion) error {
	body := pack([]byte(c.Text))
	return s.journal.update(ctx, "keep a step", func(tx *txn) error {
		if err := s.journal.putStep(tx, key, body, c); err != nil {
			return err
		}
		return s.note(tx, key)
	})
}

func (s stepsOf) used(ctx context.Context, key string) (bool, error) {
	var n int
	err := s.journal.read.QueryRowContext(ctx, `SELECT count(*) FROM step_uses WHERE site=? AND job_id=? AND key=?`, s.site, s.jobID, key).Scan(&n)
	return n > 0, s.journal.wrap("read the use of a step", err)
}

// note does nothing where the step was purged a moment ago.
func (s stepsOf) note(tx *txn, key string) error {
	_, err := tx.Exec(`INSERT OR IGNORE INTO step_uses (site, job_id, key) SELECT ?, ?, key FROM steps WHERE key=?`, s.site, s.jobID, key)
	return err
}

// Erase removes all that is kept for a job: its record, what waits to be told of it, the text of its document under every version of the
// extractor, the answers of models, and questions to them that wait. sha256 is the digest of the source that the site knows, or ""; digests that the journal knows of
// the job count as well. Another job of the same document loses what it could have reused, and nothing else. Erasing what is not there is
// no error.
func (j *Journal) Erase(ctx context.Context, site string, jobID int64, sha256 string) error {
	return j.update(ctx, "erase a job", func(tx *txn) error {
		for _, q := range []string{
			`DELETE FROM documents WHERE sha256 IN (SELECT ?3 WHERE ?3<>'' UNION SELECT sha256 FROM jobs WHERE site=?1 AND job_id=?2
				UNION SELECT sha256 FROM results WHERE site=?1 AND job_id=?2)`,
			`DELETE FROM steps WHERE key IN (SELECT key FROM step_uses WHERE site=?1 AND job_id=?2)`,
			`DELETE FROM outbox WHERE site=?1 AND job_id=?2`,
			`DELETE FROM results WHERE site=?1 AND job_id=?2`,
			`DELETE FROM jobs WHERE site=?1 AND job_id=?2`,
			`DELETE FROM stored WHERE site=?1 AND job_id=?2`,
		} {
			if _, err := tx.Exec(q, site, jobID, sha256); err != nil {
				return err
			}
		}
		return j.eraseQuestions(tx, site, jobID)
	})
}

// DigestsOf are the digests of the files that the journal knows of a job.
func (j *Journal) DigestsOf(ctx context.Context, site string, jobID int64) (out []string, err error) {
	j.catchUp(ctx, true)
	rows, err := j.read.QueryContext(ctx, `SELECT sha256 FROM jobs WHERE site=?1 AND job_id=?2 AND sha256<>'' UNION SELECT sha256 FROM results WHERE site=?1 AND job_id=?2`, site, jobID)
	if err != nil {
		return nil, j.wrap("read the files of a job", err)
	}
	defer rows.Close()
	for rows.Next() {
		var digest string
		if err := rows.Scan(&digest); err != nil {
			return nil, j.wrap("read the files of a job", err)
		}
		out = append(out, digest)
	}
	return out, j.wrap("read the files of a job", rows.Err())
}

// eraseQuestions removes what was asked for a job in a batch, or waits to be. What a provider has already may be charged: it counts as that.
func (j *Journal) eraseQuestions(tx *txn, site string, jobID int64) error {
	const ofJob = `instr(q.site || ' ' || q.document, ?) = 1`
	begin := fmt.Sprintf("%s %d:", site, jobID) // see KeyOfDocument
	if err := j.giveUp(tx, false, `q.state='gathered' AND `+ofJob, begin); err != nil {
		return err
	}
	if err := j.giveUp(tx, true, `q.state='sent' AND `+ofJob, begin); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM batch_questions AS q WHERE `+ofJob, begin)
	return err
}
