package wpclient

// How an agent hears the doorbell: Hearing.State.
const (
	BellWorks       = "works"
	BellAround      = "around_cache"  // a cache keeps the file, and looks at other addresses of it go around that
	BellKept        = "kept_by_cache" // a cache keeps the file whatever is asked: the agent polls
	BellUnreachable = "unreachable"   // the agent polls
	BellOff         = "off"           // the site has none, or the agent is not to use it
)

// BellStates are all of them.
var BellStates = []string{BellWorks, BellAround, BellKept, BellUnreachable, BellOff}

// Hearing is how an agent hears a site's doorbell.
type Hearing struct {
	State string `json:"state"`
	Sign  string `json:"sign,omitempty"` // the header by which the cache shows, where one does: "X-Cache: HIT", "Age"
}

// TakesDoorbell in LeaseResponse.Takes: the site knows Capabilities.Doorbell.
const TakesDoorbell = "doorbell"
