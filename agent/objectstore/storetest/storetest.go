// Package storetest is the contract of objectstore.Store as tests: every implementation runs
// the same suite.
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// Suite says how to test one implementation.
type Suite struct {
	// New returns an empty store.
	New func(t *testing.T) objectstore.Store
	// Leftovers counts what unfinished writes left behind (temporary files, multipart uploads).
	Leftovers func(t *testing.T, s objectstore.Store) int
	// Big is the size of the big object: larger than one part.
	Big int64
	// Apart says why an object that is read while it is written anew may end as damaged instead of as one whole version; "" where it may not.
	Apart string
}

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Suite)
	}{
		{"RoundTrip", testRoundTrip}, {"Keys", testKeys}, {"BadKeys", testBadKeys}, {"NotFound", testNotFound},
		{"Overwrite", testOverwrite}, {"Delete", testDelete}, {"List", testList}, {"SizeMismatch", testSizeMismatch},
		{"Cancel", testCancel}, {"CancelledBefore", testCancelledBefore}, {"Concurrent", testConcurrent}, {"Check", testCheck},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, s) })
	}
}

var bg = context.Background()

func put(t *testing.T, s objectstore.Store, key, text string) {
	t.Helper()
	if err := s.Put(bg, key, strings.NewReader(text), int64(len(text)), "text/plain; charset=utf-8"); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func get(t *testing.T, s objectstore.Store, key string) string {
	t.Helper()
	r, info, err := s.Get(bg, key)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	if info.Key != key || info.Size != int64(len(b)) {
		t.Errorf("get %s: info %+v, %d bytes", key, info, len(b))
	}
	return string(b)
}

func list(t *testing.T, s objectstore.Store, prefix string) []string {
	t.Helper()
	var keys []string
	for info, err := range s.List(bg, prefix) {
		if err != nil {
			t.Fatalf("list %q: %v", prefix, err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

// stream yields n bytes that depend on their position; it cannot seek.
type stream struct{ n, at int64 }

func (s *stream) Read(p []byte) (int, error) {
	if s.at == s.n {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), s.n-s.at)]
	for i := range p {
		v := s.at + int64(i)
		p[i] = byte(v ^ v>>8 ^ v>>16)
	}
	s.at += int64(len(p))
	return len(p), nil
}

func testRoundTrip(t *testing.T, suite Suite) {
	s := suite.New(t)
	for _, n := range []int64{0, 1, 70_000, suite.Big} {
		for _, size := range []int64{n, -1} {
			want := sha256.New()
			if err := s.Put(bg, "a/b", io.TeeReader(&stream{n: n}, want), size, ""); err != nil {
				t.Fatalf("put %d bytes announced as %d: %v", n, size, err)
			}
			r, info, err := s.Get(bg, "a/b")
			if err != nil {
				t.Fatalf("get %d bytes: %v", n, err)
			}
			got := sha256.New()
			_, err = io.Copy(got, r)
			if err = errors.Join(err, r.Close()); err != nil || !bytes.Equal(got.Sum(nil), want.Sum(nil)) || info.Size != n {
				t.Errorf("%d bytes came back changed: %+v, %v", n, info, err)
			}
			if st, err := s.Stat(bg, "a/b"); err != nil || st.Size != n || st.ModTime.IsZero() {
				t.Errorf("stat: %+v, %v", st, err)
			}
		}
	}
	if left := suite.Leftovers(t, s); left != 0 {
		t.Errorf("%d leftovers", left)
	}
}

func testKeys(t *testing.T, suite Suite) {
	s := suite.New(t)
	keys := []string{
		"processed/1/text.txt", "a.b-c_d", "with space/x y", "ünï/日本語.txt", "100%/a%20b", "q?x=1&y#z", "plus+plus", "quote'\"`$(x);|<>*",
		strings.Repeat("s", 255), strings.Repeat("deep/", 100) + "x", "...", ".hidden/file",
	}
	for _, key := range keys {
		put(t, s, key, "content of "+key)
	}
	for _, key := range keys {
		if got := get(t, s, key); got != "content of "+key {
			t.Errorf("%q holds %q", key, got)
		}
	}
	slices.Sort(keys)
	if got := list(t, s, ""); !slices.Equal(got, keys) {
		t.Errorf("list: %q\nwant %q", got, keys)
	}
}

func testBadKeys(t *testing.T, suite Suite) {
	s := suite.New(t)
	put(t, s, "a/b", "x")
	for _, key := range []string{
		"", "/", "/etc/passwd", "a/", "a//b", ".", "..", "../x", "a/../b", "a/./b", "a\x00b", "a\nb", "a\x7fb", "a\\b", "\u202ea",
		"a\xff", strings.Repeat("x/", 256) + "x", strings.Repeat("x", 256), ".aidoc-tmp/x",
	} {
		_, statErr := s.Stat(bg, key)
		r, _, getErr := s.Get(bg, key)
		if r != nil {
			_ = r.Close()
		}
		for op, err := range map[string]error{
			"put": s.Put(bg, key, strings.NewReader("x"), 1, ""), "get": getErr, "stat": statErr, "delete": s.Delete(bg, key),
		} {
			if !errors.Is(err, objectstore.ErrBadKey) || Retryable(err) {
				t.Errorf("%s %q: %v", op, key, err)
			}
		}
	}
	if got := list(t, s, ""); !slices.Equal(got, []string{"a/b"}) {
		t.Errorf("a refused key left something: %q", got)
	}
}

// Retryable tells whether an error of a store says that the same operation may succeed later.
func Retryable(err error) bool {
	var e *objectstore.Error
	return errors.As(err, &e) && e.Retryable()
}

func testNotFound(t *testing.T, suite Suite) {
	s := suite.New(t)
	put(t, s, "folder/x", "x")
	for _, key := range []string{"none", "folder", "folder/none", "folder/x/below"} {
		_, _, err := s.Get(bg, key)
		if _, statErr := s.Stat(bg, key); !errors.Is(err, objectstore.ErrNotFound) || !errors.Is(statErr, objectstore.ErrNotFound) {
			t.Errorf("%s: get %v, stat %v", key, err, statErr)
		}
		if Retryable(err) {
			t.Errorf("%s: an object that is missing is not worth a retry", key)
		}
		if err := s.Delete(bg, key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
	}
	if get(t, s, "folder/x") != "x" {
		t.Error("deleting its folder changed an object")
	}
}

func testOverwrite(t *testing.T, suite Suite) {
	s := suite.New(t)
	for _, text := range []string{"a long first version", "short", "", "again"} {
		put(t, s, "k", text)
		if got := get(t, s, "k"); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	r, _, err := s.Get(bg, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := list(t, s, ""); len(got) != 1 {
		t.Errorf("list: %q", got)
	}
}

func testDelete(t *testing.T, suite Suite) {
	s := suite.New(t)
	put(t, s, "a/b/c", "x")
	put(t, s, "a/b/d", "y")
	for range 2 {
		if err := s.Delete(bg, "a/b/c"); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, s, ""); !slices.Equal(got, []string{"a/b/d"}) {
		t.Errorf("list: %q", got)
	}
	if err := s.Delete(bg, "a/b/d"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a/b", "a folder that became empty is free for an object")
	put(t, s, "z/z/z", "and the other way round")
}

func testList(t *testing.T, suite Suite) {
	s := suite.New(t)
	if got := list(t, s, ""); len(got) != 0 {
		t.Fatalf("a new store holds %q", got)
	}
	keys := []string{"p/1/a", "p/1/b", "p/10/a", "p/2/a", "p/2.txt", "p-x", "q", "p/1-x"}
	for _, k := range keys {
		put(t, s, k, k)
	}
	for prefix, want := range map[string][]string{
		"":       {"p-x", "p/1-x", "p/1/a", "p/1/b", "p/10/a", "p/2.txt", "p/2/a", "q"},
		"p":      {"p-x", "p/1-x", "p/1/a", "p/1/b", "p/10/a", "p/2.txt", "p/2/a"},
		"p/":     {"p/1-x", "p/1/a", "p/1/b", "p/10/a", "p/2.txt", "p/2/a"},
		"p/1":    {"p/1-x", "p/1/a", "p/1/b", "p/10/a"},
		"p/1/":   {"p/1/a", "p/1/b"},
		"p/2/a":  {"p/2/a"},
		"p/2/a/": nil,
		"none":   nil,
		"none/x": nil,
		"q/":     nil,
		"../":    nil,
		"/":      nil,
		"p/../q": nil,
	} {
		if got := list(t, s, prefix); !slices.Equal(got, want) {
			t.Errorf("list %q: %q, want %q", prefix, got, want)
		}
	}
	n := 0
	for info, err := range s.List(bg, "") {
		if err != nil || info.Size != int64(len(info.Key)) || info.ModTime.IsZero() {
			t.Errorf("%+v, %v", info, err)
		}
		if n++; n == 2 {
			break
		}
	}
}

// failing is a reader of some bytes and then an error.
type failing struct {
	io.Reader
	err error
}

func (l *failing) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if err == io.EOF && l.err != nil {
		err = l.err
	}
	return n, err
}

func testSizeMismatch(t *testing.T, suite Suite) {
	s := suite.New(t)
	put(t, s, "k", "old")
	broken := errors.New("disk on fire")
	for _, n := range []int64{10, suite.Big} {
		for name, c := range map[string]struct {
			r    io.Reader
			size int64
			err  error
		}{
			"short":                    {&stream{n: n}, n + 1, nil},
			"long":                     {&stream{n: n}, n - 1, nil},
			"failing":                  {&failing{&stream{n: n}, broken}, n + 5, broken},
			"failing, of unknown size": {&failing{&stream{n: n}, broken}, -1, broken},
		} {
			err := s.Put(bg, "k", c.r, c.size, "")
			if !errors.Is(err, objectstore.ErrBadSource) || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("%s, %d bytes: %v", name, n, err)
			}
			if got := get(t, s, "k"); got != "old" {
				t.Errorf("%s, %d bytes: the old object is gone: %d bytes now", name, n, len(got))
			}
		}
	}
	if left := suite.Leftovers(t, s); left != 0 {
		t.Errorf("%d leftovers", left)
	}
}

// cancelling cancels after some bytes have been read.
type cancelling struct {
	io.Reader
	left   int64
	cancel func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.left -= int64(n); c.left <= 0 {
		c.cancel()
	}
	return n, err
}

func testCancel(t *testing.T, suite Suite) {
	s := suite.New(t)
	put(t, s, "k", "old")
	for _, after := range []int64{1, suite.Big * 3 / 4} {
		ctx, cancel := context.WithCancel(bg)
		err := s.Put(ctx, "k", &cancelling{&stream{n: suite.Big}, after, cancel}, suite.Big, "")
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d bytes: %v", after, err)
		}
		if got := get(t, s, "k"); got != "old" {
			t.Errorf("the old object is gone: %d bytes now", len(got))
		}
	}
	if left := suite.Leftovers(t, s); left != 0 {
		t.Errorf("%d leftovers", left)
	}
}

func testCancelledBefore(t *testing.T, suite Suite) {
	s := suite.New(t)
	put(t, s, "k", "old")
	ctx, cancel := context.WithCancel(bg)
	cancel()
	_, statErr := s.Stat(ctx, "k")
	_, _, getErr := s.Get(ctx, "k")
	var listErr error
	for _, err := range s.List(ctx, "") {
		listErr = err
	}
	for op, err := range map[string]error{
		"put": s.Put(ctx, "k", strings.NewReader("x"), 1, ""), "delete": s.Delete(ctx, "k"), "stat": statErr, "get": getErr,
		"list": listErr, "check": s.Check(ctx),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", op, err)
		}
	}
	if get(t, s, "k") != "old" {
		t.Error("a cancelled operation had an effect")
	}
}

// Readers and writers of one key: everyone sees one whole version.
func testConcurrent(t *testing.T, suite Suite) {
	s := suite.New(t)
	version := func(i int) string { return strings.Repeat(fmt.Sprintf("%04d", i), 5000) }
	put(t, s, "d/k", version(0))
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 8 {
				text := version(w*10 + i)
				if err := s.Put(bg, "d/k", strings.NewReader(text), int64(len(text)), ""); err != nil {
					t.Errorf("put: %v", err)
				}
				other := fmt.Sprintf("d/%d/x", w)
				if err := s.Put(bg, other, strings.NewReader("x"), 1, ""); err != nil {
					t.Errorf("put: %v", err)
				}
				if err := s.Delete(bg, other); err != nil { // empties the folder that others write into
					t.Errorf("delete: %v", err)
				}
			}
		})
		wg.Go(func() {
			for range 8 {
				r, _, err := s.Get(bg, "d/k")
				if err != nil {
					t.Errorf("get: %v", err)
					continue
				}
				b, err := io.ReadAll(r)
				_ = r.Close()
				if suite.Apart != "" && errors.Is(err, objectstore.ErrCorrupt) {
					continue
				}
				if err != nil || len(b) != 20000 || strings.Count(string(b), string(b[:4])) < 5000 {
					t.Errorf("a mixture of %d bytes: %v", len(b), err)
				}
			}
		})
	}
	wg.Wait()
}

func testCheck(t *testing.T, suite Suite) {
	s := suite.New(t)
	if err := s.Check(bg); err != nil {
		t.Fatal(err)
	}
	if got := list(t, s, ""); len(got) != 0 {
		t.Errorf("the probe is still there: %q", got)
	}
	if s.String() == "" {
		t.Error("the store has no name")
	}
}
