//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/ports"
)

// Site is a real WordPress started by scripts/wp/up.sh, with the plugin active unless told otherwise.
type Site struct {
	Name string // for messages: "newest on php-fpm + MariaDB"
	Dir  string // of up.sh: logs, site.env
	Root string // WordPress' own folder
	URL  string
	env  map[string]string
	up   []string // arguments of up.sh, for starting again
}

// Item is what aidoc/v1/items says of an attachment: what a person sees on it.
type Item struct {
	Attachment int64  `json:"attachment"`
	Job        int64  `json:"job"`
	State      string `json:"state"`
	Label      string `json:"label"`
	Detail     string `json:"detail"`
	Pending    bool   `json:"pending"`
	Link       *struct {
		URL string `json:"url"`
	} `json:"link"`
}

func script(parts ...string) string {
	path, _ := filepath.Abs(filepath.Join(append([]string{"../../scripts"}, parts...)...))
	return path
}

// freePort finds one that nothing listens on now.
func freePort() int {
	port, err := ports.Free(ports.E2E)
	if err != nil {
		panic(err)
	}
	return port
}

// startSite runs up.sh. mode is "sqlite" or "fpm"; options are up.sh's.
func startSite(name, dir, mode string, options ...string) (*Site, error) {
	port := strconv.Itoa(freePort())
	s := &Site{Name: name, Dir: dir, up: append([]string{mode, dir, port, "--password", "password"}, options...)}
	if err := s.Start(); err != nil {
		return nil, err
	}
	return s, nil
}

