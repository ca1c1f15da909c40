//go:build profile

package profileagent

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// rooms are the parts that samples are counted to, the first that matches a frame on the way from the root to the leaf.
var rooms = []struct{ part, frame string }{
	{"", "wpclient/wptest."}, {"", "llm/llmtest."}, {"", "net/http/httptest."}, {"", "net/http.(*conn)."}, {"", "net/http.(*Server)."}, {"", "profileagent."},
	{"garbage collection", "runtime.gcBgMarkWorker"}, {"garbage collection", "runtime.bgsweep"}, {"garbage collection", "runtime.bgscavenge"},
	{"garbage collection", "runtime.gcAssistAlloc"}, {"scheduler", "runtime.mcall"}, {"scheduler", "runtime.mstart"},
	{"journal: commits", "agent/journal.(*Journal).commitLoop"}, {"journal: reading, packing", "agent/journal."},
	{"language", "llm/internal/prose.Language"}, {"language", "llm.takenLanguages"}, {"language", "llm/internal/gate."},
	{"counting tokens", "llm/internal/tokens."}, {"counting words", "llm/internal/prose.CountWords"}, {"counting words", "llm/internal/prose.CountPages"},
	{"looking up answers", "llm/internal/grounding."}, {"cutting into chunks", "llm/internal/chunk."}, {"parsing answers", "llm.parseAnswer"},
	{"calls to the model", "llm.(*openai"}, {"summarising, rest", "llm."}, {"summarising, rest", "llm/internal/"},
	{"children: starting", "extract/internal/pool.startChild"}, {"children: starting", "os/exec."}, {"children: talking", "extract/internal/pool."},
	{"pages as Markdown and text", "extract/internal/view."}, {"store", "agent/objectstore."}, {"handover", "agent/handover."}, {"download", "agent/fetch."},
	{"talking to the site", "wpclient."}, {"HTTP, transport", "net/http."}, {"pipeline, rest", "agent/pipeline."}, {"agent, rest", "agent."},
}

// roomsByDepth says that the deepest room counts: a stage that counts tokens is counting tokens.
func roomOf(stack []string) (string, bool) {
	for _, r := range rooms[:6] { // what plays the site and the model
		if slices.ContainsFunc(stack, func(f string) bool { return strings.Contains(f, r.frame) }) {
			return "", false
		}
	}
	for _, r := range rooms[6:] {
		if slices.ContainsFunc(stack, func(f string) bool { return strings.Contains(f, r.frame) }) {
			return r.part, true
		}
	}
	return "rest of the program", true
}

// partsOf adds up a profile by part, in seconds of CPU; what plays the site and the model is under "".
func partsOf(t *testing.T, path string) map[string]float64 {
	raw, err := exec.Command("go", "tool", "pprof", "-traces", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]float64{}
	for _, block := range strings.Split(string(raw), "-----------+-------------------------------------------------------\n") {
		took, stack := sampleOf(block)
		if took == 0 {
			continue
		}
		part, _ := roomOf(stack)
		parts[part] += took.Seconds()
	}
	return parts
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

// report is what a run has shown.
type report struct {
	documents       int
	agent, children float64 // seconds of CPU; the first with what plays the site and the model
	parts           map[string]float64
}

func (r report) print(w io.Writer) {
	var b bytes.Buffer
	n := float64(r.documents)
	sampled, own := 0.0, 0.0
	for part, s := range r.parts {
		sampled += s
		if part != "" {
			own += s
		}
	}
	scale := r.agent / max(sampled, 1e-9) // the clock knows better than samples
	fmt.Fprintf(&b, "%d documents, CPU ms a document\n\n| part | ms | share |\n|---|---|---|\n", r.documents)
	names := make([]string, 0, len(r.parts))
	for part := range r.parts {
		if part != "" {
			names = append(names, part)
		}
	}
	slices.SortFunc(names, func(x, y string) int { return int(1e6 * (r.parts[y] - r.parts[x])) })
	for _, part := range names {
		fmt.Fprintf(&b, "| %s | %.1f | %.0f %% |\n", part, 1000*scale*r.parts[part]/n, 100*r.parts[part]/own)
	}
	fmt.Fprintf(&b, "| **agent** | **%.1f** | |\n| **readers** | **%.1f** | |\n| **both** | **%.1f** | |\n",
		1000*scale*own/n, 1000*r.children/n, 1000*(scale*own+r.children)/n)
	_, _ = w.Write(b.Bytes())
}
