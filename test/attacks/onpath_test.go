//go:build attacks

package attacks

import (
	"fmt"
	"net/http"
	"net/http/httptest"
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

// Whatever the box does to a request, what comes back is not the site's final word; and where the site never agreed,
// nothing has happened. Asked again without the box, all is as it was.
func TestBoxGetsNoFinalWord(t *testing.T) {
	t.Parallel()
	away := newElsewhere(t)
	a := join(t, "boxed")
	var fault atomic.Pointer[Fault]
	defer box.On(
		func(x *Exchange) bool { return x.Key == a.Key.ID && fault.Load() != nil },
		func(x *Exchange) *Answer { return fault.Load().Act(x) },
	)()
	l := a.take(t, document(t, name("boxed"), "boxed "+token(9), 1, 0))
	body := l.result(Text{Title: "Boxed", Markdown: "All of it."})
	for _, f := range faults(away.URL) {
		if f.Reaches {
			continue // TestAgentOutlivesTheBox has these: the independent client would have delivered
		}
		fault.Store(&f)
		r := a.Call(t, "/aidoc/v1/result", body)
		fault.Store(nil)
		if r.Verified() {
			broken(t, "on-path box", f.Name, "the site signs a final word: %s", r)
		}
		if state := site.SQL(t, "SELECT state FROM wp_aidoc_jobs WHERE id = %d", l.JobID)[0][0]; state != "leased" {
			broken(t, "on-path box", f.Name, "the job is %s", state)
		}
		Report.Held(t, "on-path box", "to a result: "+f.Name, r.String())
	}
	a.Call(t, "/aidoc/v1/result", body).want(t, "the result without the box", 200, "")
	if n := away.calls.Load(); n > 0 {
		t.Errorf("%d calls elsewhere", n)
	}
}

// The real agent, with its paid results: each first delivery of a result, and the first of its other requests, meet a fault
// each. When the box stops, every document is done, in its first attempt.
func TestAgentOutlivesTheBox(t *testing.T) {
	away := newElsewhere(t)
	agent := installAgent(t, "outlives")
	deck := faults(away.URL)
	dealer := newDealer(agent.key(t), deck)
	defer box.On(dealer.match, dealer.act)()

	var docs []int64
	for i := range deck {
		id := document(t, name("outlives"), fmt.Sprintf("The committee met on day %d and agreed on item %s of the budget. Nothing else was decided.", i, token(5)), 1, 0)
		var job int64
		site.Do(t, "enqueue", map[string]any{"attachment": id, "type": ""}, &job)
		docs = append(docs, job)
	}
	run := agent.run(t, "--set", "agent.slots=8", "--set", "poll.min=1s", "--set", "poll.max=1s")
	list := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(docs)), ","), "[]")
	awaitTrue(t, 100*time.Second, run, "all documents to be done", func() bool {
		return site.Number(t, "SELECT COUNT(*) FROM wp_aidoc_jobs WHERE state = 'done' AND id IN (%s)", list) == int64(len(docs)) || run.ended()
	})
	for _, row := range site.SQL(t, "SELECT id, state, attempt, error_code, error_message FROM wp_aidoc_jobs WHERE id IN (%s) AND (state <> 'done' OR attempt <> 1)", list) {
		broken(t, "on-path box", dealer.faultOf(), "a document ended otherwise: %v", row)
	}
	if missing := dealer.unused(); len(missing) > 0 {
		t.Errorf("these faults met no result: %v", missing)
	}
	if run.ended() {
		t.Errorf("the agent ended")
	}
	if n := away.calls.Load(); n > 0 {
		t.Errorf("the agent followed a redirect elsewhere %d times", n)
	}
	Report.Held(t, "on-path box", fmt.Sprintf("%d faults to the real agent's results, and as many to its other requests", len(deck)), "transient; delivered in the first attempt")
}

// dealer deals each fault once to a first delivery of a result, and once to another kind of request.
type dealer struct {
	key string
	mu  sync.Mutex
	// left are the faults that no result has met; others those that no other request has.
	left, others []Fault
	seen         map[string]string // result, by its digest → fault
}

func newDealer(key string, deck []Fault) *dealer {
	return &dealer{key: key, left: deck, others: append([]Fault{}, deck...), seen: map[string]string{}}
}

func (s *dealer) match(x *Exchange) bool { return x.Key == s.key }

func (s *dealer) act(x *Exchange) *Answer {
	if f := s.next(x); f != nil {
		return f.Act(x)
	}
	return x.Pass()
}

func (s *dealer) next(x *Exchange) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	route := x.R.Header.Get("X-Aidoc-Route")
	switch {
	case strings.HasSuffix(route, "/result"):
		sum := x.R.Header.Get("Content-Digest")
		if s.seen[sum] != "" || len(s.left) == 0 {
			return nil
		}
		f := s.left[0]
		s.left, s.seen[sum] = s.left[1:], f.Name
		return &f
	case strings.HasSuffix(route, "/file") && len(s.others) > 0:
		f := s.others[0]
		s.others = s.others[1:]
		return &f
	}
	return nil
}

func (s *dealer) unused() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.left {
		names = append(names, f.Name)
	}
	return names
}

func (s *dealer) faultOf() string { return fmt.Sprintf("%d faults", len(s.seen)) }
