package linear

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
)

var errDropped = errors.New("dropped on the way")

// flaky loses some requests before the site hears of them and some answers after. It serves one client, which does
// one thing at a time.
type flaky struct {
	base     http.RoundTripper
	rng      *rand.Rand
	calm     bool // lose nothing
	answered atomic.Bool
}

func (f *flaky) RoundTrip(req *http.Request) (*http.Response, error) {
	f.answered.Store(true)
	lot := f.rng.Float64()
	if !f.calm && lot < 0.01 {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, errDropped // the site never heard of it: nothing is still to come
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
