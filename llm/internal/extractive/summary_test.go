package extractive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func TestExtractSummaryKeepsToItsLength(t *testing.T) {
	report := strings.Join(llmtest.ReportPages(10), "")
	for _, words := range []int{40, 100, 250} {
		if n := prose.CountWords(Extract(report, words)); n < words*7/10 || n > words*13/10 {
			t.Errorf("asked for %d words, got %d", words, n)
		}
	}
}

func TestDialogueDropsFillers(t *testing.T) {
	var b strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, "Speaker A: Uh , we should um replace the the water pumps of station %d before winter , you know , because the pumps leak .\nSpeaker B: Yeah .\n", i)
	}
	s := Extract(b.String(), 40)
	if s == "" || strings.Contains(s, "um ") || strings.Contains(s, "the the") || strings.Contains(s, " ,") || strings.Contains(s, "Speaker A") {
		t.Errorf("got %q", s)
	}
}
