//go:build attacks

package attacks

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// Fault is one thing that somebody on the path does to one exchange.
type Fault struct {
	Name string
	// Reaches tells that the site acts on the request all the same.
	Reaches bool
	// Final tells that what comes back would end the document or the agent, were it trusted.
	Final bool
	Act   func(*Exchange) *Answer
}

// before changes the request on its way to the site.
func before(name string, change func(*Exchange)) Fault {
	return Fault{Name: name, Act: func(x *Exchange) *Answer { change(x); return x.Pass() }}
}

// after changes the answer to a request that arrived.
func after(name string, change func(*Answer) *Answer) Fault {
	return Fault{Name: name, Reaches: true, Act: func(x *Exchange) *Answer {
		answer := x.Pass()
		if answer == nil {
			return nil
		}
		return change(answer.clone())
	}}
}

// instead answers in the site's place.
func instead(name string, status int, contentType, body string) Fault {
	return Fault{Name: name, Act: func(*Exchange) *Answer {
		return &Answer{status, http.Header{"Content-Type": {contentType}}, []byte(body)}
	}}
}

func query(q string) func(*Exchange) {
	return func(x *Exchange) {
		if x.R.URL.RawQuery != "" {
			q = "&" + q
		}
		x.R.URL.RawQuery += q
	}
}

// faults are all of them. None of them may end a job, a lease, a result or an agent.
func faults(elsewhere string) []Fault {
	const json = "application/json; charset=UTF-8"
	front := func(text string) func(*Answer) *Answer {
		return func(a *Answer) *Answer { a.Body = append([]byte(text), a.Body...); return a }
	}
	all := []Fault{
		before("appends ?utm=1", query("utm=1")),
		before("appends ?_envelope=1", query("_envelope=1")),
		before("appends ?_method=DELETE", query("_method=DELETE")),
		before("appends ?_fields=none", query("_fields=none")),
		before("leads to another route", query("rest_route=/aidoc/v1/release")),
		before("adds X-HTTP-Method-Override", func(x *Exchange) { x.R.Header.Set("X-HTTP-Method-Override", "DELETE") }),
		before("pads the body over the limit", func(x *Exchange) { x.Body = append(x.Body, bytes.Repeat([]byte(" "), 5<<20)...) }),
		before("changes the body", func(x *Exchange) { x.Body = append(x.Body, ' ') }),
		before("cuts the body", func(x *Exchange) { x.Body = x.Body[:len(x.Body)/2] }),
		before("drops Signature-Input", func(x *Exchange) { x.R.Header.Del("Signature-Input") }),
		before("drops Content-Digest", func(x *Exchange) { x.R.Header.Del("Content-Digest") }),
		before("rewrites X-Aidoc-Site", func(x *Exchange) { x.R.Header.Set("X-Aidoc-Site", "https://other.example") }),
		before("names another key", func(x *Exchange) {
			x.R.Header.Set("Signature-Input", strings.Replace(x.R.Header.Get("Signature-Input"), x.Key, x.Key[:3]+strings.Repeat("0", 24), 1))
		}),
		before("turns the clock back in created", func(x *Exchange) {
			x.R.Header.Set("Signature-Input", strings.Replace(x.R.Header.Get("Signature-Input"), "created=1", "created=", 1))
		}),
		{Name: "sends the request twice", Reaches: true, Act: func(x *Exchange) *Answer { x.Pass(); return x.Pass() }},
		{Name: "hangs up", Act: func(*Exchange) *Answer { return nil }},
		after("swallows the answer", func(*Answer) *Answer { return nil }),
		after("cuts the answer", func(a *Answer) *Answer { a.Body = a.Body[:len(a.Body)/2]; return a }),
		after("puts a byte order mark in front", front("\xef\xbb\xbf")),
		after("puts a notice in front", front("<br />\n<b>Notice</b>: Undefined index in <b>x.php</b> on line <b>3</b><br />\n")),
		after("changes the status to 410", func(a *Answer) *Answer { a.Status = 410; return a }),
		after("drops the signature", func(a *Answer) *Answer { a.Header.Del("Signature"); return a }),
		after("wraps the answer in an envelope", func(a *Answer) *Answer {
			a.Body = append(append([]byte(`{"status":200,"headers":[],"body":`), a.Body...), '}')
			return a
		}),
		instead("says 409 aidoc_lease_lost", 409, json, `{"code":"aidoc_lease_lost","message":"Gone.","data":{"status":409}}`),
		instead("says 403 aidoc_key_revoked", 403, json, `{"code":"aidoc_key_revoked","message":"Revoked.","data":{"status":403}}`),
		instead("says 422 aidoc_result_conflict", 422, json, `{"code":"aidoc_result_conflict","message":"No.","data":{"status":422}}`),
		instead("says 403 with a page", 403, "text/html", "<h1>Request blocked</h1>"),
		instead("says 200 with a page", 200, "text/html", "<title>Sign in</title>"),
		instead("says 404 rest_no_route", 404, json, `{"code":"rest_no_route","message":"No route.","data":{"status":404}}`),
		{Name: "redirects elsewhere", Act: func(*Exchange) *Answer {
			return &Answer{307, http.Header{"Location": {elsewhere}}, nil}
		}},
	}
	for i := range all {
		all[i].Final = slices.Contains(final, all[i].Name)
	}
	return all
}

// final are the faults of the fast run: what they bring about looks like the end of a document, a lease or an agent.
var final = []string{
	"appends ?utm=1", "appends ?_envelope=1", "pads the body over the limit", "changes the body", "names another key", "leads to another route", "sends the request twice",
	"puts a notice in front", "changes the status to 410", "says 409 aidoc_lease_lost", "says 403 aidoc_key_revoked", "says 422 aidoc_result_conflict",
}
