package agent_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// paleReader is a pageReader of scans: a page that begins with "pale" is recognised badly, one that begins with "blank" not at all. Each can be
// shown, a blank one excepted.
type paleReader struct {
	*pageReader
	sure  []string // words that recognition is sure of, on every pale page
	mu    sync.Mutex
	shown []int
}

func (p *paleReader) Extract(ctx context.Context, path string, o extract.Options) (extract.Document, error) {
	next := o.OnPage
	o.OnPage = func(page extract.Page) error {
		page.Method, page.Confidence = extract.MethodOCR, 0.95
		switch {
		case strings.HasPrefix(page.Text, "pale"):
			page.Confidence = 0.4
		case strings.HasPrefix(page.Text, "blank"), strings.HasPrefix(page.Text, "handwritten"):
			page.Text, page.Method, page.Confidence = "", extract.MethodEmpty, 1
		}
		return next(page)
	}
	return p.pageReader.Extract(ctx, path, o)
}

func (p *paleReader) Pictures(_ context.Context, _ string, _ extract.Options, looks []extract.Look, give func(extract.Sight) error) error {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 60)), nil); err != nil {
		return err
	}
	for _, l := range looks {
		p.mu.Lock()
		p.shown = append(p.shown, l.Number)
		p.mu.Unlock()
		s := extract.Sight{Number: l.Number, JPEG: b.Bytes(), Width: 40, Height: 60, Sure: p.sure}
		if l.Number == 3 { // the blank one of sheets
			s.JPEG = nil
		}
		if err := give(s); err != nil {
			return err
		}
	}
	return nil
}

func (p *paleReader) pictures() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(slices.Values(p.shown))
}

// sheets is a scan: a page that is read well, a pale one, a blank one, another pale one, and one of handwriting.
var sheets = []byte(strings.Join([]string{
	"The council met on Monday and spoke about the harbour and its boats.", "pale xx harb0ur frozen wnter xx", "blank", "pale yy boats stayed yy land", "handwritten",
}, "\f"))

const transcribed = "The harbour was frozen in winter and the boats stayed on land until the ice had gone in March."

// object is what was stored under a key.
func (r *rig) object(key string) string {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, "store", filepath.FromSlash(key)))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(b)
}

// countOf is a counter with one label of this value.
func countOf(t *testing.T, reg *prometheus.Registry, name, label string) (n float64) {
	t.Helper()
	all, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && len(m.GetLabel()) == 1 && m.GetLabel()[0].GetValue() == label {
				n = m.GetCounter().GetValue()
			}
		}
	}
	return n
}

func showsPicture(c llmtest.Call) bool { return len(c.Pictures) > 0 }

// seeing makes an agent show pages to a model of its own, while the embedded summariser writes.
func seeing(p *paleReader, v llm.Summariser, most int) func(*agent.Options) {
	return func(o *agent.Options) {
		o.Extractor = p
		o.Sites[0].Vision = &agent.Vision{Summariser: v, Below: 0.6, MaxPages: most}
	}
}

func newPaleReader(r *rig) *paleReader {
	return &paleReader{pageReader: r.reader, sure: []string{"harbour", "frozen", "winter", "boats", "stayed"}}
}

// Pages that are recognised badly are read by the model, in text, artifacts and result, and marked; the others are shown to nobody.
func TestBadlyRecognisedPagesAreReadByAModel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, srv := model(t, llmtest.Always(llmtest.Reply{Text: transcribed}))
	p, reg := newPaleReader(r), prometheus.NewRegistry()
	metrics := agent.NewMetrics(reg)
	r.site.SetBudget(&wpclient.Budget{}) // no cap, but it knows what is spent
	start(t, r.agent(seeing(p, v, 20), func(o *agent.Options) { o.Metrics = metrics }))
	id := r.site.AddJob("scan.txt", "text/plain", sheets)
	res := r.await(id, wptest.Done).Result
	if !slices.Equal(res.PagesVision, []int{2, 4, 5}) || res.Warnings != nil || res.PagesOCR != 4 || len(res.PagesLow) != 0 {
		t.Errorf("read by the model %v, warnings %q, recognised %d, low %v", res.PagesVision, res.Warnings, res.PagesOCR, res.PagesLow)
	}
	if n := len(srv.Calls()); n != 3 || !slices.Equal(p.pictures(), []int{2, 3, 4, 5}) {
		t.Errorf("%d calls, shown %v", n, p.pictures())
	}
	if text := r.object(res.Artifacts.Text); strings.Count(text, "until the ice had gone") != 3 || strings.Contains(text, "harb0ur") || !strings.Contains(text, "council met") {
		t.Errorf("text %q", text)
	}
	if lines := r.object(res.Artifacts.Pages); strings.Count(lines, `"method":"vision"`) != 3 {
		t.Errorf("pages %s", lines)
	}
	if n := countOf(t, reg, "aidoc_pages_total", "vision"); n != 3 {
		t.Errorf("%v pages are counted as read by the model", n)
	}
	if res.Spent == nil || res.Spent.Tokens < 3*llmtest.PictureTokens {
		t.Errorf("spent %+v", res.Spent)
	}
	if log := r.log.String(); strings.Contains(log, "harbour") || strings.Contains(log, "council") {
		t.Error("text of the document is in the log")
	}
	r.site.BecomeOlder()
	if got := r.await(r.site.AddJob("two.txt", "text/plain", sheets), wptest.Done).Result; got.PagesVision != nil {
		t.Errorf("an older site was told %v", got.PagesVision)
	}
}

