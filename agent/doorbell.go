package agent

import (
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// A doorbell that failed is left alone for a while, twice as long each time.
const (
	doorbellRest    = 10 * time.Second
	doorbellRestMax = 10 * time.Minute
)

// doorbell is what is known of a site's static file. It belongs to leaseLoop's goroutine, but for the time in which bells listens for it.
type doorbell struct {
	lastLook  time.Time
	busy      time.Time // when it rang last, or the site had work
	state     wpclient.DoorbellState
	seen      bool
	restUntil time.Time
	rest      time.Duration // of the last failure; 0 after a success
}

// failed puts the doorbell to rest and returns for how long.
func (d *doorbell) failed() time.Duration {
	d.rest = min(max(2*d.rest, doorbellRest), doorbellRestMax)
	d.restUntil = time.Now().Add(d.rest)
	return d.rest
}

func (d *doorbell) resting() bool { return time.Now().Before(d.restUntil) }

// wake ends the rest.
func (d *doorbell) wake() { d.restUntil = time.Time{} }
