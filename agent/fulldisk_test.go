package agent_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// disk is a file system of a few MiB that a test can fill to the last byte.
type disk struct {
	t   *testing.T
	dir string
}

// newDisk mounts one. A test that may not mount runs again in a user namespace, where it may.
func newDisk(t *testing.T) *disk {
	t.Helper()
	dir := t.TempDir()
	err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=6m,mode=0700")
	if err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return &disk{t: t, dir: dir}
}

// mayMount reports whether this process can mount; if not, it has run the test in a user namespace.
func mayMount(t *testing.T) bool {
	t.Helper()
	if os.Geteuid() == 0 || os.Getenv("AIDOC_TEST_UNSHARED") != "" {
		return true
	}
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("neither root nor unshare(1): no small file system can be mounted here")
	}
	if err := exec.CommandContext(t.Context(), unshare, "-rm", "true").Run(); err != nil {
		t.Skipf("neither root nor a user namespace (unshare -rm: %v): no small file system can be mounted here", err)
	}
	c := exec.CommandContext(t.Context(), unshare, "-rm", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), "AIDOC_TEST_UNSHARED=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("in a user namespace: %v\n%s", err, out)
	}
	return false
}

// fill leaves not one byte.
func (d *disk) fill() {
	f, err := os.OpenFile(d.filler(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Error(err)
		return
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 4096, 1} {
		block := make([]byte, size)
		for err = nil; err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			d.t.Errorf("fill the disk: %v", err)
		}
	}
}

func (d *disk) free() {
	if err := os.Remove(d.filler()); err != nil {
		d.t.Error(err)
	}
}

func (d *disk) filler() string { return filepath.Join(d.dir, "filler") }

// tight probes a full disk every few milliseconds instead of seconds.
func tight(o *agent.Options) { o.Settings.SpaceEvery = 20 * time.Millisecond }

// hookedStore calls before ahead of each Put.
type hookedStore struct {
	agent.Store
	before func(key string)
}

func (s hookedStore) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	s.before(key)
	return s.Store.Put(ctx, key, r, size, mime)
}

func TestAFullDiskCostsNoAttemptAndNoDocument(t *testing.T) {
	t.Parallel()
	if !mayMount(t) {
		return
	}
	for name, c := range map[string]struct {
		on       func(d *disk, r *rig) func(*agent.Options) // fills the disk in the middle of the first document
		sentence string
	}{
		"journal in the middle of a document": {
			on: func(d *disk, r *rig) func(*agent.Options) {
				r.dir = d.dir
				r.reader.gate = onPage(2, d.fill)
				return func(o *agent.Options) {
					o.Settings.WorkDir = t.TempDir()
				}
			},
			sentence: "disk full: free space for the agent's journal",
		},
		"download": {
			on: func(d *disk, r *rig) func(*agent.Options) {
				var once sync.Once
				return func(o *agent.Options) {
					o.Settings.WorkDir = d.dir
					r.site.Fault(func(q *http.Request) wptest.Fault {
						if strings.HasSuffix(q.Header.Get("X-Aidoc-Route"), "/file") {
							once.Do(d.fill)
						}
						return wptest.Fault{}
					})
				}
			},
			sentence: "disk full: free space on the disk of ",
		},
		"reader's temporary file": {
			on: func(d *disk, r *rig) func(*agent.Options) {
				var once sync.Once
				r.reader.gate = func(context.Context, int) (err error) {
					once.Do(func() { d.fill(); err = errors.New("this document is damaged") })
					return err
				}
				return func(o *agent.Options) { o.Settings.WorkDir = d.dir }
			},
			sentence: "disk full: free space on the disk of ",
		},
		"artifacts": {
			on: func(d *disk, r *rig) func(*agent.Options) {
				var once sync.Once
				return func(o *agent.Options) {
					o.Settings.WorkDir = t.TempDir()
					o.Store = hookedStore{openDir(t, d.dir), func(string) { once.Do(d.fill) }}
				}
			},
			sentence: "disk full: free space in the object store ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, r := newDisk(t), newRig(t)
			r.site.SetTiming(0, 0, 20*time.Millisecond)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			// One slot: with more, a request for leases may already be on its way when the disk fills.
			stop, _ := start(t, r.agent(tight, c.on(d, r), func(o *agent.Options) { o.Settings.Slots = 1 }))
			defer stop()
			got := r.awaitFunc(id, func(j wptest.JobState) bool { return j.Releases > 0 })
			if got.State != wptest.Queued || got.Attempt != 0 || len(got.Failures) != 0 {
				t.Errorf("after the disk was full: %s, attempt %d, failures %v", got.State, got.Attempt, got.Failures)
			}
			r.awaitRequests(3)
			if got := r.site.Job(id); got.State != wptest.Queued || got.Releases != 1 {
				t.Errorf("an agent without room took work: %s, given back %d times", got.State, got.Releases)
			}
			if !strings.Contains(r.log.String(), c.sentence) {
				t.Errorf("the log lacks %q", c.sentence)
			}
			d.free()
			if got := r.await(id, wptest.Done); got.Accepted != 1 || got.Attempt != 1 {
				t.Errorf("accepted %d times in attempt %d", got.Accepted, got.Attempt)
			}
		})
	}
}

// fillingReader fills the disk before it reads.
type fillingReader struct {
	*pageReader
	d *disk
}

func (f fillingReader) Extract(ctx context.Context, path string, o extract.Options) (extract.Document, error) {
	f.d.fill()
	return f.pageReader.Extract(ctx, path, o)
}

