package agent

import (
	"slices"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// contact is what a site said last, and how its jobs ended in this process.
type contact struct {
	site    string // its URL, for the metrics
	metrics *Metrics

	mu        sync.Mutex
	directive wpclient.Directive
	last      time.Time
	lastErr   error
	done      map[pipeline.Outcome]int
	queue     *wpclient.QueueDepth
	agents    int      // how many the site hears of; 0: not told yet
	takes     []string // optional fields and routes that the site knows
}

func newContact(site string, m *Metrics) *contact {
	return &contact{site: site, metrics: m, done: map[pipeline.Outcome]int{}, directive: wpclient.DirectiveRun}
}

// answered notes the answer to a lease request or a beat, and tells whether the directive changed.
func (c *contact) answered(d wpclient.Directive, err error) (changed bool) {
	c.metrics.request(c.site, err)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastErr = err
	if err != nil {
		return false
	}
	c.last = time.Now()
	if d == "" || d == c.directive {
		return false
	}
	c.directive = d
	return true
}

// learn notes what else the answer to a lease request tells: which optional fields it allows, and how much waits. After a failure the
// site allows none: it may be an older one by now.
func (c *contact) learn(resp wpclient.LeaseResponse, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.takes = nil
		return
	}
	c.takes, c.queue = resp.Takes, resp.Queue
	if resp.Agents > 0 {
		c.agents = resp.Agents
	}
}

// crowd is how many agents the site hears of, as it said last; 0: it does not say.
func (c *contact) crowd() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.agents
}

// waiting is how many documents wait on the site, as it said last; false where it does not say.
func (c *contact) waiting() (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue == nil {
		return 0, false
	}
	return c.queue.Waiting, true
}

// up tells whether the last request was answered.
func (c *contact) up() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lastErr == nil && !c.last.IsZero()
}

func (c *contact) takesField(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.takes, name)
}

// forget drops an optional field that turned out not to be known, until the next answer to a lease request.
func (c *contact) forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.takes = slices.DeleteFunc(slices.Clone(c.takes), func(n string) bool { return n == name })
}

func (c *contact) ordered() wpclient.Directive {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.directive
}

// count books how a job ended here: done, failed, lost or released.
func (c *contact) count(o pipeline.Outcome) {
	c.metrics.job(c.site, o)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[o]++
}

// silence is the time since the last answer in seconds, -1 before the first.
func (c *contact) silence() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last.IsZero() {
		return -1
	}
	return time.Since(c.last).Seconds()
}

// fill puts what is known of the site into its status.
func (c *contact) fill(out *SiteStatus) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out.Directive, out.LastContact = string(c.directive), c.last
	out.Done, out.Failed, out.Lost, out.Released = c.done[pipeline.Done], c.done[pipeline.Failed], c.done[pipeline.Lost], c.done[pipeline.Released]
	if c.queue != nil {
		n := c.queue.Waiting
		out.Queue = &n
	}
	out.Agents = c.agents
	if c.lastErr != nil {
		out.LastError = c.lastErr.Error()
	}
}
