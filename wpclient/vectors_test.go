package wpclient_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

type vectors struct {
	RawKeys []map[string]string `json:"keys"`
	SiteKey struct {
		KeyID     string `json:"key_id"`
		PublicKey string `json:"public_key"`
	} `json:"site_key"`
	Primitive []struct{ Name, Algorithm, Secret, Base, Signature string }
	Points    []struct {
		Name      string
		PublicKey string `json:"public_key"`
		OK        bool
	} `json:"public_keys"`
	Sites     []struct{ URL, Canonical string }
	Requests  []vector
	Responses []vector
}

type vector struct {
	Name, Expect, Secret, Nonce, Body, Base, Method, Route, Site string

	KeyID            string `json:"key_id"`
	AgentKeyID       string `json:"agent_key_id"`
	Created, Now     int64
	Headers          map[string]string
	SeenNonces       []string `json:"seen_nonces"`
	Status           int
	RequestSignature string `json:"request_signature"`
	AnswerTag        string `json:"answer_tag"`
	Tag              string
	File             bool
}

func load(t testing.TB) vectors {
	t.Helper()
	raw, err := os.ReadFile("../test/vectors/signing.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Requests) < 50 || len(v.Responses) < 30 {
		t.Fatalf("only %d requests and %d responses", len(v.Requests), len(v.Responses))
	}
	return v
}

