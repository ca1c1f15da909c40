package wpsite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// AccessLog is where nginx writes what it was asked; Start needs the option --access-log.
func (s *Site) AccessLog() string { return filepath.Join(s.Dir, "access.log") }

// Servers are the processes that the site's servers began with.
type Servers struct{ Nginx, PHP, MariaDB int }

// Servers reads the process ids that up.sh left.
func (s *Site) Servers() (Servers, error) {
	var at Servers
	for name, pid := range map[string]*int{"nginx.pid": &at.Nginx, "fpm.pid": &at.PHP, "db/mariadb.pid": &at.MariaDB} {
		raw, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil {
			return at, err
		}
		if *pid, err = strconv.Atoi(strings.TrimSpace(string(raw))); err != nil {
			return at, fmt.Errorf("%s: %w", name, err)
		}
	}
	return at, nil
}

// Upload sends a file through WordPress' media API, as an editor's browser does, and returns the attachment's id.
func (s *Site) Upload(ctx context.Context, name string, content []byte) (int64, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return 0, err
	}
	if _, err := part.Write(content); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/?rest_route=/wp/v2/media", &form)
	if err != nil {
		return 0, err
	}
	req.SetBasicAuth(s.Login, s.Password)
	req.Header.Set("Content-Type", w.FormDataContentType())
	resp, err := plain.Do(req)
	if err != nil {
		return 0, fmt.Errorf("upload %s: %w", name, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, fmt.Errorf("upload %s: %w", name, err)
	}
	var made struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal(answer, &made); err != nil || made.ID == 0 {
		return 0, fmt.Errorf("upload %s: status %d: %.300s", name, resp.StatusCode, answer)
	}
	return made.ID, nil
}
