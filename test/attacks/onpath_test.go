//go:build attacks

package attacks

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// elsewhere is a server that nobody should call; it counts who does.
type elsewhere struct {
	*httptest.Server
	calls atomic.Int64
}

func newElsewhere(t *testing.T) *elsewhere {
	e := &elsewhere{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { e.calls.Add(1) }))
	t.Cleanup(e.Close)
	return e
}

// Whatever the middlebox does to a request, what comes back is not the site's final word; and where the site never agreed,
// nothing has happened. Asked again without the middlebox, all is as it was.
func TestMiddleboxGetsNoFinalWord(t *testing.T) {
	t.Parallel()
	away := newElsewhere(t)
	a := join(t, "boxed")
	var fault atomic.Pointer[Fault]
	defer middlebox.On(
		func(x *Exchange) bool { return x.Key == a.Key.ID && fault.Load() != nil },
		func(x *Exchange) *Answer { return fault.Load().Act(x) },
	)()
	l := a.take(t, document(t, name("boxed"), "boxed "+token(9), 1, 0))
	body := l.result(Text{Title: "Boxed", Markdown: "All of it."})
	for _, f := range faults(away.URL) {
		if f.Reaches {
			continue // TestAgentOutlivesTheMiddlebox has these: the independent client would have delivered
		}
		fault.Store(&f)
		r := a.Call(t, "/aidoc/v1/result", body)
		fault.Store(nil)
		if r.Verified() && r.Code != "aidoc_wrong_route" {
			broken(t, "middlebox", f.Name, "the site signs a final word: %s", r)
		}
		if state := site.SQL(t, "SELECT state FROM wp_aidoc_jobs WHERE id = %d", l.JobID)[0][0]; state != "leased" {
			broken(t, "middlebox", f.Name, "the job is %s", state)
		}
		Report.Held(t, "middlebox", "to a result: "+f.Name, r.String())
	}
	a.Call(t, "/aidoc/v1/result", body).want(t, "the result without the middlebox", 200, "")
	if n := away.calls.Load(); n > 0 {
		t.Errorf("%d calls elsewhere", n)
	}
}

// The real agent, with its paid results: the delivery of each meets a fault, and its download too when there is time. The
// agent asks again, and the document is done in its first attempt.
func TestAgentOutlivesTheMiddlebox(t *testing.T) {
	t.Parallel()
	away := newElsewhere(t)
	agent := installAgent(t, "outlives")
	trap := &trap{key: agent.key(t)}
	defer middlebox.On(trap.match, trap.act)()
	run := agent.run(t, "--set", "agent.slots=1", "--set", "poll.min=1s", "--set", "poll.max=1s")
	for _, f := range faults(away.URL) {
		if !f.Final && fast {
			continue
		}
		trap.arm(f)
		var job int64
		id := document(t, name("outlives"), "The committee agreed on item "+token(5)+" of the budget. Nothing else was decided.", 1, 0)
		site.Do(t, "enqueue", map[string]any{"attachment": id, "type": ""}, &job)
		var row []string
		awaitTrue(t, 90*time.Second, run, "the document to be at rest", func() bool {
			row = site.SQL(t, "SELECT state, attempt, error_code FROM wp_aidoc_jobs WHERE id = %d", job)[0]
			return row[0] == "done" || row[0] == "failed" || run.ended()
		})
		if row[0] != "done" || row[1] != "1" {
			broken(t, "middlebox", f.Name, "the document ended otherwise: %v", row)
		}
		if left := trap.left(); left != "" {
			t.Errorf("%s met no %s", f.Name, left)
		}
		if run.ended() {
			t.Fatalf("%s: the agent ended", f.Name)
		}
		Report.Held(t, "middlebox", "to the real agent: "+f.Name, "asked again; done in the first attempt")
	}
	if n := away.calls.Load(); n > 0 {
		t.Errorf("the agent followed a redirect elsewhere %d times", n)
	}
}

// A byte order mark or a notice before every answer, as careless files of a site print them: join, doctor and once get their
// work done, and the sentence says what is the matter.
func TestStrayOutputBeforeEveryAnswer(t *testing.T) {
	for what, stray := range map[string]string{"a byte order mark": "\xef\xbb\xbf", "a notice": "<br />\n<b>Deprecated</b>: Function x() in <b>y.php</b><br />\n", "an empty line": "\r\n\n"} {
		t.Run(what, func(t *testing.T) {
			defer middlebox.On(
				func(x *Exchange) bool {
					return strings.HasPrefix(x.R.UserAgent(), "aidoc-agent") && !x.to("/file") && (x.Key != "" || x.R.URL.Path != "/")
				},
				func(x *Exchange) *Answer {
					a := x.Pass()
					a.Body = append([]byte(stray), a.Body...)
					return a
				},
			)()
			agent := newInstalled(t)
			if out := agent.join(t, invite(t, name("stray-output"))); out.Code != 0 {
				t.Fatalf("join: exit %d\n%s", out.Code, out.Stderr)
			}
			var job int64
			site.Do(t, "enqueue", map[string]any{"attachment": document(t, name("stray-output"), "The committee agreed on "+token(9)+".", 1, 0), "type": ""}, &job)
			once := agent.do(t, "once")
			if state := site.SQL(t, "SELECT state FROM wp_aidoc_jobs WHERE id = %d", job)[0][0]; once.Code != 0 || state != "done" {
				broken(t, "careless site", what+" before every answer", "once: exit %d, the document is %s\n%s", once.Code, state, once.Stderr)
			}
			doctor := agent.do(t, "doctor")
			if said := doctor.Stdout + doctor.Stderr; !strings.Contains(said, "prints something around its answers") {
				broken(t, "careless site", what+" before every answer", "doctor (exit %d) does not say so:\n%s", doctor.Code, said)
			}
			Report.Held(t, "careless site", what+" before every answer: join, once, doctor", "read past, and named")
		})
	}
}

// trap lets one fault happen once to each of the routes it is set for.
type trap struct {
	key string

	mu     sync.Mutex
	fault  Fault
	routes []string
}

func (p *trap) arm(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.routes = f, []string{"/result"}
	if !fast {
		p.routes = append(p.routes, "/file")
	}
}

// left are the routes that the fault has not met.
func (p *trap) left() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.routes, " ")
}

func (p *trap) match(x *Exchange) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return x.Key == p.key && slices.ContainsFunc(p.routes, x.delivers)
}

func (p *trap) act(x *Exchange) *Answer {
	p.mu.Lock()
	f := p.fault
	p.routes = slices.DeleteFunc(p.routes, x.delivers)
	p.mu.Unlock()
	return f.Act(x)
}

// delivers is to, where results may also come several at once.
func (x *Exchange) delivers(route string) bool {
	return x.to(route) || (route == "/result" && x.to("/results"))
}

// to tells whether the request is for this route, by its last part.
func (x *Exchange) to(route string) bool {
	return strings.HasSuffix(x.R.Header.Get("X-Aidoc-Route"), route)
}
