package wptest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

const bellPath = "/wp-content/uploads/aidoc/bell-5f0c1d.txt"

func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, s.path)
	route := ""
	switch {
	case !ok:
	case path == "/" && r.URL.Query().Has("rest_route"):
		route = r.URL.Query().Get("rest_route")
	case strings.HasPrefix(path, "/wp-json/") && !s.plain:
		route = strings.TrimPrefix(path, "/wp-json")
	}
	switch {
	case strings.HasPrefix(route, "/aidoc/v1/"):
		s.agentRoute(w, r, route)
	case route == "/":
		s.index(w)
	case route != "":
		writeError(w, nil, 404, "rest_no_route", "No route was found matching the URL and request method.")
	case ok && path == bellPath:
		s.serveBell(w, r)
	case ok && strings.HasPrefix(path, uploadsPath):
		s.servePublic(w, r, path)
	case ok && path == "/":
		w.Header().Set("Link", "<"+s.Site().RESTRoot+`>; rel="https://api.w.org/"`)
		fmt.Fprint(w, "<!DOCTYPE html><title>Fake Site</title>")
	default:
		http.NotFound(w, r)
	}
}

func (s *Site) index(w http.ResponseWriter) {
	namespaces := []string{"oembed/1.0", "wp/v2", "aidoc/v1"}
	s.mu.Lock()
	if s.inactive {
		namespaces = namespaces[:2]
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	json.NewEncoder(w).Encode(map[string]any{"name": siteName, "home": s.URL(), "url": s.URL(), "namespaces": namespaces})
}

func (s *Site) serveBell(w http.ResponseWriter, r *http.Request) {
	if f := s.faultFor(r); f.before(w, r) {
		return
	}
	s.mu.Lock()
	content := fmt.Sprint(s.bellCount)
	s.mu.Unlock()
	w.Header().Set("ETag", `"`+content+`"`)
	http.ServeContent(w, r, "bell.txt", time.Time{}, strings.NewReader(content))
}

// agentRoute reads, plays faults, verifies, dispatches and signs.
func (s *Site) agentRoute(w http.ResponseWriter, r *http.Request, route string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		return
	}
	fault := s.faultFor(r)
	rec := Record{Method: r.Method, Route: route, Fault: fault.Kind, At: time.Now()}
	defer func() {
		s.mu.Lock()
		s.records = append(s.records, rec)
		s.notify()
		s.mu.Unlock()
	}()
	if fault.before(w, r) {
		return
	}
	route, body = fault.change(r, route, body)
	a := s.answer(r, route, body)
	if fault.Kind == Enveloped {
		a = a.enveloped()
	}
	rec.KeyID, rec.Status, rec.Code = a.keyID, a.status, a.code
	s.send(w, r, a, fault)
}

func (s *Site) answer(r *http.Request, route string, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inactive {
		return refuse(404, "rest_no_route", "No route was found matching the URL and request method.", nil)
	}
	v := Verifier{Site: s.URL(), Now: s.now(), Lookup: s.lookup, Seen: s.seen}
	a := objection(r, route, body)
	verdict := Verdict{KeyID: s.named(r)}
	if a.status == 0 {
		verdict = v.Verify(r.Method, route, r.Header, body)
		if code := verdict.Code; code != "" {
			a = refuse(refusalStatus[code], code, "The signature is refused.", map[string]any{"server_now_ms": s.now().UnixMilli(), "site": s.URL()})
		} else {
			a = s.dispatch(r, route, verdict.KeyID, body)
		}
	}
	a.keyID = verdict.KeyID
	if a.tag == "" {
		a.tag = verdict.Tag()
	}
	a.secret, _ = s.lookup(verdict.KeyID)
	if strings.HasPrefix(verdict.KeyID, "ae_") {
		a.signer, a.secret = s.siteKeyID(), s.seed
	}
	return a
}

