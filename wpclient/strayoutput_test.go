package wpclient_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// strayOutputs are what a wp-config.php saved with a byte order mark, a theme or another plugin prints before the answer.
var strayOutputs = map[string]string{
	"byte order mark": "\xef\xbb\xbf",
	"empty lines":     "\n\n \r\n",
	"notice":          "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/functions.php</b> on line <b>3</b><br />\n",
	"closure":         "\xef\xbb\xbfDeprecated: {closure}(): Return type {\"a\":1} in /srv/x.php\n",
}

// What was signed is in there, and the digest proves it: the agent works, and says once what to fix.
func TestStrayOutputBeforeASignedAnswer(t *testing.T) {
	s := wptest.New(t)
	log, out := logger()
	c := client(t, s, wpclient.Options{Logger: log})
	lease := leaseOne(t, s, c, "%PDF")
	s.Fault(func(r *http.Request) wptest.Fault {
		if strings.HasSuffix(r.URL.Path, "/file") {
			return wptest.Fault{}
		}
		return wptest.Fault{Kind: wptest.StrayOutput}
	})
	for op, err := range calls(t, c, lease) {
		if err != nil && wpclient.KindOf(err) == wpclient.Transient && op != "file" { // the file is gone with the result
			t.Errorf("%s: %v", op, err)
		}
	}
	if _, err := wpclient.Join(ctx(t), s.Site(), s.NewToken(), agentInfo(), wpclient.Options{}); err != nil {
		t.Errorf("join: %v", err)
	}
	if n := strings.Count(out.String(), "byte order mark"); n != 1 {
		t.Errorf("%d warnings:\n%s", n, out)
	}
}

// The headers were sent with the stray output, so the answer is not signed. The sentence says why.
func TestStrayOutputInPlaceOfASignature(t *testing.T) {
	for name, stray := range strayOutputs {
		if name == "empty lines" {
			continue // JSON all the same
		}
		for _, body := range []string{`{"leases":[],"next_poll_ms":2000}`, `{"code":"aidoc_lease_lost","message":"x","data":{"status":409}}`} {
			c := rawClient(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(stray + body)) })
			_, err := c.Echo(ctx(t))
			e := theError(t, err)
			if e.Kind != wpclient.Transient || e.Signed || !strings.Contains(e.Message, "byte order mark") || !strings.Contains(e.Message, "headers already sent") {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

func TestDiscoveryReadsPastStrayOutput(t *testing.T) {
	for name, stray := range strayOutputs {
		log, out := logger()
		mux := http.NewServeMux()
		srv := httptest.NewServer(mux)
		mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(stray + "<!DOCTYPE html><title>x</title>"))
		})
		mux.HandleFunc("/wp-json/", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(stray + `{"name":"x","home":"` + srv.URL + `","url":"` + srv.URL + `","namespaces":["wp/v2","aidoc/v1"]}` + "\n"))
		})
		got, err := wpclient.Discover(ctx(t), srv.URL, wpclient.Options{Logger: log})
		if err != nil || got.RESTRoot != srv.URL+"/wp-json/" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if warned := strings.Contains(out.String(), "byte order mark"); warned != (name != "empty lines") {
			t.Errorf("%s: warned %v", name, warned)
		}
		srv.Close()
	}
}

// Nothing that somebody puts around an answer is taken for a part of it, and nothing in it for the whole.
func TestStrayOutputIsNeverTrusted(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.StrayOutput} })
	got, err := c.Lease(ctx(t), leaseRequest(uuid))
	if err != nil || got.Directive != wpclient.DirectiveRun {
		t.Fatalf("%+v, %v", got, err)
	}
	s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.WrongBody} })
	if _, err := c.Lease(ctx(t), leaseRequest(uuid)); wpclient.CodeOf(err) != wpclient.CodeDigestMismatch {
		t.Errorf("%v", err)
	}
}

func FuzzObjects(f *testing.F) {
	for _, stray := range strayOutputs {
		f.Add([]byte(stray+`{"a":{"b":1}}`), []byte("\n<!-- cached -->"))
	}
	f.Fuzz(func(t *testing.T, before, after []byte) {
		const signed = `{"leases":[],"directive":"run"}`
		body := append(append(append([]byte{}, before...), signed...), after...)
		if part := wpclient.SignedPartForTest(body, []byte(signed)); part != nil && string(part) != signed {
			t.Errorf("took %q", part)
		}
	})
}
