package retention

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// maxMeta bounds what is read of a description.
const maxMeta = 1 << 20

// one removes the objects of one job, or notes that they are not so old, or not this site's. Nothing is removed by what the journal alone says:
// another agent may have done the job again since.
func (k Keeper) one(ctx context.Context, site string, s journal.Stored, before time.Time) (gone bool, err error) {
	names := artifact.Of(k.Key, site, s.JobID)
	keys, newest, err := k.objects(ctx, names)
	switch {
	case err != nil:
		return false, err
	case len(keys) == 0:
		return false, k.Journal.ForgetStored(ctx, site, s.JobID)
	case !newest.Before(before):
		return false, k.Journal.NoteStored(ctx, site, journal.Stored{JobID: s.JobID, At: newest})
	}
	mine, digest, err := k.ofSite(ctx, site, names, s.Own)
	if err != nil {
		return false, err
	}
	if !mine {
		k.Log.Warn("old objects are left where they are: nothing says that they are this site's", "job_id", s.JobID, "folder", names.Folder())
		return false, k.Journal.ForgetStored(ctx, site, s.JobID)
	}
	if k.Shared != nil && digest != "" {
		if err := k.Shared(ctx, site, digest, before); err != nil {
			return false, err
		}
	}
	for _, key := range keys {
		again, err := k.remove(ctx, key, before)
		if err != nil {
			return false, err
		}
		if !again.IsZero() { // somebody is storing the job at this moment
			return false, k.Journal.NoteStored(ctx, site, journal.Stored{JobID: s.JobID, At: again})
		}
	}
	k.Log.Info("removed what was stored of a job: it is older than store.keep", "site", site, "job_id", s.JobID, "objects", len(keys))
	return true, k.Journal.ForgetStored(ctx, site, s.JobID)
}

// objects are the keys of a job, its description last: as long as anything is left, it says whose it is.
func (k Keeper) objects(ctx context.Context, names artifact.Job) (keys []string, newest time.Time, err error) {
	for o, err := range k.Store.List(ctx, names.Folder()) {
		if err != nil {
			return nil, newest, err
		}
		keys = append(keys, o.Key)
		newest = later(newest, o.ModTime)
	}
	if i := slices.Index(keys, names.Meta()); i >= 0 {
		keys = append(slices.Delete(keys, i, i+1), names.Meta())
	}
	return keys, newest, nil
}

// remove looks once more before it deletes; the time is not zero where the object is new.
func (k Keeper) remove(ctx context.Context, key string, before time.Time) (time.Time, error) {
	o, err := k.Store.Stat(ctx, key)
	if errors.Is(err, objectstore.ErrNotFound) {
		return time.Time{}, nil
	}
	if err == nil && !o.ModTime.Before(before) {
		return o.ModTime, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Time{}, k.Store.Delete(ctx, key)
}

// ofSite tells whether the objects are this site's, and of which file: their description says so, or there is none and this agent has put them
// there. Two sites that share a bucket by mistake have jobs of the same numbers.
func (k Keeper) ofSite(ctx context.Context, site string, names artifact.Job, own bool) (mine bool, digest string, err error) {
	body, _, err := k.Store.Get(ctx, names.Meta())
	if errors.Is(err, objectstore.ErrNotFound) {
		return own, "", nil
	}
	if err != nil {
		return false, "", err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, maxMeta))
	if err != nil {
		return false, "", err
	}
	var meta struct {
		Site   string `json:"site"`
		SHA256 string `json:"sha256"`
	}
	mine = json.Unmarshal(raw, &meta) == nil && meta.Site == site
	return mine, meta.SHA256, nil
}
