package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// The test binary is its own extraction child, as the real one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerCommand {
		os.Exit(extract.WorkerMain())
	}
	if run := os.Getenv(asCommand); run != "" { // see asProcess
		os.Exit(runAsProcess(run))
	}
	for _, name := range []string{"AIDOC_CONFIG", "AIDOC_DATA_DIR", "AIDOC_JOIN_TOKEN", "OPENAI_API_KEY", "XDG_CONFIG_HOME"} {
		os.Unsetenv(name)
	}
	goleak.VerifyTestMain(m)
}

// hasty makes the agent's waits short: a test waits for none that matters.
func hasty(s *agent.Settings) { s.RetryMin, s.ReleaseTime = 20*time.Millisecond, 500*time.Millisecond }

// cmd runs one command line in the data folder dir.
func cmd(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	e := &env{ctx: ctx, stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: os.Getenv, version: "1.2.3", tune: hasty}
	code = run(e, append([]string{"--data-dir", dir}, args...))
	return code, out.String(), errs.String()
}

func joined(t *testing.T, site *wptest.Site) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if code, _, errs := cmd(t, dir, "join", site.URL(), site.NewToken()); code != exitOK {
		t.Fatalf("join: exit %d: %s", code, errs)
	}
	return dir
}

const text = "The council met on Tuesday and agreed to repair the old bridge before winter. The repair costs two million. Traffic will use the northern road for six months. A report follows in spring."

func TestJoinOnceAndStatus(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	keys, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	if len(keys) != 1 {
		t.Fatalf("key files: %v", keys)
	}
	if fi, err := os.Stat(keys[0]); err != nil || fi.Mode().Perm() != 0o600 {
		t.Fatalf("key file mode %v, %v", fi.Mode(), err)
	}
	id := site.AddJob("minutes.txt", "text/plain", []byte(text))
	code, _, errs := cmd(t, dir, "once")
	if code != exitOK {
		t.Fatalf("once: exit %d: %s", code, errs)
	}
	got := site.Job(id)
	if got.State != wptest.Done || got.Result.AgentVersion != "1.2.3" || !strings.Contains(got.Result.SummaryMarkdown, "bridge") {
		t.Errorf("job %+v", got)
	}
	if strings.Contains(errs, "bridge") {
		t.Error("the log holds document text")
	}
	if code, _, errs = cmd(t, dir, "status"); code != exitMachine || !strings.Contains(errs, "no agent is running") {
		t.Errorf("status without an agent: exit %d: %s", code, errs)
	}
}

