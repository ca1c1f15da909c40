package wpclient

import "context"

// Rotate asks for a second key. Store it before the first use: the present key dies when the new one is used. A public key
// is followed by a public key, a shared secret by one where the site demands it.
func (c *Client) Rotate(ctx context.Context) (RotateResponse, error) {
	want := c.opt.Identity
	if c.key.Identity() == IdentityEd25519 {
		want = IdentityEd25519
	}
	return offering(want, func(public string, private Secret) (out RotateResponse, err error) {
		out.private = private
		err = c.post(ctx, "rotate", "/aidoc/v1/rotate", RotateRequest{PublicKey: public}, &out)
		return out, err
	})
}
