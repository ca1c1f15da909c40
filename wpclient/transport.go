package wpclient

import (
	"context"
	"io"
	"net/http"
)

type routeKey struct{}

func withRoute(ctx context.Context, route string) context.Context {
	return context.WithValue(ctx, routeKey{}, route)
}

// signingTransport signs each attempt on a copy of the request, over the bytes that will really travel, and leaves
// that copy on the response: the answer is verified against the request that was sent, not one like it.
type signingTransport struct {
	base   http.RoundTripper
	signer signer
}

func (t *signingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	route, ok := req.Context().Value(routeKey{}).(string)
	if !ok { // nothing of this package sends such a request; fail rather than send it unsigned
		return nil, &Error{Op: "sign", Kind: Invalid, Message: "a request without a route cannot be signed"}
	}
	body, err := exactBody(req)
	if err != nil {
		return nil, err
	}
	signed := req.Clone(req.Context())
	t.signer.sign(signed.Header, signed.Method, route, body)
	resp, err := t.base.RoundTrip(signed)
	if resp != nil {
		resp.Request = signed
	}
	return resp, err
}

// exactBody reads a copy of the body; a body that can be read only once could not be signed and sent.
func exactBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	if req.GetBody == nil {
		return nil, &Error{Op: "sign", Kind: Invalid, Message: "a request body that can be read only once cannot be signed"}
	}
	r, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
