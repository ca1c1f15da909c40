package journal

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// children are what this test binary does when a test starts it again.
var children = map[string]func(path string){
	"write": childWrites,
	"hold":  childHolds,
}

// childWrites puts steps, pages and messages for ever and prints each one that was acknowledged.
func childWrites(path string) {
	j, err := Open(bg, path, Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	var out sync.Mutex
	say := func(format string, args ...any) {
		out.Lock()
		defer out.Unlock()
		fmt.Printf(format+"\n", args...)
	}
	for w := range 4 {
		go func() {
			for i := 1; ; i++ {
				key := fmt.Sprintf("%d-%d", w, i)
				if err := j.Put(bg, key, llm.Completion{Text: key}); err == nil {
					say("step %s", key)
				}
				if err := j.PutPage(bg, fmt.Sprint("s", w), "v", i, []byte(key)); err == nil {
					say("page s%d %d", w, i)
				}
				id := int64(w*1_000_000 + i)
				if err := j.Enqueue(bg, item(key, id, 1, KindResult), job(id, 1, StateReporting)); err == nil {
					say("item %s", key)
				}
			}
		}()
	}
	select {}
}

func childHolds(path string) {
	if _, err := Open(bg, path, Options{}); err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("open")
	select {}
}

type child struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

// start runs a child. Tests that do are not parallel: until it execs, a child holds the locks that other tests are about to give up.
func start(t *testing.T, what, path string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "AIDOC_TEST_CHILD="+what, "AIDOC_TEST_JOURNAL="+path)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &child{cmd: cmd, lines: bufio.NewScanner(out)}
}

// What was acknowledged is there after kill -9, and the journal opens without complaint.
func TestKillLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.db")
	for round := range 3 {
		c := start(t, "write", path)
		var said []string
		for len(said) < 200+round*37 && c.lines.Scan() {
			said = append(said, c.lines.Text())
		}
		check(t, c.cmd.Process.Kill()) // in the middle of other writes
		for c.lines.Scan() {           // said before the signal came
			if line := c.lines.Text(); strings.Count(line, " ") >= 1 {
				said = append(said, line)
			}
		}
		_ = c.cmd.Wait()
		if len(said) < 200 {
			t.Fatalf("only %d writes: %v", len(said), said)
		}
		verify(t, path, said)
	}
}

func verify(t *testing.T, path string, said []string) {
	t.Helper()
	j, err := Open(bg, path, Options{})
	check(t, err)
	defer j.Close()
	if j.setAside != nil {
		t.Fatalf("the journal was damaged: %+v", j.setAside)
	}
	items := map[string]bool{}
	all, err := j.Outbox(bg)
	check(t, err)
	for _, it := range all {
		items[it.ID] = true
		if r, ok, err := j.Job(bg, site, it.JobID); err != nil || !ok || r.State != StateReporting {
			t.Errorf("message %s without its job: %+v, %v", it.ID, r, err)
		}
	}
	pages := map[string]map[int][]byte{}
	lost := 0
	for _, line := range said[:len(said)-1] { // the last line may be cut
		f := strings.Fields(line)
		var ok bool
		switch f[0] {
		case "step":
			var c llm.Completion
			c, ok, err = j.Get(bg, f[1])
			ok = ok && c.Text == f[1]
		case "page":
			if pages[f[1]] == nil {
				pages[f[1]], err = pagesOf(j, bg, f[1], "v")
			}
			n, _ := strconv.Atoi(f[2])
			_, ok = pages[f[1]][n]
		case "item":
			ok = items[f[1]]
		default:
			t.Fatalf("the child said %q", line)
		}
		check(t, err)
		if !ok {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged writes are gone", lost, len(said))
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.db")
	c := start(t, "hold", path)
	if !c.lines.Scan() || c.lines.Text() != "open" {
		t.Fatalf("the child said %q", c.lines.Text())
	}
	_, err := Open(bg, path, Options{})
	var locked *Error
	if !errors.As(err, &locked) || !errors.Is(err, ErrLocked) || locked.PID != c.cmd.Process.Pid {
		t.Fatalf("a second process: %v", err)
	}
	if want := fmt.Sprintf("pid %d", c.cmd.Process.Pid); !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "data_dir") {
		t.Errorf("the sentence: %v", err)
	}
	r, err := OpenReadOnly(bg, path)
	check(t, err)
	check(t, r.Close())
	check(t, c.cmd.Process.Kill())
	_ = c.cmd.Wait()
	open(t, path, Options{}) // the lock died with its process
}

func TestSameProcessTwiceIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	open(t, path, Options{})
	if _, err := Open(bg, path, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkPut(b *testing.B) {
	j, err := Open(bg, filepath.Join(b.TempDir(), "j.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	text := strings.Repeat("One sentence of a summary. ", 40)
	began := time.Now()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if err := j.Put(bg, fmt.Sprint(&i, i), llm.Completion{Text: text}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "writes/s")
}