// TestOneSentenceAndItsExitCode: what an operator sees when something is wrong with site or key.
func TestOneSentenceAndItsExitCode(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>It works!</html>") }))
	defer page.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()

	for name, c := range map[string]struct {
		args func(t *testing.T) (dir string, args []string)
		code int
		says string // regular expression on standard error
	}{
		"wrong token": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			return t.TempDir(), []string{"join", s.URL(), "aidoc1.jt_000000000000000000000000." + strings.Repeat("A", 43)}
		}, exitRefused, `(?i)token`},
		"half a token": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"join", wptest.New(t).URL(), "aidoc1.jt_00"}
		}, exitUsage, `copy the whole command`},
		"no address": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"join", "www example org", "aidoc1.jt_000000000000000000000000." + strings.Repeat("A", 43)}
		}, exitUsage, `https://www\.example\.org`},
		"damaged key": {func(t *testing.T) (string, []string) {
			dir := joined(t, wptest.New(t))
			files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
			raw, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			other := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 64))
			raw = regexp.MustCompile(`"secret": "[^"]+"`).ReplaceAll(raw, []byte(`"secret": "`+other+`"`))
			if err := os.WriteFile(files[0], raw, 0o600); err != nil {
				t.Fatal(err)
			}
			return dir, []string{"once"}
		}, exitRefused, `does not accept this agent's key`},
		"no token": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"join", wptest.New(t).URL()}
		}, exitUsage, `token is missing`},
		"token used twice": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			token := s.NewToken()
			if code, _, errs := cmd(t, t.TempDir(), "join", s.URL(), token); code != exitOK {
				t.Fatal(errs)
			}
			return t.TempDir(), []string{"join", s.URL(), token}
		}, exitRefused, `seen this join token before`},
		"token too old": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			token := s.NewToken()
			s.ExpireTokens()
			return t.TempDir(), []string{"join", s.URL(), token}
		}, exitRefused, `(?i)expired|too old|15 minutes`},
		"site down": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"join", closed.URL, "aidoc1.jt_000000000000000000000000." + strings.Repeat("A", 43)}
		}, exitSite, regexp.QuoteMeta(strings.TrimPrefix(closed.URL, "http://"))},
		"not a WordPress": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"join", page.URL, "aidoc1.jt_000000000000000000000000." + strings.Repeat("A", 43)}
		}, exitSite, `WordPress`},
		"plugin inactive": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			s.SetPluginActive(false)
			return t.TempDir(), []string{"join", s.URL(), s.NewToken()}
		}, exitSite, `(?i)plugin`},
		"key revoked": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			dir := joined(t, s)
			s.Revoke(keyID(t, dir))
			return dir, []string{"once"}
		}, exitRefused, `(?i)revoked`},
		"key unknown": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			dir := joined(t, s)
			s.Forget(keyID(t, dir))
			return dir, []string{"once"}
		}, exitRefused, `(?i)key`},
		"clock 10 minutes off": {func(t *testing.T) (string, []string) {
			s := wptest.New(t)
			dir := joined(t, s)
			s.SetClockOffset(10 * time.Minute)
			return dir, []string{"once"}
		}, exitRefused, `clock here is (10m|9m59).* behind.*timedatectl`},
		"no such language": {func(t *testing.T) (string, []string) {
			return joined(t, wptest.New(t)), []string{"--set", "extract.languages=tlh", "run"}
		}, exitMachine, `extract\.languages names tlh.*apt-get install tesseract-ocr-tlh`},
		"no site": {func(t *testing.T) (string, []string) { return t.TempDir(), []string{"run"} }, exitUsage, `no site is joined`},
		"unknown field": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"--set", "poll.minn=3s", "version"}
		}, exitOK, ``},
		"unknown field, used": {func(t *testing.T) (string, []string) {
			return t.TempDir(), []string{"--set", "poll.minn=3s", "run"}
		}, exitUsage, `poll\.min`},
		"unknown command": {func(t *testing.T) (string, []string) { return t.TempDir(), []string{"rum"} }, exitUsage, `--help`},
		"journal in use": {func(t *testing.T) (string, []string) {
			dir := joined(t, wptest.New(t))
			j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { j.Close() })
			return dir, []string{"once"}
		}, exitMachine, `is using the journal`},
	} {
		t.Run(name, func(t *testing.T) {
			dir, args := c.args(t)
			code, _, errs := cmd(t, dir, args...)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			if !regexp.MustCompile(c.says).MatchString(errs) {
				t.Errorf("said %q, want %q", errs, c.says)
			}
			if strings.Contains(errs, "aidoc1.jt_") && !strings.Contains(c.says, "copy") {
				t.Errorf("the token is in the message: %s", errs)
			}
		})
	}
}

func keyID(t *testing.T, dir string) string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`ak_[0-9a-f]{24}`).FindString(string(raw))
}

func TestARotatedKeyIsKeptAndUsed(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	before := keyID(t, dir)
	site.AskForRotation()
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Fatalf("once: exit %d: %s", code, errs)
	}
	after := keyID(t, dir)
	if after == before {
		t.Fatal("the key file still has the old key")
	}
	site.AddJob("d.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Fatalf("once with the new key: exit %d: %s", code, errs)
	}
	for _, r := range site.Requests() {
		if r.Route == "/aidoc/v1/result" && r.KeyID != after {
			t.Errorf("result signed with %s", r.KeyID)
		}
	}
}

func TestProcessPrintsMarkdownAndStatesFailures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good, empty := filepath.Join(dir, "minutes.txt"), filepath.Join(dir, "empty.txt")
	os.WriteFile(good, []byte(text), 0o600)
	os.WriteFile(empty, nil, 0o600)
	code, out, errs := cmd(t, filepath.Join(dir, "data"), "process", good, empty, filepath.Join(dir, "absent.pdf"))
	if code != exitDocuments || !strings.HasPrefix(out, "# ") || !strings.Contains(out, "bridge") {
		t.Errorf("exit %d, output %q", code, out)
	}
	if !regexp.MustCompile(`empty\.txt: .*empty`).MatchString(errs) || !strings.Contains(errs, "absent.pdf: ") || !strings.Contains(errs, "2 of 3 files failed") {
		t.Errorf("said %q", errs)
	}
}

