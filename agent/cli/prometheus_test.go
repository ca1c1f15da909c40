package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

const firing = "testdata/rules_test.yaml"

// promtool is where scripts/promtool.sh said, else on the PATH; without one the test is skipped.
func promtool(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("AIDOC_TEST_PROMTOOL"); named != "" {
		return named
	}
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("no promtool: AIDOC_TEST_PROMTOOL=$(scripts/promtool.sh) names one")
	}
	return tool
}

// promtool reads every query, and plays the alerts.
func TestQueriesAreUnderstoodAndAlertsFire(t *testing.T) {
	t.Parallel()
	tool := promtool(t)
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var all []rule
	alerts, panels := queries(t)
	maps.Copy(panels, alerts)
	for _, expr := range panels {
		all = append(all, rule{"x", expr})
	}
	body, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "all", "rules": all}}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "queries.yaml")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"check", "rules", "--lint=none", file}, {"check", "rules", rulesFile}, {"test", "rules", firing}} {
		if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}

// Each alert is played both ways: where it fires, and where it must not.
func TestEachAlertIsPlayedBothWays(t *testing.T) {
	t.Parallel()
	var played struct {
		Tests []struct {
			Cases []struct {
				Alert  string `yaml:"alertname"`
				Expect []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	readInto(t, firing, func(b []byte) error { return yaml.Unmarshal(b, &played) })
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, test := range played.Tests {
		for _, c := range test.Cases {
			if len(c.Expect) > 0 {
				fires[c.Alert] = true
			} else {
				silent[c.Alert] = true
			}
		}
	}
	alerts, _ := queries(t)
	for name := range alerts {
		if !fires[name] || !silent[name] {
			t.Errorf("%s: played where it fires: %v, where it must not: %v", name, fires[name], silent[name])
		}
	}
}

// A real Prometheus (the package of promtool has it) scrapes a real agent: each query of the dashboard has an answer, each alert can be
// evaluated, and none of an agent that is well is on its way to fire.
func TestPrometheusAnswersTheDashboard(t *testing.T) {
	t.Parallel()
	server := filepath.Join(filepath.Dir(promtool(t)), "prometheus")
	if _, err := os.Stat(server); err != nil {
		t.Skip("there is no prometheus beside promtool: ", err)
	}
	site, at := exporting(t)
	api := startProm(t, server, at)
	alerts, panels := queries(t)
	api.until("up == 1")
	api.until("aidoc_jobs_total")
	done(t, site, site.AddJob("b.txt", "text/plain", []byte(text+" Once more."))) // so that what counts has grown under its eyes
	for name, expr := range panels {
		if !api.until(expr) {
			t.Errorf("%s has no answer: %s", name, expr)
		}
	}
	for name, expr := range alerts {
		// A scrape may have met a result on its way: an alert waits for longer than that, and so does this.
		if !api.until("absent(" + expr + ")") {
			t.Errorf("%s would fire for an agent that is well: %v", name, api.query(expr))
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError string }
		}
	}
	api.get("/api/v1/rules", &rules)
	loaded := 0
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			if loaded++; r.Health == "err" {
				t.Errorf("%s: %s", r.Name, r.LastError)
			}
		}
	}
	if loaded != len(alerts) {
		t.Errorf("Prometheus has loaded %d alerts of %d", loaded, len(alerts))
	}
}

// prom is a running Prometheus.
type prom struct {
	t  *testing.T
	at string
}

// startProm runs the server until the test ends; it scrapes the agent at target as docs and rules name the job.
func startProm(t *testing.T, server, target string) prom {
	t.Helper()
	dir := t.TempDir()
	rules, err := filepath.Abs(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs: [{job_name: aidoc-agent, static_configs: [{targets: [%q]}]}]\n", rules, target)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(server, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0", "--log.format=json")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready, ended := make(chan string, 1), make(chan struct{})
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		<-ended
		_ = cmd.Wait()
	})
	go func() {
		defer close(ended)
		address := ""
		for s := bufio.NewScanner(log); s.Scan(); {
			var line struct{ Msg, Address string }
			switch _ = json.Unmarshal(s.Bytes(), &line); {
			case line.Msg == "Listening on":
				address = line.Address
			case strings.HasPrefix(line.Msg, "Server is ready"):
				ready <- address
			}
		}
	}()
	select {
	case at := <-ready:
		return prom{t, "http://" + at}
	case <-ended:
		t.Fatal("Prometheus ended before it was ready")
	case <-time.After(30 * time.Second):
		t.Fatal("Prometheus does not get ready")
	}
	return prom{}
}

// get reads the data of an answer into out.
func (p prom) get(path string, out any) {
	p.t.Helper()
	code, body := get(p.t, p.at+path)
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Status != "success" {
		p.t.Fatalf("%s: %d %s", path, code, strings.TrimSpace(string(body)))
	}
	if err := json.Unmarshal(answer.Data, out); err != nil {
		p.t.Fatal(err)
	}
}

func (p prom) query(expr string) []any {
	p.t.Helper()
	var out struct{ Result []any }
	p.get("/api/v1/query?query="+url.QueryEscape(expr), &out)
	return out.Result
}

// until asks until there is an answer, for half a minute.
func (p prom) until(expr string) bool {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if len(p.query(expr)) > 0 {
			return true
		}
	}
	return false
}
