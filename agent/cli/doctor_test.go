package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// setUp is one installation that doctor looks at: its data folder, and how it is started.
type setUp struct {
	dir   string
	flags []string
	env   []string // not empty, or how not "": in a process of its own
	how   string
}

// broken is a set-up that does not work, and what doctor has to say of it.
type broken struct {
	build func(t *testing.T) setUp
	check string // whose finding it is
	state string
	code  int
	says  string // of its text: a regular expression
	cure  string // of its cure
}

// behind puts something between the agent and a new site: the agent joins by the address of what stands in front, and break is then
// in force.
func behind(t *testing.T, change func(http.Handler) http.Handler, opts ...wptest.Option) (*wptest.Site, setUp) {
	t.Helper()
	site := wptest.New(t, opts...)
	var mu sync.Mutex
	var inner http.Handler = site
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := inner
		mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	site.SetHome(front.URL)
	dir := joined(t, site)
	mu.Lock()
	inner = change(site)
	mu.Unlock()
	return site, setUp{dir: dir}
}

// toAgents applies change to requests for the agents' routes alone.
func toAgents(change func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(site http.Handler) http.Handler {
		changed := change(site)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path+r.URL.Query().Get("rest_route"), "/aidoc/v1/") {
				changed.ServeHTTP(w, r)
				return
			}
			site.ServeHTTP(w, r)
		})
	}
}

func withoutHeaders(names ...string) func(http.Handler) http.Handler {
	return toAgents(func(site http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, n := range names {
				r.Header.Del(n)
			}
			site.ServeHTTP(w, r)
		})
	})
}

// rewritten gives answers out changed, and their headers as they were.
func rewritten(change func([]byte) []byte) func(http.Handler) http.Handler {
	return toAgents(func(site http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			site.ServeHTTP(rec, r)
			for n, v := range rec.Header() {
				w.Header()[n] = v
			}
			w.Header().Del("Content-Length")
			w.WriteHeader(rec.Code)
			w.Write(change(rec.Body.Bytes()))
		})
	})
}

// cached answers every request for a path as it answered the first one.
func cached(site http.Handler) http.Handler {
	var mu sync.Mutex
	kept := map[string]*httptest.ResponseRecorder{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		rec := kept[r.URL.Path]
		if rec == nil {
			rec = httptest.NewRecorder()
			site.ServeHTTP(rec, r)
			kept[r.URL.Path] = rec
		} else {
			w.Header().Set("Age", "41")
		}
		for n, v := range rec.Header() {
			w.Header()[n] = v
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	})
}

// cachedBell is a site behind a cache that has kept the doorbell's file since before it was rung last, under keys of its own.
func cachedBell(key func(*http.Request) string, header, value string) func(*testing.T) setUp {
	return func(t *testing.T) setUp {
		var mu sync.Mutex
		kept := map[string][]byte{}
		site, s := behind(t, func(site http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.Contains(r.URL.Path, "/bell-") {
					site.ServeHTTP(w, r)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if k := key(r); kept[k] == nil {
					rec := httptest.NewRecorder()
					site.ServeHTTP(rec, r)
					kept[k] = rec.Body.Bytes()
				} else {
					w.Header().Set(header, value)
				}
				w.Write(kept[key(r)])
			})
		}, wptest.Doorbell())
		url := site.BellURL()
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		site.AddJob("rings.txt", "text/plain", []byte("x"))
		return s
	}
}

func page(status int, title string) func(http.Handler) http.Handler {
	return toAgents(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			fmt.Fprintf(w, "<html><head><title>%s</title></head></html>", title)
		})
	})
}

// siteOf is a set-up whose site is broken by do after it has joined.
func siteOf(do func(*wptest.Site, string)) func(*testing.T) setUp {
	return func(t *testing.T) setUp {
		site := wptest.New(t, wptest.Doorbell())
		dir := joined(t, site)
		do(site, dir)
		return setUp{dir: dir}
	}
}

func behindOf(change func(http.Handler) http.Handler) func(*testing.T) setUp {
	return func(t *testing.T) setUp { _, s := behind(t, change, wptest.Doorbell()); return s }
}

// withFlags is a sound site and a configuration that is not.
func withFlags(flags ...string) func(*testing.T) setUp {
	return func(t *testing.T) setUp {
		return setUp{dir: joined(t, wptest.New(t, wptest.Doorbell())), flags: sets(flags...)}
	}
}

