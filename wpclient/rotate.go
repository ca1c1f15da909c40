package wpclient

import "context"

// Rotate asks for a second key. Store it before the first use: the present key dies when the new one is used.
func (c *Client) Rotate(ctx context.Context) (RotateResponse, error) {
	var out RotateResponse
	if err := c.post(ctx, "rotate", "/aidoc/v1/rotate", struct{}{}, &out); err != nil {
		return RotateResponse{}, err
	}
	return out, nil
}

// Key returns the key that a rotation brought.
func (r RotateResponse) Key() (Key, error) { return newKey("rotate", r.KeyID, r.Secret) }
