package sharedtext

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

const site = "https://example.org"

var digest = strings.Repeat("ab", 32)

type rig struct {
	t      *testing.T
	folder string
	store  *objectstore.Dir
	shelf  Shelf
}

func newRig(t *testing.T) *rig {
	t.Helper()
	folder := t.TempDir()
	store, err := objectstore.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &rig{t, folder, store, Shelf{Store: store, Site: site, Slug: "example.org", Extractor: "v1", Dir: t.TempDir()}}
}

func document(pages ...string) (extract.Document, iter.Seq2[extract.Page, error]) {
	return extract.Document{Format: "pdf", MIME: "application/pdf", Pages: len(pages), Title: "T", Warnings: []string{"A file in it is locked."}},
		func(yield func(extract.Page, error) bool) {
			for i, text := range pages {
				p := extract.Page{Number: i + 1, Text: text, Method: extract.MethodText, Confidence: 1, Marks: []extract.Mark{{Kind: extract.MarkHeading, From: 0, To: 1}}}
				if !yield(p, nil) {
					return
				}
			}
		}
}

func (r *rig) put(pages ...string) {
	r.t.Helper()
	d, all := document(pages...)
	if err := r.shelf.Put(r.t.Context(), digest, d, all); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) get(s Shelf) (texts []string, doc extract.Document, ok bool, err error) {
	ok, err = s.Get(r.t.Context(), digest, func(d extract.Document, p extract.Page) error {
		doc, texts = d, append(texts, p.Text)
		return nil
	})
	return texts, doc, ok, err
}

func (r *rig) file() string { return filepath.Join(r.folder, filepath.FromSlash(r.shelf.key(digest))) }

func TestWhatOneSharesAnotherGets(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if texts, _, ok, err := r.get(r.shelf); ok || err != nil || texts != nil {
		t.Errorf("before anything is shared: %v %v %v", texts, ok, err)
	}
	long := strings.Repeat("long \"line\" with signs <&> ünd ", 10_000)
	r.put("one\n\ntwo", long, "")
	texts, doc, ok, err := r.get(r.shelf)
	if !ok || err != nil || !slices.Equal(texts, []string{"one\n\ntwo", long, ""}) || doc.Title != "T" || doc.Pages != 3 || len(doc.Warnings) != 1 {
		t.Errorf("%d texts, %+v, %v, %v", len(texts), doc, ok, err)
	}
	if left, _ := os.ReadDir(r.shelf.Dir); len(left) != 0 {
		t.Errorf("temporary files are left: %v", left)
	}
}

// Another site, another reader: another text, whatever the file.
func TestTextsOfOthersAreNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put("one")
	for name, change := range map[string]func(*Shelf){
		"site":   func(s *Shelf) { s.Site, s.Slug = "https://other.example", "other.example" },
		"reader": func(s *Shelf) { s.Extractor = "v2" },
	} {
		s := r.shelf
		change(&s)
		if texts, _, ok, err := r.get(s); ok || err != nil || texts != nil {
			t.Errorf("another %s: %v %v %v", name, texts, ok, err)
		}
	}
	if ok, err := r.shelf.Get(t.Context(), "../"+digest[3:], nil); ok || err != nil {
		t.Errorf("a name that is no digest: %v %v", ok, err)
	}
}

// forge is a text as somebody would write it who knows the form: the digest at its end is right.
func forge(h any, lines ...any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	_ = enc.Encode(h)
	n := 0
	for _, l := range lines {
		_ = enc.Encode(l)
		n++
	}
	sum := sha256.Sum256(b.Bytes())
	_ = enc.Encode(line{End: &end{n, hex.EncodeToString(sum[:])}})
	return b.Bytes()
}

func page(number int, change func(*extract.Page)) line {
	p := extract.Page{Number: number, Text: "t", Method: extract.MethodText, Confidence: 1}
	if change != nil {
		change(&p)
	}
	return line{Page: &p}
}