func sets(fields ...string) (flags []string) {
	for _, f := range fields {
		flags = append(flags, "--set", f)
	}
	return flags
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// tessdata is a folder with these of the machine's OCR data.
func tessdata(t *testing.T, names ...string) []string {
	dir := t.TempDir()
	for _, n := range names {
		found, _ := filepath.Glob("/usr/share/tesseract-ocr/*/tessdata/" + n + ".traineddata")
		if len(found) == 0 {
			t.Skipf("no %s.traineddata on this machine", n)
		}
		if err := os.Symlink(found[0], filepath.Join(dir, n+".traineddata")); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"TESSDATA_PREFIX=" + dir}
}

// bucket is an S3 server that refuses what deny says; "" for none.
func bucket(t *testing.T, deny func(*http.Request) bool, fields ...string) []string {
	backend := s3mem.New()
	if err := backend.CreateBucket("docs"); err != nil {
		t.Fatal(err)
	}
	inner := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if deny(r) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return sets(append([]string{"store.kind=s3", "store.s3.bucket=docs", "store.s3.endpoint=" + srv.URL, "store.s3.path_style=true",
		"store.s3.access_key_id=AKIATEST", "store.s3.secret_access_key=secret"}, fields...)...)
}

func s3Of(deny func(*http.Request) bool, fields ...string) func(*testing.T) setUp {
	return func(t *testing.T) setUp {
		return setUp{dir: joined(t, wptest.New(t, wptest.Doorbell())), flags: bucket(t, deny, fields...)}
	}
}

func method(m string, query string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == m && (query == "" || r.URL.Query().Has(query)) }
}

func modelOf(answer llmtest.Script, fields ...string) func(*testing.T) setUp {
	return func(t *testing.T) setUp {
		srv := llmtest.NewServer(answer)
		t.Cleanup(srv.Close)
		fields := append([]string{"summary.provider=openai", "summary.model=m", "summary.api_key=k", "summary.base_url=" + srv.OpenAIURL()}, fields...)
		return setUp{dir: joined(t, wptest.New(t, wptest.Doorbell())), flags: sets(fields...)}
	}
}

func keyFile(t *testing.T, dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	if len(files) != 1 {
		t.Fatalf("key files: %v", files)
	}
	return files[0]
}

