package wpclient

import "context"

// Lease asks the site for work. The same RequestID asked again returns the same leases while they live.
func (c *Client) Lease(ctx context.Context, req LeaseRequest) (LeaseResponse, error) {
	if req.Capabilities.MIMEs == nil {
		req.Capabilities.MIMEs = []string{} // the site wants lists, not null
	}
	if req.Capabilities.OCRLanguages == nil {
		req.Capabilities.OCRLanguages = []string{}
	}
	var out LeaseResponse
	err := c.post(ctx, "lease", "/aidoc/v1/lease", req, &out)
	return out, err
}
