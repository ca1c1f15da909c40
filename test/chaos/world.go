package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Size is how much chaos there is to be.
type Size struct {
	Agents int
	Slots  int
	Jobs   int
	Kills  int           // SIGKILL
	Stops  int           // SIGSTOP past the ttl
	Terms  int           // SIGTERM
	DB     int           // MariaDB killed and started again
	PHP    int           // php-fpm killed and started again
	Every  time.Duration // between two of these, on average
	Wrong  time.Duration // how long two more agents have clocks that are ten minutes off
	Pace   Pace
	Plan   Plan
	Ports  [5]int // proxy, site, model, two for clocks that are off; 0: any
	Limit  time.Duration
	Model  [2]time.Duration // least and most time of a model call
}

// World is one site, its agents, and everything that is done to them.
type World struct {
	Size
	Dir    string
	Site   *Site
	Proxy  *Proxy
	Model  *Model
	Agents []*Agent
	Skewed []*Agent // clocks that will be off
	Say    func(format string, args ...any)
	rng    *rand.Rand
	db     *server
	php    *server

	mu    sync.Mutex
	facts Facts
	docs  int     // written
	begun float64 // share of the injected faults that have begun

	serving sync.Mutex
}

// NewWorld starts everything, quietly: no faults, agents joined but not running. Close it, also after an error.
func NewWorld(dir, agentBinary string, size Size, say func(string, ...any)) (*World, error) {
	w := &World{Size: size, Dir: dir, Say: say, rng: rand.New(rand.NewPCG(size.Plan.Seed, 1))}
	w.facts = Facts{Pace: size.Pace, Accepted: map[int64]Doc{}, Known: map[Holding]map[int]bool{}, Agents: map[string]string{}}
	for i, p := range w.Ports {
		if p == 0 {
			free, err := freePort()
			if err != nil {
				return w, err
			}
			w.Ports[i] = free
		}
	}
	for _, sub := range []string{"docs", "agents", "store"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return w, err
		}
	}
	at := func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
	var err error
	if w.Proxy, err = NewProxy(at(w.Ports[0]), at(w.Ports[1]), filepath.Join(dir, "proxy.jsonl"), size.Plan, w.onGrant); err != nil {
		return w, err
	}
	if w.Model, err = NewModel(at(w.Ports[2]), size.Model[0], size.Model[1]); err != nil {
		return w, err
	}
	say("starting WordPress on php-fpm and MariaDB, home http://%s", w.Proxy.Addr)
	if w.Site, err = StartSite(filepath.Join(dir, "wp"), w.Ports[1], "http://"+w.Proxy.Addr, size.Pace); err != nil {
		return w, err
	}
	if w.db, err = w.Site.database(); err != nil {
		return w, err
	}
	if w.php, err = w.Site.php(); err != nil {
		return w, err
	}
	// PHP's opcode cache would go on with the files as they were for a while.
	if err := w.php.kill(); err != nil {
		return w, err
	}
	if err := w.php.start(); err != nil {
		return w, err
	}
	return w, w.joinAll(agentBinary)
}

func (w *World) joinAll(binary string) error {
	for i := range w.Size.Agents + 2 {
		name := fmt.Sprintf("agent-%d", i+1)
		if i >= w.Size.Agents {
			name = []string{"agent-fast", "agent-slow"}[i-w.Size.Agents]
		}
		a, err := NewAgent(w.Site, filepath.Join(w.Dir, "agents"), name, binary,
			"AIDOC_SUMMARY_PROVIDER=openai", "AIDOC_SUMMARY_MODEL=counted", "AIDOC_SUMMARY_BASE_URL="+w.Model.URL, "AIDOC_SUMMARY_API_KEY="+name,
			"AIDOC_SUMMARY_CHUNK_TOKENS=1000", "AIDOC_STORE_DIR_PATH="+filepath.Join(w.Dir, "store"), "AIDOC_EXTRACT_WORKERS=1",
			"AIDOC_LOG_LEVEL=debug", fmt.Sprintf("AIDOC_AGENT_SLOTS=%d", w.Slots))
		if err != nil {
			return err
		}
		w.facts.Agents[a.Key] = name
		if i < w.Size.Agents {
			w.Agents = append(w.Agents, a)
		} else {
			w.Skewed = append(w.Skewed, a)
		}
	}
	w.Say("%d agents have joined", len(w.Agents)+len(w.Skewed))
	return nil
}

// onGrant remembers which model answers were in the object store when a lease was handed on, before its holder hears of it.
func (w *World) onGrant(g Grant) {
	files, _ := filepath.Glob(filepath.Join(w.Dir, "store", "processed", fmt.Sprint(g.Job), "checkpoint", "*"))
	if len(files) == 0 {
		return
	}
	known := map[int]bool{}
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			serialsIn(raw, known)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts.Known[Holding{g.Job, g.Epoch}] = known
}

// Facts reads what there is to know now. No agent may run: their journals are read.
func (w *World) Facts() (*Facts, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.facts
	f.Exchanges, f.Calls, f.Lives = w.Proxy.Seen(), w.Model.Calls(), nil
	for _, a := range w.everybody() {
		f.Lives = append(f.Lives, a.Lives()...)
		f.Panics = append(f.Panics, panics(filepath.Join(a.dir, "log"))...)
		reads, err := recognised(a.Name, filepath.Join(a.dir, "log"))
		if err != nil {
			return nil, err
		}
		f.Recognised = append(f.Recognised, reads...)
	}
	f.PHP = complaints(filepath.Join(w.Site.Dir, "debug.log"))
	return &f, f.collect(w.Site)
}

func (w *World) everybody() []*Agent { return append(append([]*Agent(nil), w.Agents...), w.Skewed...) }

// Close stops everything that was started.
func (w *World) Close() error {
	for _, a := range w.everybody() {
		a.End()
	}
	if w.Proxy != nil {
		w.Proxy.Close()
	}
	if w.Model != nil {
		w.Model.Close()
	}
	for _, port := range w.Ports[3:] {
		for _, name := range []string{"nginx", "fpm"} {
			v := server{pidFile: filepath.Join(w.Dir, "wp", fmt.Sprintf("%d-%s.pid", port, name))}
			_ = v.kill() // none was started where clocks were left alone
		}
	}
	if w.Site != nil {
		return w.Site.Stop()
	}
	return nil
}

func panics(log string) []string {
	raw, err := os.ReadFile(log)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") || strings.Contains(line, "DATA RACE") {
			out = append(out, filepath.Base(filepath.Dir(log))+": "+line)
		}
	}
	return out
}

// complaints are PHP's about the plugin. A database that was killed is rightly complained of.
func complaints(log string) []string {
	raw, err := os.ReadFile(log)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		if strings.Contains(line, "plugins/ai-doc-pipeline") && strings.Contains(line, "PHP ") && !strings.Contains(line, "gone away") && !strings.Contains(line, "mysqli") {
			out = append(out, line[:min(len(line), 300)])
		}
	}
	return out[:min(len(out), 5)]
}