func bin(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (v vector) header() http.Header {
	h := http.Header{}
	for name, value := range v.Headers {
		h.Set(name, value)
	}
	return h
}

func TestPrimitive(t *testing.T) {
	for _, p := range load(t).Primitive {
		key := wpclient.Key{KeyID: map[string]string{"hmac-sha256": "ak_", "ed25519": "ae_"}[p.Algorithm], Secret: bin(t, p.Secret)}
		if got := wpclient.SignBaseForTest(key, p.Base); got != ":"+p.Signature+":" {
			t.Errorf("%s: got %s, want %s", p.Name, got, p.Signature)
		}
	}
}

func TestPublicKeys(t *testing.T) {
	for _, p := range load(t).Points {
		if _, err := wpclient.ParseSiteKey("sk_0123456789abcdef01234567", p.PublicKey); (err == nil) != p.OK {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

// pinned is the key of the agent that an answer came to.
func (v vectors) pinned(t *testing.T, c vector) wpclient.Key {
	t.Helper()
	for _, k := range v.RawKeys {
		if k["key_id"] == c.AgentKeyID && k["public_key"] == "" {
			return wpclient.Key{KeyID: c.AgentKeyID, Secret: bin(t, k["secret"])}
		}
	}
	site, err := wpclient.ParseSiteKey(v.SiteKey.KeyID, v.SiteKey.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return wpclient.Key{KeyID: c.AgentKeyID, Secret: make([]byte, 32), Site: site}
}

func TestCanonicalSite(t *testing.T) {
	for _, s := range load(t).Sites {
		if got, err := wpclient.CanonicalSite(s.URL); err != nil || got != s.Canonical {
			t.Errorf("%s: got %s, %v, want %s", s.URL, got, err, s.Canonical)
		}
	}
	for _, bad := range []string{"", "www.example.org", "ftp://example.org", "https://", "/blog", "https:example.org", "javascript:alert(1)"} {
		if got, err := wpclient.CanonicalSite(bad); err == nil {
			t.Errorf("%q: taken as %s", bad, got)
		}
	}
}

// The client signs every valid case byte for byte as the generator, the plugin and the other library do.
func TestSigner(t *testing.T) {
	for _, v := range load(t).Requests {
		if v.Expect != "ok" {
			continue
		}
		h := http.Header{}
		key := wpclient.Key{KeyID: v.KeyID, Secret: bin(t, v.Secret)}
		wpclient.SignForTest(h, key, v.Site, v.Method, v.Route, bin(t, v.Body), v.Created, v.Nonce)
		for name, want := range v.header() {
			if got := h[name]; !slices.Equal(got, want) {
				t.Errorf("%s: %s\n got %s\nwant %s", v.Name, name, got, want)
			}
		}
	}
}

// The fake site's verifier, which the agent's tests rest on, says of each case what the protocol says.
func TestRequestVectors(t *testing.T) {
	all := load(t)
	for _, v := range all.Requests {
		t.Run(v.Name, func(t *testing.T) {
			verifier := wptest.Verifier{
				Site: v.Site, Now: time.Unix(v.Now, 0),
				Lookup: func(keyID string) ([]byte, string) {
					for _, k := range all.RawKeys {
						if k["key_id"] == keyID && k["state"] == "revoked" {
							return bin(t, k["secret"]+k["public_key"]), wpclient.CodeKeyRevoked
						}
						if k["key_id"] == keyID {
							return bin(t, k["secret"]+k["public_key"]), ""
						}
					}
					return nil, ""
				},
				Seen: func(_, nonce string) bool { return slices.Contains(v.SeenNonces, nonce) },
			}
			verdict := verifier.Verify(v.Method, v.Route, v.header(), bin(t, v.Body))
			if code := orOK(verdict.Code); code != v.Expect || verdict.Tag() != v.AnswerTag {
				t.Errorf("got %s, answered as %q, want %s, %q", code, verdict.Tag(), v.Expect, v.AnswerTag)
			}
		})
	}
}

func orOK(code string) string {
	if code == "" {
		return "ok"
	}
	return code
}

// The client trusts the valid answers and none of the others; nothing that is not the site's own word about a
// verified request is final.
func TestResponseVectors(t *testing.T) {
	refusals := 0
	all := load(t)
	for _, v := range all.Responses {
		t.Run(v.Name, func(t *testing.T) {
			err := wpclient.VerifyForTest(all.pinned(t, v), v.Now, v.Status, v.header(), bin(t, v.Body), v.RequestSignature, v.File)
			switch {
			case v.Expect == "ok" && v.Tag == wptest.TagRefusal:
				refusals++
				checkRefusal(t, v, err)
			case v.Expect == "ok":
				checkTrusted(t, v, err)
			default:
				checkRefused(t, v, err)
			}
		})
	}
	if refusals < 5 {
		t.Errorf("only %d refusals", refusals)
	}
}

// checkRefusal: the site's code is there to be shown, and nothing follows from it.
func checkRefusal(t *testing.T, v vector, err error) {
	var said struct{ Code string }
	_ = json.Unmarshal(bin(t, v.Body), &said)
	e := theError(t, err)
	if e.Kind != wpclient.Transient || e.Signed || e.Code != said.Code || e.Status != v.Status {
		t.Errorf("%+v", e)
	}
}

func checkTrusted(t *testing.T, v vector, err error) {
	if err == nil {
		if v.Status >= 300 {
			t.Error("a refusal was taken for a good answer")
		}
		return
	}
	if e := theError(t, err); !e.Signed || v.Status < 300 {
		t.Errorf("not trusted: %v", err)
	}
}

func checkRefused(t *testing.T, v vector, err error) {
	if err == nil {
		t.Fatal("trusted")
	}
	want := v.Expect
	if want == wpclient.CodeSignatureMissing {
		want = wpclient.CodeUnsigned
	}
	if e := theError(t, err); e.Signed || e.Kind != wpclient.Transient || e.Code != want {
		t.Errorf("want %s, transient: %+v", want, e)
	}
}

// The fake site signs as the generator does.
func TestFakeSiteSigner(t *testing.T) {
	for _, v := range load(t).Responses {
		if v.Expect != "ok" {
			continue
		}
		digest := v.Headers["content-digest"] + v.Headers["repr-digest"]
		h := http.Header{}
		wptest.SignAnswer(h, v.Tag, v.KeyID, bin(t, v.Secret), v.RequestSignature, v.Status, digest, time.Unix(v.Created, 0))
		for name, want := range v.header() {
			if got := h[name]; !slices.Equal(got, want) {
				t.Errorf("%s: %s\n got %s\nwant %s", v.Name, name, got, want)
			}
		}
	}
}

// The expressions of test/vectors/README.md.
var (
	answerForm = regexp.MustCompile(`\Aaidoc=\("@status" "(content|repr)-digest" "signature";req;key="aidoc"\);created=[1-9][0-9]{0,11};` +
		`keyid="(ak|jt|sk)_[0-9a-f]{24}";tag="aidoc-(response|refusal)"\z`)
	macForm     = regexp.MustCompile(`\Aaidoc=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:\z`)
	ed25519Form = regexp.MustCompile(`\Aaidoc=:[A-Za-z0-9+/]{85}[AQgw]==:\z`)
)

// Whatever a peer sends as headers, the parser neither panics nor takes a second spelling of the profile.
func FuzzParseAnswer(f *testing.F) {
	for _, v := range load(f).Responses {
		f.Add(v.Status, v.Headers["signature-input"], v.Headers["signature"], v.Headers["content-digest"])
	}
	f.Fuzz(func(t *testing.T, status int, input, signature, digest string) {
		h := http.Header{"Signature-Input": {input}, "Signature": {signature}, "Content-Digest": {digest}, "Repr-Digest": {digest}}
		params, code := wpclient.ParseAnswerForTest(status, h)
		if code != "" {
			return
		}
		if "aidoc="+params != input {
			t.Errorf("the base would hold %q, not what came: %q", params, input)
		}
		form := macForm
		if strings.Contains(input, `keyid="sk_`) {
			form = ed25519Form
		}
		if !answerForm.MatchString(input) || !form.MatchString(signature) {
			t.Errorf("took what is not the profile: %q %q", input, signature)
		}
	})
}
