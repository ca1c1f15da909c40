package journal

import "context"

// How tests look into a journal.

// Job returns one job; false where the journal does not know it.
func (j *Journal) Job(ctx context.Context, site string, jobID int64) (JobRecord, bool, error) {
	found, err := j.queryJobs(ctx, `WHERE site=? AND job_id=?`, site, jobID)
	if err != nil || len(found) == 0 {
		return JobRecord{}, false, err
	}
	return found[0], true, nil
}

// Outbox lists all items, buried ones too, without their bodies; oldest first.
func (j *Journal) Outbox(ctx context.Context) ([]Item, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT `+itemColumns+` FROM outbox ORDER BY created_at, id`)
	if err != nil {
		return nil, j.wrap("read the outbox", err)
	}
	defer rows.Close()
	var out []Item
	for rows.Next() {
		it, err := scanItem(rows)
		if err != nil {
			return nil, j.wrap("read the outbox", err)
		}
		out = append(out, it)
	}
	return out, j.wrap("read the outbox", rows.Err())
}
