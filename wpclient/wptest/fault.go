package wptest

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a way to misbehave.
type FaultKind string

const (
	None        FaultKind = ""
	DropRequest FaultKind = "drop request" // close the connection before the site sees the request
	DropAnswer  FaultKind = "drop answer"  // do the work, then close the connection
	Truncate    FaultKind = "truncate"     // do the work, send half of the body
	HTML200     FaultKind = "html 200"     // a web page with status 200; the site does not see the request
	HTML403     FaultKind = "html 403"     // a firewall's page
	BadGateway  FaultKind = "bad gateway"  // 502 with a proxy's page
	Unavailable FaultKind = "unavailable"  // 503 with Retry-After
	Empty       FaultKind = "empty"        // 200 without a body
	Huge        FaultKind = "huge"         // a body of Size bytes, 100 MB by default
	Unsigned    FaultKind = "unsigned"     // do the work, strip the signature
	Forged      FaultKind = "forged"       // do the work, sign with another secret
	Cached      FaultKind = "cached"       // do the work, send the signature of another request's answer
	WrongBody   FaultKind = "wrong body"   // do the work, change the body after signing
	StrayOutput FaultKind = "stray output" // do the work, print a byte order mark and a notice before the signed body
	Redirect    FaultKind = "redirect"     // 301 to another address
	Hang        FaultKind = "hang"         // no answer until Hold is closed or the agent hangs up

	// A middlebox changes the request; the site refuses what it did not verify, and signs that.
	Queried    FaultKind = "queried"    // ?utm=1 is appended
	Padded     FaultKind = "padded"     // white space up to more than the site takes
	Overridden FaultKind = "overridden" // X-HTTP-Method-Override is added
	Rewritten  FaultKind = "rewritten"  // a byte of the body is another one
	Rerouted   FaultKind = "rerouted"   // sent to another route, whose refusal the site signs as verified
	Relabelled FaultKind = "relabelled" // the header that names a file's lease names another epoch

	// Answers that anybody can make, and one that an older plugin signs over whatever it refused.
	Denied    FaultKind = "denied"    // 401 aidoc_key_unknown, unsigned
	Mistaken  FaultKind = "mistaken"  // 401 aidoc_signature_invalid, with a signature that does not fit
	Enveloped FaultKind = "enveloped" // 200 with the refusal inside
)

// OnPath are the faults that change any request without the key.
var OnPath = []FaultKind{Queried, Padded, Overridden, Rewritten, Rerouted}

// Fault is what to do to one request.
type Fault struct {
	Kind       FaultKind
	Hold       <-chan struct{} // wait for this before anything else
	RetryAfter time.Duration   // of Unavailable
	Size       int             // of Huge
	Title      string          // of a web page, in place of its own
}

// Fault sets the hook that is asked before each request to an agent route or the doorbell; nil removes it.
func (s *Site) Fault(f func(r *http.Request) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// FaultOnce applies f to the first request whose route ends in suffix, and to no other.
func (s *Site) FaultOnce(suffix string, f Fault) {
	done := make(chan struct{}, 1)
	done <- struct{}{}
	s.Fault(func(r *http.Request) Fault {
		if !strings.HasSuffix(r.Header.Get("X-Aidoc-Route"), suffix) {
			return Fault{}
		}
		select {
		case <-done:
			return f
		default:
			return Fault{}
		}
	})
}

func (s *Site) faultFor(r *http.Request) Fault {
	s.mu.Lock()
	hook := s.fault
	s.mu.Unlock()
	if hook == nil {
		return Fault{}
	}
	return hook(r)
}

const page = "<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>"

// before plays the faults that keep the request from the site. It reports whether the request is finished.
func (f Fault) before(w http.ResponseWriter, r *http.Request) bool {
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	html := func(status int, title string) bool {
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		if f.Title != "" {
			title = f.Title
		}
		w.WriteHeader(status)
		w.Write([]byte(strings.ReplaceAll(page, "%s", title)))
		return true
	}
	switch f.Kind {
	case DropRequest:
		panic(http.ErrAbortHandler)
	case Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case HTML200:
		return html(200, "Just a moment...")
	case HTML403:
		return html(403, "403 Forbidden")
	case BadGateway:
		return html(502, "502 Bad Gateway")
	case Unavailable:
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter/time.Second)))
		return html(503, "Briefly unavailable for scheduled maintenance")
	case Denied:
		writeError(w, nil, 401, "aidoc_key_unknown", "This site does not know the key.")
		return true
	case Mistaken:
		SignAnswer(w.Header(), TagRefusal, keyIDOf(r), []byte("not the key"), r.Header.Get("Signature"), 401, DigestOf(nil), time.Now())
		writeError(w, nil, 401, "aidoc_signature_invalid", "The signature does not fit the request.")
		return true
	case Redirect:
		http.Redirect(w, r, "https://elsewhere.example/", http.StatusMovedPermanently)
		return true
	case Empty:
		w.WriteHeader(200)
		return true
	case Huge:
		writeHuge(w, f.Size)
		return true
	}
	return false
}

func keyIDOf(r *http.Request) string {
	if in := inputForm.FindStringSubmatch(r.Header.Get("Signature-Input")); in != nil {
		return in[4]
	}
	return ""
}

// change plays the faults of a middlebox and returns what arrives at the site.
func (f Fault) change(r *http.Request, route string, body []byte) (string, []byte) {
	switch f.Kind {
	case Queried:
		query := r.URL.Query()
		query.Set("utm", "1")
		r.URL.RawQuery = query.Encode()
	case Padded:
		body = append(bytes.Clone(body), bytes.Repeat([]byte(" "), 4<<20)...)
	case Overridden:
		r.Header.Set("X-HTTP-Method-Override", "PUT")
	case Rewritten:
		body = append(bytes.Clone(body), ' ')
	case Relabelled:
		r.Header.Set("X-Aidoc-Lease", "999"+r.Header.Get("X-Aidoc-Lease"))
	case Rerouted:
		if route = "/aidoc/v1/echo"; r.Header.Get("X-Aidoc-Route") == route {
			route = "/aidoc/v1/rotate"
		}
	}
	return route, body
}

func writeHuge(w http.ResponseWriter, size int) {
	if size == 0 {
		size = 100 << 20
	}
	w.Header().Set("Content-Type", "application/json")
	chunk := []byte(strings.Repeat(" ", 64<<10))
	for ; size > 0; size -= len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}
