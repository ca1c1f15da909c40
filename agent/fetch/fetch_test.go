package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source plays a document's source: one step for each Open.
type source struct {
	data    []byte
	steps   []step
	offsets []int64 // what was asked
}

type step struct {
	err     error // of Open
	cut     int   // bytes that come before broken; 0 means all
	broken  error // of Read after cut bytes
	ignore  bool  // starts at 0 whatever was asked
	total   int64 // 0 means the truth
	data    []byte
	silence bool // hangs after cut bytes until it is closed
	skip    int64
}

func (s *source) open(_ context.Context, offset int64) (Body, error) {
	st := step{}
	if len(s.offsets) < len(s.steps) {
		st = s.steps[len(s.offsets)]
	}
	s.offsets = append(s.offsets, offset)
	if st.err != nil {
		return Body{}, st.err
	}
	data := s.data
	if st.data != nil {
		data = st.data
	}
	total := int64(len(data))
	if st.ignore {
		offset = 0
	}
	rest := data[offset:]
	if st.cut > 0 {
		rest = rest[:st.cut]
	}
	if st.total != 0 {
		total = st.total
	}
	r := &reader{Reader: bytes.NewReader(rest), end: st.broken, closed: make(chan struct{}), silence: st.silence}
	return Body{ReadCloser: r, Offset: offset + st.skip, Total: total, Resumable: true}, nil
}

type reader struct {
	*bytes.Reader
	end     error
	silence bool
	closed  chan struct{}
	done    bool
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF && r.silence {
		<-r.closed
		return 0, errors.New("closed")
	}
	if err == io.EOF && r.end != nil {
		return n, r.end
	}
	return n, err
}

func (r *reader) Close() error {
	if !r.done {
		r.done = true
		close(r.closed)
	}
	return nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func request(t *testing.T, s *source) Request {
	t.Helper()
	return Request{Open: s.open, Dir: filepath.Join(t.TempDir(), "job"), SHA256: digest(s.data), MaxBytes: 1 << 20,
		Wait: func(context.Context, int) error { return nil }}
}

// left is what lies in the directory.
func left(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func document(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7 >> 3)
	}
	return b
}

type permanent struct{ error }

func (permanent) Retryable() bool { return false }

func TestFetch(t *testing.T) {
	broken := errors.New("connection reset")
	for name, c := range map[string]struct {
		steps   []step
		offsets []int64
	}{
		"at once":                         {nil, []int64{0}},
		"opens late":                      {[]step{{err: broken}, {err: broken}}, []int64{0, 0, 0}},
		"breaks and resumes":              {[]step{{cut: 300, broken: broken}, {cut: 100_000, broken: broken}}, []int64{0, 300, 100_300}},
		"ends early without an error":     {[]step{{cut: 300}}, []int64{0, 300}},
		"breaks, then starts again":       {[]step{{cut: 300, broken: broken}, {ignore: true}}, []int64{0, 300}},
		"unknown size":                    {[]step{{total: -1}}, []int64{0}},
		"breaks after the last byte":      {[]step{{cut: 500_000, broken: broken}}, []int64{0}},
		"other bytes, then the right":     {[]step{{data: document(77)}}, []int64{0, 0}},
		"parts of two versions":           {[]step{{cut: 300, data: bytes.Repeat([]byte{1}, 500_000), broken: broken}}, []int64{0, 300, 0}},
		"a source that lies about offset": {[]step{{cut: 300, broken: broken}, {skip: 5}}, []int64{0, 300, 300}},
		"bad at its end, as the source says": {[]step{{data: bytes.Repeat([]byte{1}, 500_000), broken: errors.New("digest mismatch")}},
			[]int64{0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &source{data: document(500_000), steps: c.steps}
			req := request(t, s)
			f, err := Fetch(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(f.Path)
			if err != nil || !bytes.Equal(got, s.data) || f.Bytes != 500_000 || f.SHA256 != digest(s.data) {
				t.Errorf("%d bytes, %+v, %v", len(got), f, err)
			}
			if len(s.offsets) != len(c.offsets) {
				t.Fatalf("offsets %v, want %v", s.offsets, c.offsets)
			}
			for i := range c.offsets {
				if s.offsets[i] != c.offsets[i] {
					t.Errorf("offsets %v, want %v", s.offsets, c.offsets)
				}
			}
			if names := left(t, req.Dir); len(names) != 1 || names[0] != "document" {
				t.Errorf("left: %v", names)
			}
			info, _ := os.Stat(f.Path)
			dir, _ := os.Stat(req.Dir)
			if info.Mode().Perm() != 0o600 || dir.Mode().Perm() != 0o700 {
				t.Errorf("modes %v %v", info.Mode(), dir.Mode())
			}
		})
	}
}

func TestFetchRefuses(t *testing.T) {
	broken := errors.New("connection reset")
	gone := permanent{errors.New("gone")}
	wrong := step{data: document(77)}
	for name, c := range map[string]struct {
		steps     []step
		max       int64
		code      Code
		transient bool
		opens     int
	}{
		"always broken":                    {repeat(step{err: broken}, 99), 0, CodeTransfer, true, 5},
		"a few bytes each time":            {repeat(step{cut: 10, broken: broken}, 99), 0, CodeTransfer, true, 5},
		"larger than allowed, says so":     {nil, 499_999, CodeTooLarge, false, 1},
		"larger than allowed, by surprise": {[]step{{total: -1}}, 499_999, CodeTooLarge, false, 1},
		"larger than it says":              {repeat(step{total: 10}, 99), 0, CodeTransfer, true, 5},
		"never the right bytes":            {[]step{wrong, wrong}, 0, CodeMismatch, true, 2},
		"final error":                      {[]step{{err: gone}}, 0, "", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := &source{data: document(500_000), steps: c.steps}
			req := request(t, s)
			if c.max > 0 {
				req.MaxBytes = c.max
			}
			_, err := Fetch(context.Background(), req)
			var e *Error
			if c.code == "" {
				if !errors.Is(err, gone) {
					t.Fatalf("%v", err)
				}
			} else if !errors.As(err, &e) || e.Code != c.code || e.Retryable() != c.transient {
				t.Fatalf("%v", err)
			}
			if c.opens > 0 && len(s.offsets) != c.opens {
				t.Errorf("opened %d times", len(s.offsets))
			}
			if names := left(t, req.Dir); len(names) != 0 {
				t.Errorf("left: %v", names)
			}
		})
	}
}

