//go:build attacks

package attacks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// queueMany puts n documents into the queue for this agent alone.
func (a *Joined) queueMany(t *testing.T, n int) {
	t.Helper()
	var docs []map[string]any
	for range n {
		docs = append(docs, map[string]any{"name": name("mine") + ".txt", "text": "paper " + token(9), "author": 1, "type": a.Type})
	}
	site.Do(t, "queue", map[string]any{"documents": docs}, nil)
}

func (a *Joined) holds(t *testing.T) int64 {
	t.Helper()
	return site.Number(t, "SELECT COUNT(*) FROM wp_aidoc_jobs WHERE state = 'leased' AND agent_id = %d", a.ID)
}

// A stolen key takes the queue for itself: it gets twice the slots that it declared, and never more than the setting,
// whatever it declares.
func TestStolenKeyCannotLeaseEverything(t *testing.T) {
	t.Parallel()
	thief := join(t, "hoarder")
	thief.queueMany(t, 80)
	for range 20 {
		thief.leases(t, thief.ask(64))
	}
	if n := thief.holds(t); n > int64(2*thief.Slots) {
		broken(t, "stolen key", "20 × /lease for 64 documents", "it holds %d with %d slots", n, thief.Slots)
	}
	thief.Slots = 10000
	for range 4 {
		thief.leases(t, thief.ask(64))
	}
	if n := thief.holds(t); n > 64 {
		broken(t, "stolen key", "the same, declaring 10,000 slots", "it holds %d", n)
	}
	Report.Held(t, "stolen key", "leases all it can, with 2 and with 10,000 declared slots", fmt.Sprintf("holds %d: twice its slots, at most the setting", thief.holds(t)))
}

// A lease that is renewed for ever ends when the document's time is up.
func TestStolenKeyCannotHoldForEver(t *testing.T) {
	t.Parallel()
	thief := join(t, "holder")
	l := thief.take(t, document(t, name("held"), "held "+token(9), 1, 0))
	var columns []string
	for _, row := range site.SQL(t, "SHOW COLUMNS FROM wp_aidoc_jobs LIKE '%%_at'") {
		columns = append(columns, row[0])
	}
	// Time passes in the database, which has the only clock of leases: the claim moves into the past, the lease is renewed until now.
	since := "updated_at"
	if strings.Contains(strings.Join(columns, " "), "claimed_at") {
		since = "claimed_at"
	}
	site.SQL(t, "UPDATE wp_aidoc_jobs SET %s = %s - %d, created_at = created_at - %d, enqueued_at = enqueued_at - %d WHERE id = %d", since, since, l.MaxRuntimeMs+1000, l.MaxRuntimeMs+1000, l.MaxRuntimeMs+1000, l.JobID)
	beat := map[string]any{"held": []any{l.with(map[string]any{"phase": "ocr", "done": 1, "total": 2})}}
	var out struct {
		Leases []struct {
			Status string `json:"status"`
			TTL    int64  `json:"ttl_ms"`
		} `json:"leases"`
	}
	thief.Call(t, "/aidoc/v1/beat", beat)
	thief.Call(t, "/aidoc/v1/beat", beat).want(t, "a beat", 200, "").Decode(t, &out)
	if out.Leases[0].Status == "ok" && out.Leases[0].TTL > 1000 {
		broken(t, "stolen key", "beats beyond max_runtime_ms", "renewed for %d ms", out.Leases[0].TTL)
	}
	Report.Held(t, "stolen key", "keeps a lease alive beyond max_runtime_ms", "not renewed; the document goes to others")
}

// rows of the tables that a key can make grow.
func (a *Joined) rows(t *testing.T) (keys, events int64) {
	t.Helper()
	return site.Number(t, "SELECT COUNT(*) FROM wp_aidoc_keys WHERE agent_id = %d", a.ID), site.Number(t, "SELECT COUNT(*) FROM wp_aidoc_events WHERE agent_id = %d", a.ID)
}

// Rotation in a loop neither fills the table of keys nor the log.
func TestStolenKeyCannotFloodKeys(t *testing.T) {
	t.Parallel()
	thief := join(t, "rotator")
	refused := 0
	for range 60 {
		r := thief.Call(t, "/aidoc/v1/rotate", map[string]any{})
		if r.Status == http.StatusTooManyRequests {
			refused++
			continue
		}
		thief.accept(t, r) // use the new one next, so that each is a whole rotation
	}
	keys, events := thief.rows(t)
	if keys > 40 || events > 60 {
		broken(t, "stolen key", "60 × /rotate", "%d rows of keys, %d of events", keys, events)
	}
	if refused == 0 {
		broken(t, "stolen key", "60 × /rotate", "no rate limit")
	}
	Report.Held(t, "stolen key", "60 × /rotate", fmt.Sprintf("%d refused with 429; %d rows of keys, %d of events", refused, keys, events))
}

