package agent

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// reclaim gives back what a request brought whose answer never arrived: draining cuts off the one that
// is under way. Asked again under the same id, the site names the same leases; else they would expire,
// and count as a crash.
func (l *leaseLoop) reclaim(ctx context.Context) {
	if l.unanswered == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, l.set().ReleaseTime)
	defer cancel()
	var resp wpclient.LeaseResponse
	err := site.Retry(ctx, backoff.New(l.set().RetryMin/5, l.set().RetryMin), func() (err error) {
		resp, err = l.client.Lease(ctx, l.request(l.unanswered, 0, "stopping"))
		return err
	})
	if err != nil {
		l.log.Warn("the site could not be asked what it gave last", "error", err.Error())
		return
	}
	unknown := slices.DeleteFunc(refsOf(resp), func(r wpclient.LeaseRef) bool { return l.held.get(r.JobID) != nil })
	l.releases.now(ctx, unknown, "answer was lost")
}

// finalReportTime bounds the final report to a site: a process that was asked to stop does not wait for a
// site that is away. The order does not depend on it, only what the site shows of it.
const finalReportTime = 10 * time.Second

// finalReport tells the site that this process has stopped for it, after deliver has woken the outbox for what is finished. It asks
// under the id of the last request that had no answer: leases that were given then and never arrived come with the answer, and go back.
func (l *leaseLoop) finalReport(ctx context.Context, deliver func()) {
	ctx, cancel := context.WithTimeout(ctx, finalReportTime)
	defer cancel()
	note := "stopped as asked"
	deliver()
	if left := l.held.awaitSettled(ctx, flushTime); left > 0 {
		note = fmt.Sprintf("stopped as asked; results that wait for the next start: %d", left)
	}
	req := l.request(l.requestID, 0, note)
	req.Stopped = true
	var resp wpclient.LeaseResponse
	err := site.Retry(ctx, backoff.New(l.set().RetryMin/5, 2*l.set().RetryMin), func() (err error) {
		if err = l.releases.sendPending(ctx); err == nil {
			resp, err = l.client.Lease(ctx, req)
		}
		return err
	})
	if err != nil {
		l.log.Warn("stopped as asked in WordPress, which could not be told so", "error", err.Error())
		return
	}
	l.releases.now(ctx, refsOf(resp), "stop")
	l.log.Info("stopped as asked in WordPress")
}

// refsOf are all leases of an answer that can be given back, the ones that make no sense too.
func refsOf(resp wpclient.LeaseResponse) (refs []wpclient.LeaseRef) {
	for _, l := range resp.Leases {
		refs = append(refs, l.Ref())
	}
	for _, r := range resp.Refused {
		if r.Valid {
			refs = append(refs, r.Ref)
		}
	}
	return refs
}
