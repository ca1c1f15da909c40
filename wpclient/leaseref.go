package wpclient

import (
	"encoding/json"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// LeaseRef is the fencing token of one lease.
type LeaseRef struct {
	JobID      int64  `json:"job_id"`
	Epoch      int64  `json:"epoch"`
	LeaseToken string `json:"lease_token"`
}

var tokenForm = pattern.Lazily(`\A[A-Za-z0-9_-]{22}\z`)

func (ref LeaseRef) valid() bool {
	return ref.JobID > 0 && ref.Epoch > 0 && tokenForm.MatchString(ref.LeaseToken)
}

// readRef takes the fencing token out of a lease of whatever shape.
func readRef(raw json.RawMessage) LeaseRef {
	var fields map[string]json.RawMessage
	var ref LeaseRef
	if json.Unmarshal(raw, &fields) != nil ||
		json.Unmarshal(fields["job_id"], &ref.JobID) != nil ||
		json.Unmarshal(fields["epoch"], &ref.Epoch) != nil ||
		json.Unmarshal(fields["lease_token"], &ref.LeaseToken) != nil {
		return LeaseRef{}
	}
	return ref
}
