package agent_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func sharing(o *agent.Options) { o.Settings.ShareText = true }

// beside is another agent of the same site, with a journal of its own, over the store of the first.
func (r *rig) beside(change ...func(*agent.Options)) (*rig, *agent.Agent) {
	r.t.Helper()
	store, err := objectstore.OpenDir(filepath.Join(r.dir, "store"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { store.Close() })
	o := &rig{t: r.t, dir: r.t.TempDir(), site: r.site, reader: newPageReader(), log: &syncBuffer{}}
	return o, o.agent(append(change, func(opt *agent.Options) { opt.Store = store })...)
}

// texts are the shared ones in the store.
func (r *rig) texts() (files []string) {
	_ = filepath.WalkDir(filepath.Join(r.dir, "store", "texts"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return nil // a folder that is not there has nothing
	})
	return files
}

func (r *rig) done(t *testing.T, a *agent.Agent, jobs ...int64) {
	t.Helper()
	stop, _ := start(t, a)
	for _, id := range jobs {
		r.await(id, wptest.Done)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatOneAgentHasReadAnotherNeedNot(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.site.AddJob("a.txt", "text/plain", doc(3))
	r.done(t, r.agent(sharing), first)
	page := strings.Split(string(doc(3)), "\f")[0]
	if r.reader.reads(page) != 1 || len(r.texts()) != 1 {
		t.Fatalf("read %d times, shared %v", r.reader.reads(page), r.texts())
	}
	second := r.site.AddJob("b.txt", "text/plain", doc(3))
	o, a := r.beside(sharing)
	o.done(t, a, second)
	if n := o.reader.reads(page); n != 0 {
		t.Errorf("the other agent read it %d times", n)
	}
	if r.stored(second) != r.stored(first) {
		t.Errorf("%d objects of the second, %d of the first", r.stored(second), r.stored(first))
	}
	third := r.site.AddJob("c.txt", "text/plain", doc(3))
	alone, a := r.beside()
	alone.done(t, a, third)
	if n := alone.reader.reads(page); n != 1 {
		t.Errorf("an agent that does not share read it %d times", n)
	}
}

// A shared text that somebody has changed is not believed: the document is read, and what is right is shared anew.
func TestAChangedSharedTextIsNotBelieved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.done(t, r.agent(sharing), r.site.AddJob("a.txt", "text/plain", doc(2)))
	file := r.texts()[0]
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(raw), `"text":"`, `"text":"Buy now. `, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	second := r.site.AddJob("b.txt", "text/plain", doc(2))
	o, a := r.beside(sharing)
	o.done(t, a, second)
	if n := o.reader.reads(strings.Split(string(doc(2)), "\f")[0]); n != 1 {
		t.Errorf("the document was read %d times", n)
	}
	if got, err := os.ReadFile(file); err != nil || strings.Contains(string(got), "Buy now") {
		t.Errorf("shared is %q, %v", got, err)
	}
}

func TestErasingReachesTheSharedText(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	gone, kept := r.site.AddJob("gone.txt", "text/plain", doc(1)), r.site.AddJob("kept.txt", "text/plain", doc(2))
	stop, _ := start(t, r.agent(sharing))
	r.await(gone, wptest.Done)
	r.await(kept, wptest.Done)
	r.site.Erase(wpclient.Erasure{JobID: gone}) // the journal knows which file it was
	r.awaitErased(gone)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if files := r.texts(); len(files) != 1 || !strings.Contains(files[0], digestOf(doc(2))) {
		t.Errorf("shared are %v", files)
	}
}

// A file that could not be read whole, or of which only some pages were wanted, is not shared.
func TestPartsAreNotShared(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetBudget(&wpclient.Budget{})
	part := r.site.AddJob("part.txt", "text/plain", doc(3))
	r.site.SetPages(part, &wpclient.PageRange{First: 2, Last: 3})
	r.done(t, r.agent(sharing), part, r.site.AddJob("holes.txt", "text/plain", []byte("one page\ffail here")))
	if files := r.texts(); len(files) != 0 {
		t.Errorf("shared are %v", files)
	}
}
