package worker

import (
	"bytes"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// The parent hears once that a page is slow, and nothing of files that are read while one is opened.
func TestSlowIsSaidOncePerPage(t *testing.T) {
	var out bytes.Buffer
	c := &child{out: &out}
	c.slow()
	if out.Len() > 0 {
		t.Fatal("a page was called slow that nobody asked for")
	}
	c.asked = &wire.Page{Seq: 4, Index: 2}
	c.slow()
	c.slow()
	f, err := wire.Read(&out, 0)
	var m wire.Slow
	if err != nil || f.Type != wire.TSlow || f.Decode(&m) != nil || m.Seq != 4 || m.Index != 2 || out.Len() > 0 {
		t.Errorf("got %q %+v %v and %d bytes more", f.Type, m, err, out.Len())
	}
}