func repeat(s step, n int) []step {
	out := make([]step, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// A slow line that always gets a little further is not given up after five breaks.
func TestFetchGoesOnWhileItGetsFurther(t *testing.T) {
	s := &source{data: document(1_000_000), steps: repeat(step{cut: 70_000, broken: io.ErrUnexpectedEOF}, 14)}
	req := request(t, s)
	if _, err := Fetch(context.Background(), req); err != nil || len(s.offsets) != 15 {
		t.Errorf("%v after %d opens", err, len(s.offsets))
	}
}

func TestFetchWithoutDigest(t *testing.T) {
	s := &source{data: document(1000)}
	req := request(t, s)
	req.SHA256 = ""
	f, err := Fetch(context.Background(), req)
	if err != nil || f.SHA256 != digest(s.data) {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestFetchSilence(t *testing.T) {
	s := &source{data: document(1000), steps: repeat(step{cut: 10, silence: true}, 9)}
	req := request(t, s)
	req.IdleTimeout, req.Tries = 10*time.Millisecond, 2
	_, err := Fetch(context.Background(), req)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeTransfer || !e.Retryable() || !errors.Is(err, errIdle) {
		t.Errorf("%v", err)
	}
}

func TestFetchStops(t *testing.T) {
	stop, cancel := context.WithCancelCause(context.Background())
	why := errors.New("lease lost")
	s := &source{data: document(1000), steps: []step{{cut: 10, silence: true}}}
	req := request(t, s)
	inner := req.Open
	req.Open = func(ctx context.Context, offset int64) (Body, error) {
		b, err := inner(ctx, offset)
		context.AfterFunc(ctx, func() {})
		time.AfterFunc(time.Millisecond, func() { cancel(why) })
		return b, err
	}
	_, err := Fetch(stop, req)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeStopped || !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	if names := left(t, req.Dir); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
}

func TestFetchProgress(t *testing.T) {
	s := &source{data: document(3 << 20), steps: []step{{cut: 2 << 20, broken: io.ErrUnexpectedEOF}}}
	req := request(t, s)
	req.MaxBytes = 4 << 20
	var seen []int64
	req.Progress = func(done, total int64) {
		if total != 3<<20 {
			t.Errorf("total %d", total)
		}
		seen = append(seen, done)
	}
	if _, err := Fetch(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	if len(seen) < 3 || seen[len(seen)-1] != 3<<20 {
		t.Errorf("progress %v", seen)
	}
}

func TestSpoolDirectory(t *testing.T) {
	s := &source{data: document(10)}
	open := request(t, s)
	if err := os.MkdirAll(open.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	var e *Error
	if _, err := Fetch(context.Background(), open); !errors.As(err, &e) || e.Code != CodeDisk {
		t.Errorf("a directory others may enter: %v", err)
	}
	link := request(t, s)
	if err := os.Symlink(t.TempDir(), link.Dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Fetch(context.Background(), link); !errors.As(err, &e) || e.Code != CodeDisk {
		t.Errorf("a link in place of the directory: %v", err)
	}
	stale := request(t, s)
	os.MkdirAll(stale.Dir, 0o700)
	os.WriteFile(filepath.Join(stale.Dir, ".part-123"), []byte("old"), 0o600)
	if _, err := Fetch(context.Background(), stale); err != nil {
		t.Fatal(err)
	}
	if names := left(t, stale.Dir); len(names) != 1 {
		t.Errorf("left: %v", names)
	}
}

func TestDiskFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	sp := &spool{file: full, hash: sha256.New()}
	err = sp.write([]byte("x"))
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeDiskFull || !e.Retryable() || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if retryable(err) {
		t.Error("another try from the source would not make room")
	}
	if !strings.Contains(e.Message, "free some space") || !errors.Is(unwrapFinal(err), e) {
		t.Errorf("%v", e)
	}
}

func TestBadRequest(t *testing.T) {
	if _, err := Fetch(context.Background(), Request{}); err == nil {
		t.Error("an empty request was taken")
	}
}
