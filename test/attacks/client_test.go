//go:build attacks

package attacks

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Everything in this file, in answers_test.go and in public_test.go is written from docs/protocol.md, sections 2 and 3, and from RFC 9421 and 9530.

const (
	tagResponse = "aidoc-response" // the site's word on a request that it verified
	tagRefusal  = "aidoc-refusal"  // signed, but about a request that was not verified: never final
)

// Key is what an agent signs with: a join token or an agent key.
type Key struct {
	ID     string
	Secret []byte
	seal   sealer
}

// sealer is one of the two algorithms of the profile; the key id's prefix says which.
type sealer interface {
	sign(base string) []byte
	verify(keyID, base string, signature []byte) error
}

type macSealer struct {
	id     string
	secret []byte
}

func (m macSealer) sign(base string) []byte {
	mac := hmac.New(sha256.New, m.secret)
	mac.Write([]byte(base))
	return mac.Sum(nil)
}

func (m macSealer) verify(keyID, base string, signature []byte) error {
	if keyID != m.id {
		return fmt.Errorf("the answer names key %q, asked with %q", keyID, m.id)
	}
	if !hmac.Equal(m.sign(base), signature) {
		return errors.New("the MAC does not fit")
	}
	return nil
}

// macKey is a key of the profile's HMAC.
func macKey(id string, secret []byte) Key { return Key{id, secret, macSealer{id, secret}} }

// Wire is one request as it goes out; an attack changes it before or after it is signed.
type Wire struct {
	Method  string
	Route   string // as signed and, below the REST root, as asked for
	Site    string
	Header  http.Header // besides the profile's
	Body    []byte
	Created int64
	Nonce   string
	// Sent may change the finished request: the person on the path has the last word.
	Sent func(*http.Request)
}

// Client is an agent as docs/protocol.md describes one.
type Client struct {
	Root string // REST root, ends in a slash or in ?rest_route=/
	Site string
	Key  Key
}

var plain = &http.Client{
	Timeout:       time.Minute,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func uuid() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	b[6], b[8] = b[6]&15|64, b[8]&63|128
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// address is where a route is asked for.
func (c Client) address(route string) string {
	return strings.TrimSuffix(c.Root, "/") + route
}

// wire is a request with everything as it should be.
func (c Client) wire(method, route string, body any) Wire {
	w := Wire{Method: method, Route: route, Site: c.Site, Header: http.Header{}, Created: time.Now().Unix(), Nonce: token(16)}
	switch b := body.(type) {
	case nil:
	case []byte:
		w.Body = b
	default:
		w.Body, _ = json.Marshal(b)
	}
	return w
}

const requestComponents = `("@method" "x-aidoc-route" "x-aidoc-site" "content-digest")`

// request signs.
func (c Client) request(w Wire) (req *http.Request, signature string, err error) {
	params := fmt.Sprintf(`%s;created=%d;nonce="%s";keyid="%s";tag="aidoc-request"`, requestComponents, w.Created, w.Nonce, c.Key.ID)
	sum := digest(w.Body)
	base := strings.Join([]string{
		`"@method": ` + w.Method,
		`"x-aidoc-route": ` + w.Route,
		`"x-aidoc-site": ` + w.Site,
		`"content-digest": ` + sum,
		`"@signature-params": ` + params,
	}, "\n")
	signature = base64.StdEncoding.EncodeToString(c.Key.seal.sign(base))
	req, err = http.NewRequest(w.Method, c.address(w.Route), bytes.NewReader(w.Body))
	if err != nil {
		return nil, "", err
	}
	for name, values := range w.Header {
		req.Header[name] = values
	}
	if len(w.Body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("X-Aidoc-Route", w.Route)
	req.Header.Set("X-Aidoc-Site", w.Site)
	req.Header.Set("Content-Digest", sum)
	req.Header.Set("Signature-Input", "aidoc="+params)
	req.Header.Set("Signature", "aidoc=:"+signature+":")
	return req, signature, nil
}

// Send signs, sends and verifies the answer.
func (c Client) Send(t *testing.T, w Wire) Reply {
	t.Helper()
	req, signature, err := c.request(w)
	if err != nil {
		t.Fatal(err)
	}
	if w.Sent != nil {
		w.Sent(req)
	}
	resp, err := plain.Do(req)
	if err != nil {
		return Reply{Flaw: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	r := Reply{Status: resp.StatusCode, Header: resp.Header, Body: body}
	if err != nil {
		r.Flaw = err
		return r
	}
	var e struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(body, &e) == nil {
		r.Code = e.Code
	}
	r.Tag, r.Flaw = c.verify(r, signature)
	return r
}

// Call is Send of a request that is as it should be.
func (c Client) Call(t *testing.T, route string, body any) Reply {
	t.Helper()
	return c.Send(t, c.wire(http.MethodPost, route, body))
}

var keyPattern = regexp.MustCompile(`keyid="([a-z]{2}_[0-9a-f]{24})"`)

// keyOf is the key id that a request names.
func keyOf(h http.Header) string {
	if part := keyPattern.FindStringSubmatch(h.Get("Signature-Input")); part != nil {
		return part[1]
	}
	return ""
}

// discover finds the REST root as section 2 says: by the Link header of the site's home page.
func discover(t *testing.T, home string) (root string) {
	t.Helper()
	resp, err := plain.Get(home + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	for _, link := range resp.Header.Values("Link") {
		if ref, ok := strings.CutPrefix(link, "<"); ok && strings.Contains(link, `rel="https://api.w.org/"`) {
			ref, _, _ = strings.Cut(ref, ">")
			if u, err := url.Parse(ref); err == nil && u.Host != "" {
				return ref
			}
		}
	}
	t.Fatalf("%s names no REST root", home)
	return ""
}

// base64MAC is the older callback's signature.
func base64MAC(body, secret string) string {
	return base64.StdEncoding.EncodeToString(macSealer{secret: []byte(secret)}.sign(body))
}
