package cli

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// What the configuration lets through, the summariser takes, and no more than it takes.
func TestProfilesAreStylesOfTheSummariser(t *testing.T) {
	profile := func(p config.Profile) error {
		cfg := config.Default()
		cfg.Summary.Profiles = []config.Profile{p}
		return styles(cfg, "https://a.example", nil)("application/pdf").Validate()
	}
	for _, length := range []string{"", "short", "normal", "long"} {
		for _, tone := range []string{"", "neutral", "plain", "formal"} {
			if err := profile(config.Profile{Length: length, Tone: tone, Instructions: strings.Repeat("x", llm.MaxInstructions)}); err != nil {
				t.Errorf("%q %q: %v", length, tone, err)
			}
		}
	}
	long := "summary.profiles=[{instructions: " + strings.Repeat("x", llm.MaxInstructions+1) + "}]"
	if _, err := config.Load(config.Source{Environ: []string{"HOME=" + t.TempDir()}, Set: []string{long}}); err == nil || !strings.Contains(err.Error(), "summary.profiles[0].instructions") {
		t.Errorf("instructions that the summariser refuses: %v", err)
	}
}
