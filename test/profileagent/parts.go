// Package profileagent tells by part what the agent spends its processor time on, from profiles of the real agent (test/profileagent/agent)
// in the runs that test/benchpipeline measures.
package profileagent

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Files that a profiled agent leaves in its home folder.
const (
	ProfileName = "cpu.pprof"
	ClockName   = "cpu.json"
)

// Clock is processor time of the process by the kernel's account, in seconds: up to its main function, and in all.
type Clock struct{ Start, Whole float64 }

// Names of parts that are no room's.
const (
	runtimeStart = "start: Go runtime, packages"
	rest         = "rest of the program"
)

// rooms are the parts that samples are counted to: the first of the list that matches any frame of a sample.
var rooms = []struct{ part, frame string }{
	{"garbage collection", "runtime.gcBgMarkWorker"}, {"garbage collection", "runtime.bgsweep"}, {"garbage collection", "runtime.bgscavenge"},
	{"garbage collection", "runtime.gcAssistAlloc"}, {"scheduler", "runtime.mcall"}, {"scheduler", "runtime.mstart"},
	{"resident pages", "internal/resident."},
	{"journal: commits", "agent/journal.(*Journal).commitLoop"}, {"journal: opening", "agent/journal.Open"}, {"journal: reading, packing", "agent/journal."},
	{"handover", "agent/handover."}, {"store", "agent/objectstore."}, // before what calls them: paid steps are kept while a document is summarised
	{"language", "llm/internal/prose.Language"}, {"language", "llm.takenLanguages"}, {"gate", "llm/internal/gate."},
	{"counting tokens", "llm/internal/tokens."}, {"counting words", "llm/internal/prose.CountWords"}, {"counting words", "llm/internal/prose.CountPages"},
	{"looking up answers", "llm/internal/grounding."}, {"cutting into chunks", "llm/internal/chunk."}, {"parsing answers", "llm.parseAnswer"},
	{"redaction", "llm/internal/redact."}, {"passages", "llm/internal/selection."}, {"extractive", "llm/internal/extractive."},
	{"calls to the model", "llm.(*openai"}, {"calls to the model", "llm/internal/wire."}, {"summarising, rest", "llm."}, {"summarising, rest", "llm/internal/"},
	{"children: starting", "extract/internal/pool.startChild"}, {"children: starting", "os/exec."}, {"children: starting", "os.StartProcess"},
	{"children: talking", "extract/internal/pool."},
	{"pages as Markdown and text", "extract/internal/view."}, {"shared text", "agent/sharedtext."},
	{"download", "agent/fetch."}, {"talking to the site", "wpclient."}, {"HTTP, transport", "net/http."}, {"pipeline, rest", "agent/pipeline."},
	{"agent, rest", "agent."}, {"agent, rest", "agent/"}, {"start: commands, settings", "runtime.main"},
}

func roomOf(stack []string) string {
	for _, r := range rooms {
		if r.part == "agent, rest" && r.frame == "agent/" && slices.ContainsFunc(stack, func(f string) bool { return f == "runtime.main" }) {
			continue // the command line is a part of the agent's folder
		}
		if slices.ContainsFunc(stack, func(f string) bool { return holds(f, r.frame) }) {
			return r.part
		}
	}
	return rest
}

// holds says whether a function is of a room: "agent." is not the end of another folder's name.
func holds(function, frame string) bool {
	at := strings.Index(function, frame)
	return at == 0 || at > 0 && (function[at-1] == '/' || function[at-1] == '*')
}

// Parts adds up what the agents in these folders used, in seconds of processor time by part. The kernel's account is the measure; samples
// say how it is shared out.
func Parts(folders ...string) (map[string]float64, error) {
	parts := map[string]float64{}
	for _, dir := range folders {
		raw, err := os.ReadFile(filepath.Join(dir, ClockName))
		if err != nil {
			return nil, fmt.Errorf("%w: the agent has to be the one of test/profileagent/agent", err)
		}
		var clock Clock
		if err := json.Unmarshal(raw, &clock); err != nil {
			return nil, err
		}
		samples, err := samplesOf(filepath.Join(dir, ProfileName))
		if err != nil {
			return nil, err
		}
		sampled := 0.0
		for _, s := range samples {
			sampled += s
		}
		parts[runtimeStart] += clock.Start
		for part, s := range samples {
			parts[part] += s * (clock.Whole - clock.Start) / sampled
		}
	}
	return parts, nil
}

func samplesOf(path string) (map[string]float64, error) {
	raw, err := exec.Command("go", "tool", "pprof", "-traces", path).Output()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	parts := map[string]float64{}
	for block := range strings.SplitSeq(string(raw), "-----------+-------------------------------------------------------\n") {
		if took, stack := sampleOf(block); took > 0 {
			parts[roomOf(stack)] += took.Seconds()
		}
	}
	return parts, nil
}

// sampleOf reads one sample of `pprof -traces`: its time before the leaf, then a frame a line.
func sampleOf(block string) (took time.Duration, stack []string) {
	s := bufio.NewScanner(strings.NewReader(block))
	for s.Scan() {
		f := strings.Fields(s.Text())
		if len(f) > 1 && took == 0 {
			if d, err := time.ParseDuration(f[0]); err == nil {
				took, f = d, f[1:]
			}
		}
		if took > 0 && len(f) > 0 {
			stack = append(stack, f[0])
		}
	}
	return took, stack
}
