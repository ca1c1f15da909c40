package journal

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
)

// State is where a job stands on this agent.
type State string

const (
	StateLeased      State = "leased"
	StateExtracting  State = "extracting"
	StateSummarising State = "summarising"
	StateStoring     State = "storing"
	StateReporting   State = "reporting" // its result or failure waits in the outbox
	StateDone        State = "done"
	StateFailed      State = "failed"
	StateLost        State = "lost"     // the site gave it to somebody else, or refused it for good
	StateReleased    State = "released" // given back unworked
)

// JobRecord is one job as this agent knows it. (Site, JobID) identifies it.
type JobRecord struct {
	Site         string // canonical home URL
	JobID        int64
	Epoch        int64
	LeaseToken   string // secret: never logged
	AttachmentID int64
	Filename     string
	SHA256       string // hex; "" until known
	ResultID     string // "" until minted
	State        State
	Phase        string // as in a beat: download extract ocr summarise store report
	Done, Total  int    // pages or chunks
	StartedAt    time.Time
	UpdatedAt    time.Time // set by SaveJob
	Error        string    // one sentence
}

const jobColumns = `site, job_id, epoch, lease_token, attachment_id, filename, sha256, result_id, state, phase, done, total, started_at, updated_at, error`

// SaveJob writes the record unless the journal already knows a later epoch of the same job:
// then the caller is late, and ErrStaleEpoch is returned.
func (j *Journal) SaveJob(ctx context.Context, r JobRecord) error {
	return j.update(ctx, "save a job", func(tx *txn) error { return j.saveJob(tx, r) })
}

// SaveJobSoon is SaveJob for a step that nobody needs to find after a crash: it is written with the next transaction. ended is told what came of it;
// it must be quick and ask nothing of the journal.
func (j *Journal) SaveJobSoon(r JobRecord, ended func(error)) {
	j.later("save a job", false, func(tx *txn) error { return j.saveJob(tx, r) }, ended)
}

func (j *Journal) saveJob(tx *txn, r JobRecord) error {
	started := ms(r.StartedAt)
	if started == 0 {
		started = j.nowMS()
	}
	res, err := tx.Exec(`INSERT INTO jobs (`+jobColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (site, job_id) DO UPDATE SET epoch=excluded.epoch, lease_token=excluded.lease_token,
			attachment_id=excluded.attachment_id, filename=excluded.filename, sha256=excluded.sha256,
			result_id=excluded.result_id, state=excluded.state, phase=excluded.phase, done=excluded.done,
			total=excluded.total, started_at=excluded.started_at, updated_at=excluded.updated_at, error=excluded.error
		WHERE excluded.epoch >= jobs.epoch`,
		r.Site, r.JobID, r.Epoch, r.LeaseToken, r.AttachmentID, r.Filename, r.SHA256, r.ResultID, string(r.State),
		r.Phase, r.Done, r.Total, started, j.nowMS(), r.Error)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrStaleEpoch.at("save a job", j.path), err)
	}
	return nil
}

// Jobs lists the jobs that are not finished, oldest first: what a restarted agent finds.
func (j *Journal) Jobs(ctx context.Context) ([]JobRecord, error) {
	return j.queryJobs(ctx, `WHERE state NOT IN ('done','failed','lost','released') ORDER BY started_at, site, job_id`)
}

func (j *Journal) queryJobs(ctx context.Context, where string, args ...any) ([]JobRecord, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT `+jobColumns+` FROM jobs `+where, args...)
	if err != nil {
		return nil, j.wrap("read jobs", err)
	}
	defer rows.Close()
	var out []JobRecord
	for rows.Next() {
		var r JobRecord
		var started, updated int64
		if err := rows.Scan(&r.Site, &r.JobID, &r.Epoch, &r.LeaseToken, &r.AttachmentID, &r.Filename, &r.SHA256,
			&r.ResultID, &r.State, &r.Phase, &r.Done, &r.Total, &started, &updated, &r.Error); err != nil {
			return nil, j.wrap("read jobs", err)
		}
		r.StartedAt, r.UpdatedAt = fromMS(started), fromMS(updated)
		out = append(out, r)
	}
	return out, j.wrap("read jobs", rows.Err())
}

// minted are the ids of results that are not in the journal yet.
type minted struct {
	mu  sync.Mutex
	ids map[resultKey]string
}

type resultKey struct {
	site   string
	job    int64
	sha256 string
}

// ResultIDSoon returns the id under which the result for this source revision of the job is delivered. It is minted at the first call and is the same
// for all later ones. It is in the journal with the next transaction, so before the result itself: an id that a crash takes away was in no result.
func (j *Journal) ResultIDSoon(ctx context.Context, site string, jobID int64, sha256 string) (string, error) {
	if sha256 == "" {
		return "", &Error{Op: "mint a result id", Path: j.path, Code: CodeInvalid, Message: "the sha256 of the source is not known yet"}
	}
	key := resultKey{site, jobID, sha256}
	j.minted.mu.Lock()
	defer j.minted.mu.Unlock()
	if id, ok := j.minted.ids[key]; ok {
		return id, nil
	}
	var id string
	err := j.read.QueryRowContext(ctx, `SELECT result_id FROM results WHERE site=? AND job_id=? AND sha256=?`, site, jobID, sha256).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, j.wrap("mint a result id", err)
	}
	id = uuid.NewString()
	if j.minted.ids == nil {
		j.minted.ids = map[resultKey]string{}
	}
	j.minted.ids[key] = id
	j.later("mint a result id", false, func(tx *txn) error {
		_, err := tx.Exec(`INSERT INTO results (site, job_id, sha256, result_id, created_at) VALUES (?,?,?,?,?)`, site, jobID, sha256, id, j.nowMS())
		return err
	}, func(error) { // where it was not kept only a restart would need to find it again
		j.minted.mu.Lock()
		defer j.minted.mu.Unlock()
		delete(j.minted.ids, key)
	})
	return id, nil
}
