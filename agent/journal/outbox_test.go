package journal

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"
)

func item(id string, jobID, epoch int64, kind Kind) Item {
	return Item{ID: id, Site: site, JobID: jobID, Epoch: epoch, Kind: kind, Body: []byte(`{"id":"` + id + `"}`)}
}

func stateOf(t *testing.T, j *Journal, id int64) State {
	t.Helper()
	r, ok, err := j.Job(bg, site, id)
	if err != nil || !ok {
		t.Fatalf("job %d: %v %v", id, ok, err)
	}
	return r.State
}

func TestOutboxLife(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	check(t, j.Enqueue(bg, item("r1", 1, 1, KindResult), job(1, 1, StateReporting)))
	check(t, j.Enqueue(bg, item("f2", 2, 1, KindFail), job(2, 1, StateReporting)))
	check(t, j.Enqueue(bg, item("r3", 3, 1, KindResult), job(3, 1, StateReporting)))

	n, size, err := j.OutboxSize(bg)
	if err != nil || n != 3 || size != int64(3*len(`{"id":"r1"}`)) {
		t.Fatalf("size: %d, %d, %v", n, size, err)
	}
	due, err := j.Due(bg, "", c.now())
	if err != nil || len(due) != 3 || due[0].ID != "f2" && due[0].ID != "r1" || due[0].Attempts != 0 || due[0].CreatedAt != c.now() {
		t.Fatalf("due: %+v, %v", due, err)
	}
	next := c.now().Add(time.Minute)
	check(t, j.Reschedule(bg, "r1", 1, next, "site is down"))
	if due, _ := j.Due(bg, "", c.now()); len(due) != 2 {
		t.Errorf("a rescheduled item is due at once: %+v", due)
	}
	check(t, j.Delivered(bg, "f2"))
	check(t, j.Bury(bg, "r3", "the site gave it to someone else"))
	due, _ = j.Due(bg, "", next)
	if len(due) != 1 || due[0].ID != "r1" || due[0].Attempts != 1 || due[0].LastError != "site is down" || !bytes.Equal(due[0].Body, []byte(`{"id":"r1"}`)) {
		t.Errorf("due a minute later: %+v", due)
	}
	check(t, j.Delivered(bg, "r1"))
	check(t, j.Delivered(bg, "r1"))
	for id, want := range map[int64]State{1: StateDone, 2: StateFailed, 3: StateLost} {
		if got := stateOf(t, j, id); got != want {
			t.Errorf("job %d is %s, want %s", id, got, want)
		}
	}
	all, err := j.Outbox(bg)
	if err != nil || len(all) != 1 || !all[0].Buried || all[0].Body != nil || all[0].Bytes == 0 {
		t.Errorf("outbox: %+v, %v", all, err)
	}
	if due, _ := j.Due(bg, "", next.Add(time.Hour)); len(due) != 0 {
		t.Errorf("a buried item is due: %+v", due)
	}
}

// The job's state and the message are one transaction.
func TestEnqueueIsAtomic(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	check(t, j.SaveJob(bg, job(1, 5, StateStoring)))
	if err := j.Enqueue(bg, item("r", 1, 4, KindResult), job(1, 4, StateReporting)); !errors.Is(err, ErrStaleEpoch) {
		t.Errorf("an old lease: %v", err)
	}
	if err := j.Enqueue(bg, item("r", 1, 5, KindResult), job(1, 6, StateReporting)); err == nil {
		t.Error("a message was queued with another lease's job")
	}
	if n, _, _ := j.OutboxSize(bg); n != 0 {
		t.Error("the message of an old lease was queued")
	}
	if err := j.Enqueue(bg, item("r", 1, 5, "postcard"), job(1, 5, StateReporting)); err == nil {
		t.Error("a kind that does not exist was queued")
	}
	if got := stateOf(t, j, 1); got != StateStoring {
		t.Errorf("the refused message changed the job: %s", got)
	}
}

func TestEnqueueAgain(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	check(t, j.Enqueue(bg, item("r", 1, 1, KindResult), job(1, 1, StateReporting)))
	check(t, j.Reschedule(bg, "r", 9, c.now().Add(time.Hour), "x"))
	newer := item("r", 1, 2, KindResult)
	newer.Body = []byte("newer lease")
	check(t, j.Enqueue(bg, newer, job(1, 2, StateReporting)))
	due, err := j.Due(bg, "", c.now())
	if err != nil || len(due) != 1 || string(due[0].Body) != "newer lease" || due[0].Epoch != 2 || due[0].Attempts != 0 {
		t.Errorf("due: %+v, %v", due, err)
	}
}

// A delivery that comes back late does not finish the job's newer lease.
func TestDeliveredLeavesNewerLeaseAlone(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	check(t, j.Enqueue(bg, item("r", 1, 1, KindResult), job(1, 1, StateReporting)))
	check(t, j.SaveJob(bg, job(1, 2, StateExtracting)))
	check(t, j.Delivered(bg, "r"))
	if got := stateOf(t, j, 1); got != StateExtracting {
		t.Errorf("the newer lease became %s", got)
	}
	if n, _, _ := j.OutboxSize(bg); n != 0 {
		t.Error("the delivered message is still there")
	}
}

func TestDueIsBounded(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	big := bytes.Repeat([]byte("x"), 4<<20)
	for i := range int64(6) {
		it := item(fmt.Sprint("b", i), i+1, 1, KindResult)
		it.Body = big
		check(t, j.Enqueue(bg, it, job(i+1, 1, StateReporting)))
		c.advance(time.Second)
	}
	seen := map[string]bool{}
	for {
		due, err := j.Due(bg, "", c.now())
		check(t, err)
		if len(due) == 0 {
			break
		}
		if len(due)*len(big) > dueBytes+len(big) {
			t.Fatalf("%d bodies at once", len(due))
		}
		for _, it := range due {
			seen[it.ID] = true
			check(t, j.Delivered(bg, it.ID))
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d of 6 delivered", len(seen))
	}
}

// The clock is set back by a day after an item was written or put off: it must not lie there for a day.
func TestAClockSetBackDoesNotHoldTheOutboxUp(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	check(t, j.Enqueue(bg, item("new", 1, 1, KindResult), job(1, 1, StateReporting)))
	check(t, j.Enqueue(bg, item("put off", 2, 1, KindResult), job(2, 1, StateReporting)))
	check(t, j.Reschedule(bg, "put off", 1, c.now().Add(15*time.Minute), "site asked for 15 minutes"))
	if due, err := j.Due(bg, "", c.now()); err != nil || len(due) != 1 || due[0].ID != "new" {
		t.Errorf("due: %+v, %v", due, err)
	}
	if due, err := j.Due(bg, "", c.now().Add(-24*time.Hour)); err != nil || len(due) != 2 {
		t.Errorf("after the jump due: %+v, %v", due, err)
	}
}
