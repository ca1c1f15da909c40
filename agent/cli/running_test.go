package cli

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// running is an agent in a process of its own.
type running struct {
	t   *testing.T
	dir string
	cmd *exec.Cmd

	mu      sync.Mutex
	lines   []map[string]any
	changed chan struct{}
	ended   chan struct{}
}

// start runs the agent with the data folder dir until the test ends.
func start(t *testing.T, dir string, flags ...string) *running {
	t.Helper()
	r := &running{t: t, dir: dir, changed: make(chan struct{}, 1), ended: make(chan struct{})}
	r.cmd = exec.Command(os.Args[0], append(append([]string{"--data-dir", dir}, flags...), "run")...)
	r.cmd.Env = append(os.Environ(), asCommand+"="+plainly)
	out, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go r.read(bufio.NewScanner(out))
	t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGTERM)
		<-r.ended
		_ = r.cmd.Wait()
	})
	return r
}

func (r *running) read(s *bufio.Scanner) {
	for s.Scan() {
		var line map[string]any
		if json.Unmarshal(s.Bytes(), &line) != nil {
			line = map[string]any{"msg": "not JSON: " + s.Text()}
		}
		r.mu.Lock()
		r.lines = append(r.lines, line)
		r.mu.Unlock()
		select {
		case r.changed <- struct{}{}:
		default:
		}
	}
	close(r.ended)
}

// await returns the first line of the log with this message for which ok is true.
func (r *running) await(msg string, ok func(map[string]any) bool) map[string]any {
	r.t.Helper()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	for {
		r.mu.Lock()
		for _, l := range r.lines {
			if l["msg"] == msg && (ok == nil || ok(l)) {
				r.mu.Unlock()
				return l
			}
		}
		r.mu.Unlock()
		select {
		case <-r.changed:
		case <-limit.C:
			r.mu.Lock()
			defer r.mu.Unlock()
			r.t.Fatalf("no line %q in %v", msg, r.lines)
		}
	}
}

func (r *running) status() (st agent.Status) {
	r.t.Helper()
	code, out, errs := cmd(r.t, r.dir, "status", "--json")
	if code != exitOK || json.Unmarshal([]byte(out), &st) != nil {
		r.t.Fatalf("status: exit %d: %s %s", code, out, errs)
	}
	return st
}

func done(t *testing.T, site *wptest.Site, id int64) wptest.JobState {
	t.Helper()
	got, err := site.Await(t.Context(), id, wptest.Done)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A site that is joined while the agent runs is worked for without a restart.
func TestARunningAgentSeesAJoin(t *testing.T) {
	t.Parallel()
	first, second := wptest.New(t), wptest.New(t)
	dir := joined(t, first)
	r := start(t, dir)
	done(t, first, first.AddJob("a.txt", "text/plain", []byte(text)))
	if code, _, errs := cmd(t, dir, "join", second.URL(), second.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	done(t, second, second.AddJob("b.txt", "text/plain", []byte(text)))
	if st := r.status(); len(st.Sites) != 2 || st.Sites[1].Queue == nil {
		t.Errorf("status %+v", st.Sites)
	}
}

// The key file of a running agent's site is replaced by another join: the agent changes to the new key.
func TestARunningAgentTakesANewKey(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	before := keyID(t, dir)
	r := start(t, dir)
	r.await("site is ready", nil)
	site.Revoke(before)
	if code, _, errs := cmd(t, dir, "join", site.URL(), site.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	r.await("the site's key was taken anew", nil)
	done(t, site, site.AddJob("a.txt", "text/plain", []byte(text)))
}

// An agent waits for its turn where many share a site, whoever told it so; it is ended by no SIGHUP meanwhile, and at once by SIGTERM.
func TestAnAgentThatWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		last        int    // agents, as the status of the run before has it
		join, echo  string // what these answers say besides
		waits, asks bool   // asks: before it waits
	}{
		"it ran before":                          {last: wpclient.MaxAgents, waits: true},
		"it was told when it joined":             {join: `"new_agents":1000`, waits: true},
		"it knows nothing, and is told":          {echo: `"agents":1000`, waits: true, asks: true},
		"it is alone among agents that ran":      {join: `"new_agents":1`, echo: `"agents":1000`},
		"an answer that says what cannot be":     {join: `"new_agents":-5`, echo: `"agents":-7`},
		"an older site":                          {},
		"there were many, and there are few now": {last: 2, join: `"new_agents":1000`, echo: `"agents":1000`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := wptest.New(t)
			site.Rewrite(func(route string, body []byte) []byte {
				more := map[string]string{"/aidoc/v1/join": c.join, "/aidoc/v1/echo": c.echo}[route]
				if more == "" {
					return body
				}
				return []byte(strings.TrimSuffix(strings.TrimSpace(string(body)), "}") + "," + more + "}")
			})
			dir := joined(t, site)
			if c.last > 0 {
				last, err := json.Marshal(agent.Status{Sites: []agent.SiteStatus{{URL: site.URL(), Agents: c.last}}})
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "status.json"), last, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			before := len(site.Requests())
			r := start(t, dir)
			if !c.waits {
				done(t, site, site.AddJob("a.txt", "text/plain", []byte(text)))
				return
			}
			r.await("many agents ask one of the sites; so that not all begin in the same moment, this one waits", nil)
			if asked := len(site.Requests()) > before; asked != c.asks {
				t.Errorf("asked before it waited: %v", asked)
			}
			r.hangUp()
			if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			r.await("stopped", nil)
			for _, q := range site.Requests()[before:] {
				if strings.HasSuffix(q.Route, "/lease") {
					t.Error("asked for work while it waited for its turn")
				}
			}
		})
	}
}

