package wpclient

import "context"

// Beat renews all leases of req and reports their progress.
func (c *Client) Beat(ctx context.Context, req BeatRequest) (BeatResponse, error) {
	if req.Held == nil {
		req.Held = []Held{}
	}
	var out BeatResponse
	err := c.post(ctx, "beat", "/aidoc/v1/beat", req, &out)
	return out, err
}
