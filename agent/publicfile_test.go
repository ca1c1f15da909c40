package agent_test

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// asked counts the requests for documents: at their public addresses, and by the file route.
func asked(s *wptest.Site) (public, route int) {
	for _, q := range s.Requests() {
		switch {
		case strings.HasPrefix(q.Route, "/wp-content/"):
			public++
		case strings.HasSuffix(q.Route, "/file"):
			route++
		}
	}
	return public, route
}

// A document is read where the site's web server gives it to anybody, and by the file route where that is not the document, all of it.
func TestDocumentsAreReadWhereAnybodyCan(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		serve         func(w http.ResponseWriter, r *http.Request, document []byte)
		public, route int // requests for two documents
	}{
		"open":   {nil, 2, 0},
		"closed": {func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.WriteHeader(http.StatusForbidden) }, 1, 2},
		"an older version": {func(w http.ResponseWriter, _ *http.Request, document []byte) {
			w.Write(bytes.ToUpper(document))
		}, 1, 2},
		"broken off": {func(w http.ResponseWriter, _ *http.Request, document []byte) {
			w.Header()["Content-Length"] = []string{strconv.Itoa(len(document))}
			w.Write(document[:len(document)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, 1, 2},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, wptest.PublicFiles(test.serve))
			stop, _ := start(t, r.agent())
			for i := range 2 {
				id := r.site.AddJob("d.txt", "text/plain", doc(i+1))
				if j := r.await(id, wptest.Done); j.Attempt != 1 || len(j.Failures) > 0 {
					t.Errorf("document %d: attempt %d, %v", i, j.Attempt, j.Failures)
				}
			}
			if err := stop(); err != nil {
				t.Error(err)
			}
			if public, route := asked(r.site); public != test.public || route != test.route {
				t.Errorf("asked %d and %d times, want %d and %d", public, route, test.public, test.route)
			}
		})
	}
}
