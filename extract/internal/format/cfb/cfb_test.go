package cfb

import (
	"bytes"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

func TestCompoundFile(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 500)
	f := cfbtest.Open(t, Open, 64<<20, map[string][]byte{"One": []byte("1"), "Pool/Inner": long, "Pool/Deep/X": []byte("x")})
	if got := f.Read("one"); string(got) != "1" {
		t.Errorf("One: %q", got)
	}
	if got := f.Read("Pool/Inner"); !bytes.Equal(got, long) {
		t.Errorf("Inner: %d bytes", len(got))
	}
	sub := f.Sub("Pool")
	if sub == nil || string(sub.Read("Deep/X")) != "x" || sub.Has("One") {
		t.Error("a storage seen as a file shows the wrong streams")
	}
	if f.Sub("Nothing") != nil || f.Sub("One") != nil {
		t.Error("what is no storage was opened as one")
	}
}

func TestBudget(t *testing.T) {
	f, err := Open(cfbtest.File(map[string][]byte{"A": make([]byte, 5000), "B": make([]byte, 5000)}), 6000)
	if err != nil {
		t.Fatal(err)
	}
	if f.Read("A") == nil || f.Read("B") != nil {
		t.Error("the budget is for all streams together")
	}
}