func openDir(t *testing.T, dir string) *objectstore.Dir {
	t.Helper()
	s, err := objectstore.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func onPage(n int, do func()) func(context.Context, int) error {
	var once sync.Once
	return func(_ context.Context, page int) error {
		if page == n {
			once.Do(do)
		}
		return nil
	}
}

// The outbox has no room, the result is there: it must reach the site in one of the two ways.
func TestAFinishedResultIsNotLostToAFullDisk(t *testing.T) {
	t.Parallel()
	if !mayMount(t) {
		return
	}
	for name, down := range map[string]bool{"site answers": false, "site is down, then room comes back": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, r := newDisk(t), newRig(t)
			store := openDir(t, t.TempDir())
			r.dir = d.dir
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			tried := make(chan struct{}, 64)
			r.site.Fault(func(q *http.Request) wptest.Fault {
				if down && strings.HasSuffix(q.Header.Get("X-Aidoc-Route"), "/result") {
					tried <- struct{}{}
					return wptest.Fault{Kind: wptest.BadGateway}
				}
				return wptest.Fault{}
			})
			stop, _ := start(t, r.agent(tight, func(o *agent.Options) {
				o.Settings.WorkDir = t.TempDir()
				o.Store = hookedStore{store, func(key string) {
					if strings.HasSuffix(key, "meta.json") {
						d.fill()
					}
				}}
			}))
			defer stop()
			if down {
				<-tried
				d.free()
				r.awaitOutbox(1)
				r.site.Fault(nil)
			}
			got := r.await(id, wptest.Done)
			if got.Accepted != 1 || got.Attempt != 1 || got.Releases != 0 || len(got.Failures) != 0 || r.reader.reads(page2) != 1 {
				t.Errorf("accepted %d, attempt %d, releases %d, failures %v, page read %d times", got.Accepted, got.Attempt, got.Releases, got.Failures, r.reader.reads(page2))
			}
		})
	}
}

// awaitOutbox waits until n items lie in the journal's outbox.
func (r *rig) awaitOutbox(n int) {
	r.t.Helper()
	r.until(fmt.Sprintf("%d items in the outbox", n), func() bool {
		have, _, err := r.journal.OutboxSize(r.t.Context())
		return err == nil && have == n
	})
}

// until polls for what nothing signals.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(hang)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			r.t.Fatalf("not in time: %s", what)
		}
	}
}

// Everything on one disk that fills again and again while documents are worked on.
func TestEveryDocumentEndsOnceThoughTheDiskFillsAgainAndAgain(t *testing.T) {
	t.Parallel()
	if !mayMount(t) {
		return
	}
	d, r := newDisk(t), newRig(t)
	r.dir = d.dir
	r.site.SetTiming(0, 0, 20*time.Millisecond)
	var ids []int64
	for n := range 12 {
		ids = append(ids, r.site.AddJob("d.txt", "text/plain", doc(n)))
	}
	const times = 3
	var mu sync.Mutex
	pages, fills := 0, make(chan struct{}) // unbuffered: the next one only after this one was seen
	r.reader.gate = func(ctx context.Context, _ int) error {
		mu.Lock()
		pages++
		fill := pages%5 == 0 && pages <= 5*times
		if fill {
			d.fill()
		}
		mu.Unlock()
		if fill {
			select {
			case fills <- struct{}{}:
			case <-ctx.Done():
			}
		}
		return nil
	}
	stop, _ := start(t, r.agent(tight))
	for n := range times {
		select {
		case <-fills:
		case <-time.After(hang):
			t.Fatalf("the disk was filled only %d times", n)
		}
		r.until("the agent says that the disk is full", func() bool { return strings.Count(r.log.String(), "goes back to the queue") > n })
		d.free()
	}
	for _, id := range ids {
		got := r.await(id, wptest.Done)
		if got.Attempt != 1 || len(got.Failures) != 0 || got.Crashes != 0 {
			t.Errorf("job %d: attempt %d, failures %v, crashes %d", id, got.Attempt, got.Failures, got.Crashes)
		}
	}
	r.awaitOutbox(0)
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// A stated failure finds no room either; the editor hears of it all the same.
func TestAFailureIsStatedThoughTheDiskIsFull(t *testing.T) {
	t.Parallel()
	if !mayMount(t) {
		return
	}
	d, r := newDisk(t), newRig(t)
	r.dir = d.dir
	id := r.site.AddJob("d.txt", "text/plain", []byte("no-pages"))
	spool := t.TempDir()
	stop, _ := start(t, r.agent(tight, func(o *agent.Options) {
		o.Settings.WorkDir = spool
		o.Extractor = fillingReader{r.reader, d}
	}))
	defer stop()
	if got := r.await(id, wptest.Failed); got.Failures[0].Code != "no_pages" {
		t.Errorf("%+v", got.Failures)
	}
}

func TestAJournalThatCannotBeOpenedForLackOfRoomSaysSo(t *testing.T) {
	t.Parallel()
	if !mayMount(t) {
		return
	}
	d := newDisk(t)
	d.fill()
	_, err := journal.Open(t.Context(), filepath.Join(d.dir, "journal.db"), journal.Options{})
	if !errors.Is(err, journal.ErrDiskFull) || !strings.Contains(err.Error(), "free disk space") {
		t.Errorf("%v", err)
	}
	d.free()
	j, err := journal.Open(t.Context(), filepath.Join(d.dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	d.fill()
	if err := j.CheckSpace(t.Context(), 1<<20); !errors.Is(err, journal.ErrDiskFull) {
		t.Errorf("%v", err)
	}
	d.free()
	if err := j.CheckSpace(t.Context(), 1<<20); err != nil {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	d.fill()
	r, err := journal.OpenReadOnly(t.Context(), filepath.Join(d.dir, "journal.db")) // what `doctor` does on a full disk
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
