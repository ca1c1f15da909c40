package wptest

import (
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
	Redirect    FaultKind = "redirect"     // 301 to another address
	Hang        FaultKind = "hang"         // no answer until Hold is closed or the agent hangs up
)

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
