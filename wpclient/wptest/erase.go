package wptest

import (
	"context"
	"fmt"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Erase has the site tell every agent to erase what it keeps for a job, until one says that it is done.
func (s *Site) Erase(e wpclient.Erasure) {
	s.change(func() { s.erasures = append(s.erasures, e) })
}

// AwaitErased waits until an agent has said that it erased the job.
func (s *Site) AwaitErased(ctx context.Context, id int64) error {
	for {
		s.mu.Lock()
		done, changed := slices.Contains(s.erased, id), s.changed
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("no agent said that job %d is erased: %w", id, context.Cause(ctx))
		}
	}
}

func (s *Site) acknowledge(ids []int64) {
	if len(ids) == 0 {
		return
	}
	s.erased = append(s.erased, ids...)
	s.erasures = slices.DeleteFunc(slices.Clone(s.erasures), func(e wpclient.Erasure) bool { return slices.Contains(ids, e.JobID) })
	s.notify()
}
