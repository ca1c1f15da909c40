package llm_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

type keyPoint struct {
	Text  string `json:"text"`
	Pages []int  `json:"pages"`
	Quote string `json:"quote"`
}

// structured is an answer that follows the schema.
func structured(abstract string, entities map[string][]string, points ...keyPoint) string {
	all := map[string][]string{"people": {}, "organisations": {}, "dates": {}, "amounts": {}}
	for k, v := range entities {
		all[k] = v
	}
	b, err := json.Marshal(map[string]any{"title": "Bridge repair agreed", "abstract": abstract, "key_points": points, "sections": []any{}, "entities": all})
	if err != nil {
		panic(err)
	}
	return string(b)
}

var truePoints = []keyPoint{
	{"The repair costs 40,000 euros.", []int{1}, "to pay the 40,000 euros from the reserve"},
	{"Work begins in April.", []int{1}, "Work begins in April and ends in June"},
	{"The library wants longer hours.", []int{1}, "The library asked for longer opening hours on Saturdays"},
}

func summarise(t *testing.T, f *fixture, d llm.Document) llm.Summary {
	t.Helper()
	s, err := f.engine(t).Summarise(context.Background(), d, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStructuredAnswerIsAskedForAndShown(t *testing.T) {
	for _, provider := range []string{"openai", "anthropic"} {
		f := newFixture(t, llmtest.Always(llmtest.Reply{Text: structured("The council agreed to repair the bridge in spring.", map[string][]string{
			"amounts": {"40,000 euros", "77 euros"}, "dates": {"14 March"}, "people": {"Zorblax"},
		}, truePoints...)}))
		if provider == "anthropic" {
			f = f.anthropic()
		}
		s := summarise(t, f, minutesDocument())
		if c := f.srv.Calls()[0]; !c.Structured || !strings.Contains(c.User, `"key_points"`) {
			t.Errorf("%s: no schema was sent", provider)
		}
		want := "The council agreed to repair the bridge in spring.\n\n## Key points\n\n- The repair costs 40,000 euros. (p. 1)\n- Work begins in April. (p. 1)\n- The library wants longer hours. (p. 1)\n\n" +
			"## Named in the document\n\n- **Dates:** 14 March\n- **Amounts:** 40,000 euros\n"
		if s.Title != "Bridge repair agreed" || s.Markdown != want || s.Checked != 3 || s.Claims != 3 {
			t.Errorf("%s: %q, checked %d of %d\n%s", provider, s.Title, s.Checked, s.Claims, s.Markdown)
		}
	}
}

// A server that takes the schema and pays no heed to it is found out once; then the other form of the question is sent.
func TestServerThatIgnoresTheSchemaIsAskedInMarkdown(t *testing.T) {
	f := newFixture(t, llmtest.Always(llmtest.Reply{Text: goodSummary}))
	e := f.engine(t)
	for range 3 {
		if _, err := e.Summarise(context.Background(), minutesDocument(), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	calls := f.srv.Calls()
	if len(calls) != 3 || !calls[0].Structured || calls[1].Structured || calls[2].Structured || !strings.Contains(calls[1].User, "# A short title") {
		t.Errorf("%d calls: %v %v %v", len(calls), calls[0].Structured, calls[1].Structured, calls[2].Structured)
	}
}

// The cache knows a question whatever form it is sent in: an answer that was paid in one form serves a run that would send the other.
func TestBothFormsOfAQuestionAreOneStep(t *testing.T) {
	f, cache := newFixture(t, llmtest.Always(llmtest.Reply{Text: goodSummary})), &memCache{}
	for range 2 { // the second engine has not found the server out
		if _, err := f.engine(t).Summarise(context.Background(), minutesDocument(), cache, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.srv.Calls()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestCutStructuredAnswerKeepsItsWholeItems(t *testing.T) {
	whole := structured("The council agreed to repair the bridge in spring.", nil, truePoints...)
	f := newFixture(t, llmtest.Always(llmtest.Reply{Text: whole[:strings.Index(whole, "The library wants")+5], Finish: "length"}))
	s := summarise(t, f, minutesDocument())
	if strings.Contains(s.Markdown, "The library") || !strings.Contains(s.Markdown, "Work begins in April. (p. 1)") || !strings.Contains(s.Markdown, "cut off") {
		t.Errorf("got\n%s", s.Markdown)
	}
}

func threePages() llm.Document {
	d := llm.Document{Filename: "report.txt"}
	for i, text := range []string{
		"Annual report of the harbour. The port handled 4,123,456 tonnes in 2024 and 212 ships called at the old quay.",
		"The new quay was built by Szymańska Ltd for 88 million euros. It opens on 3 May 2026 and replaces the old one.",
		"Two accidents were investigated. The board thanks its 340 employees for their work in a difficult year.",
	} {
		d.Pages = append(d.Pages, prose.Page{Number: i + 1, Text: text})
	}
	return d
}

// Statements that the document does not hold are marked or dropped, wrong pages are corrected.
func TestStatementsAreHeldAgainstTheDocument(t *testing.T) {
	answer := structured("The harbour handled 4.1 million tonnes. Its chairman Zorblax lost 42 billion.", nil,
		keyPoint{"The port handled 4.1 million tonnes in 2024.", []int{1}, "The port handled 4,123,456 tonnes in 2024"},
		keyPoint{"The new quay cost 88 million euros.", []int{3}, "was built by Szymańska Ltd for 88 million euros"},
		keyPoint{"The chairman Zorblax resigned.", []int{2}, "the chairman Zorblax has resigned from the board"},
		keyPoint{"Two accidents were investigated.", nil, "Two accidents were investigated"},
		keyPoint{"The quay opens on 13 May 2026.", []int{2}, "It opens on 3 May 2026 and replaces the old one"},
	)
	f := newFixture(t, llmtest.Always(llmtest.Reply{Text: answer}))
	s := summarise(t, f, threePages())
	want := "The harbour handled 4.1 million tonnes. Its chairman Zorblax lost 42 billion. *(not found in the document: 42 billion, Zorblax)*\n\n## Key points\n\n" +
		"- The port handled 4.1 million tonnes in 2024. (p. 1)\n- The new quay cost 88 million euros. (p. 2)\n" +
		"- The chairman Zorblax resigned. *(not found in the document)*\n- Two accidents were investigated. (p. 3)\n- The quay opens on 13 May 2026. *(not found in the document)*\n"
	if s.Markdown != want || s.Checked != 4 || s.Claims != 7 {
		t.Errorf("marked: checked %d of %d\n%s", s.Checked, s.Claims, s.Markdown)
	}
	f.cfg.Unfounded = llm.UnfoundedDrop
	s = summarise(t, f, threePages())
	want = "The harbour handled 4.1 million tonnes.\n\n## Key points\n\n" +
		"- The port handled 4.1 million tonnes in 2024. (p. 1)\n- The new quay cost 88 million euros. (p. 2)\n- Two accidents were investigated. (p. 3)\n"
	if s.Markdown != want || s.Checked != 4 || s.Claims != 7 {
		t.Errorf("dropped: checked %d of %d\n%s", s.Checked, s.Claims, s.Markdown)
	}
}

const lies = "# Annual Report of the Martian Bank\n\nThe Martian Bank lost 42 billion euros in 2031. Its chairman Zorblax resigned.\n\n## Key points\n\n- Zorblax resigned on 3 May 2031 (p. 999)\n- The loss was 42 billion euros (p. 1)\n- Shareholders were paid nothing (p. 1)\n"

func TestInventedSummaryIsNeverShownAsFounded(t *testing.T) {
	f := newFixture(t, llmtest.Always(llmtest.Reply{Text: lies}))
	s := summarise(t, f, minutesDocument())
	if s.Checked != 0 || s.Claims != 5 || strings.Count(s.Markdown, "not found in the document") != 4 || strings.Contains(s.Markdown, "p. 999") {
		t.Errorf("checked %d of %d\n%s", s.Checked, s.Claims, s.Markdown)
	}
	if strings.Contains(s.Title, "Martian") || !strings.HasPrefix(s.Markdown, "*None of the statements below was found in the document") {
		t.Errorf("it stands under %q, without a warning:\n%s", s.Title, s.Markdown)
	}
	f.cfg.Unfounded = llm.UnfoundedDrop
	_, err := f.engine(t).Summarise(context.Background(), minutesDocument(), nil, nil)
	if e := wantCode(t, err, llm.CodeBadAnswer); e.Reason != "unfounded" || !strings.Contains(e.Message, "nothing was found in the document") {
		t.Errorf("says %q", e.Message)
	}
}

// A model whose quotations are all invented is told so once.
func TestInventedQuotationsAreAskedForAgain(t *testing.T) {
	invented := structured("The council met.", nil,
		keyPoint{"The mayor resigned.", []int{1}, "the mayor has resigned from office"},
		keyPoint{"The bank failed.", []int{1}, "the bank has failed to pay its debts"},
		keyPoint{"The church burned.", []int{1}, "the church burned down to the ground"})
	f := newFixture(t, func(n int, c llmtest.Call) llmtest.Reply {
		if n == 1 {
			return llmtest.Reply{Text: invented}
		}
		if !strings.Contains(c.User, "quotations are not in the document") {
			t.Error("the second question does not say what was wrong")
		}
		return llmtest.Reply{Text: structured("The council agreed to repair the bridge.", nil, truePoints...)}
	})
	if s := summarise(t, f, minutesDocument()); s.Checked != 3 || s.Claims != 3 {
		t.Errorf("checked %d of %d\n%s", s.Checked, s.Claims, s.Markdown)
	}
}

func TestAzureAndGatewaysGetTheirAddressAndHeaders(t *testing.T) {
	f := newFixture(t, nil)
	f.cfg.BaseURL = f.srv.URL + "/openai/deployments/mine/?api-version=2024-10-21"
	f.cfg.Organization, f.cfg.Project = "org-1", "proj-2"
	f.cfg.Headers = map[string]string{"X-Team": "docs"}
	summarise(t, f, minutesDocument())
	c := f.srv.Calls()[0]
	if c.URL != "/openai/deployments/mine/chat/completions?api-version=2024-10-21" {
		t.Errorf("asked %s", c.URL)
	}
	for name, want := range map[string]string{"Api-Key": "sk-secret-key", "OpenAI-Organization": "org-1", "OpenAI-Project": "proj-2", "X-Team": "docs"} {
		if got := c.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	f = newFixture(t, nil)
	summarise(t, f, minutesDocument())
	if got := f.srv.Calls()[0].Header.Get("Api-Key"); got != "" {
		t.Errorf("Api-Key is sent to a server that is not Azure's: %q", got)
	}
}

// A proxy that gives up on silent connections is answered by a stream, from the second try on.
func TestStreamIsAskedForWhereSilenceIsCut(t *testing.T) {
	for _, api := range []string{"openai", "responses"} {
		f := newFixture(t, func(_ int, c llmtest.Call) llmtest.Reply {
			switch {
			case api == "responses" && c.API == "openai":
				return llmtest.Reply{Status: 404, ErrorText: "Did you mean to use v1/responses?"}
			case !c.Stream:
				return llmtest.Reply{Status: 504, Raw: "<html>gateway timeout</html>", ContentType: "text/html"}
			}
			return llmtest.Reply{Text: goodSummary}
		})
		e := f.engine(t)
		for range 2 {
			s, err := e.Summarise(context.Background(), minutesDocument(), nil, nil)
			if err != nil {
				t.Fatalf("%s: %v", api, err)
			}
			if s.Title != "Bridge repair agreed" || s.TokensOut == 0 {
				t.Errorf("%s: %+v", api, s)
			}
		}
		streams := 0
		for _, c := range f.srv.Calls() {
			if c.Stream {
				streams++
			}
		}
		if streams != 2 {
			t.Errorf("%s: %d of %d calls were streams", api, streams, len(f.srv.Calls()))
		}
	}
}

// The timeout of a call is about silence: an answer that keeps coming may take longer.
func TestAnswerThatKeepsComingIsNotCut(t *testing.T) {
	const timeout = 400 * time.Millisecond
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		tick := time.NewTicker(timeout / 4)
		defer tick.Stop()
		words := strings.SplitAfter(goodSummary, "\n")
		for _, part := range words {
			<-tick.C
			fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", quoted(part))
			w.(http.Flusher).Flush()
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}))
	defer srv.Close()
	f := newFixture(t, nil)
	f.cfg.BaseURL, f.cfg.CallTimeout, f.cfg.MaxAttempts = srv.URL, timeout, 1
	start := time.Now()
	if s := summarise(t, f, minutesDocument()); s.Title != "Bridge repair agreed" {
		t.Errorf("got %+v", s)
	}
	if d := time.Since(start); d < timeout {
		t.Errorf("it took %s, which proves nothing", d)
	}
}

// hostile are documents that steer a model, and a model that obeys them. Whatever it prints, what is delivered holds no markup, no link,
// no part of the prompt, and has the form of a summary.
func TestObedientModelPublishesNothingOfAnAttack(t *testing.T) {
	files, err := filepath.Glob("testdata/hostile/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d hostile documents, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			f := newFixture(t, func(_ int, c llmtest.Call) llmtest.Reply {
				_, text, _ := strings.Cut(c.User, "<<<DOCUMENT>>>")
				text, _, _ = strings.Cut(text, "<<<END DOCUMENT>>>")
				_, payload, ok := strings.Cut(text, "PAYLOAD:")
				if !ok {
					t.Error("the document did not reach the model whole")
				}
				return llmtest.Reply{Text: strings.NewReplacer("{SYSTEM}", c.System, "{USER}", c.User).Replace(strings.TrimSpace(payload))}
			})
			s, err := f.engine(t).Summarise(context.Background(), llm.Document{Filename: "memo.txt", Pages: []prose.Page{{Number: 1, Text: string(b)}}}, nil, nil)
			if strings.Contains(string(b), "{SYSTEM}") || strings.Contains(string(b), "{USER}") {
				wantCode(t, err, llm.CodeBadAnswer)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkHarmless(t, s)
		})
	}
}

// checkHarmless looks at the text of every run: what a site escapes and shows.
func checkHarmless(t *testing.T, s llm.Summary) {
	t.Helper()
	texts := []string{s.Title}
	runs := func(rs []llm.Run) {
		for _, r := range rs {
			texts = append(texts, r.Text)
		}
	}
	for _, b := range s.Blocks {
		if !strings.Contains(" heading paragraph list quote code table ", " "+b.Type+" ") || b.Type == "heading" && (b.Level < 2 || b.Level > 4) {
			t.Errorf("a block of type %q, level %d", b.Type, b.Level)
		}
		runs(b.Runs)
		for _, it := range append(append([][]llm.Run{}, b.Items...), b.Header...) {
			runs(it)
		}
		for _, row := range b.Rows {
			for _, cell := range row {
				runs(cell)
			}
		}
		texts = append(texts, b.Text)
	}
	for _, text := range texts {
		for _, bad := range []string{"<script", "<img", "<svg", "<a ", "<iframe", "<!--", "javascript:", "://", "www.", "mailto:", "[gallery", "[embed", "[audio", "[caption", "\u202e", "\u200b", "\u2066", "<<<"} {
			if strings.Contains(strings.ToLower(text), bad) {
				t.Errorf("%q is left in %q", bad, text)
			}
		}
	}
}
