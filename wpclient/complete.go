package wpclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A complete answer has every field that docs/protocol.md, section 4, does not mark optional. That the site signed it is
// not enough: an older plugin signs whatever other plugins make of an answer.
type completable interface {
	// missing names the first field that is not there or not what it must be, or returns "".
	missing() string
}

var errNoObject = errors.New("not a JSON object")

// decode reads a verified answer into out and refuses one that is not complete.
func decode(body []byte, out completable) error {
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '{' {
		return errNoObject
	}
	if err := json.Unmarshal(body, out); err != nil {
		return err
	}
	if name := out.missing(); name != "" {
		return fmt.Errorf("the field %q is missing or wrong", name)
	}
	return nil
}

// field is a check of one field.
type field struct {
	name string
	ok   bool
}

func firstMissing(fields ...field) string {
	for _, f := range fields {
		if !f.ok {
			return f.name
		}
	}
	return ""
}

func (r *ResultResponse) missing() string {
	return firstMissing(field{"status", r.Status == "accepted" || r.Status == "already_accepted"},
		field{"job_id", r.JobID > 0}, field{"post_id", r.PostID > 0})
}

func (r *FailResponse) missing() string {
	return firstMissing(field{"state", r.State == "queued" || r.State == "failed"}, field{"max_attempts", r.MaxAttempts > 0})
}

func (r *ReleaseResponse) missing() string {
	return firstMissing(field{"released", r.Released != nil}, field{"lost", r.Lost != nil})
}

func (r *JoinResponse) missing() string {
	_, err := r.Key()
	return firstMissing(field{"secret", err == nil}, field{"agent", r.Agent.ID > 0}, field{"site", r.Site.URL != ""}, field{"limits", r.Limits.complete()})
}

func (r *RotateResponse) missing() string {
	_, err := r.Key()
	return firstMissing(field{"secret", err == nil})
}

func (r *EchoResponse) missing() string {
	return firstMissing(field{"route", r.Route != ""}, field{"method", r.Method != ""}, field{"site", r.Site != ""}, field{"headers", r.Headers != nil},
		field{"agent", r.Agent.ID > 0}, field{"limits", r.Limits.complete()}, field{"server_now_ms", r.ServerNowMS > 0})
}

func (l Limits) complete() bool { return l.MaxBytes > 0 && l.TTLMS > 0 && l.BeatMS > 0 }
