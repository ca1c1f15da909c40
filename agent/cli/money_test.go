package cli

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// modelArgs are flags for a model server of one's own, with a price.
func modelArgs(url string, more ...string) []string {
	return append([]string{"--set", "summary.provider=openai", "--set", "summary.model=m", "--set", "summary.base_url=" + url,
		"--set", "summary.context_tokens=8192", "--set", "summary.usd_per_mtok_in=1", "--set", "summary.usd_per_mtok_out=10"}, more...)
}

func report(t *testing.T, pages int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.txt")
	if err := os.WriteFile(path, []byte(strings.Join(llmtest.ReportPages(pages), "\f")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExplainTellsTheCostAndConnectsToNobody(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	srv := httptest.NewUnstartedServer(llmtest.NewHandler(nil))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	dir, file := t.TempDir(), report(t, 60)
	args := modelArgs(srv.URL + "/v1")
	code, out, errs := cmd(t, dir, append(args, "process", "--explain", file)...)
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if n := connections.Load(); n != 0 {
		t.Fatalf("%d connections were opened", n)
	}
	for _, want := range []string{"openai/m would be called", "at most", "US dollars", "map", "final", "pages 1 to", "--- system ---", "In region 60 the", "<<<DOCUMENT>>>"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(out, "0.0000 US dollars") {
		t.Errorf("it costs nothing: %s", out[:300])
	}
	if code, _, errs = cmd(t, dir, append(args, "process", "-o", t.TempDir(), file)...); code != exitOK || connections.Load() == 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if _, out, _ = cmd(t, dir, append(args, "process", "--explain", file)...); !strings.Contains(out, "would be called 0 times") || !strings.Contains(out, "paid for and kept") {
		t.Errorf("what is paid is not paid again: %s", out[:300])
	}

	code, out, errs = cmd(t, dir, append(args, "spend", "--by", "model")...)
	if code != exitOK || !strings.Contains(out, "openai/m") || !strings.Contains(out, "US dollars") {
		t.Errorf("spend: exit %d: %s%s", code, out, errs)
	}
	_, out, _ = cmd(t, dir, append(args, "spend", "--by", "site", "--json")...)
	var row spendRow
	if err := json.Unmarshal([]byte(out), &row); err != nil || row.Key != "(no site)" || row.Calls == 0 || row.TokensIn == 0 || row.USD <= 0 {
		t.Errorf("spend --json: %q, %v", out, err)
	}
}

// Over the cap of a document, what is printed is what would be read within it.
func TestExplainOfALongDocumentWithinItsCap(t *testing.T) {
	t.Parallel()
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	code, out, errs := cmd(t, t.TempDir(), append(modelArgs(srv.OpenAIURL(), "--set", "summary.max_tokens_per_document=12000"), "process", "--explain", report(t, 60))...)
	if code != exitOK || !strings.Contains(out, "only passages of") || !strings.Contains(out, "of its 60 pages would be read") || len(srv.Calls()) > 0 {
		t.Errorf("exit %d, %d calls: %.600s%s", code, len(srv.Calls()), out, errs)
	}
}

func TestExplainWithoutAModel(t *testing.T) {
	t.Parallel()
	code, out, errs := cmd(t, t.TempDir(), "process", "--explain", report(t, 1))
	if code != exitOK || !strings.Contains(out, "costs nothing") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestSpendBeforeAnythingWasPaid(t *testing.T) {
	t.Parallel()
	code, out, errs := cmd(t, t.TempDir(), "spend")
	if code != exitOK || !strings.Contains(out, "No model was paid") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, _, errs = cmd(t, t.TempDir(), "spend", "--days", "0"); code != exitUsage || !strings.Contains(errs, "--days") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// A file over its cap fails with the setting's name; where that is wanted it has the embedded summary instead.
func TestProcessOverACap(t *testing.T) {
	t.Parallel()
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	args := modelArgs(srv.OpenAIURL(), "--set", "summary.max_tokens_per_day=2000")
	file := report(t, 2)
	code, out, errs := cmd(t, t.TempDir(), append(args, "process", file)...)
	if code != exitDocuments || out != "" || !strings.Contains(errs, "summary.max_tokens_per_day") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, errs = cmd(t, t.TempDir(), append(args, "--set", "summary.over_cap=extractive", "process", file)...)
	if code != exitOK || out == "" || !strings.Contains(errs, "the embedded summary in place of a model's") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if n := len(srv.Calls()); n != 0 {
		t.Errorf("%d calls over the cap", n)
	}
}

// A cap in dollars on a model without a known price: the agent works, and says what the cap is worth.
func TestDoctorOnACapWithoutAPrice(t *testing.T) {
	t.Parallel()
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	base := []string{"--set", "summary.provider=openai", "--set", "summary.model=m", "--set", "summary.base_url=" + srv.OpenAIURL()}
	for _, c := range []struct {
		args []string
		says string
	}{
		{append(base, "--set", "summary.max_usd_per_day=5"), "caps in US dollars stop nothing, and no cap in tokens is set either"},
		{append(base, "--set", "summary.max_usd_per_document=5", "--set", "summary.max_tokens_per_document=50000"), "only those in tokens do"},
		{base, "not known; tokens are counted"},
		{modelArgs(srv.OpenAIURL(), "--set", "summary.max_usd_per_day=5"), "1 US dollars for a million tokens of input, 1 cached, 10 of output"},
	} {
		_, out, _ := cmd(t, t.TempDir(), append(c.args, "doctor")...)
		if !strings.Contains(out, c.says) {
			t.Errorf("doctor does not say %q:\n%s", c.says, out)
		}
	}
	code, out, errs := cmd(t, t.TempDir(), append(base, "--set", "summary.max_usd_per_day=5", "process", report(t, 1))...)
	if code != exitOK || out == "" {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}
