package linear

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
)

var (
	errDropped = errors.New("dropped on the way")

	// errTrusted: an agent that took the answer to such a request for the site's word could throw a result away.
	errTrusted = errors.New("the answer to a request that was changed on its way was trusted")
)

// flaky loses some requests before the site hears of them and some answers after, and changes some requests as a box on
// the way could. It serves one client, which does one thing at a time.
type flaky struct {
	base     http.RoundTripper
	rng      *rand.Rand
	calm     bool // lose and change nothing
	answered atomic.Bool
	changed  atomic.Bool // the last request did not reach the site as it was signed
}

func (f *flaky) RoundTrip(req *http.Request) (*http.Response, error) {
	f.answered.Store(true)
	f.changed.Store(false)
	lot := f.rng.Float64()
	if !f.calm && lot > 0.97 {
		f.changed.Store(true)
		var err error
		if req, err = f.change(req); err != nil {
			return nil, err
		}
	}
	if !f.calm && lot < 0.01 {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, errDropped // the request never reached the site: nothing is still to come
	}
	f.answered.Store(false)
	resp, err := f.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if !f.calm && lot < 0.04 {
		_, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		f.answered.Store(err == nil)
		return nil, errDropped
	}
	f.answered.Store(true)
	return resp, nil
}

// change does one of the things that nobody needs a key for.
func (f *flaky) change(req *http.Request) (*http.Request, error) {
	out := req.Clone(req.Context())
	query := out.URL.Query()
	switch f.rng.IntN(8) {
	case 0, 1:
		query.Set("utm", "1")
	case 2, 3:
		query.Set("_envelope", "1")
	case 4:
		query.Set("_method", "GET")
	case 5:
		out.Header.Set("X-HTTP-Method-Override", "PUT")
	case 6:
		return out, longer(out, "\n")
	case 7:
		return out, longer(out, strings.Repeat(" ", 4<<20))
	}
	out.URL.RawQuery = query.Encode()
	return out, nil
}

func longer(req *http.Request, tail string) error {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return err
	}
	req.Body.Close()
	body = append(body, tail...)
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.GetBody = nil
	return nil
}
