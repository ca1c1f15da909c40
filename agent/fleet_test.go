package agent_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// fleetSites is set in the process that plays the sites.
const fleetSites = "AIDOC_FLEET_SITES"

// fleetSite is how an agent reaches one of them.
type fleetSite struct {
	Site   wpclient.Site
	KeyID  string
	Secret []byte
}

// TestFleetServer is no test: it plays sites in a process of its own, until its standard input ends.
func TestFleetServer(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv(fleetSites))
	if n == 0 {
		t.Skip("only for TestIdleFleet")
	}
	var sites []fleetSite
	for range n {
		s := wptest.New(t, wptest.Doorbell())
		s.SetTiming(0, 0, time.Minute)
		sites = append(sites, fleetSite{s.Site(), s.Key().KeyID, s.Key().Secret})
	}
	if err := json.NewEncoder(os.Stdout).Encode(sites); err != nil {
		t.Fatal(err)
	}
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
}

// startFleet starts so many sites in a process of their own.
func startFleet(t *testing.T, n int) (sites []fleetSite) {
	t.Helper()
	server := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFleetServer$")
	server.Env = append(os.Environ(), fleetSites+"="+strconv.Itoa(n))
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); _ = server.Wait() })
	if err := json.NewDecoder(stdout).Decode(&sites); err != nil {
		t.Fatal(err)
	}
	return sites
}

// TestIdleFleet measures what an agent of many idle sites costs, in CPU time of its own process. AIDOC_FLEET says for how long, after a minute in which
// it settles: 60s.
func TestIdleFleet(t *testing.T) {
	window, err := time.ParseDuration(os.Getenv("AIDOC_FLEET"))
	if err != nil {
		t.Skip("takes minutes: set AIDOC_FLEET=60s")
	}
	const sites = 200
	r := &rig{t: t, dir: t.TempDir(), reader: newPageReader(), log: &syncBuffer{}}
	j, err := journal.Open(t.Context(), filepath.Join(r.dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	a := r.with(j, nil, func(o *agent.Options) {
		o.Settings = agent.Settings{WorkDir: o.Settings.WorkDir, MaxBytes: 1 << 20, StatusFile: filepath.Join(r.dir, "status.json")}
		for _, s := range startFleet(t, sites) {
			o.Sites = append(o.Sites, agent.SiteHandle{URL: s.Site.Home, Client: wpclient.New(s.Site, wpclient.Key{KeyID: s.KeyID, Secret: s.Secret}, wpclient.Options{})})
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute+window)
	defer cancel()
	measured := make(chan struct{})
	go func() {
		defer close(measured)
		time.Sleep(time.Minute)
		before, began := cpuTime(), time.Now()
		time.Sleep(window - time.Second)
		share := 100 * (cpuTime() - before).Seconds() / time.Since(began).Seconds()
		own, mapped := memoryMiB("RssAnon:"), memoryMiB("RssFile:")
		t.Logf("%d idle sites: %.2f %% of a core, %.1f MiB of its own and %.1f MiB of the program's file", sites, share, own, mapped)
		if share > 1 || own > 60 {
			t.Errorf("%d idle sites take %.2f %% of a core and %.1f MiB, want 1 %% and 60 MiB", sites, share, own)
		}
	}()
	if err := a.Run(ctx); err != nil {
		t.Error(err)
	}
	<-measured
}

func cpuTime() time.Duration {
	var u unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &u) // of the own process: it does not fail
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memoryMiB reads a line of this process' memory.
func memoryMiB(name string) float64 {
	raw, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(raw)) {
		if kb, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")), 64)
			return n / 1024
		}
	}
	return 0
}
