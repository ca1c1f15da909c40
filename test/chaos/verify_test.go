package chaos

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var t0 = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return t0.Add(d) }

// good is a small run in which every promise was kept: agent-1 is killed with a job and two answers on its disk, one of
// them handed over; agent-2 goes on.
func good() *Facts {
	return &Facts{
		Pace:     Production,
		Accepted: map[int64]Doc{5: {Name: "a.txt", Mark: "mark00001x"}, 6: {Name: "b.txt", Mark: "mark00002x"}},
		Jobs:     []JobRow{{ID: 1, Attachment: 5, Post: 9, State: "done"}, {ID: 2, Attachment: 6, State: "failed", Code: "no_text", Message: "No text."}},
		Posts:    []PostRow{{ID: 9, Attachment: 5, Marks: []string{"mark00001x"}}},
		Agents:   map[string]string{"ak_1": "agent-1", "ak_2": "agent-2", "ak_3": "agent-3"},
		Events: []EventRow{
			{after(0), 1, 0, "enqueued", ""}, {after(2 * time.Second), 1, 1, "leased", ""}, {after(125 * time.Second), 1, 1, "expired", "lease_expired"},
			{after(130 * time.Second), 1, 2, "leased", ""}, {after(140 * time.Second), 1, 2, "done", ""},
		},
		Exchanges: []Exchange{
			{N: 1, At: after(2 * time.Second), Key: "ak_1", Op: "lease", Status: 200, Granted: []Grant{{Job: 1, Epoch: 1}}},
			{N: 2, At: after(130 * time.Second), Key: "ak_2", Op: "lease", Status: 200, Granted: []Grant{{Job: 1, Epoch: 2, Segments: []string{"s"}}}},
			{N: 3, At: after(50 * time.Second), Key: "ak_3", Op: "lease", Status: 401, Code: "aidoc_clock_skew"},
		},
		Calls: []Call{
			{Serial: 1, Agent: "agent-1", Prompt: "p1", Mark: "mark00001x", Start: after(3 * time.Second), End: after(4 * time.Second), Answered: true},
			{Serial: 2, Agent: "agent-1", Prompt: "p2", Mark: "mark00001x", Start: after(5 * time.Second), End: after(6 * time.Second), Answered: true},
		},
		Lives: []Life{
			{Agent: "agent-1", Start: t0, End: after(10 * time.Second), Journal: map[int]bool{1: true, 2: true}},
			{Agent: "agent-1", Start: after(20 * time.Second), End: after(200 * time.Second)},
			{Agent: "agent-2", Start: t0, End: after(200 * time.Second)},
		},
		Known:  map[Holding]map[int]bool{{1, 2}: {1: true}},
		Deaths: []Death{{Agent: "agent-1", How: "kill", At: after(10 * time.Second), Held: []Holding{{1, 1}}}},
		Skews:  []Skew{{"ak_3", Span{after(40 * time.Second), after(90 * time.Second)}}},
	}
}

// call is a repetition of a prompt.
func call(serial int, agent, prompt string, at time.Duration) Call {
	return Call{Serial: serial, Agent: agent, Prompt: prompt, Mark: "mark00001x", Start: after(at), End: after(at + time.Second), Answered: true}
}

// page is page 1 of job 1, recognised some seconds after the start.
func page(agent string, at int) Recognition {
	return Recognition{Agent: agent, Job: 1, Page: 1, At: after(time.Duration(at) * time.Second)}
}

func TestJudgeKeepsQuietAboutAGoodRun(t *testing.T) {
	r := Verify(good())
	if len(r.Broken) > 0 || r.Lost != 0 || r.Duplicates != 0 || r.Repeats.Sum() != 0 || r.Done != 1 || r.Failed != 1 {
		t.Fatalf("%+v", r)
	}
	if r.Kill.P(1) != 120*time.Second || r.PickUp.P(1) != 2*time.Second {
		t.Errorf("reassigned after %v, picked up after %v", r.Kill, r.PickUp)
	}
}

