package agent_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (r *rig) awaitErased(id int64) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), hang)
	defer cancel()
	if err := r.site.AwaitErased(ctx, id); err != nil {
		r.t.Fatal(err)
	}
}

// stored are the files below the store that belong to a job.
func (r *rig) stored(id int64) (n int) {
	r.t.Helper()
	err := filepath.WalkDir(filepath.Join(r.dir, "store", "processed", strconv.FormatInt(id, 10)), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil // a folder that is gone has nothing
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestADeletedDocumentIsErasedAndTheSiteIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	gone, kept := r.site.AddJob("gone.txt", "text/plain", doc(1)), r.site.AddJob("kept.txt", "text/plain", doc(2))
	stop, _ := start(t, r.agent())
	r.await(gone, wptest.Done)
	r.await(kept, wptest.Done)
	r.site.Erase(wpclient.Erasure{JobID: gone, SHA256: digestOf(doc(1))})
	r.awaitErased(gone)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := r.stored(gone); n != 0 {
		t.Errorf("%d objects of the erased job are left", n)
	}
	if n := r.stored(kept); n == 0 {
		t.Error("another job lost its objects")
	}
}

// Only reading it once more tells whether the text of its pages was kept.
func TestAnErasedDocumentIsReadAfreshAndAnotherIsNot(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	gone, kept := r.site.AddJob("gone.txt", "text/plain", doc(1)), r.site.AddJob("kept.txt", "text/plain", doc(2))
	stop, _ := start(t, r.agent())
	r.await(gone, wptest.Done)
	r.await(kept, wptest.Done)
	r.site.Erase(wpclient.Erasure{JobID: gone})
	r.awaitErased(gone)
	for _, id := range []int64{gone, kept} {
		r.site.Retry(id)
		r.awaitFunc(id, func(j wptest.JobState) bool { return j.Accepted == 2 })
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if one, two := r.reader.reads("Document 1. "+page1), r.reader.reads("Document 2. "+page1); one != 2 || two != 1 {
		t.Errorf("read %d and %d times, want the erased one twice and the other once", one, two)
	}
}

// What is in work is not erased beneath it; the site tells again, and then it is.
func TestADocumentInWorkIsErasedWhenItsWorkHasEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at, goOn := make(chan struct{}), make(chan struct{})
	r.reader.gate = func(ctx context.Context, page int) error {
		if page == 2 {
			close(at)
			select {
			case <-goOn:
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	}
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent())
	<-at
	r.site.Erase(wpclient.Erasure{JobID: id, SHA256: digestOf(doc(1))})
	r.awaitRequests(3)
	if strings.Contains(r.log.String(), "erased what was kept") {
		t.Error("erased what is in work")
	}
	close(goOn)
	r.await(id, wptest.Done)
	r.awaitErased(id)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := r.stored(id); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

// noDelete is a store that can delete nothing until it is mended; tried is told of each time.
type noDelete struct {
	agent.Store
	mended, tried chan struct{}
}

func (s noDelete) Delete(ctx context.Context, key string) error {
	select {
	case <-s.mended:
		return s.Store.Delete(ctx, key)
	default:
		if !strings.Contains(key, "/checkpoint/") {
			s.tried <- struct{}{}
		}
		return os.ErrPermission
	}
}

func TestAnErasureThatFailsIsNotAcknowledgedAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mended, tried := make(chan struct{}), make(chan struct{}, 1000)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent(func(o *agent.Options) { o.Store = noDelete{o.Store, mended, tried} }))
	r.await(id, wptest.Done)
	r.site.Erase(wpclient.Erasure{JobID: id})
	for range 10 { // four objects a try
		<-tried
	}
	if n := r.stored(id); n == 0 {
		t.Fatal("nothing is left, so nothing was tried")
	}
	close(mended)
	r.awaitErased(id)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := r.stored(id); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

// A run over the queue, as cron starts it, tells before it ends what it has erased: the next process would have to be told all of it again.
func TestARunOverTheQueueTellsWhatItHasErased(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var ids []int64
	for i := range wpclient.MaxErasures + 3 {
		id := int64(1000 + i)
		ids = append(ids, id)
		r.site.Erase(wpclient.Erasure{JobID: id})
	}
	if err := r.agent().Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel() // what the site has not heard now, nobody tells it
	for _, id := range ids {
		if err := r.site.AwaitErased(over, id); err != nil {
			t.Fatal(err)
		}
	}
}

// A site without work is asked once a minute, or when its doorbell rings, and nothing rings when something was erased. A person who has erased data
// waits for the answer all the same; a site that never runs out of it is asked no oftener than an empty queue is.
func TestWhatIsErasedIsToldSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &memSite{erase: 5, bell: &wpclient.Doorbell{URL: "https://a.example.org/bell", Now: "1"}, rung: "1"}
		took := runFor(t, time.Hour, newPageReader(), []*memSite{s}, func(*agent.Options) {}, func() bool { return s.erased() })
		if took > 20*time.Second || s.leases > 10 {
			t.Errorf("told of five after %v and %d questions", took, s.leases)
		}
		endless := &memSite{erase: 1 << 40, bell: &wpclient.Doorbell{URL: "https://a.example.org/bell", Now: "1"}, rung: "1"}
		runFor(t, time.Minute, newPageReader(), []*memSite{endless}, func(*agent.Options) {}, func() bool { return false })
		if endless.leases > 40 {
			t.Errorf("a site with no end of erasures was asked %d times in a minute", endless.leases)
		}
	})
}
