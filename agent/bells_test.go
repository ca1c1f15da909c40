package agent

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// ringing starts bells with the default timing; what the test starts is over when it ends.
func ringing(t *testing.T) *bells {
	b := newBells(fixed(withDefaults(Settings{})))
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { b.run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return b
}

func TestARingThatComesWhileNobodyListensIsHeardTheNextTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s, bell := ringing(t), &bellSite{content: "1"}, &doorbell{}
		l := b.listen(s, bell, "u", slog.New(slog.DiscardHandler))
		time.Sleep(10 * time.Second)
		b.end(l)
		s.set("2", nil)
		time.Sleep(time.Minute)
		l = b.listen(s, bell, "u", slog.New(slog.DiscardHandler))
		defer b.end(l)
		began := time.Now()
		if rang := <-l.heard; !rang || time.Since(began) > time.Second {
			t.Errorf("rang %v after %v", rang, time.Since(began))
		}
	})
}

func TestADoorbellThatFailsIsToldAndRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s, bell := ringing(t), &bellSite{err: errors.New("404")}, &doorbell{}
		l := b.listen(s, bell, "u", slog.New(slog.DiscardHandler))
		defer b.end(l)
		if rang := <-l.heard; rang || !bell.resting() {
			t.Errorf("rang %v, resting %v", rang, bell.resting())
		}
	})
}

// stuckBell never answers.
type stuckBell struct{ Site }

func (stuckBell) Doorbell(ctx context.Context, _ string, prev wpclient.DoorbellState) (wpclient.DoorbellState, bool, error) {
	<-ctx.Done()
	return prev, false, ctx.Err()
}

func TestADoorbellThatHangsDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := ringing(t)
		for range 50 {
			l := b.listen(stuckBell{}, &doorbell{}, "u", slog.New(slog.DiscardHandler))
			defer b.end(l)
		}
		s := &bellSite{content: "1"}
		l := b.listen(s, &doorbell{busy: time.Now()}, "u", slog.New(slog.DiscardHandler))
		defer b.end(l)
		time.Sleep(5 * time.Second)
		s.set("2", nil)
		began := time.Now()
		if rang := <-l.heard; !rang || time.Since(began) > 2*time.Second {
			t.Errorf("rang %v after %v", rang, time.Since(began))
		}
	})
}

func fixed(s Settings) dials { return func() Settings { return s } }

// An agent of many sites looks at several doorbells at once and sleeps in between; each site is looked at as often as before.
func TestLooksAtManyQuietSitesAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const sites = 200
		b := ringing(t)
		var seen []*bellSite
		for range sites {
			s := &bellSite{content: "1"}
			seen = append(seen, s)
			l := b.listen(s, &doorbell{}, "u", slog.New(slog.DiscardHandler))
			defer b.end(l)
		}
		time.Sleep(10 * time.Minute)
		moments, looks := map[time.Time]bool{}, 0
		for _, s := range seen {
			s.mu.Lock()
			looks += len(s.looks)
			for _, at := range s.looks {
				moments[at] = true
			}
			s.mu.Unlock()
		}
		if each := looks / sites; each < 20 || each > 30 {
			t.Errorf("%d looks at each site in ten minutes, want one every 25 s", each)
		}
		if most := 10*60/2 + 20; len(moments) > most {
			t.Errorf("looked at %d moments, want %d at most: one in two seconds", len(moments), most)
		}
	})
}