// brokenSetUps are what operators have been seen with. Each is really broken: by a box in front of the site, a server that refuses, a file
// that is damaged, an environment that misses something.
func brokenSetUps() map[string]broken {
	nobody := func(*http.Request) bool { return false }
	return map[string]broken{
		"signature headers are stripped": {behindOf(withoutHeaders("Signature", "Signature-Input")), "site", stateFailure, exitSite, `signature headers|strips`, `pass X-Aidoc-Route`},
		"the digest header is stripped":  {behindOf(withoutHeaders("Content-Digest")), "site", stateFailure, exitSite, `signature headers|changed on its way`, `pass X-Aidoc-Route|exempt`},
		"requests are rewritten": {behindOf(toAgents(func(site http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Body = io.NopCloser(io.MultiReader(r.Body, strings.NewReader(" ")))
				site.ServeHTTP(w, r)
			})
		})), "site", stateFailure, exitSite, `changed on its way`, `exempt /wp-json/aidoc/v1/`},
		"answers are rewritten": {behindOf(rewritten(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"agent"`), []byte(`"Agent"`)) })),
			"site", stateFailure, exitSite, `body was changed on its way`, `exempt`},
		"answers come from a cache": {behindOf(func(site http.Handler) http.Handler { return toAgents(cached)(site) }), "site", stateFailure, exitSite, `does not fit this request \(a cache`, `exempt`},
		"a firewall's page":         {behindOf(page(403, "Access denied")), "site", stateFailure, exitSite, `status 403, "Access denied"`, `exempt`},
		"a query is appended": {siteOf(func(s *wptest.Site, _ string) {
			s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.Queried} })
		}), "site", stateFailure, exitSite, `query parameter`, `exempt`},
		"a byte order mark":                {behindOf(rewritten(func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) })), "site", stateWarning, exitOK, `byte order mark`, `grep -rlP`},
		"the plugin is inactive":           {siteOf(func(s *wptest.Site, _ string) { s.SetPluginActive(false) }), "site", stateFailure, exitSite, `(?i)plugin`, `activate`},
		"the plugin is of another version": {siteOf(func(s *wptest.Site, _ string) { s.SetPluginVersion("0.9.4") }), "versions", stateWarning, exitOK, `agent 1\.2\.3 and plugin 0\.9\.4`, `update the older`},
		"the key was revoked": {func(t *testing.T) setUp {
			site := wptest.New(t)
			dir := joined(t, site)
			site.Revoke(keyID(t, dir))
			return setUp{dir: dir}
		}, "site", stateFailure, exitRefused, `revoked`, `join`},
		"the clock is wrong":              {siteOf(func(s *wptest.Site, _ string) { s.SetClockOffset(10 * time.Minute) }), "site", stateFailure, exitRefused, `behind the site's`, `timedatectl`},
		"the clock drifts":                {siteOf(func(s *wptest.Site, _ string) { s.SetClockOffset(2 * time.Minute) }), "clock", stateWarning, exitOK, `2m0s apart|1m59s apart`, `timedatectl`},
		"the collector of traces is away": {withFlags("tracing.endpoint=http://127.0.0.1:1"), "tracing", stateWarning, exitOK, `takes no traces: .*refused`, `port 4318`},
		"a cache keeps the doorbell whatever is asked": {cachedBell(func(r *http.Request) string { return r.URL.Path }, "Age", "41"), "doorbell", stateWarning, exitOK,
			`whatever is asked`, `exempt http.*bell-`},
		"a cache keeps the doorbell": {cachedBell(func(r *http.Request) string { return r.URL.String() }, "CF-Cache-Status", "HIT"), "doorbell", stateWarning, exitOK,
			`a cache answers for the doorbell \(Cf-Cache-Status: HIT\); agents look around it`, `exempt http.*bell-.*in Cloudflare a cache rule`},
		"the doorbell is a page": {behindOf(func(site http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "/bell-") {
					http.NotFound(w, r)
					return
				}
				site.ServeHTTP(w, r)
			})
		}), "doorbell", stateWarning, exitOK, `no doorbell where it said \(status 404\)`, `curl -i`},
		"the proxy is down": {func(t *testing.T) setUp {
			s := setUp{dir: joined(t, wptest.New(t))}
			s.env = []string{"HTTP_PROXY=http://" + closedPort(t), "NO_PROXY="}
			file := keyFile(t, s.dir)
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			raw = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).ReplaceAll(raw, []byte("http://site.test"))
			raw = bytes.Replace(raw, []byte(`"joined_at"`), []byte(`"insecure_http": true, "joined_at"`), 1)
			if err := os.WriteFile(file, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			return s
		}, "proxy", stateFailure, exitSite, `takes no connection`, `NO_PROXY`},
		"the key file can be read by others": {siteOf(func(_ *wptest.Site, dir string) {
			files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
			os.Chmod(files[0], 0o644)
		}), "site", stateFailure, exitUsage, `read by other users`, `0600`},
		"a variable that sets nothing": {func(t *testing.T) setUp {
			return setUp{dir: joined(t, wptest.New(t)), env: []string{"AIDOC_API_KEY=sk-1"}}
		}, "configuration", stateWarning, exitOK, `AIDOC_API_KEY sets nothing`, `did you mean AIDOC_SUMMARY_API_KEY\?`},
		"no osd data":          {func(t *testing.T) setUp { return setUp{dir: joined(t, wptest.New(t)), env: tessdata(t, "eng")} }, "orientation", stateWarning, exitOK, `osd data is not installed`, `tesseract-ocr-osd`},
		"no language data":     {func(t *testing.T) setUp { return setUp{dir: joined(t, wptest.New(t)), env: tessdata(t)} }, "OCR", stateFailure, exitMachine, `no OCR language`, `tesseract-ocr-eng`},
		"a language's package": {withFlags("extract.languages=chi_sim"), "OCR", stateFailure, exitMachine, `chi_sim, which is not installed`, `tesseract-ocr-chi-sim$`},
		"a language's code":    {withFlags("extract.languages=de"), "OCR", stateFailure, exitMachine, `names de, which Tesseract calls deu`, `tesseract-ocr-deu`},
		"no landlock, auto":    {func(t *testing.T) setUp { return setUp{dir: joined(t, wptest.New(t)), how: landlockedOut} }, "sandbox", stateWarning, exitOK, `not fully confined; landlock`, `5\.13`},
		"no landlock, required": {func(t *testing.T) setUp {
			return setUp{dir: joined(t, wptest.New(t)), how: landlockedOut, flags: sets("extract.sandbox=require")}
		}, "extraction", stateFailure, exitMachine, `(?i)landlock`, `5\.13`},
		"no seccomp, auto": {func(t *testing.T) setUp { return setUp{dir: joined(t, wptest.New(t)), how: seccompedOut} }, "sandbox", stateWarning, exitOK, `not fully confined; seccomp`, `pass the call seccomp`},
		"no seccomp, required": {func(t *testing.T) setUp {
			return setUp{dir: joined(t, wptest.New(t)), how: seccompedOut, flags: sets("extract.sandbox=require")}
		}, "extraction", stateFailure, exitMachine, `(?i)seccomp: `, `seccomp`},
		"the sandbox is off": {withFlags("extract.sandbox=off"), "sandbox", stateWarning, exitOK, `sandbox is off`, `sandbox: auto`},
		"the data folder is a file": {func(t *testing.T) setUp {
			dir := joined(t, wptest.New(t))
			os.RemoveAll(filepath.Join(dir, "work"))
			if err := os.WriteFile(filepath.Join(dir, "work"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return setUp{dir: dir}
		}, "data folder", stateFailure, exitMachine, `cannot create`, `chown`},
		"too little disk": {withFlags("limits.min_free_disk=1000TiB"), "data folder", stateFailure, exitMachine, `(?i)disk`, `min_free_disk`},
		"a journal of another program": {siteOf(func(_ *wptest.Site, dir string) {
			os.WriteFile(filepath.Join(dir, "journal.db"), bytes.Repeat([]byte("no database. "), 1000), 0o600)
		}), "journal", stateFailure, exitMachine, `journal_`, `.`},
		"keys that S3 does not know":         {s3Of(func(*http.Request) bool { return true }), "object store", stateFailure, exitMachine, `may not do this|refuses access`, `store\.s3\.access_key_id`},
		"no such bucket":                     {s3Of(nobody, "store.s3.bucket=absent"), "object store", stateFailure, exitMachine, `no bucket absent`, `create the bucket`},
		"no right to list":                   {s3Of(method("GET", "list-type")), "object store", stateFailure, exitMachine, `s3:ListBucket is refused`, `allow s3:ListBucket`},
		"no right to delete":                 {s3Of(method("DELETE", "")), "object store", stateFailure, exitMachine, `s3:DeleteObject is refused.*erased`, `allow s3:DeleteObject`},
		"no right to sweep":                  {s3Of(method("GET", "uploads")), "object store", stateWarning, exitOK, `s3:ListBucketMultipartUploads is refused`, `allow`},
		"no right to tag":                    {s3Of(func(r *http.Request) bool { return r.Header.Get("X-Amz-Tagging") != "" }, "store.s3.tags=a=b"), "object store", stateFailure, exitMachine, `s3:PutObjectTagging is refused.*store\.s3\.tags`, `allow s3:PutObjectTagging`},
		"no right to the key for encryption": {s3Of(func(r *http.Request) bool { return r.Header.Get("X-Amz-Server-Side-Encryption") != "" }, "store.s3.sse=aws:kms"), "object store", stateFailure, exitMachine, `kms:GenerateDataKey is refused`, `allow kms:GenerateDataKey`},
		"no right to decrypt":                {s3Of(method("GET", "x-id"), "store.s3.sse=aws:kms"), "object store", stateFailure, exitMachine, `kms:Decrypt is refused`, `allow kms:Decrypt`},
		"no right to abort":                  {s3Of(method("DELETE", "uploadId")), "object store", stateWarning, exitOK, `s3:AbortMultipartUpload is refused`, `allow s3:AbortMultipartUpload`},
		"the model refuses the key":          {modelOf(func(int, llmtest.Call) llmtest.Reply { return llmtest.Reply{Status: 401} }), "summariser", stateFailure, exitUsage, `model_auth|refuses|key`, `api_key_file`},
		"the model takes no pictures": {modelOf(func(_ int, c llmtest.Call) llmtest.Reply {
			if len(c.Pictures) > 0 {
				return llmtest.Reply{Status: 400, ErrorText: "m is not a multimodal model"}
			}
			return llmtest.Reply{}
		}, "extract.vision.model=summary"), "vision", stateFailure, exitUsage, `takes no pictures`, `extract\.vision\.model`},
		"there is no such model": {modelOf(func(int, llmtest.Call) llmtest.Reply { return llmtest.Reply{Status: 404} }), "summariser", stateFailure, exitUsage, `m`, `summary\.model`},
		"the model is away": {func(t *testing.T) setUp {
			return setUp{dir: joined(t, wptest.New(t)), flags: sets("summary.provider=openai", "summary.model=m", "summary.api_key=k", "summary.base_url=http://"+closedPort(t)+"/v1")}
		}, "summariser", stateFailure, exitUsage, `.`, `base_url`},
		"a cap without a price": {modelOf(nil, "summary.max_usd_per_day=5"), "price", stateWarning, exitOK, `price of .* is not known`, `usd_per_mtok_in`},
		"a misspelt field":      {withFlags("poll.minn=3s"), "configuration", stateFailure, exitUsage, `poll\.min`, `config check`},
		"no site":               {func(t *testing.T) setUp { return setUp{dir: t.TempDir()} }, "sites", stateFailure, exitUsage, `no site is joined`, `join`},
	}
}

// TestDoctorNamesWhatIsBrokenAndTheCure: every broken set-up is found by the check it belongs to, with cause, cure and exit code.
func TestDoctorNamesWhatIsBrokenAndTheCure(t *testing.T) {
	t.Parallel()
	for name, b := range brokenSetUps() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := b.build(t)
			args := append(append([]string{"--data-dir", s.dir}, s.flags...), "doctor", "--json")
			code, out, errs := doctor(t, s, args)
			var report struct {
				ExitCode int          `json:"exit_code"`
				Findings []reportLine `json:"findings"`
			}
			if err := json.Unmarshal([]byte(out), &report); err != nil {
				t.Fatalf("exit %d, %v: %s %s", code, err, out, errs)
			}
			if code != b.code || report.ExitCode != b.code {
				t.Errorf("exit %d, in the report %d, want %d:\n%s", code, report.ExitCode, b.code, out)
			}
			for _, f := range report.Findings {
				if f.State != stateOK && f.Cure == "" {
					t.Errorf("%s: no cure: %s", f.Check, f.Text)
				}
				if f.Check == b.check && f.State == b.state && regexp.MustCompile(b.says).MatchString(f.Text) && regexp.MustCompile(b.cure).MatchString(f.Cure) {
					return
				}
			}
			t.Errorf("no %s of %s that says %q and %q:\n%s", b.state, b.check, b.says, b.cure, out)
		})
	}
}

