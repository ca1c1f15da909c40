package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
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
	for _, want := range []string{"In batches (summary.batch;", "openai/m would be called", "at most", "US dollars", "map", "final", "pages 1 to", "--- system ---", "In region 60 the", "<<<DOCUMENT>>>"} {
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

// In batches a file costs half of its parts and the whole price of the last call.
func TestExplainTellsThePriceOfBatches(t *testing.T) {
	plan := llm.Plan{Provider: "openai", Model: "m", PriceKnown: true, Calls: []llm.PlannedCall{
		{Step: "map", FirstPage: 1, LastPage: 2, AtMost: llm.Charge{Calls: 1, USD: 0.04}, InBatch: 0.02}, {Step: "map", Paid: true, AtMost: llm.Charge{USD: 9}, InBatch: 9},
		{Step: "final", AtMost: llm.Charge{Calls: 1, USD: 0.01}, InBatch: 0.01}}}
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	printPlan(w, "a.pdf", plan)
	w.Flush()
	if !strings.Contains(out.String(), "not a file of process) at most 0.0300 US dollars") {
		t.Errorf("%s", out.String())
	}
}

func TestDoctorTellsThePriceOfBatches(t *testing.T) {
	cfg := &config.Config{Summary: config.Summary{Batch: config.BatchBackfill, BatchWait: config.Duration(10 * time.Minute), BatchGiveUp: config.Duration(26 * time.Hour)}}
	got := checkBatches(cfg, llm.Price{In: 2, Out: 8}, true)
	if len(got) != 1 || got[0].note != "documents of a backfill wait for answers, gathered for 10m and given up after 26h; 1 US dollars for a million tokens of input, 4 of output" {
		t.Errorf("%+v", got)
	}
	if p := batchPolicy(cfg.Summary); p.Takes(false) || !p.Takes(true) || p.Wait != 10*time.Minute || p.GiveUp != 26*time.Hour {
		t.Errorf("%+v", p)
	}
	cfg.Summary.Batch = config.BatchOff
	if got := checkBatches(cfg, llm.Price{}, true); got != nil || batchPolicy(cfg.Summary).Takes(true) {
		t.Errorf("%+v", got)
	}
}

func TestSpendTellsCallsInBatches(t *testing.T) {
	var out bytes.Buffer
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	printSpend(&env{stdout: &out}, "day", sumUp([]journal.Spending{{Day: day, Calls: 3, USD: 0.3}, {Day: day, Calls: 8, USD: 0.4, Batch: true}}, "day"))
	if got := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(got, "calls of them in batches tokens in") || !strings.Contains(got, "2026-03-01 11 8 0 0 0 0.7000") {
		t.Error(got)
	}
}

func TestSpendByStep(t *testing.T) {
	rows := sumUp([]journal.Spending{{Model: "m", Step: "vision", Calls: 2, USD: 0.2}, {Model: "m", Step: "summary", Calls: 1, USD: 0.5}, {Model: "n", Step: "vision", Calls: 1, USD: 0.1}}, "step")
	if raw, _ := json.Marshal(rows); !strings.Contains(string(raw), `"usd":0.3,`) { // .2 and .1 are .30000000000000004
		t.Errorf("%s", raw)
	}
	if len(rows) != 2 || rows[0].Key != "summary" || rows[0].Calls != 1 || rows[1].Key != "vision" || rows[1].Calls != 3 {
		t.Errorf("%+v", rows)
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

// What the journal has booked stands beside the caps, in doctor as in spend.
func TestDoctorShowsWhatWasSpent(t *testing.T) {
	t.Parallel()
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	site := wptest.New(t)
	dir := joined(t, site)
	args := modelArgs(srv.OpenAIURL(), "--set", "summary.max_usd_per_day=0.5")
	id := site.AddJob("minutes.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, append(args, "once")...); code != exitOK {
		t.Fatalf("once: exit %d: %s", code, errs)
	}
	res := site.Job(id).Result
	if res.CostUSD <= 0 || res.TokensIn == 0 {
		t.Fatalf("result: %v US dollars, %d tokens", res.CostUSD, res.TokensIn)
	}
	if _, out, _ := cmd(t, dir, append(args, "doctor")...); !strings.Contains(out, fmt.Sprintf("today %d tokens and %.4f of 0.50 US dollars", res.TokensIn+res.TokensOut, res.CostUSD)) {
		t.Errorf("doctor:\n%s", out)
	}
	if _, out, _ := cmd(t, dir, append(args, "spend", "--by", "site")...); !strings.Contains(out, site.URL()) {
		t.Errorf("spend: %s", out)
	}
	if _, out, _ := cmd(t, dir, append(args, "--set", "summary.max_tokens_per_month=10", "doctor")...); !strings.Contains(out, "a cap is reached") {
		t.Errorf("doctor over a cap:\n%s", out)
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

func TestStatusSaysWhyNoModelIsAskedAndWhatWasSpent(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := time.Now()
	printStatus(&out, agent.Status{At: now, Summariser: "openai/m",
		Models: agent.ModelStatus{Outage: "the account is empty: check its billing page", OutageSince: now.Add(-90 * time.Second), NextTry: now.Add(30 * time.Second), Account: "openai/0a1b2c3d",
			Spend: []agent.Spend{{Period: "day", Tokens: 1200, USD: 0.5, MaxUSD: 2}, {Period: "month", Tokens: 5000, USD: 1.25, MaxTokens: 100_000}}},
		Batches: &agent.BatchStatus{Documents: 3, Gathered: 4, Batches: 2, Questions: 30, Since: now.Add(-70 * time.Minute)},
		Sites:   []agent.SiteStatus{{URL: "https://a.example", Waits: "the account is empty: check its billing page"}}})
	for _, want := range []string{
		"no model for 1m30s: the account is empty: check its billing page (tried again in 30s; openai/0a1b2c3d)",
		"models this day: 1200 tokens, 0.5000 of 2.00 US dollars", "models this month: 5000 of 100000 tokens, 1.2500 US dollars",
		"takes no work: the account is empty",
		"batches: 3 documents wait, the oldest for 1h10m0s; 30 questions in 2 batches, 4 gathered",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
}
