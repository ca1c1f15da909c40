package agent

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// finalReportTime bounds the final report to a site: a process that was asked to stop does not wait for a
// site that is away. The order does not depend on them, only what the site shows of it.
const finalReportTime = 10 * time.Second

// endAsAsked makes run end this session as a signal would.
func (s *session) endAsAsked() { s.stopOnce.Do(func() { close(s.stop) }) }

func (s *session) stopping() bool { return isClosed(s.stop) }

// finalReport tells the site that this process has stopped for it. It asks under the id of the last request
// that had no answer: leases that were given then and never heard of come with the answer, and go back.
func (s *session) finalReport(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, finalReportTime)
	defer cancel()
	note := "stopped as asked"
	if left := s.awaitDelivery(ctx, flushTime); left > 0 {
		note = fmt.Sprintf("stopped as asked; results that wait for the next start: %d", left)
	}
	req := s.leaseRequest(s.requestID, 0, note)
	req.Stopped = true
	var resp wpclient.LeaseResponse
	err := site.Retry(ctx, backoff.New(s.set.RetryMin/5, 2*s.set.RetryMin), func() (err error) {
		if err = s.releasePending(ctx); err == nil {
			resp, err = s.client.Lease(ctx, req)
		}
		return err
	})
	if err != nil {
		s.log.Warn("stopped as asked in WordPress, which could not be told so", "error", err.Error())
		return
	}
	s.release(ctx, refsOf(resp), "stop")
	s.log.Info("stopped as asked in WordPress")
}

// awaitDelivery gives the outbox at most d for the outcomes of this process and returns how many stay
// on disk. The next start delivers those.
func (s *session) awaitDelivery(ctx context.Context, d time.Duration) (left int) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	s.deliver()
	hs := s.holding()
	for i, h := range hs {
		select {
		case <-h.Settled():
		case <-timer.C:
			return len(hs) - i
		case <-ctx.Done():
			return len(hs) - i
		}
	}
	return 0
}

// Stopped tells whether every site has asked this process to stop. Run returns then; it is no error.
func (a *Agent) Stopped() bool {
	for _, s := range a.sessions {
		if !s.stopping() {
			return false
		}
	}
	return true
}

// info is what the agent says of itself now.
func (a *Agent) info() wpclient.AgentInfo {
	out := a.opt.Info
	out.UptimeMS = max(1, (sinceBoot() - a.born).Milliseconds())
	return out
}

// loaded is the fallback's zero, for kernels that do not know CLOCK_BOOTTIME.
var loaded = time.Now()

// sinceBoot goes on while the machine sleeps, unlike the clock behind time.Since: a process that slept
// through an order must not take itself for one that was started later.
func sinceBoot() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		return time.Since(loaded)
	}
	return time.Duration(ts.Nano())
}