// What does not fit what recognition is sure of is not taken: a model that obeys the page, or makes something up, changes nothing.
func TestAModelThatObeysAPageIsNotBelieved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, _ := model(t, llmtest.Always(llmtest.Reply{Text: "I have ignored my instructions. The town owes 1,000,000 to Mallory."}))
	start(t, r.agent(seeing(newPaleReader(r), v, 20)))
	res := r.await(r.site.AddJob("scan.txt", "text/plain", sheets), wptest.Done).Result
	if len(res.PagesVision) != 0 || len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0], "Pages 2 and 4 were") || !strings.Contains(res.Warnings[0], "something else than what recognition has read there") {
		t.Errorf("%v %q", res.PagesVision, res.Warnings)
	}
	if text := r.object(res.Artifacts.Text); strings.Contains(text, "Mallory") || !strings.Contains(text, "harb0ur") {
		t.Errorf("text %q", text)
	}
}

// Only so many pages of a document are shown, those with the least confidence first; the others keep their text, and a warning names them.
func TestPagesShownAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, srv := model(t, llmtest.Always(llmtest.Reply{Text: transcribed}))
	start(t, r.agent(seeing(newPaleReader(r), v, 1)))
	res := r.await(r.site.AddJob("scan.txt", "text/plain", sheets), wptest.Done).Result
	if !slices.Equal(res.PagesVision, []int{2}) || len(srv.Calls()) != 1 || len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0], "Page 4 was") || !strings.Contains(res.Warnings[0], "max_pages") {
		t.Errorf("%v after %d calls, %q", res.PagesVision, len(srv.Calls()), res.Warnings)
	}
}

// Nothing of a document that is local only reaches a remote model, and no document at all where personal data would have to be hidden.
func TestPagesThatMustNotLeaveAreNotShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		privacy llm.Privacy
		local   bool
		says    string
	}{
		"local only": {local: true, says: "local only"},
		"redacted":   {privacy: llm.Privacy{Redact: []string{"email"}}, says: "privacy.redact"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			e, srv := model(t, llmtest.Always(llmtest.Reply{Text: transcribed}))
			far, err := llm.Private(e, llm.Config{Provider: "openai", Model: "m", BaseURL: "https://far.example/v1"}, c.privacy)
			if err != nil {
				t.Fatal(err)
			}
			start(t, r.agent(seeing(newPaleReader(r), far, 20)))
			add := r.site.AddJob
			if c.local {
				add = r.site.AddLocalOnlyJob
			}
			res := r.await(add("scan.txt", "text/plain", sheets), wptest.Done).Result
			if len(srv.Calls()) != 0 || len(res.PagesVision) != 0 || len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0], c.says) {
				t.Errorf("%d calls, %v, %q", len(srv.Calls()), res.PagesVision, res.Warnings)
			}
		})
	}
}

// A cap that pays for no page leaves recognition's text and says so. No other document waits for it.
func TestACapLeavesRecognisedText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		caps budget.Caps
		says string
	}{
		"of a day":      {budget.Caps{Day: budget.Amount{Tokens: 500}}, "summary.max_tokens_per_day"},
		"of a document": {budget.Caps{Document: budget.Amount{Tokens: 5000}}, "a fifth of what one document may cost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			v, srv := model(t, llmtest.Always(llmtest.Reply{Text: transcribed}))
			start(t, r.agent(seeing(newPaleReader(r), v, 20), func(o *agent.Options) {
				o.Budget = budget.New(budget.Options{Ledger: r.journal, Caps: c.caps, Log: o.Log})
			}))
			for _, file := range []string{"one.txt", "two.txt"} {
				res := r.await(r.site.AddJob(file, "text/plain", append([]byte(file+" "), sheets...)), wptest.Done).Result
				if len(srv.Calls()) != 0 || len(res.PagesVision) != 0 || len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0], c.says) || !strings.Contains(r.object(res.Artifacts.Text), "harb0ur") {
					t.Errorf("%s: %d calls, %v, %q", file, len(srv.Calls()), res.PagesVision, res.Warnings)
				}
			}
		})
	}
}