// SIGHUP while a document is in work: it keeps its lease, the configuration is another one afterwards.
func TestSIGHUPReloadsAndDropsNoLease(t *testing.T) {
	t.Parallel()
	site, gone := wptest.New(t), wptest.New(t)
	dir := joined(t, site)
	if code, _, errs := cmd(t, dir, "join", gone.URL(), gone.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	conf := filepath.Join(t.TempDir(), "agent.yaml")
	write := func(text string) {
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("agent: {slots: 2}\n")
	r := start(t, dir, "--config", conf)
	hold := make(chan struct{})
	site.FaultOnce("/file", wptest.Fault{Hold: hold})
	id := site.AddJob("a.txt", "text/plain", []byte(text))
	r.await("leased", nil)

	write("agent: {slots: 2}\npoll: {minn: 3s}\n")
	r.hangUp()
	r.await("the configuration was not taken anew; the agent goes on with the one it has", func(l map[string]any) bool { return strings.Contains(l["error"].(string), "poll.min") })
	if st := r.status(); st.Reload == nil || !strings.Contains(st.Reload.Error, "poll.minn") {
		t.Errorf("the status says %+v", st.Reload)
	}

	write("agent: {slots: 3, name: other}\nschedule: {tz: UTC, windows: [{cron: \"0 0 1 1 *\", duration: 1m}]}\nsites: [{url: \"" + site.URL() + "\"}]\n")
	r.hangUp()
	if l := r.await("some settings have changed that take effect at the next start", nil); l["fields"] != "agent.name" {
		t.Errorf("said of later settings: %v", l)
	}
	r.await("the site was taken out: what fits is finished, the rest is given back", nil)
	if st := r.status(); st.Window == nil || st.Window.Open {
		t.Errorf("the windows are not those of the new configuration: %+v", st.Window)
	}
	if st := r.status(); st.Slots != 3 || st.Reload == nil || st.Reload.Error != "" || strings.Join(st.Reload.Later, ",") != "agent.name" {
		t.Errorf("slots %d, reload %+v", st.Slots, st.Reload)
	}
	close(hold)
	if got := done(t, site, id); got.Epoch != 1 || got.Releases != 0 {
		t.Errorf("the lease was dropped: %+v", got)
	}
}

func (r *running) hangUp() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		r.t.Fatal(err)
	}
}

// A full disk is a state: the agent lives, says why it takes no work, and its status can be read although no file can be written.
func TestAFullDiskIsNotDeath(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	if code, _, errs := cmd(t, dir, "health"); code != exitMachine || !strings.Contains(errs, "no agent is running") {
		t.Errorf("health of nobody: exit %d: %s", code, errs)
	}
	if err := os.Mkdir(filepath.Join(dir, "status.json"), 0o700); err != nil { // no status file can be written
		t.Fatal(err)
	}
	r := start(t, dir, "--set", "limits.min_free_disk=1000TiB")
	r.await("status file was not written", nil)
	if code, out, errs := cmd(t, dir, "health"); code != exitOK || out != "alive\n" {
		t.Errorf("health: exit %d: %s%s", code, out, errs)
	}
	if code, _, errs := cmd(t, dir, "health", "--ready"); code != exitMachine || !strings.Contains(errs, "not ready: disk") {
		t.Errorf("readiness: exit %d: %s", code, errs)
	}
	if code, out, errs := cmd(t, dir, "status"); code != exitOK || !strings.Contains(out, "takes no work: disk") {
		t.Errorf("status: exit %d: %s%s", code, out, errs)
	}
}

// The socket works in a data folder whose path is longer than the kernel takes, and is there for its owner alone.
func TestControlSocketInADeepFolder(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep", 20), strings.Repeat("deeper", 10))
	if code, _, errs := cmd(t, dir, "join", site.URL(), site.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	r := start(t, dir)
	r.await("site is ready", nil)
	done(t, site, site.AddJob("a.txt", "text/plain", []byte(text)))
	if code, out, errs := cmd(t, dir, "health", "--ready"); code != exitOK || out != "ready\n" {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if fi, err := os.Stat(filepath.Join(dir, "agent.sock")); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", fi, err)
	}
}

// One line for each step, with how long it took, how much it was about, and the trace id of the lease.
func TestOneLineForEachStep(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	r := start(t, joined(t, site))
	id := site.AddJob("a.txt", "text/plain", []byte(text))
	done(t, site, id)
	for step, wants := range map[string]string{"download": "bytes", "extract": "pages", "summarise": "provider", "store": "", "report": ""} {
		l := r.await("step", func(l map[string]any) bool { return l["step"] == step })
		if _, ok := l["duration_ms"].(float64); !ok || l["trace_id"] != wptest.TraceOf(id) || l["level"] != "INFO" {
			t.Errorf("%s: %v", step, l)
		}
		if _, ok := l[wants]; wants != "" && !ok {
			t.Errorf("%s says nothing of %s: %v", step, wants, l)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.lines {
		if strings.HasPrefix(l["msg"].(string), "not JSON") {
			t.Error(l["msg"])
		}
	}
}