func TestJudgeSeesEachBrokenPromise(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Facts)
		want  string
	}{
		"open job":           {func(f *Facts) { f.Jobs[0].State = "leased" }, "neither done nor failed"},
		"summary is missing": {func(f *Facts) { f.Posts = nil }, "does not exist"},
		"silent failure":     {func(f *Facts) { f.Jobs[1].Message = "" }, "without saying why"},
		"no job":             {func(f *Facts) { f.Accepted[7] = Doc{Name: "c.txt"} }, "has no job"},
		"two summaries":      {func(f *Facts) { f.Posts = append(f.Posts, PostRow{10, 5, []string{"mark00001x"}}) }, "has 2 summaries"},
		"mixed up":           {func(f *Facts) { f.Posts[0].Marks = []string{"mark00002x"} }, "instead of mark00001x"},
		"slow after kill":    {func(f *Facts) { f.Events[3].At = after(146 * time.Second) }, "waited 2m16s"},
		"replay accepted":    {func(f *Facts) { f.Exchanges[0].Second = 200 }, "accepted twice"},
		"skew accepted": {func(f *Facts) {
			f.Exchanges = append(f.Exchanges, Exchange{N: 9, At: after(60 * time.Second), Key: "ak_3", Op: "result", Status: 200})
		}, "whose clock is off was accepted"},
		"changed and taken": {func(f *Facts) {
			f.Exchanges = append(f.Exchanges, Exchange{N: 9, At: after(60 * time.Second), Key: "ak_1", Op: "result", Fault: Envelope, Status: 200})
		}, "was changed on its way"},
		"taken among several, given out again": {func(f *Facts) {
			several := Exchange{N: 9, At: after(60 * time.Second), End: after(61 * time.Second), Key: "ak_1", Op: "results", Status: 200, Jobs: []int64{1, 2}}
			several.Entries = entriesOf([]byte(`{"results":[{"status":503,"body":{}},{"status":200,"body":{}}]}`), several.Jobs)
			f.Exchanges = append(f.Exchanges, several, Exchange{N: 10, At: after(70 * time.Second), Key: "ak_1", Op: "lease", Status: 200, Granted: []Grant{{Job: 2, Epoch: 3}}})
		}, "job 2 was given out again"},
		"unproven refusal":     {func(f *Facts) { f.Jobs[1].Code = "result_refused" }, "that anybody can cause"},
		"skew never tried":     {func(f *Facts) { f.Exchanges = f.Exchanges[:2] }, "never refused for it"},
		"same process pays":    {func(f *Facts) { f.Calls = append(f.Calls, call(3, "agent-1", "p1", 7*time.Second)) }, "its journal had the answer"},
		"next process pays":    {func(f *Facts) { f.Calls = append(f.Calls, call(3, "agent-1", "p1", 30*time.Second)) }, "its journal had the answer"},
		"hand-over ignored":    {func(f *Facts) { f.Calls = append(f.Calls, call(3, "agent-2", "p1", 131*time.Second)) }, "handed over with the lease"},
		"page read twice":      {func(f *Facts) { f.Recognised = []Recognition{page("agent-1", 5), page("agent-1", 25)} }, "whose journal had it"},
		"page not handed over": {func(f *Facts) { f.Recognised = []Recognition{page("agent-1", 5), page("agent-2", 131)} }, "though a dead agent's journal had it"},
		"orphan":               {func(f *Facts) { f.Orphans = []string{"1 of agent-1"} }, "outlived"},
		"panic":                {func(f *Facts) { f.Panics = []string{"agent-1: panic: x"} }, "panicked"},
	} {
		t.Run(name, func(t *testing.T) {
			f := good()
			c.spoil(f)
			if broken := strings.Join(Verify(f).Broken, "\n"); !strings.Contains(broken, c.want) {
				t.Errorf("not noticed; broken: %q", broken)
			}
		})
	}
}

func TestJudgeForgivesWhatCannotBeHelped(t *testing.T) {
	f := good()
	f.Calls[1].End = after(9500 * time.Millisecond) // half a second before the kill
	f.Calls = append(f.Calls, call(3, "agent-2", "p2", 131*time.Second))
	f.Calls[0].Answered = false // cut off by the kill
	f.Calls = append(f.Calls, call(4, "agent-2", "p1", 132*time.Second))
	f.Recognised = []Recognition{{"agent-1", 1, 1, after(9500 * time.Millisecond)}, page("agent-2", 131)}
	r := Verify(f)
	if len(r.Broken) > 0 || r.Repeats != (Repeats{Unkept: 1}) || r.PageRepeats != (PageRepeats{Unkept: 1}) {
		t.Errorf("%+v %+v %v", r.Repeats, r.PageRepeats, r.Broken)
	}
	f = good()
	f.Events[3].At = after(150 * time.Second) // 140 s after the kill, but the database was away for 10 of them
	f.Outages = []Span{{after(100 * time.Second), after(110 * time.Second)}}
	if r := Verify(f); len(r.Broken) > 0 {
		t.Error(r.Broken)
	}
}