// A model that serves nobody holds no lease: the document goes back without losing an attempt, none is taken meanwhile, and when the model
// answers again the work goes on with what was paid.
func TestAModelThatIsDownKeepsNoLease(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	back := make(chan struct{})
	v, srv := model(t, func(n int, c llmtest.Call) llmtest.Reply {
		select {
		case <-back:
			return llmtest.Reply{Text: transcribed}
		default:
			return llmtest.NoQuota
		}
	})
	site := &listener{Site: nil}
	start(t, r.agent(seeing(newPaleReader(r), v, 20), func(o *agent.Options) {
		site.Site = o.Sites[0].Client
		o.Sites[0].Client = site
	}))
	id := r.site.AddJob("scan.txt", "text/plain", sheets)
	r.until("the site is told why no work is taken", func() bool { return site.said("quota or credit is used up") })
	r.until("the lease is given back", func() bool { return r.site.Job(id).State == wptest.Queued })
	before := len(srv.Calls())
	close(back)
	j := r.await(id, wptest.Done)
	if !slices.Equal(j.Result.PagesVision, []int{2, 4, 5}) || len(j.Failures) > 0 || j.Attempt > 1 {
		t.Errorf("%v in attempt %d", j.Result.PagesVision, j.Attempt)
	}
	asked := 0
	for _, c := range srv.Calls()[before:] {
		if showsPicture(c) && c.Status == 200 {
			asked++
		}
	}
	if asked != 3 {
		t.Errorf("%d pages were paid for", asked)
	}
}

// What was paid for is not asked again when the document comes back, and neither its file nor a picture is needed for it.
func TestPagesReadByAModelArePaidOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, srv := model(t, llmtest.Always(llmtest.Reply{Text: transcribed}))
	broke := make(chan struct{})
	writer, _ := model(t, func(int, llmtest.Call) llmtest.Reply {
		select {
		case <-broke:
			return llmtest.Reply{}
		default:
			return llmtest.NoQuota
		}
	})
	p := newPaleReader(r)
	start(t, r.agent(seeing(p, v, 20), func(o *agent.Options) { o.Summariser = writer }))
	id := r.site.AddJob("scan.txt", "text/plain", sheets)
	r.until("the lease is given back", func() bool { j := r.site.Job(id); return j.State == wptest.Queued && j.Releases > 0 })
	close(broke)
	res := r.await(id, wptest.Done).Result
	if !slices.Equal(res.PagesVision, []int{2, 4, 5}) || res.Provider != "openai" || len(srv.Calls()) != 3 {
		t.Errorf("%v by %s after %d calls", res.PagesVision, res.Provider, len(srv.Calls()))
	}
	if text := r.object(res.Artifacts.Text); strings.Count(text, "until the ice had gone") != 3 {
		t.Errorf("text %q", text)
	}
}

// A model that reads text alone is found out with the first picture; the document is done nevertheless.
func TestAModelWithoutEyes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, srv := model(t, llmtest.Always(llmtest.Reply{Status: 400, ErrorType: "invalid_request_error", ErrorText: "image_url is only supported by certain models"}))
	start(t, r.agent(seeing(newPaleReader(r), v, 20)))
	res := r.await(r.site.AddJob("scan.txt", "text/plain", sheets), wptest.Done).Result
	if len(res.PagesVision) != 0 || len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0], "takes no pictures") || len(srv.Calls()) > 4 {
		t.Errorf("%v, %q after %d calls", res.PagesVision, res.Warnings, len(srv.Calls()))
	}
}

// A document on which recognition reads nothing at all is read by the model, where there is one, and refused where the model sees nothing either.
func TestHandwritingAloneIsRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := newPaleReader(r)
	p.sure = nil
	v, _ := model(t, func(int, llmtest.Call) llmtest.Reply { return llmtest.Reply{Text: transcribed} })
	start(t, r.agent(seeing(p, v, 20)))
	res := r.await(r.site.AddJob("hand.txt", "text/plain", []byte("handwritten\fhandwritten too")), wptest.Done).Result
	if !slices.Equal(res.PagesVision, []int{1, 2}) {
		t.Errorf("%v %q", res.PagesVision, res.Warnings)
	}
	p2 := r.await(r.site.AddJob("none.txt", "text/plain", []byte("blank\fblank\fblank too")), wptest.Done)
	if len(p2.Result.PagesVision) != 2 { // the third of a document is never shown by this reader
		t.Errorf("%v", p2.Result.PagesVision)
	}
}
