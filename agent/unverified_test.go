package agent_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// unproven are the answers that somebody without the key can bring about.
var unproven = slices.Concat(wptest.OnPath, []wptest.FaultKind{wptest.Denied, wptest.Mistaken, wptest.Enveloped, wptest.Unsigned, wptest.Forged})

// during plays a fault on the first request to each route that ends in one of the suffixes.
func during(s *wptest.Site, kind wptest.FaultKind, suffixes ...string) *atomic.Int32 {
	var played atomic.Int32
	var mu sync.Mutex
	left := slices.Clone(suffixes)
	s.Fault(func(r *http.Request) wptest.Fault {
		mu.Lock()
		defer mu.Unlock()
		i := slices.IndexFunc(left, func(suffix string) bool { return strings.HasSuffix(r.Header.Get("X-Aidoc-Route"), suffix) })
		if i < 0 {
			return wptest.Fault{}
		}
		left = slices.Delete(left, i, i+1)
		played.Add(1)
		return wptest.Fault{Kind: kind}
	})
	return &played
}

// Whatever somebody without the key can bring about, at every stage of a job: the agent goes on asking, a finished result
// (which may have been paid for) waits for the site's own word, and the document loses no attempt.
func TestNobodyOnTheWayEndsAnything(t *testing.T) {
	t.Parallel()
	for _, kind := range unproven {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			r.site.SetTiming(0, time.Second, 0)
			played := during(r.site, kind, "/lease", "/file", "/beat", "/result", "/fail", "/release")
			r.reader.gate = func(ctx context.Context, page int) error { // the work takes until its first beat has been told
				if page < 2 {
					return nil
				}
				_, err := r.site.AwaitFunc(ctx, id, func(j wptest.JobState) bool { return len(j.Beats) > 0 })
				return err
			}
			stop, _ := start(t, r.agent())
			got := r.await(id, wptest.Done)
			if err := stop(); err != nil {
				t.Error(err)
			}
			if got.Accepted < 1 || got.Attempt != 1 || got.Crashes != 0 || got.Releases != 0 || len(got.Failures) != 0 || played.Load() < 4 {
				t.Errorf("accepted %d, attempt %d, crashes %d, releases %d, failures %v, faults %d", got.Accepted, got.Attempt, got.Crashes, got.Releases, got.Failures, played.Load())
			}
		})
	}
}

// `once` gives up after some tries, as where a site is down, and loses nothing by it.
func TestOnceOutlivesAFalseDenial(t *testing.T) {
	t.Parallel()
	for _, kind := range []wptest.FaultKind{wptest.Denied, wptest.Mistaken, wptest.Queried} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			during(r.site, kind, "/lease")
			if err := r.agent().Once(t.Context()); err != nil || r.site.Job(id).State != wptest.Done {
				t.Errorf("%v, %s", err, r.site.Job(id).State)
			}
		})
	}
}

// What an earlier process held is handed back although the first tries are refused by somebody else.
func TestAFalseDenialDoesNotKeepALease(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reading := make(chan struct{})
	r.reader.gate = func(ctx context.Context, page int) error {
		close(reading)
		<-ctx.Done()
		return ctx.Err()
	}
	_, kill := start(t, r.agent())
	<-reading
	kill()
	r.journal.Close()
	r.reader.gate = nil
	during(r.site, wptest.Denied, "/fail")
	stop, _ := start(t, r.agent())
	defer stop()
	if got := r.await(id, wptest.Done); got.Crashes != 1 {
		t.Errorf("crashes %d", got.Crashes)
	}
}

// The lease of a download travels in a header that no signature covers. A refusal for it is not the lease's end.
func TestAFileIsRefusedForALeaseThatWasChangedOnTheWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	played := during(r.site, wptest.Relabelled, "/file")
	stop, _ := start(t, r.agent())
	defer stop()
	if got := r.await(id, wptest.Done); got.Attempt != 1 || len(got.Failures) != 0 || played.Load() < 1 {
		t.Errorf("attempt %d, failures %v, %d faults", got.Attempt, got.Failures, played.Load())
	}
}

// No more does the length of a download, which is in a header too.
func TestAFileIsAnnouncedLargerThanItIs(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]int64{"larger than the agent takes": 2 << 20, "larger": 1000, "unknown": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			liar := &liar{Site: r.site.Client(wpclient.Options{}), total: total}
			stop, _ := start(t, r.agent(func(o *agent.Options) { o.Sites[0].Client = liar }))
			defer stop()
			if got := r.await(id, wptest.Done); got.Attempt != 1 || len(got.Failures) != 0 || liar.told.Load() < 1 {
				t.Errorf("attempt %d, failures %v, lies %d", got.Attempt, got.Failures, liar.told.Load())
			}
		})
	}
}

// liar announces another length for the first download.
type liar struct {
	agent.Site
	total int64
	told  atomic.Int32
}

func (l *liar) File(ctx context.Context, ref wpclient.LeaseRef, offset int64) (wpclient.FileBody, error) {
	b, err := l.Site.File(ctx, ref, offset)
	if err == nil && l.told.Add(1) == 1 {
		b.Total = l.total
	}
	return b, err
}
