package chaos

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"time"
)

// takeOver gives an idle fleet one long document, waits until its holder is in the middle of it, ends the holder and
// measures the time until another agent has the lease.
func (w *World) takeOver(ctx context.Context, how string, end func(context.Context, *Agent) error) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, w.Pace.TTL+2*time.Minute)
	defer cancel()
	w.Model.Pace(5*time.Second, 6*time.Second) // what is left must not fit into the time that SIGTERM leaves
	doc, err := WriteLong(filepath.Join(w.Dir, "docs"), "long-"+how+".pdf", fmt.Sprintf("mark%05dx", 90000+int(how[3])), 150)
	if err != nil {
		return 0, err
	}
	got, err := w.Site.upload(ctx, filepath.Join(w.Dir, "docs"), []Doc{doc})
	if err != nil {
		return 0, err
	}
	var attachment int64
	for attachment = range got {
		w.mu.Lock()
		w.facts.Accepted[attachment] = doc
		w.mu.Unlock()
	}
	var job, agent, epoch int64
	where := fmt.Sprintf("FROM {p}aidoc_jobs WHERE attachment_id = %d AND state = 'leased'", attachment)
	busy := func() bool { // one answer of many is paid and the next is under way
		rows, err := w.Site.SQL("SELECT id, agent_id, epoch " + where)
		if err != nil || len(rows) != 1 || w.answered(doc.Mark) < 2 {
			return false
		}
		_, err = fmt.Sscan(rows[0][0]+" "+rows[0][1]+" "+rows[0][2], &job, &agent, &epoch)
		return err == nil
	}
	if err := w.until(ctx, "an agent is busy with "+doc.Name, busy); err != nil {
		return 0, err
	}
	var holder *Agent
	for _, a := range w.everybody() {
		if a.ID == agent {
			holder = a
		}
	}
	at := time.Now()
	if err := end(ctx, holder); err != nil {
		return 0, err
	}
	next := fmt.Sprintf("SELECT MIN(at_ms) FROM {p}aidoc_events WHERE job_id = %d AND kind = 'leased' AND agent_id <> %d", job, agent)
	var took time.Duration
	if err := w.until(ctx, "the next agent has "+doc.Name, func() bool {
		ms, err := w.Site.Number(next)
		took = time.UnixMilli(ms).Sub(at)
		return err == nil
	}); err != nil {
		return 0, err
	}
	w.Model.Pace(w.Size.Model[0], w.Size.Model[1])
	if err := w.until(ctx, doc.Name+" is done", func() bool {
		open, err := w.Site.Number(fmt.Sprintf("SELECT COUNT(*) FROM {p}aidoc_jobs WHERE id = %d AND state IN ('queued','leased')", job))
		return err == nil && open == 0
	}); err != nil {
		return 0, err
	}
	if holder.Alive() {
		if _, err := holder.Wait(time.Minute); err != nil {
			return 0, err
		}
	}
	if err := holder.ReadJournal(); err != nil {
		return 0, err
	}
	return took, holder.Start()
}

func (w *World) endByTerm(_ context.Context, a *Agent) error {
	return a.Signal(syscall.SIGTERM, false)
}

func (w *World) endByKill(_ context.Context, a *Agent) error {
	at := time.Now()
	if err := a.Signal(syscall.SIGKILL, true); err != nil {
		return err
	}
	w.recordDeath(a, "kill", at)
	return nil
}

// answered counts the paid calls for a document.
func (w *World) answered(mark string) int {
	n := 0
	for _, c := range w.Model.Calls() {
		if c.Mark == mark && c.Answered {
			n++
		}
	}
	return n
}

func (w *World) until(ctx context.Context, what string, ok func() bool) error {
	for !ok() {
		if pause(ctx, 50*time.Millisecond); ctx.Err() != nil {
			return fmt.Errorf("gave up waiting until %s", what)
		}
	}
	return nil
}