// objection is what speaks against a request although no signature covers it; its status is 0 where nothing does.
func objection(r *http.Request, route string, body []byte) answer {
	q := r.URL.Query()
	q.Del("rest_route")
	limit := 1 << 20
	if route == "/aidoc/v1/result" {
		limit = 4 << 20
	}
	switch {
	case len(q) > 0 || r.Header.Get("X-HTTP-Method-Override") != "":
		return refuse(400, wpclient.CodeQueryRefused, "Agent routes take no query.", nil)
	case len(body) > limit:
		return refuse(413, wpclient.CodeBodyTooLarge, "The request is too large.", nil)
	}
	return answer{}
}

// named is the key that a request names, where the site has it.
func (s *Site) named(r *http.Request) string {
	id := keyIDOf(r)
	if secret, _ := s.lookup(id); secret == nil {
		return ""
	}
	return id
}

var refusalStatus = map[string]int{
	"aidoc_signature_missing": 401, "aidoc_signature_malformed": 400, "aidoc_key_unknown": 401, "aidoc_key_revoked": 403,
	"aidoc_clock_skew": 401, "aidoc_digest_mismatch": 400, "aidoc_signature_invalid": 401, "aidoc_wrong_route": 421,
	"aidoc_wrong_site": 421, "aidoc_replayed": 409, "aidoc_token_used": 403, "aidoc_token_expired": 403,
}

func (s *Site) lookup(keyID string) ([]byte, string) {
	if t := s.tokens[keyID]; t != nil {
		switch {
		case t.used:
			return t.secret, wpclient.CodeTokenUsed
		case time.Now().After(t.expires):
			return t.secret, wpclient.CodeTokenExpired
		}
		return t.secret, ""
	}
	k := s.keys[keyID]
	switch {
	case k == nil:
		return nil, ""
	case k.revoked:
		return k.check(), wpclient.CodeKeyRevoked
	}
	return k.check(), ""
}

func (s *Site) seen(keyID, nonce string) bool {
	if s.nonces[keyID+nonce] {
		return true
	}
	s.nonces[keyID+nonce] = true
	if k := s.keys[keyID]; k != nil && k.old != "" { // first use of a rotated key kills the old one
		if old := s.keys[k.old]; old != nil {
			old.revoked = true
		}
		k.old = ""
	}
	return false
}

// send signs and writes an answer, and plays the faults that come after the work.
func (s *Site) send(w http.ResponseWriter, r *http.Request, a answer, fault Fault) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	h.Set("Cache-Control", "no-store, private")
	s.mu.Lock()
	change := s.rewrite
	s.mu.Unlock()
	if change != nil {
		a.body = change(r.Header.Get("X-Aidoc-Route"), a.body)
	}
	if a.secret != nil && fault.Kind != Unsigned {
		secret, request := a.secret, r.Header.Get("Signature")
		switch fault.Kind {
		case Forged:
			secret = bytes.Repeat([]byte{7}, len(secret))
		case Cached:
			request = "aidoc=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"
		}
		digest := a.digest
		if digest == "" {
			digest = DigestOf(a.body)
		}
		s.mu.Lock()
		now := s.now()
		s.mu.Unlock()
		SignAnswer(h, a.tag, cmp.Or(a.signer, a.keyID), secret, request, a.status, digest, now)
	}
	body := a.body
	switch fault.Kind {
	case DropAnswer:
		panic(http.ErrAbortHandler)
	case WrongBody:
		body = bytes.Clone(body)
		body[len(body)/2] ^= 1
	case StrayOutput:
		body = append([]byte("\xef\xbb\xbf<br />\n<b>Warning</b>: Undefined array key \"x\" in {closure}() on line <b>3</b><br />\n"), body...)
	case Truncate:
		h.Set("Content-Length", fmt.Sprint(len(body)))
		w.WriteHeader(a.status)
		w.Write(body[:len(body)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(a.status)
	w.Write(body)
}
