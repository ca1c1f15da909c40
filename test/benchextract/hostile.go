package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// memoryLimit is extract.memory_mib's default: what a reader may take.
const memoryLimit = 1024

// fate is how reading one hostile file ended.
type fate string

const (
	fateOK      fate = "ok"
	fateRefused fate = "refused"
	fateCrash   fate = "crash"   // of the program, or of aidoc's reader twice over
	fateTimeout fate = "timeout" // the program's own, or BENCH_LIMIT
	fateMemory  fate = "over memory"
)

// fates are the columns of the table.
var fates = []fate{fateOK, fateRefused, fateCrash, fateTimeout, fateMemory}

// endured is what a tool went through on set D.
type endured struct {
	tool     string
	counts   map[fate]int
	mute     int // refusals without a sentence that says why
	largest  int64
	slowest  time.Duration
	slow     string
	cpu      time.Duration
	untaught []string // what ended in another way than ok or refused
}

// hostile reads set D: files that are damaged, encrypted, made to break readers, or none at all.
func hostile(ctx context.Context, s settings) (string, error) {
	docs, err := manifest(s.corpus, "D", s.docs)
	if err != nil {
		return "", err
	}
	if len(docs) == 0 {
		return "", fmt.Errorf("set D has no documents in %s", s.corpus)
	}
	before := bench.Load()
	list := []endured{{tool: "aidoc"}, {tool: "mutool"}, {tool: "pdftotext (PDFs alone)"}}
	for n, d := range docs {
		for i := range list {
			if err := list[i].read(ctx, s, d); err != nil {
				return "", err
			}
		}
		fmt.Fprintf(os.Stderr, "set D: %d of %d\n", n+1, len(docs))
	}
	return hostileTable(list, len(docs), before), nil
}

func (e *endured) read(ctx context.Context, s settings, d document) error {
	out := filepath.Join(s.work, "hostile")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	args := []string{"mutool", "draw", "-q", "-F", "txt", "-o", filepath.Join(out, "mutool.txt"), d.path}
	switch {
	case e.tool == "aidoc":
		args = []string{s.agent, "--data-dir", filepath.Join(s.work, "data"), "extract", "--json", "-o", out, d.path}
	case strings.HasPrefix(e.tool, "pdftotext"):
		if filepath.Ext(d.path) != ".pdf" {
			return nil
		}
		args = []string{"pdftotext", d.path, filepath.Join(out, "pdftotext.txt")}
	}
	if _, err := exec.LookPath(args[0]); err != nil {
		return nil
	}
	c, err := command(ctx, s, args)
	if err != nil {
		return err
	}
	f, told := ended(c, s.limit), true
	if e.tool == "aidoc" && f != fateTimeout {
		f, told = answered(f, filepath.Join(out, filepath.Base(d.path)+".json"))
	}
	e.add(d, c, f, told)
	return nil
}

// ended tells by the exit of a program alone.
func ended(c cost, limit time.Duration) fate {
	switch {
	case !c.failed:
		return fateOK
	case c.wall >= limit:
		return fateTimeout
	case c.signal != 0:
		return fateCrash
	}
	return fateRefused
}

// answered tells by what aidoc said. told is whether a refusal has a reason.
func answered(f fate, path string) (fate, bool) {
	defer os.Remove(path)
	raw, err := os.ReadFile(path)
	var said struct {
		Error *struct{ Code, Message string }
	}
	if err != nil || json.Unmarshal(raw, &said) != nil {
		return fateCrash, false // it has an answer for every file
	}
	if said.Error == nil {
		return f, true
	}
	switch said.Error.Code {
	case "extract_crash", "extract_internal":
		return fateCrash, true
	case "extract_timeout":
		return fateTimeout, true
	}
	return fateRefused, strings.Contains(said.Error.Message, " ")
}

func (e *endured) add(d document, c cost, f fate, told bool) {
	if c.largest>>10 > memoryLimit {
		f = fateMemory
	}
	if e.counts == nil {
		e.counts = map[fate]int{}
	}
	e.counts[f]++
	if f == fateRefused && !told {
		e.mute++
	}
	if f != fateOK && f != fateRefused {
		e.untaught = append(e.untaught, d.id)
	}
	e.largest, e.cpu = max(e.largest, c.largest), e.cpu+c.cpu
	if c.wall > e.slowest {
		e.slowest, e.slow = c.wall, d.id
	}
}

func hostileTable(list []endured, docs int, before string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Hostile files\n\nSet D: %d files that are damaged, encrypted, made to break readers, or no documents at all; load average before: %s. "+
		"Each is read by a program of its own. A crash is a program that ends by a signal, and for aidoc also a reader that dies twice, or an answer that is missing; over memory is a process of more than %d MiB. "+
		"Most of the files are no PDF, which is why others refuse more.\n\n| tool |", docs, before, memoryLimit)
	for _, f := range fates {
		fmt.Fprintf(&b, " %s |", f)
	}
	b.WriteString(" refused without a reason | MiB largest | slowest s | CPU s |\n| --- |" + strings.Repeat(" ---: |", len(fates)+4) + "\n")
	for _, e := range list {
		if len(e.counts) == 0 {
			continue // not installed
		}
		fmt.Fprintf(&b, "| %s |", e.tool)
		for _, f := range fates {
			fmt.Fprintf(&b, " %d |", e.counts[f])
		}
		mute := "–"
		if e.tool == "aidoc" {
			mute = fmt.Sprint(e.mute)
		}
		fmt.Fprintf(&b, " %s | %d | %.1f | %.1f |\n", mute, e.largest>>10, e.slowest.Seconds(), e.cpu.Seconds())
	}
	for _, e := range list {
		if len(e.untaught) > 0 {
			fmt.Fprintf(&b, "\n%s neither read nor refused: %s.\n", e.tool, strings.Join(e.untaught, ", "))
		}
	}
	if len(list) > 0 && list[0].slow != "" {
		fmt.Fprintf(&b, "\nThe slowest for %s: %s.\n", list[0].tool, list[0].slow)
	}
	return b.String()
}

// killedBy is the signal that ended a process, 0 when it exited.
func killedBy(state *os.ProcessState) syscall.Signal {
	if w, ok := state.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return w.Signal()
	}
	return 0
}
