//go:build e2e

package e2e

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const legacySecret = "an older pipeline's shared secret"

// The two curl lines of docs/protocol.md, section 3, as a shell runs them.
const curlLegacy = `
SIG=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -binary | base64)
curl -sS -o /dev/null -w '%{http_code}' -X POST "$SITE" -H 'Content-Type: application/json' -H "X-AI-Timestamp: $STAMP" -H "X-AI-Signature: $PREFIX$SIG" --data-binary "$BODY"
`

func TestOlderSchemesCurlLines(t *testing.T) {
	for name, start := range map[string]func() (*Site, error){"pretty permalinks": sites.oldest, "plain permalinks": sites.newest, "SQLite": sites.sqlite} {
		t.Run(name, func(t *testing.T) { legacy(t, use(t, start)) })
	}
}

func legacy(t *testing.T, s *Site) {
	route := "/wp-json/aidoc/v1/result" // as docs/protocol.md has it
	if s.plain() {
		route = "/?rest_route=/aidoc/v1/result"
	}
	id := s.Upload(t, "legacy.txt", text(int(time.Now().UnixNano()%1e9)))
	post := func(body, prefix string, age time.Duration) string {
		t.Helper()
		cmd := exec.Command("bash", "-c", curlLegacy)
		cmd.Env = append(cmd.Environ(), "BODY="+body, "SECRET="+legacySecret, "PREFIX="+prefix,
			"SITE="+s.URL+route, fmt.Sprintf("STAMP=%d", time.Now().Add(-age).Unix()))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("curl: %v\n%s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	body := func(title string) string {
		return fmt.Sprintf(`{"attachment_id":%d,"title":"%s","summary_markdown":"# Minutes\n\nAll agreed.\n\n- budget\n- date","word_count":812,"processing_ms":5300,"chunks":3,"s3_text_key":"processed/77/text.txt"}`, id, title)
	}
	expect := func(what, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if got == w {
				return
			}
		}
		t.Errorf("%s: status %s, want %s", what, got, strings.Join(want, " or "))
	}

	s.WP(t, "legacy", "off")
	expect("while it is off", post(body("Off"), "", 0), "401", "403")
	s.WP(t, "legacy", legacySecret)
	defer s.WP(t, "legacy", "off")

	expect("wrong signature", post(body("Forged"), "AAAA", 0), "401")
	expect("ten minutes old", post(body("Old"), "", 10*time.Minute), "401")
	expect("from the future", post(body("Future"), "", -10*time.Minute), "401")
	if item := s.Items(t, id)[id]; item.State == "done" {
		t.Fatalf("a refused message changed the document: %+v", item)
	}
	expect("as it should be", post(body("Minutes"), "", 0), "200")
	expect("the same again", post(body("Minutes"), "", 0), "409")
	if item := s.Items(t, id)[id]; item.State != "done" || item.Link == nil {
		t.Errorf("after the accepted message the document is %s (%s)", item.State, item.Detail)
	}
	rows := s.SQL(t, "SELECT p.post_title, p.post_status, p.post_content FROM {p}aidoc_jobs j JOIN {p}posts p ON p.ID = j.summary_post_id WHERE j.attachment_id = %d", id)
	if len(rows) != 1 || rows[0]["post_title"] != "Minutes" || rows[0]["post_status"] != "draft" || !strings.Contains(rows[0]["post_content"], "<!-- wp:list") {
		t.Errorf("the draft is %v", rows)
	}
}