func TestExtractWritesWhatItReads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "minutes.txt"), filepath.Join(dir, "out")
	os.WriteFile(in, []byte(text), 0o600)
	code, stdout, errs := cmd(t, filepath.Join(dir, "data"), "extract", "--json", in)
	if code != exitOK || !strings.Contains(stdout, `"method":"text"`) || !strings.Contains(stdout, "bridge") {
		t.Errorf("exit %d: %s %s", code, stdout, errs)
	}
	if code, _, errs = cmd(t, filepath.Join(dir, "data"), "extract", "-o", out, in); code != exitOK {
		t.Fatal(errs)
	}
	if raw, err := os.ReadFile(filepath.Join(out, "minutes.txt.txt")); err != nil || !strings.Contains(string(raw), "bridge") {
		t.Errorf("%v %s", err, raw)
	}
}

func TestDoctorFindsAClockThatDrifts(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	code, out, _ := cmd(t, dir, "doctor")
	if code != exitOK || strings.Contains(out, "FAIL") || !strings.Contains(out, "documents are processed now") {
		t.Fatalf("exit %d\n%s", code, out)
	}
	site.SetClockOffset(2 * time.Minute)
	if _, out, _ = cmd(t, dir, "doctor"); !regexp.MustCompile(`note +clock .*2m`).MatchString(out) {
		t.Errorf("doctor did not warn of 2 minutes:\n%s", out)
	}
	site.SetClockOffset(10 * time.Minute)
	if code, out, _ = cmd(t, dir, "doctor"); code != exitRefused || !strings.Contains(out, "timedatectl") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// Anybody can tell an agent at its start that its key is unknown. Only the site's own word ends it.
func TestAFalseDenialDoesNotEndAnAgentAtItsStart(t *testing.T) {
	t.Parallel()
	for kind, ends := range map[wptest.FaultKind]bool{wptest.Denied: false, wptest.Mistaken: false, wptest.Queried: false, wptest.None: true} {
		site := wptest.New(t)
		dir := joined(t, site)
		if kind == wptest.None {
			site.Revoke(keyID(t, dir))
		}
		site.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: kind} })
		e := &env{ctx: t.Context(), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, version: "1"}
		cfg, err := load(e, &commands{DataDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		log := newLogger(e, cfg, levelOf(cfg))
		conns, err := connectAll(cfg, log, "1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := preflight(t.Context(), log, conns); (err != nil) != ends {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func TestDoctorSaysWhenTheWindowOpens(t *testing.T) {
	t.Parallel()
	at := func(hour int) finding {
		cfg := config.Default()
		cfg.Schedule.TZ, cfg.Schedule.Windows = "UTC", []config.Window{{From: "19:00", To: "07:00"}}
		return checkSchedule(cfg, time.Date(2026, 3, 4, hour, 0, 0, 0, time.UTC))
	}
	if f := at(12); f.err != nil || !strings.HasPrefix(f.note, "outside") || !strings.HasSuffix(f.note, "until Wed 2026-03-04 19:00 UTC") {
		t.Errorf("at noon: %+v", f)
	}
	if f := at(22); f.err != nil || f.note != "documents are processed now until Thu 2026-03-05 07:00 UTC" {
		t.Errorf("at night: %+v", f)
	}
}

func TestDoctorShowsWhatASiteHasOfItsOwn(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.Schedule.TZ, cfg.Schedule.Windows = "UTC", []config.Window{{From: "19:00", To: "07:00"}}
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	if got := checkSiteSettings(cfg, config.Site{URL: "https://a.example"}, noon); len(got) != 0 {
		t.Errorf("of a site with nothing of its own: %+v", got)
	}
	got := checkSiteSettings(cfg, config.Site{URL: "https://a.example", TZ: "Asia/Tokyo", MaxDocuments: 2, Model: "house", Labels: []string{"intranet"}}, noon)
	if len(got) != 2 || got[0].note != "documents are processed now until Thu 2026-03-05 07:00 JST" || got[1].note != "at most 2 documents in work; summaries by house; labels intranet" {
		t.Errorf("%+v", got)
	}
}

// A setting that is documented as off must let the agent start.
func TestHousekeepingCanBeOff(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.Schedule.Housekeeping = "off"
	l, err := newLive(cfg)
	if err != nil {
		t.Fatal(err)
	}
	opt, err := agentOptions(l, writers{}, &artifactNames{}, "1", slog.New(slog.DiscardHandler), nil)
	if err != nil || opt.Settings.Housekeeping != nil {
		t.Errorf("%v %v", opt.Settings.Housekeeping, err)
	}
}
