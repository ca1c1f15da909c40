package chaos

import (
	"math/rand/v2"
	"time"
)

// Fault is what happens to one exchange on its way.
type Fault string

const (
	None       Fault = ""
	DropAsk    Fault = "drop_request" // the site never hears it
	DropAnswer Fault = "drop_answer"  // the site acts, the agent never hears
	Delay      Fault = "delay"        // both hear, later
	Truncate   Fault = "truncate"     // half of the answer, then the connection ends
	Shorten    Fault = "shorten"      // half of the answer as a whole one
	HTMLBefore Fault = "html"         // a captive portal: 200 with HTML, the site never hears
	HTMLAfter  Fault = "html_after"   // the site acts, the agent gets 200 with HTML
	Bad502     Fault = "502"          // a load balancer with no site behind it
	Bad502Late Fault = "502_after"    // the site acts, the agent gets 502
	Twice      Fault = "twice"        // the same bytes reach the site twice
	Straggler  Fault = "straggler"    // the agent gives up; the request reaches the site when the lease is long over

	// A box that has no key changes the request on its way. The site refuses what it cannot verify, and the agent must
	// conclude nothing from that.
	Query    Fault = "query"    // ?utm=1 is appended
	Envelope Fault = "envelope" // ?_envelope=1 is appended: core would wrap the refusal into a 200
	Pad      Fault = "pad"      // the body is longer than any that the site takes
	Rewrite  Fault = "rewrite"  // the body is another one
	Override Fault = "override" // X-HTTP-Method-Override is added
)

// onTheWay are the faults that change a request.
var onTheWay = []Fault{Query, Envelope, Pad, Rewrite, Override}

// Faults are all of them, in the order that reports use.
var Faults = []Fault{DropAsk, DropAnswer, Delay, Truncate, Shorten, HTMLBefore, HTMLAfter, Bad502, Bad502Late, Twice, Straggler, Query, Envelope, Pad, Rewrite, Override}

// Plan says how often exchanges go wrong.
type Plan struct {
	Seed      uint64
	Rate      float64       // share of exchanges with any fault
	MaxDelay  time.Duration // of Delay
	Straggler time.Duration // how late a Straggler arrives
}

// Of draws the fault of the n-th exchange: the same seed gives the same draw, whatever came before.
func (p Plan) Of(n uint64, op string) (Fault, time.Duration) {
	rng := rand.New(rand.NewPCG(p.Seed, n))
	if rng.Float64() >= p.Rate {
		return None, 0
	}
	f := Faults[rng.IntN(len(Faults))]
	wait := time.Duration(rng.Int64N(int64(p.MaxDelay) + 1))
	switch {
	case f == Straggler && op != "result" && op != "results" && op != "beat" && op != "fail" && op != "release":
		f = Delay // only what names a lease can come too late for it
	case f == Straggler:
		wait = p.Straggler
	}
	return f, wait
}