func TestPlanIsItsSeed(t *testing.T) {
	p := Plan{Seed: 5, Rate: 0.3, MaxDelay: time.Second, Straggler: time.Minute}
	hits := map[Fault]int{}
	for n := range uint64(4000) {
		f, d := p.Of(n, "result")
		if g, e := p.Of(n, "result"); f != g || d != e {
			t.Fatal("the same exchange was given two faults")
		}
		hits[f]++
	}
	for _, f := range Faults {
		if hits[f] < 50 {
			t.Errorf("%s came %d times in 4000", f, hits[f])
		}
	}
	if share := float64(4000-hits[None]) / 4000; share < 0.25 || share > 0.35 {
		t.Errorf("%.2f of the exchanges went wrong, not 0.3", share)
	}
}

// Each fault does to an exchange what its name says: what the site hears and what the agent gets.
func TestProxyFaults(t *testing.T) {
	const body = `{"status":"accepted","filler":"0123456789"}`
	for _, c := range []struct {
		fault         Fault
		reached, fine bool // it reaches the site; the agent gets the whole answer
	}{
		{None, true, true}, {Delay, true, true}, {Twice, true, true}, {DropAsk, false, false}, {DropAnswer, true, false}, {Truncate, true, false},
		{Shorten, true, false}, {HTMLBefore, false, false}, {HTMLAfter, true, false}, {Bad502, false, false}, {Bad502Late, true, false}, {Straggler, true, false},
		{Query, true, true}, {Envelope, true, true}, {Pad, true, true}, {Rewrite, true, true}, {Override, true, true},
	} {
		t.Run("fault "+string(c.fault), func(t *testing.T) {
			got := make(chan string, 4)
			site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				got <- string(b)
				_, _ = io.WriteString(w, body)
			}))
			defer site.Close()
			p, err := NewProxy("127.0.0.1:0", strings.TrimPrefix(site.URL, "http://"), filepath.Join(t.TempDir(), "log"), Plan{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				p.exchange(w, r, b, Exchange{Op: "result", Fault: c.fault}, time.Millisecond)
			}))
			defer front.Close()
			resp, err := http.Post(front.URL, "application/json", bytes.NewReader([]byte("hello")))
			fine := false
			if err == nil {
				got, rerr := io.ReadAll(resp.Body)
				resp.Body.Close()
				fine = rerr == nil && resp.StatusCode == 200 && string(got) == body
			}
			if fine != c.fine {
				t.Errorf("the agent got the answer: %v, want %v (%v)", fine, c.fine, err)
			}
			front.Close() // waits for the exchange: what it leaves to be sent late is counted by then
			p.late.Wait()
			want := 0
			if c.reached {
				want = 1
			}
			if c.fault == Twice {
				want = 2
			}
			if len(got) != want {
				t.Errorf("the site got %d, want %d", len(got), want)
			}
		})
	}
}

// What the box on the way makes of a request: nothing but what its name says.
func TestChange(t *testing.T) {
	for f, want := range map[Fault]struct {
		query, override string
		longer          int
	}{
		None: {query: "rest_route=/x"}, Delay: {query: "rest_route=/x"}, Query: {query: "rest_route=/x&utm=1"}, Envelope: {query: "rest_route=/x&_envelope=1"},
		Pad: {query: "rest_route=/x", longer: padding}, Rewrite: {query: "rest_route=/x", longer: 1}, Override: {query: "rest_route=/x", override: "PUT"},
	} {
		sent := httptest.NewRequest("POST", "/?rest_route=/x", nil)
		got, body := change(sent, []byte("{}"), f)
		if got.URL.RawQuery != want.query || len(body) != 2+want.longer || got.Header.Get("X-HTTP-Method-Override") != want.override {
			t.Errorf("%s: %s, %d bytes, %v", f, got.URL.RawQuery, len(body), got.Header)
		}
		if sent.URL.RawQuery != "rest_route=/x" || len(sent.Header) != 0 {
			t.Errorf("%s changed the agent's own request", f)
		}
	}
}
