package zipx

import (
	"strings"
	"testing"
	"testing/iotest"
)

func TestFind(t *testing.T) {
	for _, before := range []int{0, 1, 64<<10 - 3, 64 << 10, 200000} {
		s := strings.Repeat("x", before) + "mark and more"
		if got := Find(strings.NewReader(s), "mark", 8); string(got) != "mark and" {
			t.Errorf("after %d bytes: %q", before, got)
		}
	}
	if got := Find(iotest.OneByteReader(strings.NewReader("a mark")), "mark", 100); string(got) != "mark" {
		t.Errorf("byte by byte: %q", got)
	}
	if got := Find(strings.NewReader("mar"), "mark", 8); got != nil {
		t.Errorf("%q", got)
	}
}
