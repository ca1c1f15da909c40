package pool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// readersProgram builds the readers' own program, with the number of the test's, which is mostly none.
func readersProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), wire.Program)
	if out, err := exec.Command("go", "build", "-tags", "nodynamic", "-buildvcs=false", "-ldflags", "-X github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire.build="+wire.Build(), "-o", path, "../../reader").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// The readers' own program does what this one does: it reads the same, in the same confinement.
func TestReadersOwnProgram(t *testing.T) {
	t.Parallel()
	alone := readersProgram(t)
	type reading struct {
		version, text string
		layers        any
		attempts      map[string]string
	}
	read := func(reader string) (r reading) {
		p, err := New(Config{Workers: 1, WorkDir: t.TempDir(), Reader: reader})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		path, why := p.Reader()
		if reader != "" && (path != reader || why != "") {
			t.Errorf("children are started as %s, because %s", path, why)
		}
		if comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", onlyChild(t, p).cmd.Process.Pid)); err != nil || !strings.HasPrefix(filepath.Base(path), strings.TrimSpace(string(comm))) {
			t.Errorf("a child of %q is called %q, %v", path, comm, err)
		}
		var text strings.Builder
		for _, file := range []string{"paper.pdf", "report.docx", "scan.pdf"} {
			if _, err := p.Extract(context.Background(), filepath.Join("../../../test/documents", file), Options{OnPage: func(pg doc.Page) error { text.WriteString(pg.Text); return nil }}); err != nil {
				t.Fatal(err)
			}
		}
		r.version, r.text, r.layers = p.Version(), text.String(), p.Sandbox()
		if r.attempts, err = p.Probe(context.Background()); err != nil {
			t.Fatal(err)
		}
		return r
	}
	own, other := read(""), read(alone)
	if want := os.Getenv("AIDOC_TEST_READER"); want != "" { // scripts/test-readers.sh put it beside
		p, err := New(Config{Workers: 1, WorkDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if path, why := p.Reader(); path != want || why != "" {
			t.Errorf("children are started as %s, because %q; want %s", path, why, want)
		}
	}
	if own.version != other.version || own.text != other.text || len(own.text) < 1000 {
		t.Errorf("%s and %s: %d and %d bytes of text", own.version, other.version, len(own.text), len(other.text))
	}
	if own.layers != other.layers {
		t.Errorf("confined by %+v, and by %+v", own.layers, other.layers)
	}
	if len(own.attempts) != len(other.attempts) {
		t.Errorf("%d and %d escape attempts", len(own.attempts), len(other.attempts))
	}
	for attempt, why := range own.attempts {
		if got, tried := other.attempts[attempt]; !tried || (got == "") != (why == "") {
			t.Errorf("%s: %q, and %q", attempt, why, got)
		}
	}
}

// writeProgram writes a program by another process: a child that another test of this one starts meanwhile would hold it open for writing,
// and what is written cannot be started.
func writeProgram(path, content string) error {
	install := exec.Command("install", "-m", "755", "/dev/stdin", path)
	install.Stdin = strings.NewReader(content)
	if out, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// A program beside the agent that is not its reader is told apart, once, and nothing is lost by it; another in its place is tried.
func TestAProgramThatIsNotTheReader(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file func(path string) error
		says string
	}{
		"missing":          {func(string) error { return nil }, "is missing: copy it"},
		"of another build": {func(path string) error { return os.Symlink(os.Args[0], path) }, "install both from one release and restart the agent"},
		"no program":       {func(path string) error { return writeProgram(path, "\x7fELF") }, "exec format error"},
		"ends at once":     {func(path string) error { return os.Symlink("/bin/true", path) }, "ended"},
		"something else":   {func(path string) error { return os.Symlink("/bin/echo", path) }, "protocol"},
		"not executable":   {func(path string) error { return os.WriteFile(path, nil, 0o600) }, "permission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			reader := filepath.Join(t.TempDir(), wire.Program)
			if err := c.file(reader); err != nil {
				t.Fatal(err)
			}
			mark := ""
			p, err := badPool(t, "another's reader", func(cfg *Config) {
				cfg.Reader, cfg.Workers, cfg.RecyclePages, cfg.Logger = reader, 1, 1, slog.New(slog.NewTextHandler(&log, nil)) // each document gets a child of its own
				mark = strings.TrimPrefix(cfg.Env[1], "AIDOC_TEST_MARK=")
			})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if info, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{}); err != nil || info.Pages != 3 {
					t.Fatalf("%+v %v", info, err)
				}
			}
			path, why := p.Reader()
			if path == reader || !strings.Contains(why, c.says) || strings.Count(log.String(), "level=WARN") != 1 || !strings.Contains(log.String(), "reason=") {
				t.Errorf("%s, %q, want %q once in\n%s", path, why, c.says, log.String())
			}
			if err := os.WriteFile(filepath.Join(mark, "fits"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(reader)
			if err := os.Symlink(os.Args[0], reader); err != nil {
				t.Fatal(err)
			}
			if _, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{}); err != nil {
				t.Fatal(err)
			}
			if path, why := p.Reader(); path != reader || why != "" {
				t.Errorf("a reader that fits is not used: %s, %q", path, why)
			}
		})
	}
}

