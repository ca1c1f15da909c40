//go:build attacks

package attacks

import (
	"fmt"
	"net/http"
	"testing"
)

// Everybody below an editor tries to write: what our routes let them do to other people's documents and summaries.
func TestWritingByEveryRole(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	before := fingerprint(t, all)
	jobs := jobStates(t, all)
	for _, role := range unentitled() {
		p := person(t, role)
		n := 0
		for _, s := range all {
			for _, w := range writes(s) {
				n++
				page := p.REST(t, w.method, w.route, w.body)
				if page.Status < 400 || page.Status >= 500 {
					broken(t, role, w.method+" "+w.route, "%d: %.200s", page.Status, page.Body)
				}
				if found := s.leaks(page, s.hidden()); len(found) > 0 {
					broken(t, role, w.method+" "+w.route, "the refusal shows %v", found)
				}
			}
		}
		Report.Held(t, role, fmt.Sprintf("%d writes: summaries, autosaves, revisions, items' retry, cancel and enqueue", n), "401 or 403, nothing changed")
	}
	if after := fingerprint(t, all); after != before {
		t.Errorf("the summaries were changed:\n%s\n%s", before, after)
	}
	if after := jobStates(t, all); after != jobs {
		t.Errorf("the jobs were changed: %s, before %s", after, jobs)
	}
}

type write struct {
	method, route string
	body          any
}

func writes(s *Secret) []write {
	base, item := "/wp/v2/aidoc-summaries", "/wp/v2/aidoc-summaries/"+num(s.Post)
	change := map[string]any{"title": "mine", "content": "mine", "status": "publish"}
	return []write{
		{http.MethodPost, base, change},
		{http.MethodPost, item, change}, {http.MethodPut, item, change}, {http.MethodPatch, item, change},
		{http.MethodDelete, item, nil}, {http.MethodDelete, item + "?force=true", nil},
		{http.MethodPost, item + "/autosaves", change},
		{http.MethodDelete, item + "/revisions/" + num(s.Post) + "?force=true", nil},
		{http.MethodPost, item, map[string]any{"meta": map[string]any{"aidoc_attachment_id": s.Attachment}}},
		{http.MethodPost, "/wp/v2/posts/" + num(s.Post), change}, {http.MethodPost, "/wp/v2/media/" + num(s.Post), change},
		{http.MethodPost, fmt.Sprintf("/aidoc/v1/items/%d/retry", s.Attachment), nil},
		{http.MethodPost, fmt.Sprintf("/aidoc/v1/items/%d/cancel", s.Attachment), nil},
		{http.MethodPost, fmt.Sprintf("/aidoc/v1/items/%d/enqueue", s.Attachment), nil},
	}
}

func jobStates(t *testing.T, all []*Secret) (out string) {
	t.Helper()
	for _, s := range all {
		out += fmt.Sprint(site.SQL(t, "SELECT state, epoch FROM wp_aidoc_jobs WHERE id = %d", s.Job))
	}
	return out
}

// What our routes tell about themselves to those who may not use them.
func TestOptionsTellNothing(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	for _, role := range unentitled() {
		for _, s := range all {
			for _, route := range []string{"/wp/v2/aidoc-summaries", "/wp/v2/aidoc-summaries/" + num(s.Post), "/aidoc/v1/items", "/aidoc/v1/items/counts", "/aidoc/v1/lease", fmt.Sprintf("/aidoc/v1/jobs/%d/file", s.Job)} {
				for _, method := range []string{http.MethodOptions, http.MethodHead} {
					page := person(t, role).REST(t, method, route, nil)
					if found := s.leaks(page, s.hidden()); len(found) > 0 || page.Status >= 500 {
						broken(t, role, method+" "+route, "%d shows %v", page.Status, found)
					}
				}
			}
		}
		Report.Held(t, role, "OPTIONS and HEAD of our routes", "schemas at most")
	}
}