// Start starts the servers, also again after Stop.
func (s *Site) Start() error {
	if out, err := exec.Command(script("wp", "up.sh"), s.up...).CombinedOutput(); err != nil {
		return fmt.Errorf("start WordPress (%s): %w\n%s", s.Name, err, out)
	}
	s.env = map[string]string{}
	b, err := os.ReadFile(filepath.Join(s.Dir, "site.env"))
	if err != nil {
		return err
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		key, value, _ := strings.Cut(line, "=")
		s.env[key] = strings.ReplaceAll(value, `\`, "") // printf %q
	}
	s.URL, s.Root = s.env["URL"], s.env["SITE"]
	return nil
}

// Stop ends the servers; the files stay.
func (s *Site) Stop() error {
	if out, err := exec.Command(script("wp", "down.sh"), s.Dir).CombinedOutput(); err != nil {
		return fmt.Errorf("stop WordPress (%s): %w\n%s", s.Name, err, out)
	}
	return nil
}

// plain tells that the site has no pretty permalinks.
func (s *Site) plain() bool { return strings.Contains(strings.Join(s.up, " "), "--permalinks plain") }

// testSite is a small site (SQLite) for one test alone.
func testSite(t *testing.T, options ...string) *Site {
	t.Helper()
	return ownSite(t, "sqlite", options...)
}

// ownSite is one in this mode for one test alone.
func ownSite(t *testing.T, mode string, options ...string) *Site {
	t.Helper()
	s, err := startSite(t.Name(), filepath.Join(t.TempDir(), "site"), mode, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		s.CheckNotices(t)
	})
	return s
}

// WP runs a command of scripts/wp/wp.php inside the site.
func (s *Site) WP(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("php", append([]string{"-d", "display_errors=0", script("wp", "wp.php"), s.Root}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("wp %s on %s: %v\n%s", args[0], s.Name, err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// SQL returns rows; {p} in the query stands for the table prefix.
func (s *Site) SQL(t *testing.T, format string, args ...any) []map[string]string {
	t.Helper()
	var rows []map[string]any
	out := s.WP(t, "sql", fmt.Sprintf(format, args...))
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatalf("rows of %s: %v\n%s", s.Name, err, out)
	}
	text := make([]map[string]string, len(rows))
	for i, row := range rows {
		text[i] = map[string]string{}
		for key, value := range row {
			if value != nil {
				text[i][key] = fmt.Sprint(value)
			}
		}
	}
	return text
}

// Count returns the one number that the query selects as n.
func (s *Site) Count(t *testing.T, format string, args ...any) int {
	t.Helper()
	rows := s.SQL(t, format, args...)
	if len(rows) != 1 {
		t.Fatalf("%d rows, want one with n", len(rows))
	}
	n, err := strconv.Atoi(rows[0]["n"])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// API is a REST call as the admin; the answer is decoded into out unless that is nil.
func (s *Site) API(t *testing.T, method, route, contentType string, body []byte, out any) int {
	t.Helper()
	target, query, _ := strings.Cut(route, "?")
	address := s.URL + "/?rest_route=" + url.QueryEscape(target)
	if query != "" {
		address += "&" + query
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(s.env["LOGIN"], s.env["APP_PASSWORD"])
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("%s %s on %s: %d, not JSON: %.300s", method, route, s.Name, resp.StatusCode, answer)
		}
	}
	return resp.StatusCode
}

// TryUpload sends content through WordPress' media API; a refusal is returned as WordPress' sentence.
func (s *Site) TryUpload(t *testing.T, name string, content []byte) (id int64, refusal string) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, _ := w.CreateFormFile("file", name)
	_, _ = part.Write(content)
	_ = w.Close()
	var answer struct {
		ID      int64  `json:"id"`
		Message string `json:"message"`
	}
	if status := s.API(t, http.MethodPost, "/wp/v2/media", w.FormDataContentType(), form.Bytes(), &answer); status != http.StatusCreated {
		return 0, answer.Message
	}
	return answer.ID, ""
}

// Upload is TryUpload where a refusal fails the test.
func (s *Site) Upload(t *testing.T, name string, content []byte) int64 {
	t.Helper()
	id, refusal := s.TryUpload(t, name, content)
	if id == 0 {
		t.Fatalf("%s refused %s: %s", s.Name, name, refusal)
	}
	return id
}

// Insert makes an attachment past WordPress' own checks, as importers do.
func (s *Site) Insert(t *testing.T, file string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(s.WP(t, "insert", file), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Items reports on attachments, by attachment.
func (s *Site) Items(t *testing.T, ids ...int64) map[int64]Item {
	t.Helper()
	found := map[int64]Item{}
	for part := range chunks(ids, 100) {
		var answer struct {
			Items []Item `json:"items"`
		}
		if status := s.API(t, http.MethodGet, "/aidoc/v1/items?attachments="+join(part), "", nil, &answer); status != http.StatusOK {
			t.Fatalf("items of %s: status %d", s.Name, status)
		}
		for _, item := range answer.Items {
			found[item.Attachment] = item
		}
	}
	if len(found) != len(ids) {
		t.Fatalf("%s knows %d of %d attachments", s.Name, len(found), len(ids))
	}
	return found
}

// until asks until the answer is yes, or for that long, and tells which. The pauses grow with the time waited, to two seconds: every question costs PHP
// processor time that other suites of the machine need.
func until(t *testing.T, limit time.Duration, yes func() bool) bool {
	t.Helper()
	for began := time.Now(); !yes(); {
		waited := time.Since(began)
		if waited > limit {
			return false
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(min(max(waited/10, 100*time.Millisecond), 2*time.Second)):
		}
	}
	return true
}

// Await asks until every one of the attachments fulfils the condition.
func (s *Site) Await(t *testing.T, limit time.Duration, what string, ok func(Item) bool, ids ...int64) map[int64]Item {
	t.Helper()
	var items map[int64]Item
	var waiting []string
	fulfilled := until(t, limit, func() bool {
		items, waiting = s.Items(t, ids...), nil
		for _, item := range items {
			if !ok(item) {
				waiting = append(waiting, fmt.Sprintf("%d is %s (%s %s)", item.Attachment, item.State, item.Label, item.Detail))
			}
		}
		return len(waiting) == 0
	})
	if !fulfilled {
		t.Fatalf("%s: after %v these are not %s: %s", s.Name, limit, what, strings.Join(waiting, "; "))
	}
	return items
}

// AwaitRest waits until nothing moves any more: done, failed, cancelled or never queued.
func (s *Site) AwaitRest(t *testing.T, limit time.Duration, ids ...int64) map[int64]Item {
	t.Helper()
	return s.Await(t, limit, "at rest", func(i Item) bool { return !i.Pending }, ids...)
}

// Token makes an agent in WordPress and returns the join token an admin would copy.
func (s *Site) Token(t *testing.T, name string) string {
	t.Helper()
	var made struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(s.WP(t, "agent", name)), &made); err != nil || !strings.HasPrefix(made.Token, "aidoc1.") {
		t.Fatalf("no join token for %s: %v", name, err)
	}
	return made.Token
}

// CheckNotices fails the test when PHP complained about a file of the plugin.
func (s *Site) CheckNotices(t *testing.T) {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(s.Dir, "debug.log"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	shown := 0
	for _, line := range strings.Split(string(log), "\n") {
		if (strings.Contains(line, "plugins/ai-doc-pipeline") || strings.Contains(line, "database error")) && shown < 5 {
			t.Errorf("PHP complains on %s: %.400s", s.Name, line)
			shown++
		}
	}
}

func chunks(ids []int64, size int) func(func([]int64) bool) {
	return func(yield func([]int64) bool) {
		for len(ids) > 0 {
			n := min(size, len(ids))
			if !yield(ids[:n]) {
				return
			}
			ids = ids[n:]
		}
	}
}
