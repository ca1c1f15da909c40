package wpclient

import (
	"context"
	"encoding/json"
	"fmt"
)

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
