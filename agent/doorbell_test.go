package agent

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// A signed answer says what the file holds. Looks that go on showing what was there before come out of a cache, and nothing is waited for there.
func TestADoorbellThatStaysBehindTheSignedAnswersIsGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		later string        // what the file says in the end
		after time.Duration // when it does
		state string
	}{
		"a cache keeps it":               {"1", 0, wpclient.BellKept},
		"it is a moment late":            {"2", 3 * time.Second, wpclient.BellWorks},
		"it has been rung again instead": {"3", 0, wpclient.BellWorks},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, s, bell := ringing(t), &bellSite{content: "1"}, &doorbell{}
				log := slog.New(slog.DiscardHandler)
				l := b.listen(s, bell, "u", log)
				time.Sleep(10 * time.Second)
				b.end(l)
				if got := bell.heard.Load(); got == nil || got.State != wpclient.BellWorks {
					t.Errorf("at first it is heard as %+v", got)
				}
				bell.told(&wpclient.Doorbell{URL: "u", Now: "2"})
				time.AfterFunc(c.after, func() { s.set(c.later, nil) })
				l = b.listen(s, bell, "u", log)
				defer b.end(l)
				began := time.Now()
				rang := <-l.heard
				if took := time.Since(began); took > 9*time.Second || rang != (c.state == wpclient.BellWorks) {
					t.Errorf("rang %v after %v", rang, took)
				}
				if got := bell.heard.Load().State; got != c.state || bell.resting() != (c.state == wpclient.BellKept) {
					t.Errorf("heard as %s, resting %v", got, bell.resting())
				}
			})
		})
	}
}

// Of a site's servers one may see the file late, and sign what agents have seen to be over.
func TestASiteThatIsLateItselfIsNotTakenForACache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s, bell := ringing(t), &bellSite{content: "1"}, &doorbell{}
		log := slog.New(slog.DiscardHandler)
		l := b.listen(s, bell, "u", log)
		time.AfterFunc(10*time.Second, func() { s.set("2", nil) })
		if !<-l.heard {
			t.Error("did not ring")
		}
		b.end(l)
		bell.told(&wpclient.Doorbell{URL: "u", Now: "1"})
		l = b.listen(s, bell, "u", log)
		defer b.end(l)
		time.Sleep(time.Minute)
		if got := bell.heard.Load().State; got != wpclient.BellWorks {
			t.Errorf("heard as %s", got)
		}
	})
}

// Where the site signs what the doorbell held when it was asked, the first look tells whether it rang meanwhile.
func TestTheFirstLookComparesWithWhatTheSiteSaid(t *testing.T) {
	for name, c := range map[string]struct {
		now  string // signed
		rang bool
	}{"the same": {"2", false}, "rung since": {"1", true}, "not said": {"", false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, bell := ringing(t), &doorbell{}
				bell.told(&wpclient.Doorbell{URL: "u", Now: c.now})
				l := b.listen(&bellSite{content: "2"}, bell, "u", slog.New(slog.DiscardHandler))
				time.Sleep(time.Minute)
				b.end(l)
				rang := false
				select {
				case rang = <-l.heard:
				default:
				}
				if rang != c.rang || !bell.seen {
					t.Errorf("rang %v, seen %v", rang, bell.seen)
				}
			})
		})
	}
}

// What a cache has given up is as good as new until the next ring; that alone shows that the file is heard again.
func TestOnlyARingEndsTheVerdictOnACache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, s, bell := ringing(t), &bellSite{content: "2"}, &doorbell{seen: true, state: wpclient.DoorbellState{Seen: true, Content: "2"}}
		bell.keep(bell.state)
		time.Sleep(keptRest)
		l := b.listen(s, bell, "u", slog.New(slog.DiscardHandler))
		defer b.end(l)
		time.Sleep(time.Minute)
		if got := bell.heard.Load().State; got != wpclient.BellKept {
			t.Errorf("looks without a ring made it %s", got)
		}
		s.set("3", nil)
		if rang := <-l.heard; !rang || bell.heard.Load().State != wpclient.BellWorks {
			t.Errorf("rang %v, heard as %s", rang, bell.heard.Load().State)
		}
	})
}
