package extract

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// A type that WordPress queues and no agent takes would wait for ever.
func TestEveryTypeThatThePluginOffersIsRead(t *testing.T) {
	src, err := os.ReadFile("../plugin-php/includes/Settings.php")
	if err != nil {
		t.Fatal(err)
	}
	offered := regexp.MustCompile(`'((?:application|text|image|message)/[\w.+-]+)'`).FindAllSubmatch(src, -1)
	if len(offered) < 30 {
		t.Fatalf("only %d types found in the plugin's settings: has the list moved?", len(offered))
	}
	for _, m := range offered {
		if !slices.Contains(mimes, string(m[1])) {
			t.Errorf("the plugin offers %s, which no agent takes", m[1])
		}
	}
}
