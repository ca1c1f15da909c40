package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// worked is a data folder of an agent that has read a document.
func worked(t *testing.T) (dir string) {
	t.Helper()
	site := wptest.New(t)
	dir = joined(t, site)
	site.AddJob("minutes.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Fatal(errs)
	}
	return dir
}

func TestJobsListsWhatWasDone(t *testing.T) {
	t.Parallel()
	dir := worked(t)
	code, out, errs := cmd(t, dir, "jobs")
	if code != exitOK || !regexp.MustCompile(`(?m)^\d+ +done .* minutes\.txt `).MatchString(out) {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, _ = cmd(t, dir, "jobs", "--json")
	var row jobRow
	if err := json.Unmarshal([]byte(out), &row); code != exitOK || err != nil || row.State != "done" || row.SHA256 == "" || strings.Contains(out, "token") {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
	if code, out, _ := cmd(t, t.TempDir(), "jobs"); code != exitOK || !strings.Contains(out, "No job yet") {
		t.Errorf("without a journal: exit %d: %s", code, out)
	}
}

func TestCacheForgetsWhatItIsTold(t *testing.T) {
	t.Parallel()
	dir := worked(t)
	_, out, _ := cmd(t, dir, "cache", "ls")
	sha := regexp.MustCompile(`(?m)^([0-9a-f]{64}) +1 .*minutes\.txt$`).FindStringSubmatch(out)
	if sha == nil {
		t.Fatalf("not listed:\n%s", out)
	}
	if code, _, errs := cmd(t, dir, "cache", "rm"); code != exitUsage || !strings.Contains(errs, "cache ls") {
		t.Errorf("nothing named: exit %d: %s", code, errs)
	}
	if code, _, errs := cmd(t, dir, "cache", "rm", "ffffffff"); code != exitUsage || !strings.Contains(errs, "0 documents") {
		t.Errorf("nobody's digest: exit %d: %s", code, errs)
	}
	if code, _, errs := cmd(t, dir, "cache", "rm", sha[1][:12]); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if _, out, _ = cmd(t, dir, "cache", "ls"); strings.Contains(out, sha[1]) {
		t.Errorf("still there:\n%s", out)
	}
}

// What a job that is not finished needs is not forgotten.
func TestCacheKeepsWhatIsInWork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sha := strings.Repeat("ab", 32)
	if err := j.PutPage(t.Context(), sha, "x", 1, []byte("page")); err != nil {
		t.Fatal(err)
	}
	if err := j.SaveJob(t.Context(), journal.JobRecord{Site: "https://a.example", JobID: 1, Epoch: 1, SHA256: sha, State: journal.StateExtracting}); err != nil {
		t.Fatal(err)
	}
	j.Close()
	if code, _, errs := cmd(t, dir, "cache", "rm", sha); code != exitUsage || !strings.Contains(errs, "is in work") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestConfigShowsWhereValuesComeFromAndNoSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "agent.yaml")
	if err := os.WriteFile(file, []byte("poll:\n  min: 2s\nsummary:\n  api_key: sk-geheim\n  headers: [\"X-Team: geheim\"]\nsites:\n  - {url: https://a.example, labels: [intern], s3: {region: eu, access_key_id: id, secret_access_key: geheim}}\n  - {url: https://b.example, windows: always}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := asProcess(t, plainly, []string{"AIDOC_POLL_MAX=20s"}, "--data-dir", dir, "--config", file, "--set", "log.level=debug", "config", "show")
	for _, line := range []string{"poll.min: 2s  # " + file, "poll.max: 20s  # variable AIDOC_POLL_MAX", "log.level: debug  # flag", "log.format: json  # default",
		`summary.api_key: "[redacted]"  # ` + file, "sites:  # " + file + "\n  - url: https://a.example", "    labels: [intern]", "  - url: https://b.example", "    windows: always", "data_dir: " + dir + "  # flag"} {
		if !strings.Contains(out, line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
	if strings.Contains(out, "max_documents") {
		t.Error("of a site is shown what nobody has set")
	}
	if code != exitOK || strings.Contains(out+errs, "geheim") || !strings.Contains(out, "agent.slots: ") || !strings.Contains(out, "# this machine") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, out, errs = cmd(t, dir, "--config", file, "config", "check"); code != exitOK || !strings.Contains(out, "is right") {
		t.Errorf("check: exit %d: %s%s", code, out, errs)
	}
	if code, _, errs = cmd(t, dir, "--config", file, "--set", "agent.slots=-1", "--set", "log.level=loud", "config", "check"); code != exitUsage || !strings.Contains(errs, "agent.slots") || !strings.Contains(errs, "log.level") {
		t.Errorf("two mistakes: exit %d: %s", code, errs)
	}
}

// The live view fits its terminal, and says why nothing is in work.
func TestFrameFitsTheTerminal(t *testing.T) {
	t.Parallel()
	now := time.Now()
	three, many := 3, 1000
	st := agent.Status{Version: "1.2.3", At: now, Slots: 2, Summariser: "extractive", Window: &agent.Window{Open: false, Changes: now.Add(time.Hour)}}
	st.Sites = []agent.SiteStatus{
		{URL: "https://idle.example", Directive: "run", LastContact: now, Queue: new(int)},
		{URL: "https://b.example", Directive: "run", LastContact: now, Queue: &many},
		{URL: "https://a.example", Directive: "run", LastContact: now, Queue: &three, Why: "outside the processing window", Held: []agent.HeldStatus{
			{JobID: 7, Filename: strings.Repeat("long", 40) + ".pdf", Phase: "ocr", Done: 3, Total: 9, Since: now}, {JobID: 8, Filename: strings.Repeat("年度报告", 20) + ".pdf", Phase: "extract", Since: now}}},
		{URL: "https://away.example", Directive: "run", LastContact: now, LastError: "lease: cannot connect to away.example: is it up, and does this machine's firewall or proxy let the agent out? (unreachable)"},
	}
	plain := func(width, height int) []string {
		return strings.Split(strings.ReplaceAll(frame(st, width, height), "\x1b[K", ""), "\n")
	}
	got := strings.Join(plain(60, 40), "\n")
	for _, want := range []string{"2 of 2 slots used", "windows: outside the processing windows, until ", "3 waiting, done 0", "takes no work: outside the processing window", "3 of 9",
		"1000 or more waiting", "not for this agent", "idle: nothing waits there"} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for _, width := range []int{20, 40, 60, 80} {
		for _, height := range []int{4, 9, 40} {
			lines := plain(width, height)
			if len(lines) > height {
				t.Errorf("%d lines in a terminal of %d", len(lines), height)
			}
			for _, l := range lines {
				if n := columnsOf(l); n > width {
					t.Errorf("%d columns in a terminal of %d: %q", n, width, l)
				}
			}
		}
	}
	// What somebody has to see to is there in a small terminal too, and the reason is whole.
	if small := strings.Join(strings.Fields(strings.Join(plain(40, 20), " ")), " "); !strings.Contains(small, "running, 2 of 2 slots used") || !strings.Contains(small, "let the agent out? (unreachable)") {
		t.Errorf("40 columns and 20 lines leave\n%s", small)
	}
}