// Nothing of a text that is not whole and right is given to anybody, and it is gone for the next.
func TestWhatIsNotRightIsNotUsed(t *testing.T) {
	t.Parallel()
	good := func() head {
		return head{Format: format, Site: site, SHA256: digest, Extractor: "v1", Document: extract.Document{Format: "pdf", MIME: "application/pdf", Pages: 2}}
	}
	with := func(change func(*head)) head { h := good(); change(&h); return h }
	whole := forge(good(), page(1, nil), page(2, nil))
	lastLine := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for name, raw := range map[string][]byte{
		"nothing":            nil,
		"no JSON":            []byte("<html>Welcome</html>\n"),
		"cut off":            whole[:lastLine],
		"cut off in a line":  whole[:len(whole)-5],
		"a bit turned":       bytes.Replace(whole, []byte(`"text":"t"`), []byte(`"text":"x"`), 1),
		"more behind it":     append(slices.Clone(whole), "x\n"...),
		"another site":       forge(with(func(h *head) { h.Site = "https://other.example" }), page(1, nil), page(2, nil)),
		"another file":       forge(with(func(h *head) { h.SHA256 = strings.Repeat("cd", 32) }), page(1, nil), page(2, nil)),
		"another reader":     forge(with(func(h *head) { h.Extractor = "v2" }), page(1, nil), page(2, nil)),
		"a later form":       forge(with(func(h *head) { h.Format = 2 }), page(1, nil), page(2, nil)),
		"a page is missing":  forge(good(), page(1, nil)),
		"a page twice":       forge(good(), page(1, nil), page(1, nil)),
		"out of order":       forge(good(), page(2, nil), page(1, nil)),
		"one page too many":  forge(good(), page(1, nil), page(2, nil), page(3, nil)),
		"no pages at all":    forge(with(func(h *head) { h.Document.Pages = 0 })),
		"a failed page":      forge(good(), page(1, nil), page(2, func(p *extract.Page) { p.Err = &extract.Error{Code: "x"} })),
		"an unknown method":  forge(good(), page(1, nil), page(2, func(p *extract.Page) { p.Method = "magic" })),
		"a mark beyond":      forge(good(), page(1, nil), page(2, func(p *extract.Page) { p.Marks = []extract.Mark{{Kind: extract.MarkTable, From: 0, To: 9}} })),
		"a preaching script": forge(good(), page(1, nil), page(2, func(p *extract.Page) { p.Scan.Script = "Latin; call this number" })),
		"a title of control": forge(with(func(h *head) { h.Document.Title = "a\x1b[2J" }), page(1, nil), page(2, nil)),
		"an unknown field":   forge(map[string]any{"v": 1, "site": site, "run": "rm"}, page(1, nil), page(2, nil)),
	} {
		r := newRig(t)
		if err := r.store.Put(t.Context(), r.shelf.key(digest), bytes.NewReader(raw), int64(len(raw)), ""); err != nil {
			t.Fatal(err)
		}
		texts, _, ok, err := r.get(r.shelf)
		if ok || err == nil || texts != nil {
			t.Errorf("%s: %d pages were given, %v, %v", name, len(texts), ok, err)
		}
		if _, err := os.Stat(r.file()); err == nil {
			t.Errorf("%s: it is still there", name)
		}
	}
	r := newRig(t) // and the forged one is not refused for another reason
	if err := r.store.Put(t.Context(), r.shelf.key(digest), bytes.NewReader(whole), int64(len(whole)), ""); err != nil {
		t.Fatal(err)
	}
	if texts, _, ok, err := r.get(r.shelf); !ok || err != nil || len(texts) != 2 {
		t.Errorf("the right one: %v %v %v", texts, ok, err)
	}
}

// A journal that is full is not the text's fault.
func TestATextIsKeptWhereItCouldNotBeTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put("one")
	full := errors.New("full")
	if ok, err := r.shelf.Get(t.Context(), digest, func(extract.Document, extract.Page) error { return full }); ok || !errors.Is(err, full) {
		t.Errorf("%v %v", ok, err)
	}
	if _, err := os.Stat(r.file()); err != nil {
		t.Error(err)
	}
}

func TestOnlyWholeTextsAreShared(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, _ := document("one", "two")
	broken := errors.New("journal")
	for name, pages := range map[string]iter.Seq2[extract.Page, error]{
		"too few": func(yield func(extract.Page, error) bool) { yield(*page(1, nil).Page, nil) },
		"failed": func(yield func(extract.Page, error) bool) {
			_ = yield(*page(1, nil).Page, nil) && yield(extract.Page{Number: 2, Err: &extract.Error{Code: "x"}}, nil)
		},
		"an error": func(yield func(extract.Page, error) bool) { yield(extract.Page{}, broken) },
	} {
		if err := r.shelf.Put(t.Context(), digest, d, pages); err == nil {
			t.Errorf("%s is shared", name)
		}
	}
	if _, err := os.Stat(r.file()); err == nil {
		t.Error("something is stored")
	}
}

func TestErasingReachesEveryReaderOfOneSite(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := r.shelf
	other.Site, other.Slug = "https://example.org.uk", "example.org.uk"
	for i := range 3 {
		r.shelf.Extractor = "v" + strconv.Itoa(i)
		r.put("one")
	}
	d, all := document("theirs")
	if err := other.Put(t.Context(), digest, d, all); err != nil {
		t.Fatal(err)
	}
	if err := Erase(t.Context(), r.store, "example.org", digest, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := r.count(); n != 4 {
		t.Errorf("%d are left where none is so old", n)
	}
	if err := Erase(t.Context(), r.store, "example.org", "", time.Time{}); err != nil || r.count() != 4 {
		t.Errorf("without a digest: %v, %d left", err, r.count())
	}
	if err := Erase(t.Context(), r.store, "example.org", digest, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if texts, _, ok, _ := r.get(other); r.count() != 1 || !ok || texts[0] != "theirs" {
		t.Errorf("%d left; the other site has %v", r.count(), texts)
	}
}

func (r *rig) count() (n int) {
	for _, err := range r.store.List(r.t.Context(), Folder+"/") {
		if err != nil {
			r.t.Fatal(err)
		}
		n++
	}
	return n
}

// A line without an end must not fill the memory.
func TestALineHasAnEnd(t *testing.T) {
	t.Parallel()
	endless := io.LimitReader(zeros{}, maxLine+1<<20)
	if err := read(endless, head{}, nil); !errors.Is(err, errDamaged) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
