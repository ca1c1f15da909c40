//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The road of issue 2 on every supported stack: N documents in, N drafts out, two agents share the site, none is done twice.
func TestDocumentsBecomeDrafts(t *testing.T) {
	for name, start := range map[string]func() (*Site, error){
		"oldest WordPress, php-fpm and MariaDB": sites.oldest,
		"newest WordPress, php-fpm and MariaDB": sites.newest,
		"current WordPress, SQLite":             sites.sqlite,
	} {
		t.Run(name, func(t *testing.T) { documentsBecomeDrafts(t, use(t, start)) })
	}
}

func documentsBecomeDrafts(t *testing.T, s *Site) {
	const small = 16
	before := posts(t, s)
	ids, byName := []int64{}, map[string]int64{}
	add := func(name string, content []byte) {
		id := s.Upload(t, name, content)
		ids, byName[name] = append(ids, id), id
	}
	for _, d := range goodDocuments {
		add(d.name, read(t, d.name))
	}
	for i := range small {
		add(fmt.Sprintf("case-%d.txt", i), text(i))
	}

	stores := map[string]*Agent{}
	for name, identity := range map[string]string{"north": "hmac", "south": "ed25519"} {
		a := joinedAs(t, s, name, identity, "AIDOC_AGENT_SLOTS=2")
		stores[name] = a
		a.Run(t)
	}
	items := s.AwaitRest(t, 4*time.Minute, ids...)

	for name, id := range byName {
		if item := items[id]; item.State != "done" || item.Link == nil {
			t.Errorf("%s is %q (%s), want done with a link to its summary", name, item.State, item.Detail)
		}
	}
	checkOnceEach(t, s, ids, before)
	checkShared(t, s, ids)
	for _, d := range goodDocuments {
		checkDraft(t, s, d, byName[d.name], stores)
	}
	t.Logf("%s: %d documents in, %d drafts out", s.Name, len(ids), posts(t, s)-before)
}

// checkOnceEach: one job, one claim, one result, one post for each document.
func checkOnceEach(t *testing.T, s *Site, ids []int64, before int) {
	t.Helper()
	list := join(ids)
	seen := map[string]bool{}
	for _, job := range s.SQL(t, "SELECT * FROM {p}aidoc_jobs WHERE attachment_id IN (%s)", list) {
		if job["state"] != "done" || job["epoch"] != "1" || job["attempt"] != "1" || job["result_id"] == "" {
			t.Errorf("job %s: state %s, epoch %s, attempt %s: it was not done in one go", job["id"], job["state"], job["epoch"], job["attempt"])
		}
		if seen[job["summary_post_id"]] {
			t.Errorf("job %s shares its summary post %s with another document", job["id"], job["summary_post_id"])
		}
		seen[job["summary_post_id"]] = true
	}
	if len(seen) != len(ids) {
		t.Errorf("%d summary posts for %d documents", len(seen), len(ids))
	}
	if n := posts(t, s) - before; n != len(ids) {
		t.Errorf("%d new posts of the summary type, want %d", n, len(ids))
	}
	results := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_events WHERE kind = 'done' AND job_id IN (SELECT id FROM {p}aidoc_jobs WHERE attachment_id IN (%s))", list)
	if results != len(ids) {
		t.Errorf("%d results were accepted for %d documents", results, len(ids))
	}
}

// checkShared: both agents took part.
func checkShared(t *testing.T, s *Site, ids []int64) {
	t.Helper()
	rows := s.SQL(t, "SELECT a.name, COUNT(*) AS n FROM {p}aidoc_events e JOIN {p}aidoc_agents a ON a.id = e.agent_id JOIN {p}aidoc_jobs j ON j.id = e.job_id WHERE e.kind = 'done' AND j.attachment_id IN (%s) GROUP BY a.name", join(ids))
	seen := 0
	for _, row := range rows {
		n, _ := strconv.Atoi(row["n"])
		seen += n
		t.Logf("%s: agent %s did %d", s.Name, row["name"], n)
	}
	if len(rows) != 2 || seen != len(ids) {
		t.Errorf("want two agents that did %d together, got %v", len(ids), rows)
	}
}

// posts counts the summaries of a site, whatever their state.
func posts(t *testing.T, s *Site) int {
	t.Helper()
	return s.Count(t, "SELECT COUNT(*) AS n FROM {p}posts WHERE post_type = 'aidoc_summary' AND post_status <> 'auto-draft'")
}

func join(ids []int64) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(ids)), ","), "[]")
}

var blockComment = regexp.MustCompile(`<!-- wp:([a-z/-]+)`)

// checkDraft looks at the post an editor would open, and at the stored text.
func checkDraft(t *testing.T, s *Site, d document, attachment int64, agents map[string]*Agent) {
	t.Helper()
	rows := s.SQL(t, "SELECT p.*, j.id AS job FROM {p}aidoc_jobs j JOIN {p}posts p ON p.ID = j.summary_post_id WHERE j.attachment_id = %d", attachment)
	if len(rows) != 1 {
		t.Fatalf("%s: %d posts", d.name, len(rows))
	}
	post := rows[0]
	if post["post_type"] != "aidoc_summary" || post["post_status"] != "draft" || post["post_title"] == "" {
		t.Errorf("%s: the post is a %s %s titled %q, want a draft aidoc_summary with a title", d.name, post["post_status"], post["post_type"], post["post_title"])
	}
	kinds := map[string]bool{}
	for _, m := range blockComment.FindAllStringSubmatch(post["post_content"], -1) {
		kinds[m[1]] = true
	}
	if !kinds["paragraph"] && !kinds["list"] {
		t.Errorf("%s: no blocks of text in the draft: %.200s", d.name, post["post_content"])
	}
	if strings.Contains(post["post_content"], "wp:html") || strings.Contains(post["post_content"], "<script") {
		t.Errorf("%s: raw HTML in the draft", d.name)
	}
	checkMeta(t, s, d, post["ID"])
	checkText(t, d, post["job"], agents)
}

func checkMeta(t *testing.T, s *Site, d document, post string) {
	t.Helper()
	meta := map[string]string{}
	for _, row := range s.SQL(t, "SELECT meta_key, meta_value FROM {p}postmeta WHERE post_id = %s", post) {
		meta[strings.TrimPrefix(strings.TrimPrefix(row["meta_key"], "_"), "aidoc_")] = row["meta_value"]
	}
	number := func(key string) int {
		n, err := strconv.Atoi(meta[key])
		if err != nil {
			t.Errorf("%s: field %s is %q", d.name, key, meta[key])
		}
		return n
	}
	if n := number("word_count"); n < d.words {
		t.Errorf("%s: %d words, want at least %d", d.name, n, d.words)
	}
	if n := number("pages"); d.pages > 0 && n != d.pages {
		t.Errorf("%s: %d pages, want %d", d.name, n, d.pages)
	}
	if n := number("pages_ocr"); d.ocr >= 0 && n != d.ocr {
		t.Errorf("%s: %d pages by OCR, want %d", d.name, n, d.ocr)
	}
}

func checkText(t *testing.T, d document, job string, agents map[string]*Agent) {
	t.Helper()
	for _, a := range agents {
		b, err := os.ReadFile(filepath.Join(a.Dir, "store", "processed", job, "text.txt"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range d.contains {
			if !strings.Contains(strings.ToLower(string(b)), strings.ToLower(want)) {
				t.Errorf("%s: the stored text has no %q", d.name, want)
			}
		}
		return
	}
	t.Errorf("%s: no agent stored processed/%s/text.txt", d.name, job)
}
