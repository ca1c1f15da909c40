package wpclient

import (
	"context"
	"fmt"
	"log/slog"
)

// RotateRequest asks for a second key.
type RotateRequest struct {
	PublicKey string `json:"public_key,omitempty"`
}

// RotateResponse brings a second key; the first is revoked when this one is used.
type RotateResponse struct {
	NewKey
}

// Rotate asks for a second key. Store it before the first use: the present key is revoked when the new one is used. A public key
// is followed by a public key, a shared secret by one where the site demands it.
func (c *Client) Rotate(ctx context.Context) (RotateResponse, error) {
	want := c.opt.Identity
	if c.key.Identity() == IdentityEd25519 {
		want = IdentityEd25519
	}
	return offering(want, func(public string, private Secret) (RotateResponse, error) {
		out := RotateResponse{NewKey: NewKey{private: private}}
		if err := c.post(ctx, "rotate", "/aidoc/v1/rotate", RotateRequest{PublicKey: public}, &out); err != nil {
			return RotateResponse{}, err
		}
		return out, nil
	})
}

func (r *RotateResponse) missing() string {
	_, err := r.Key()
	return firstMissing(field{"secret", err == nil})
}

func (r RotateResponse) Format(f fmt.State, _ rune) {
	r.NewKey.Format(f, 'v')
}

func (r RotateResponse) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }
