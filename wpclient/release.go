package wpclient

import "context"

// Release gives leases back unworked; it burns no attempt.
func (c *Client) Release(ctx context.Context, req ReleaseRequest) (ReleaseResponse, error) {
	if req.Leases == nil {
		req.Leases = []LeaseRef{}
	}
	var out ReleaseResponse
	err := c.post(ctx, "release", "/aidoc/v1/release", req, &out)
	return out, err
}
