//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// installed puts the programs of the build into a folder and tells the number that both have.
func installed(t *testing.T, folder string) (number string) {
	t.Helper()
	for _, name := range []string{"aidoc-agent", "aidoc-reader"} {
		put(t, filepath.Join(folder, name), readFile(t, filepath.Join(filepath.Dir(binary(t)), name)))
	}
	said := (&Agent{Dir: t.TempDir(), Binary: filepath.Join(folder, "aidoc-agent")}).Do(t, "version").Stdout
	found := regexp.MustCompile(`(?m)^Build (\S+);`).FindStringSubmatch(said)
	if found == nil {
		t.Fatalf("the agent names no build: %s", said)
	}
	return found[1]
}

// put replaces a program as an upgrade does, whoever runs it.
func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// readers are the agent's children: by number the program that each runs and was started as.
func readers(t *testing.T, r *Running) map[int]string {
	t.Helper()
	found := map[int]string{}
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", r.cmd.Process.Pid))
	for _, list := range lists {
		pids, _ := os.ReadFile(list)
		for _, field := range strings.Fields(string(pids)) {
			pid, _ := strconv.Atoi(field)
			runs, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
			args, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if err == nil {
				found[pid] = runs + " as " + string(args[:max(0, bytes.IndexByte(args, 0))])
			}
		}
	}
	if len(lists) == 0 {
		t.Fatal("the kernel does not list the agent's children")
	}
	return found
}

// withoutReaders ends the agent's children, so that the next document is read by a new one.
func withoutReaders(t *testing.T, r *Running) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		left := readers(t, r)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			return // killed, and reaped when the agent looks at them
		}
		for pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// An upgrade under a running agent: its readers' program is of another build then and is not used, nor is the agent's new one; documents are read all
// the same, and the log says to restart. What is put back is used again.
func TestProgramsReplacedUnderARunningAgent(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	folder := t.TempDir()
	number := installed(t, folder)
	program, reader := filepath.Join(folder, "aidoc-agent"), filepath.Join(folder, "aidoc-reader")
	a := joined(t, s, "upgraded", "AIDOC_EXTRACT_WORKERS=1")
	a.Binary = program
	r := a.Run(t)
	read := func(name string, data []byte) map[int]string {
		t.Helper()
		id := s.Upload(t, name, data)
		if item := s.AwaitRest(t, 2*time.Minute, id)[id]; item.State != "done" {
			t.Fatalf("%s is %s: %s", name, item.State, item.Detail)
		}
		return readers(t, r)
	}
	startedAs := func(running map[int]string, want string) {
		t.Helper()
		found := false
		for _, got := range running {
			found = found || got == want
		}
		if !found {
			t.Errorf("readers are %v, want one that runs %s", running, want)
		}
	}
	startedAs(read("first.txt", []byte("The council met on Monday and agreed to repair the old bridge. The repair costs two million.")), reader+" as "+reader)

	fits := readFile(t, reader)
	other := number[:len(number)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(number, "0")]
	put(t, reader, bytes.ReplaceAll(fits, []byte(number), []byte(other)))
	put(t, program, []byte("#!/bin/sh\nexit 1\n"))
	withoutReaders(t, r)
	startedAs(read("second.txt", []byte("The council met on Tuesday and agreed to close the northern road for six months.")), program+" (deleted) as "+program)
	for _, said := range []string{"of another build", "restart the agent", number, other} {
		if !strings.Contains(r.log.Tail(1<<20), said) {
			t.Errorf("the log does not say %q", said)
		}
	}

	put(t, reader, fits)
	withoutReaders(t, r)
	startedAs(read("third.txt", []byte("The council met on Wednesday and opened the southern road before winter came.")), reader+" as "+reader)
	r.Signal(t, syscall.SIGTERM)
	if code := r.Wait(t, time.Minute); code != exitOK {
		t.Errorf("the agent ended with %d", code)
	}
}
