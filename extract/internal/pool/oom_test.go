package pool

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestTheKernelEndsAReaderBeforeTheAgent(t *testing.T) {
	t.Parallel()
	p, err := New(Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.mu.Lock()
	children := slices.Collect(maps.Keys(p.live))
	p.mu.Unlock()
	for _, k := range children {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/oom_score_adj", k.cmd.Process.Pid))
		if err != nil || strings.TrimSpace(string(raw)) != "900" {
			t.Errorf("oom_score_adj %q, %v", raw, err)
		}
	}
	if len(children) == 0 {
		t.Fatal("no child runs")
	}
}
