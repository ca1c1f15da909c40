package flow

import (
	"strings"
	"testing"
)

func TestFoldEmptyLines(t *testing.T) {
	if got := FoldEmptyLines("\n \na \n\n \n\nb\nc\n\n", strings.TrimSpace); got != "a\n\nb\nc" {
		t.Errorf("got %q", got)
	}
}
