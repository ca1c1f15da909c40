package pool

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// withoutLayer makes this process like one on a kernel without a sandbox layer: the calls that set it up fail.
func withoutLayer(layer string) error {
	calls := map[string][]string{"landlock": {"landlock_create_ruleset"}, "seccomp": {"seccomp"}, "limits": {"prlimit64", "setrlimit"}}[layer]
	return seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
		DefaultAction: seccomp.ActionAllow,
		Syscalls:      []seccomp.SyscallGroup{{Names: calls, Action: seccomp.ActionErrno}},
	}})
}

func TestMissingSandboxLayerOfARealChild(t *testing.T) {
	probe, err := New(Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	whole := probe.Sandbox().Complete()
	_ = probe.Close()
	if !whole {
		t.Skip("this kernel lacks a sandbox layer by itself")
	}
	for layer, open := range map[string]string{"landlock": "read a file outside", "seccomp": "open a UDP socket", "limits": "write a large file"} {
		t.Run(layer, func(t *testing.T) {
			t.Parallel()
			c := Config{Reader: os.Args[0], Workers: 1, WorkDir: t.TempDir(), Env: []string{"AIDOC_TEST_LACK=" + layer}}
			c.Sandbox = SandboxRequire
			p, err := New(c)
			if err == nil {
				_ = p.Close()
				t.Fatal("a sandbox that is required was not, and the pool started")
			}
			if !strings.Contains(err.Error(), layer+": ") || strings.Contains(err.Error(), layer+": ok") {
				t.Errorf("%v, want the layer named", err)
			}
			c.Sandbox = SandboxAuto
			if p, err = New(c); err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			s := p.Sandbox()
			missing := map[string]string{"landlock": s.Landlock, "seccomp": s.Seccomp, "limits": s.Limits}
			for w, why := range missing {
				if (why != "") != (w == layer) {
					t.Errorf("%s: %q", w, why)
				}
			}
			attempts, err := p.Probe(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if why, tried := attempts[open]; !tried || why != "" {
				t.Errorf("without %s the child could not %s: %q; the probe proves nothing", layer, open, why)
			}
		})
	}
}

// A probe that cannot succeed proves nothing: without any layer nearly every escape attempt must succeed.
func TestProbeWithoutSandbox(t *testing.T) {
	t.Parallel()
	p, err := New(Config{Workers: 1, WorkDir: t.TempDir(), Sandbox: SandboxOff})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	attempts, err := p.Probe(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	// Some need privileges or features that a container or a kernel may not give.
	if attempts[betweenRequests] != "stopped" {
		t.Errorf("it %s: %q", betweenRequests, attempts[betweenRequests])
	}
	mayFail := []string{betweenRequests, "open many files", "keep files of the agent", "open a file by its handle", "use the rights of root", "find the parent's files", "read the parent's variables", "open the parent's memory",
		"make a file without a name", "set up io_uring", "make a namespace", "mount", "open a netlink socket", "watch performance events", "handle page faults", "load a BPF program", "use the kernel's keys",
		"read the parent's memory", "write the parent's memory", "start a process with clone3"}
	for attempt, why := range attempts {
		if why != "" && !slices.Contains(mayFail, attempt) {
			t.Errorf("%s: refused without a sandbox: %s", attempt, why)
		}
	}
}

// What the agent was started with, by a shell or a service manager, is not for its children.
func TestChildrenInheritNothing(t *testing.T) {
	for name, open := range map[string]func() (int, error){
		"a folder": func() (int, error) { return unix.Open(t.TempDir(), unix.O_RDONLY, 0) },
		"a socket": func() (int, error) { return unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0) },
	} {
		old := newPool(t)
		fd, err := open()
		if err != nil {
			t.Fatal(err)
		}
		_ = inheritedFiles(t, old) // ends the child that was there before
		if inheritedFiles(t, old) != "" {
			t.Errorf("%s that was opened behind the agent's back was not noticed: the probe proves nothing", name)
		}
		if inheritedFiles(t, newPool(t)) == "" {
			t.Errorf("%s that the agent was started with is open in its child", name)
		}
		_ = unix.Close(fd)
	}
}

func newPool(t *testing.T) *Pool {
	t.Helper()
	p, err := New(Config{Workers: 1, WorkDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// inheritedFiles says why a child has no files of the agent; "" when it has.
func inheritedFiles(t *testing.T, p *Pool) string {
	t.Helper()
	attempts, err := p.Probe(context.Background())
	why, tried := attempts["keep files of the agent"]
	if err != nil || !tried {
		t.Fatalf("not tried: %v", err)
	}
	return why
}