// An agent whose program was taken away or replaced while it runs starts its children all the same, as what it runs itself.
func TestAnAgentWhoseProgramWasReplacedReads(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "agent")
	// As in writeProgram, not by this process.
	if out, err := exec.Command("cp", os.Args[0], program).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	agent := exec.Command(program)
	agent.Env = append(os.Environ(), "AIDOC_TEST_REPLACED="+t.TempDir())
	if out, err := agent.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// beReplaced is that agent.
func beReplaced(dir string) int {
	err := os.Remove(os.Args[0])
	if err == nil {
		err = os.WriteFile(os.Args[0], []byte("#!/bin/sh\nexit 1\n"), 0o700)
	}
	var p *Pool
	if err == nil {
		p, err = New(Config{Workers: 1, WorkDir: dir})
	}
	if err == nil {
		_, err = p.Extract(context.Background(), "../../../test/documents/report.docx", Options{})
		_ = p.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func TestWhoCouldReplaceTheReader(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("giving files to others takes root")
	}
	for name, c := range map[string]struct {
		change func(folder, file string) error
		agent  int // owner of the agent's program
		others bool
	}{
		"nobody":                        {func(string, string) error { return nil }, 0, false},
		"others, by its rights":         {func(_, file string) error { return os.Chmod(file, 0o757) }, 0, true},
		"others, by its folder":         {func(folder, _ string) error { return os.Chmod(folder, 0o777) }, 0, true},
		"others, in a folder like /tmp": {func(folder, _ string) error { return os.Chmod(folder, 0o777|os.ModeSticky) }, 0, true},
		"others, by a folder above":     {func(folder, _ string) error { return os.Chmod(filepath.Dir(folder), 0o777) }, 0, true},
		"nobody, below one like /tmp":   {func(folder, _ string) error { return os.Chmod(filepath.Dir(folder), 0o777|os.ModeSticky) }, 0, false},
		"a group":                       {func(folder, _ string) error { return errors.Join(os.Chown(folder, 0, 50), os.Chmod(folder, 0o775)) }, 0, true},
		"the group of root":             {func(folder, _ string) error { return os.Chmod(folder, 0o775) }, 0, false},
		"its owner":                     {func(_, file string) error { return os.Chown(file, 1234, 0) }, 0, true},
		"the owner of its folder":       {func(folder, _ string) error { return os.Chown(folder, 1234, 0) }, 0, true},
		"the owner of the agent": {func(folder, file string) error {
			return errors.Join(os.Chown(folder, 1234, 0), os.Chown(file, 1234, 0))
		}, 1234, false},
		"a group of the agent's owner's": {func(folder, _ string) error {
			return errors.Join(os.Chown(folder, 1234, 1234), os.Chmod(folder, 0o775))
		}, 1234, false},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "bin")
			agent, file := filepath.Join(folder, "aidoc-agent"), filepath.Join(folder, wire.Program)
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, f := range []string{agent, file} {
				if err := os.WriteFile(f, nil, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(os.Chown(agent, c.agent, 0), c.change(folder, file)); err != nil {
				t.Fatal(err)
			}
			p := programs{name: agent, reader: file, log: slog.New(slog.DiscardHandler)}
			run := p.choose()
			if err := replaceable(file, agent); (err != nil) != c.others || (run.path == file) == c.others || (p.why != "") != c.others {
				t.Errorf("%v; started is %s, %q", err, run.path, p.why)
			}
		})
	}
}

// Beside the agent is where its program is, not a link to it; and a link is no reader.
func TestALinkIsNoReader(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), wire.Program)
	if err := os.Symlink(os.Args[0], file); err != nil {
		t.Fatal(err)
	}
	p := programs{name: os.Args[0], reader: file, log: slog.New(slog.DiscardHandler)}
	if run := p.choose(); run.path != self || !strings.Contains(p.why, "is no program") {
		t.Errorf("started is %s, %q", run.path, p.why)
	}
}
