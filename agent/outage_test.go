package agent

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func unsigned503() error {
	return &wpclient.Error{Op: "lease", Kind: wpclient.Transient, Status: 503, RetryAfter: 10 * time.Minute}
}

func signedWish(d time.Duration) error {
	return &wpclient.Error{Op: "lease", Kind: wpclient.Transient, Status: 429, Signed: true, RetryAfter: d}
}

// bellSite is a site of which only the doorbell is up.
type bellSite struct {
	Site

	mu      sync.Mutex
	content string
	asked   int
	looks   []time.Time
	err     error
}

// set changes what the doorbell says.
func (b *bellSite) set(content string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.content, b.err = content, err
}

func (b *bellSite) Doorbell(_ context.Context, _ string, prev wpclient.DoorbellState) (wpclient.DoorbellState, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	b.looks = append(b.looks, time.Now())
	if b.err != nil {
		return prev, false, b.err
	}
	return wpclient.DoorbellState{Seen: true, Content: b.content}, b.content != prev.Content, nil
}

func newOutage(b *bellSite) *outage {
	return &outage{set: fixed(withDefaults(Settings{Slots: 1})), client: b, bell: &doorbell{}, contact: newContact("", nil), answered: newSignal()}
}

func TestSittingOutAnOutage(t *testing.T) {
	bell := &wpclient.Doorbell{URL: "https://example.org/bell"}
	for name, c := range map[string]struct {
		why      error
		bell     *wpclient.Doorbell
		down     error
		do       func(*outage, *bellSite)
		from, to time.Duration
		looks    int // at the doorbell, at the most
	}{
		"nothing happens":                {unsigned503(), bell, nil, func(*outage, *bellSite) {}, time.Minute, time.Minute, 36},
		"the doorbell rings":             {unsigned503(), bell, nil, func(_ *outage, b *bellSite) { b.set("2", nil) }, 20 * time.Second, 27 * time.Second, 16},
		"a beat is answered":             {unsigned503(), nil, nil, func(o *outage, _ *bellSite) { o.answered.send() }, 20 * time.Second, 24500 * time.Millisecond, 0},
		"both, but the site said wait":   {signedWish(time.Minute), bell, nil, func(o *outage, b *bellSite) { o.answered.send(); b.set("2", nil) }, time.Minute, time.Minute, 0},
		"the doorbell is down as well":   {unsigned503(), bell, unsigned503(), func(*outage, *bellSite) {}, time.Minute, time.Minute, 4},
		"it comes back without a ring":   {unsigned503(), bell, unsigned503(), func(_ *outage, b *bellSite) { b.set("1", nil) }, time.Minute, time.Minute, 30},
		"answered long before it failed": {unsigned503(), nil, nil, nil, time.Minute, time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bellSite{content: "1", err: c.down}
				o := newOutage(b)
				if c.do == nil {
					o.answered.send()
				} else {
					time.AfterFunc(20*time.Second, func() { c.do(o, b) })
				}
				began := time.Now()
				ok := o.sitOut(t.Context(), time.Minute, c.why, c.bell)
				if took := time.Since(began); !ok || took < c.from || took > c.to || b.asked > c.looks {
					t.Errorf("%v after %s, %d looks", ok, took, b.asked)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if newOutage(&bellSite{}).sitOut(ctx, time.Minute, unsigned503(), bell) {
			t.Error("did not stop when told to")
		}
	})
}
