package config

import (
	"slices"
	"testing"
)

// A site's own word counts before that of extract.vision; off is none, and the models are made for whoever names them.
func TestWhoReadsPagesOfASite(t *testing.T) {
	c := Default()
	c.Models = []Model{{Name: "seer"}, {Name: "other"}}
	c.Sites = []Site{{}, {Vision: VisionOff}, {Vision: "other"}, {Vision: VisionSummary, Model: "other"}}
	for general, want := range map[string][]string{"": {"-", "-", "other", ""}, "seer": {"seer", "-", "other", ""}, VisionSummary: {"", "-", "other", ""}} {
		c.Extract.Vision.Model = general
		for i, s := range c.Sites {
			got, on := c.VisionOf(s)
			if !on {
				got = "-"
			}
			if got != want[i] {
				t.Errorf("extract.vision.model %q, site %d: %q, want %q", general, i, got, want[i])
			}
		}
	}
	c.Extract.Vision.Model = "seer"
	if got := c.ModelsInUse(); !slices.Equal(got, []string{"", "other", "seer"}) {
		t.Errorf("in use %q", got)
	}
	if got := c.VisionModels(); !slices.Equal(got, []string{"seer", "other", ""}) {
		t.Errorf("for pages %q", got)
	}
}
