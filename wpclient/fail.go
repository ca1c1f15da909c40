package wpclient

import "context"

const maxFailMessage = 500 // characters, by the protocol

// Fail reports that an attempt ended without a result.
func (c *Client) Fail(ctx context.Context, req FailRequest) (FailResponse, error) {
	if r := []rune(req.Message); len(r) > maxFailMessage {
		req.Message = string(r[:maxFailMessage-1]) + "…"
	}
	var out FailResponse
	err := c.post(ctx, "fail", "/aidoc/v1/fail", req, &out)
	return out, err
}
