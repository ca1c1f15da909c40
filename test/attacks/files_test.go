//go:build attacks

package attacks

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A key reads the files it has leased, and nothing else.
func TestStolenKeyReadsOnlyWhatItLeased(t *testing.T) {
	t.Parallel()
	victim, thief := join(t, "victim"), join(t, "reader")
	content := "FILECANARY " + token(20)
	held := victim.take(t, document(t, name("held"), content, 1, 0))
	waiting := victim.queue(t, document(t, name("waiting"), content+" waits", 1, 0))
	own := thief.take(t, document(t, name("own"), "own "+token(9), 1, 0))
	for what, try := range map[string]struct {
		job    int64
		lease  string
		status []int
	}{
		"another's lease, stolen with its token":    {held.JobID, held.header(), []int{409}},
		"another's document with its own lease":     {held.JobID, own.header(), []int{409}},
		"a document nobody has leased":              {waiting, own.header(), []int{409}},
		"a document nobody has leased, empty token": {waiting, "0:" + strings.Repeat("A", 22), []int{409}},
		"a job there is not":                        {1 << 40, own.header(), []int{404}},
		"no lease at all":                           {held.JobID, "", []int{400}},
	} {
		r := thief.file(t, try.job, try.lease, nil)
		if strings.Contains(string(r.Body), "FILECANARY") || r.Status != try.status[0] || r.Tag != tagRefusal { // no signature covers X-Aidoc-Lease
			broken(t, "stolen key", what, "%s %v", r, r.Flaw)
		}
		Report.Held(t, "stolen key", "file: "+what, r.String())
	}
	if r := victim.file(t, held.JobID, held.header(), nil); string(r.Body) != content {
		t.Errorf("the holder cannot read it: %s", r)
	}
}

// The file route serves what lies in the uploads folder, whatever the database says and wherever a link leads.
func TestFileRouteStaysInUploads(t *testing.T) {
	t.Parallel()
	a := join(t, "escapist")
	outside := filepath.Join(site.Dir, "outside.txt")
	if err := os.WriteFile(outside, []byte("OUTSIDECANARY of the host"), 0o644); err != nil {
		t.Fatal(err)
	}
	uploads := filepath.Join(site.Root, "wp-content", "uploads")
	links := map[string]string{"link.txt": outside, "linkdir": site.Dir}
	for link, target := range links {
		if err := os.Symlink(target, filepath.Join(uploads, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{outside, "../../wp-config.php", "../../../outside.txt", "/etc/passwd", "link.txt", "linkdir/outside.txt", "php://filter/resource=/etc/passwd", "file:///etc/passwd", "2026/../../../../outside.txt"} {
		for _, when := range []string{"queued so", "changed under a lease"} {
			status := a.fileOf(t, path, when)
			Report.Held(t, "author with a library plugin", "_wp_attached_file = "+strings.Replace(path, site.Dir, "…", 1)+", "+when, status)
		}
	}
}

// fileOf points an attachment at path, before or after its lease, and asks for the bytes.
func (a *Joined) fileOf(t *testing.T, path, when string) (answer string) {
	t.Helper()
	id := document(t, name("escapist"), "harmless "+token(9), 1, 0)
	var l Lease
	if when != "queued so" {
		l = a.take(t, id)
	}
	site.Do(t, "meta", map[string]any{"post": id, "key": "_wp_attached_file", "value": path}, nil)
	if when == "queued so" {
		a.queue(t, id)
		got, _ := a.leases(t, a.ask(1))
		if len(got) == 0 {
			return "not queued"
		}
		l = got[0]
	}
	r := a.file(t, l.JobID, l.header(), nil)
	for _, word := range []string{"OUTSIDECANARY", "root:x:0", "DB_PASSWORD"} {
		if strings.Contains(string(r.Body), word) || strings.Contains(string(r.Body), base64.StdEncoding.EncodeToString([]byte(word))[:12]) {
			broken(t, "author with a library plugin", path+", "+when, "the bytes are served")
		}
	}
	return r.String()
}
