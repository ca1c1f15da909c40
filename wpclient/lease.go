package wpclient

import (
	"context"
	"encoding/json"
)

// Lease asks the site for work. The same RequestID asked again returns the same leases while they live. Leases that
// make no sense are in Refused: they are not to be worked on.
func (c *Client) Lease(ctx context.Context, req LeaseRequest) (LeaseResponse, error) {
	const op = "lease"
	if req.Capabilities.MIMEs == nil {
		req.Capabilities.MIMEs = []string{} // the site wants lists, not null
	}
	if req.Capabilities.OCRLanguages == nil {
		req.Capabilities.OCRLanguages = []string{}
	}
	var out leaseAnswer
	if err := c.post(ctx, op, "/aidoc/v1/lease", req, &out); err != nil {
		return LeaseResponse{}, err
	}
	resp := out.LeaseResponse
	resp.Leases, resp.Refused = c.checkLeases(op, out.Leases)
	resp.NextPollMS = min(max(*out.NextPollMS, 0), maxPollMS)
	resp.Directive = resp.Directive.known()
	if resp.Doorbell != nil && !resp.Doorbell.check() {
		resp.Doorbell = nil
	}
	return resp, nil
}

// leaseAnswer is the answer before its leases are read one by one.
type leaseAnswer struct {
	LeaseResponse
	Leases     []json.RawMessage `json:"leases"`
	NextPollMS *int64            `json:"next_poll_ms"`
}

func (r *leaseAnswer) missing() string {
	return firstMissing(field{"leases", r.Leases != nil}, field{"next_poll_ms", r.NextPollMS != nil},
		field{"directive", r.Directive != ""}, field{"server_now_ms", r.ServerNowMS > 0})
}
