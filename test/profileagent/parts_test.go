package profileagent

import (
	"testing"
	"time"
)

func TestSamplesAreCountedToTheFirstRoomTheyAreIn(t *testing.T) {
	const module = "github.com/aidoc-pipeline/aidoc-agent/"
	for _, c := range []struct {
		want  string
		stack []string
	}{
		{"counting tokens", []string{"runtime.mapaccess2_faststr", module + "llm/internal/tokens.CounterFor.bpeCounter.func2", module + "llm.(*run).document", module + "agent/pipeline.(*job).summarise"}},
		{"garbage collection", []string{"runtime.gcDrain", "runtime.gcBgMarkWorker"}},
		{"summarising, rest", []string{module + "llm.(*run).document", module + "agent/pipeline.(*job).summarise", module + "agent.(*session).start.func1"}},
		{"agent, rest", []string{module + "agent/room.(*Room).Free", module + "agent.(*session).start.func1"}},
		{"start: commands, settings", []string{module + "agent/config.Load", module + "agent/cli.Main", "main.main", "runtime.main"}},
		{rest, []string{"runtime.bgworker"}},
		{rest, []string{"example.com/useragent.Parse"}},
	} {
		if got := roomOf(c.stack); got != c.want {
			t.Errorf("%v is counted to %q, not to %q", c.stack[0], got, c.want)
		}
	}
}

func TestASampleIsItsTimeAndItsFrames(t *testing.T) {
	took, stack := sampleOf("      20ms   runtime.memmove\n             bytes.(*Buffer).Write (inline)\n             main.main\n")
	if took != 20*time.Millisecond || len(stack) != 3 || stack[0] != "runtime.memmove" || stack[1] != "bytes.(*Buffer).Write" {
		t.Errorf("a sample of %v with the frames %q", took, stack)
	}
	if took, _ := sampleOf("File: aidoc-agent\nType: cpu\nDuration: 37.19s, Total samples = 9.65s (25.95%)\n"); took != 0 {
		t.Errorf("the head of the list counts as %v", took)
	}
}
