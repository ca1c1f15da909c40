package wpclient_test

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func TestVersionsThatUnderstandEachOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		agent, plugin string
		known, fit    bool
	}{
		{"0.1.0", "0.1.7", true, true},
		{"0.1.0-dev.9bf8d81", "0.1.0", true, true},
		{"0.2.0", "0.1.9", true, false},
		{"1.4.0", "1.0.3", true, true},
		{"1.4.0", "2.0.0", true, false},
		{"1.0.0", "0.9.0", true, false},
		{"dev", "0.1.0", false, false},
		{"0.1.0", "", false, false},
		{"0.x.0", "0.1.0", false, false},
	} {
		if known, fit := wpclient.Understand(c.agent, c.plugin); known != c.known || fit != c.fit {
			t.Errorf("agent %q, plugin %q: %v %v", c.agent, c.plugin, known, fit)
		}
	}
}