func doctor(t *testing.T, s setUp, args []string) (code int, out, errs string) {
	if s.how == "" && len(s.env) == 0 {
		return cmd(t, s.dir, args[2:]...)
	}
	how := s.how
	if how == "" {
		how = plainly
	}
	return asProcess(t, how, s.env, args...)
}

// A sound set-up gets no finding but good ones, also when warnings count.
func TestDoctorFindsNothingWhereAllIsWell(t *testing.T) {
	t.Parallel()
	site := wptest.New(t, wptest.Doorbell())
	dir := joined(t, site)
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	j.Close()
	code, out, errs := cmd(t, dir, append(bucket(t, func(*http.Request) bool { return false }), "--set", "extract.workers=1", "--set", "extract.memory_mib=128", "doctor", "--strict")...)
	if code != exitOK || strings.Contains(out, "FAIL") || strings.Contains(out, "note ") {
		t.Errorf("exit %d: %s\n%s", code, errs, out)
	}
	for _, check := range []string{"configuration", "data folder", "memory", "journal", "windows", "extraction", "readers", "OCR", "orientation", "sandbox", "object store", "summariser", "site", "versions", "clock", "doorbell"} {
		if !regexp.MustCompile(`(?m)^ok    ` + check + ` `).MatchString(out) {
			t.Errorf("nothing is said of %s:\n%s", check, out)
		}
	}
	site.SetClockOffset(2 * time.Minute)
	if code, _, _ := cmd(t, dir, "--set", "extract.workers=1", "--set", "extract.memory_mib=128", "doctor", "--strict"); code != exitWarnings {
		t.Errorf("a warning, strictly: exit %d", code)
	}
}

func TestDoctorNamesTheSiteWhereThereAreSeveral(t *testing.T) {
	t.Parallel()
	one, two := wptest.New(t), wptest.New(t)
	dir := joined(t, one)
	if _, out, _ := cmd(t, dir, "doctor"); strings.Count(out, one.URL()) != 1 {
		t.Errorf("one site is named more than once:\n%s", out)
	}
	if code, _, errs := cmd(t, dir, "join", two.URL(), two.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	two.Close()
	_, out, _ := cmd(t, dir, "doctor")
	for line := range strings.Lines(out) {
		for _, check := range []string{"ok    versions", "ok    clock", "FAIL  site"} {
			if strings.HasPrefix(line, check) && !strings.Contains(line, "http://127.0.0.1:") {
				t.Errorf("does not say of which site: %s", line)
			}
		}
	}
	if !strings.Contains(out, "curl -I "+two.URL()+" must work") {
		t.Errorf("the cure does not name the address:\n%s", out)
	}
}
