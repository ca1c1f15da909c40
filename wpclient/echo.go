package wpclient

import "context"

// Echo asks what the site sees of a signed request. It changes nothing there.
func (c *Client) Echo(ctx context.Context) (EchoResponse, error) {
	var out EchoResponse
	err := c.post(ctx, "echo", "/aidoc/v1/echo", struct{}{}, &out)
	return out, err
}
