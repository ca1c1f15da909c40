package wpclient

import (
	"context"
	"encoding/json"
	"fmt"
)

// BeatRequest renews all leases an agent holds on a site.
type BeatRequest struct {
	Held  []Held     `json:"held"`
	Agent *AgentInfo `json:"agent,omitempty"`
}

// Held is the progress of one lease in a beat.
type Held struct {
	LeaseRef
	Phase      string          `json:"phase"` // download extract ocr summarise store report
	Done       int             `json:"done"`
	Total      int             `json:"total"`
	Note       string          `json:"note,omitempty"`
	Checkpoint json.RawMessage `json:"checkpoint,omitempty"`
	Spent      *Spent          `json:"spent,omitempty"` // only where the lease has a Budget
}

// BeatResponse answers a BeatRequest, lease by lease.
type BeatResponse struct {
	Leases      []BeatLease `json:"leases"`
	Directive   Directive   `json:"directive"`
	ServerNowMS int64       `json:"server_now_ms"`

	Refused []error `json:"-"` // what is wrong with those of the answer that are not in Leases
}

// BeatLease is the state of one lease after a beat.
type BeatLease struct {
	JobID  int64  `json:"job_id"`
	Epoch  int64  `json:"epoch"`
	Status string `json:"status"` // ok, cancel, lost
	TTLMS  int64  `json:"ttl_ms"`
	BeatMS int64  `json:"beat_ms"`
	Reason string `json:"reason,omitempty"` // aidoc_lease_lost, aidoc_cancelled, aidoc_source_changed
}

// Beat renews all leases of req and reports their progress. A lease whose state makes no sense is in Refused: it was
// not renewed, for all the agent knows.
func (c *Client) Beat(ctx context.Context, req BeatRequest) (BeatResponse, error) {
	const op = "beat"
	if req.Held == nil {
		req.Held = []Held{}
	}
	var out beatAnswer
	if err := c.post(ctx, op, "/aidoc/v1/beat", req, &out); err != nil {
		return BeatResponse{}, err
	}
	resp := out.BeatResponse
	resp.Leases, resp.Refused = c.checkBeats(op, out.Leases, len(req.Held))
	resp.Directive = resp.Directive.known()
	return resp, nil
}

func (c *Client) checkBeats(op string, raw []json.RawMessage, held int) (good []BeatLease, bad []error) {
	good = []BeatLease{}
	for i, r := range raw {
		if i == max(held, maxLeases) {
			return good, append(bad, c.malformed(op, fmt.Sprintf("%d leases, more than are held", len(raw))))
		}
		var b BeatLease
		why := "a field has the wrong type"
		if json.Unmarshal(r, &b) == nil {
			why = b.check()
		}
		if why != "" {
			bad = append(bad, c.malformed(op, fmt.Sprintf("job %d: %s", b.JobID, why)))
			continue
		}
		good = append(good, b)
	}
	return good, bad
}

// beatAnswer is the answer before its leases are read one by one.
type beatAnswer struct {
	BeatResponse
	Leases []json.RawMessage `json:"leases"`
}

func (r *beatAnswer) missing() string {
	return firstMissing(field{"leases", r.Leases != nil}, field{"directive", r.Directive != ""}, field{"server_now_ms", r.ServerNowMS > 0})
}
