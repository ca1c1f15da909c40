package agent

import (
	"strings"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// A doorbell that failed is left alone for a while, twice as long each time; one that a cache keeps, whatever is asked, for a long one: a cache
// that has given up what it kept looks like none until the next ring.
const (
	doorbellRest    = 10 * time.Second
	doorbellRestMax = 10 * time.Minute
	keptRest        = time.Hour
)

// bellLag is how far behind the site a look may be: servers that share a disk may see its files a moment late.
const bellLag = 5 * time.Second

// doorbell is what is known of a site's static file. It belongs to leaseLoop's goroutine, but for the time in which bells listens for it, and
// for heard.
type doorbell struct {
	lastLook  time.Time
	busy      time.Time // when it rang last, or the site had work
	state     wpclient.DoorbellState
	seen      bool
	restUntil time.Time
	rest      time.Duration // of the last failure; 0 after a success

	signed  string    // what it held as the last signed answer says; "" where that does not say
	older   string    // what it held before state, as far as that was seen
	awaited bool      // the site has signed that the file holds something else than behind
	behind  string    // what looks had shown until then
	since   time.Time // when it said so
	kept    bool      // a cache keeps it, whatever is asked; until a ring shows that this is over
	heard   atomic.Pointer[wpclient.Hearing]
}

// failed puts the doorbell to rest and returns for how long.
func (d *doorbell) failed() time.Duration {
	d.rest = min(max(2*d.rest, doorbellRest), doorbellRestMax)
	d.restUntil = time.Now().Add(d.rest)
	if !d.kept {
		d.hear(wpclient.BellUnreachable)
	}
	return d.rest
}

func (d *doorbell) resting() bool { return time.Now().Before(d.restUntil) }

// wake ends the rest.
func (d *doorbell) wake() { d.restUntil = time.Time{} }

// told takes note of what a signed answer says of the doorbell; nil: there is none to listen to.
func (d *doorbell) told(b *wpclient.Doorbell) {
	d.signed = ""
	if b != nil {
		d.signed = b.Now
	}
	switch {
	case b == nil:
		d.awaited, d.kept = false, false
		d.hear(wpclient.BellOff)
	case b.Now == "" || !d.seen || b.Now == content(d.state) || b.Now == d.older: // the last: a site of several servers, one of which is late itself
		d.awaited = false
	case !d.awaited:
		d.awaited, d.behind, d.since = true, content(d.state), time.Now()
	}
}

// next is the state for the next look. Once the site has said that the file has changed, no cache is asked.
func (d *doorbell) next() wpclient.DoorbellState {
	if d.awaited {
		return d.state.Around()
	}
	return d.state
}

// late tells whether a look has shown what the file held before the site said that it holds something else. What a doorbell holds never
// comes twice, so that is no newer ring.
func (d *doorbell) late(s wpclient.DoorbellState) bool {
	d.awaited = d.awaited && content(s) == d.behind
	return d.awaited && time.Since(d.since) >= bellLag
}

// keep gives the doorbell up because of a cache.
func (d *doorbell) keep(s wpclient.DoorbellState) {
	d.state.Sign, d.kept, d.awaited = s.Sign, true, false
	d.restUntil = time.Now().Add(keptRest)
	d.hear(wpclient.BellKept)
}

// looked takes note of a look that was not late, and tells whether it was a ring.
func (d *doorbell) looked(s wpclient.DoorbellState, changed bool) (rang bool) {
	rang = changed && (d.seen || d.signed != "" && content(s) != d.signed) // a first look that nothing is known for rings for nobody
	if changed {
		d.older = content(d.state)
	}
	d.state, d.seen, d.rest = s, true, 0
	d.kept = d.kept && !rang
	switch {
	case d.kept:
	case s.Cached:
		d.hear(wpclient.BellAround)
	default:
		d.hear(wpclient.BellWorks)
	}
	return rang
}

// hear is for the status, the metrics and the site, which may ask at any time.
func (d *doorbell) hear(state string) {
	h := &wpclient.Hearing{State: state}
	if state == wpclient.BellAround || state == wpclient.BellKept {
		h.Sign = d.state.Sign
	}
	d.heard.Store(h)
}

func content(s wpclient.DoorbellState) string { return strings.TrimSpace(s.Content) }
