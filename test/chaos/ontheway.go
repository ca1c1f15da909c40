package chaos

import (
	"bytes"
	"net/http"
	"slices"
)

// padding makes every body longer than the 4 MiB that a site takes of a result.
const padding = 4<<20 + 1

// change returns what is left of a request when a box on the way has had it.
func change(r *http.Request, body []byte, f Fault) (*http.Request, []byte) {
	if !slices.Contains(onTheWay, f) {
		return r, body
	}
	r = r.Clone(r.Context())
	switch f {
	case Query:
		appendQuery(r, "utm=1")
	case Envelope:
		appendQuery(r, "_envelope=1")
	case Pad:
		body = append(bytes.Clone(body), bytes.Repeat([]byte(" "), padding)...)
	case Rewrite:
		body = append(bytes.Clone(body), '\n')
	case Override:
		r.Header.Set("X-HTTP-Method-Override", "PUT")
	}
	return r, body
}

func appendQuery(r *http.Request, q string) {
	if r.URL.RawQuery != "" {
		q = r.URL.RawQuery + "&" + q
	}
	r.URL.RawQuery = q
}

// verifyOnTheWay: a site takes no request that somebody changed, and no agent takes the refusal for final.
func (r *Report) verifyOnTheWay(f *Facts) {
	for _, x := range f.Exchanges {
		if x.Op != "doorbell" && slices.Contains(onTheWay, x.Fault) && x.Status != 0 && x.Status < 300 {
			r.broke("exchange %d (%s) was changed on its way (%s) and answered with %d", x.N, x.Op, x.Fault, x.Status)
		}
	}
	for _, j := range f.Jobs {
		if j.Code == "result_refused" {
			r.broke("job %d failed because an agent acted on a refusal that anybody can cause", j.ID)
		}
	}
}
