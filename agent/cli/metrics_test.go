package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
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

// exporting is an agent that has read a document and paid a model for it, its site, and where it exports that.
func exporting(t *testing.T) (site *wptest.Site, at string) {
	t.Helper()
	site = wptest.New(t)
	model := llmtest.NewServer(nil)
	t.Cleanup(model.Close)
	r := start(t, joined(t, site), sets("metrics.listen=127.0.0.1:0", "summary.provider=openai", "summary.model=m", "summary.api_key=k", "summary.base_url="+model.OpenAIURL(),
		"summary.usd_per_mtok_in=1", "summary.usd_per_mtok_out=1")...)
	done(t, site, site.AddJob("a.txt", "text/plain", []byte(text)))
	r.await("delivered", nil)
	return site, r.await("metrics", nil)["listen"].(string)
}

// scrape is what such an agent exports.
func scrape(t *testing.T) []byte {
	t.Helper()
	_, at := exporting(t)
	at = "http://" + at
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
func queries(t *testing.T) (alerts, panels map[string]string) {
	t.Helper()
	alerts, panels = map[string]string{}, map[string]string{}
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
			alerts[r.Alert] = r.Expr
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
			panels[p.Title+" "+q.RefID] = strings.NewReplacer(`$job`, ".*", `$instance`, ".*").Replace(q.Expr)
		}
	}
	if len(alerts) < 10 || len(panels) < 15 {
		t.Fatalf("only %d alerts and %d queries of panels were found", len(alerts), len(panels))
	}
	return alerts, panels
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
	alerts, panels := queries(t)
	maps.Copy(panels, alerts)
	for query, expr := range panels {
		for _, m := range name.FindAllString(expr, -1) {
			if !series[m] {
				t.Errorf("%s asks for %s, which the agent does not export", query, m)
			}
		}
	}
}
