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
	type answer LeaseResponse
	var out struct {
		answer
		Leases []json.RawMessage `json:"leases"`
	}
	if err := c.post(ctx, op, "/aidoc/v1/lease", req, &out); err != nil {
		return LeaseResponse{}, err
	}
	resp := LeaseResponse(out.answer)
	resp.Leases, resp.Refused = c.checkLeases(op, out.Leases)
	resp.NextPollMS = min(max(resp.NextPollMS, 0), maxPollMS)
	resp.Directive = resp.Directive.known()
	if resp.Doorbell != nil && !resp.Doorbell.check() {
		resp.Doorbell = nil
	}
	return resp, nil
}
