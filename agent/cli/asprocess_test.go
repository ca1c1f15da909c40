package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
)

// asCommand in the environment makes the test binary the command line itself, for what belongs to a whole process: its environment, and
// what the kernel lets it do.
const (
	asCommand     = "AIDOC_TEST_AS_COMMAND"
	plainly       = "plainly"
	landlockedOut = "without landlock"
	seccompedOut  = "without seccomp"
)

// mostLayers is how many landlock rulesets the kernel stacks on a process. Where all are taken, landlock fails as it does on a kernel without.
const mostLayers = 16

func runAsProcess(how string) int {
	if how == landlockedOut {
		for range mostLayers {
			if err := landlock.V2.RestrictPaths(landlock.RWDirs("/").WithRefer()); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 99
			}
		}
	}
	if how == seccompedOut { // as some containers' profiles do
		if err := seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionAllow,
			Syscalls:      []seccomp.SyscallGroup{{Names: []string{"seccomp"}, Action: seccomp.ActionErrno}},
		}}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 99
		}
	}
	return Main(os.Args[1:], "1.2.3")
}

// asProcess runs one command line in a process of its own, with these variables beside the test's.
func asProcess(t *testing.T, how string, env []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Env = append(append(os.Environ(), asCommand+"="+how), env...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}