// Leasing and giving back, or failing, in a loop: the log of a job stays short, and the pace is limited.
func TestStolenKeyCannotFloodEvents(t *testing.T) {
	t.Parallel()
	thief := join(t, "flooder")
	thief.queue(t, document(t, name("flood"), "flood "+token(9), 1, 0))
	rounds := 70
	var job int64
	for range rounds {
		got, _ := thief.leases(t, thief.ask(1))
		if len(got) == 1 {
			job = got[0].JobID
			thief.Call(t, "/aidoc/v1/release", map[string]any{"leases": []any{got[0].ref()}, "reason": strings.Repeat("x", 500)})
		}
	}
	n := site.Number(t, "SELECT COUNT(*) FROM wp_aidoc_events WHERE job_id = %d", job)
	if n > 60 {
		broken(t, "stolen key", fmt.Sprintf("%d × /lease and /release of one document", rounds), "%d rows of events", n)
	}
	Report.Held(t, "stolen key", fmt.Sprintf("%d × /lease and /release of one document", rounds), fmt.Sprintf("%d rows of events", n))
}

// A release names at most what an agent may give back in one go, over and over: the pace is bounded, not only the rows.
func TestStolenKeyIsPaced(t *testing.T) {
	t.Parallel()
	thief := join(t, "pacer")
	refs := []any{}
	for range 256 {
		refs = append(refs, map[string]any{"job_id": 1, "epoch": 0, "lease_token": token(16)})
	}
	limited := 0
	for range 6 {
		r := thief.Call(t, "/aidoc/v1/release", map[string]any{"leases": refs, "reason": "flood"})
		if r.Status == http.StatusTooManyRequests {
			limited++
			if r.Header.Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
		}
	}
	if limited == 0 {
		broken(t, "stolen key", "6 × /release of 256 leases it does not hold", "no rate limit")
	}
	Report.Held(t, "stolen key", "6 × /release of 256 leases it does not hold", fmt.Sprintf("%d refused with 429", limited))
}

// Elsewhere in WordPress a key is nobody.
func TestStolenKeyIsNoUser(t *testing.T) {
	t.Parallel()
	thief := join(t, "tourist")
	for _, c := range []struct{ method, route, query string }{
		{"POST", "/wp/v2/posts", ""}, {"GET", "/wp/v2/users", "context=edit"}, {"GET", "/wp/v2/users/me", ""}, {"GET", "/wp/v2/settings", ""},
		{"GET", "/wp/v2/aidoc-summaries", "context=edit"}, {"GET", "/aidoc/v1/items", "attachments=1"}, {"GET", "/aidoc/v1/items/counts", ""},
		{"POST", "/aidoc/v1/items/1/retry", ""}, {"POST", "/wp/v2/media", ""}, {"GET", "/wp/v2/plugins", ""},
	} {
		w := thief.wire(c.method, c.route, nil)
		w.Sent = func(r *http.Request) {
			r.URL.Path, r.URL.RawPath = "/wp-json"+c.route, ""
			r.URL.RawQuery = c.query
		}
		r := thief.Send(t, w)
		if r.Status != http.StatusUnauthorized || r.Tag != "" {
			broken(t, "stolen key", c.method+" "+c.route, "%s", r)
		}
	}
	Report.Held(t, "stolen key", "ten routes of WordPress and of the plugin's screens", "401, unsigned")
}

// A revoked key does nothing any more, and learns why in the site's own words.
func TestRevokedKey(t *testing.T) {
	t.Parallel()
	thief := join(t, "dismissed")
	l := thief.take(t, document(t, name("dismissed"), "paper "+token(9), 1, 0))
	site.Do(t, "revoke", map[string]any{"name": thief.Name}, nil)
	for route, body := range map[string]any{
		"/aidoc/v1/lease": thief.ask(1), "/aidoc/v1/rotate": map[string]any{}, "/aidoc/v1/echo": map[string]any{},
		"/aidoc/v1/result": l.result(Text{Title: "x", Markdown: "x"}), "/aidoc/v1/beat": map[string]any{"held": []any{}},
	} {
		thief.Call(t, route, body).want(t, route, 403, "aidoc_key_revoked")
	}
	thief.file(t, l.JobID, l.header(), nil).want(t, "file", 403, "aidoc_key_revoked")
	if n := thief.holds(t); n != 0 {
		t.Errorf("it still holds %d leases", n)
	}
	Report.Held(t, "stolen key", "after it was revoked: six routes", "403 aidoc_key_revoked, its leases are free")
}
