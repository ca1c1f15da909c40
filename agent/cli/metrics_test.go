package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

const (
	rulesFile     = "../../configs/prometheus/aidoc-agent.rules.yaml"
	dashboardFile = "../../configs/grafana/aidoc-agents.json"
)

// scrape is what an agent exports after it has read a document and paid a model for it.
func scrape(t *testing.T) []byte {
	t.Helper()
	site := wptest.New(t)
	model := llmtest.NewServer(nil)
	t.Cleanup(model.Close)
	r := start(t, joined(t, site), sets("metrics.listen=127.0.0.1:0", "summary.provider=openai", "summary.model=m", "summary.api_key=k", "summary.base_url="+model.OpenAIURL(),
		"summary.usd_per_mtok_in=1", "summary.usd_per_mtok_out=1")...)
	done(t, site, site.AddJob("a.txt", "text/plain", []byte(text)))
	r.await("delivered", nil)
	at := "http://" + r.await("metrics", nil)["listen"].(string)
	if code, body := get(t, at+"/healthz"); code != http.StatusOK || string(body) != "alive\n" {
		t.Errorf("/healthz: %d %s", code, body)
	}
	if code, body := get(t, at+"/readyz"); code != http.StatusOK || string(body) != "ready\n" {
		t.Errorf("/readyz: %d %s", code, body)
	}
	code, body := get(t, at+"/metrics")
	if code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	return body
}

func get(t *testing.T, url string) (int, []byte) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// queries are all that the alerts and the dashboard ask.
func queries(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations map[string]string
			}
		}
	}
	readInto(t, rulesFile, func(b []byte) error { return yaml.Unmarshal(b, &rules) })
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			out[r.Alert] = r.Expr
			if r.Annotations["summary"] == "" || r.Annotations["action"] == "" {
				t.Errorf("%s does not say what is the matter and what to do", r.Alert)
			}
		}
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, RefID string }
		}
	}
	readInto(t, dashboardFile, func(b []byte) error { return json.Unmarshal(b, &board) })
	for _, p := range board.Panels {
		for _, q := range p.Targets {
			out[p.Title+" "+q.RefID] = strings.NewReplacer(`$job`, ".*", `$instance`, ".*").Replace(q.Expr)
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d queries were found", len(out))
	}
	return out
}

func readInto(t *testing.T, path string, parse func([]byte) error) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err == nil {
		err = parse(body)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// The names are good ones, and the alerts and the dashboard ask for nothing that an agent does not export.
func TestMetricsAreCleanAndWhatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	body := scrape(t)
	problems, err := promlint.New(bytes.NewReader(body)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "aidoc_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	for _, outcome := range pipeline.Outcomes { // though none of the site's jobs ended that way: alerts would miss the first one
		if !bytes.Contains(body, []byte(`aidoc_jobs_total{outcome="`+string(outcome)+`",`)) {
			t.Errorf("jobs that ended as %q have no line", outcome)
		}
	}
	series := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllSubmatch(body, -1) {
		series[string(m[1])] = true
	}
	name := regexp.MustCompile(`\b(aidoc|process|go)_[a-z_]+`)
	for query, expr := range queries(t) {
		for _, m := range name.FindAllString(expr, -1) {
			if !series[m] {
				t.Errorf("%s asks for %s, which the agent does not export", query, m)
			}
		}
	}
}

// promtool, where it is at hand (scripts/promtool.sh), reads every query, and plays the alerts.
func TestQueriesAreUnderstoodAndAlertsFire(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("promtool")
	if named := os.Getenv("AIDOC_TEST_PROMTOOL"); named != "" {
		tool, err = named, nil
	}
	if err != nil {
		t.Skip("no promtool: AIDOC_TEST_PROMTOOL=$(scripts/promtool.sh) names one")
	}
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var all []rule
	for _, expr := range queries(t) {
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
	for _, args := range [][]string{{"check", "rules", "--lint=none", file}, {"check", "rules", rulesFile}, {"test", "rules", "testdata/rules_test.yaml"}} {
		if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}
