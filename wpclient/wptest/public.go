package wptest

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const uploadsPath = "/wp-content/uploads/document-"

// PublicFiles makes leases name the addresses at which the web server gives documents to anybody, and what it gives there. serve nil: the documents.
func PublicFiles(serve func(w http.ResponseWriter, r *http.Request, document []byte)) Option {
	if serve == nil {
		serve = func(w http.ResponseWriter, r *http.Request, document []byte) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(document))
		}
	}
	return func(s *Site) { s.public = serve }
}

func (s *Site) publicAddress(j *job) string {
	if s.public == nil || j.source.Kind != "site" {
		return ""
	}
	return fmt.Sprint(s.URL(), uploadsPath, j.ID)
}

func (s *Site) servePublic(w http.ResponseWriter, r *http.Request, path string) {
	id, _ := strconv.ParseInt(strings.TrimPrefix(path, uploadsPath), 10, 64)
	s.mu.Lock()
	j := s.jobs[id]
	s.records = append(s.records, Record{Method: r.Method, Route: path, At: time.Now()})
	s.notify()
	s.mu.Unlock()
	if j == nil || s.public == nil {
		http.NotFound(w, r)
		return
	}
	s.public(w, r, j.data)
}
