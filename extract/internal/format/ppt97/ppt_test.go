package ppt97

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

func TestPresentation(t *testing.T) {
	inner := cfbtest.File(cfbtest.WordFile(cfbtest.WordPara{Text: "embedded"}))
	f := cfbtest.Open(t, cfb.Open, 64<<20, cfbtest.Presentation(cfbtest.Deflated(inner)))
	slides, err := PowerPoint(f)
	if err != nil || len(slides) != 1 || slides[0] != "The slide\n\nConfidential" {
		t.Errorf("%q %v", slides, err)
	}
	packed := cfbtest.Deflated(inner)
	for name, b := range map[string][]byte{"whole": packed, "with a wrong checksum": append(packed[:len(packed)-1:len(packed)-1], packed[len(packed)-1]+1)} {
		if o := cfb.Objects(cfbtest.Open(t, cfb.Open, 64<<20, cfbtest.Presentation(b)), Objects(cfbtest.Open(t, cfb.Open, 64<<20, cfbtest.Presentation(b)))...); len(o) != 1 || !bytes.Equal(o[0].Data, inner) {
			t.Errorf("%s: %d objects", name, len(o))
		}
	}
}

func TestEqualTextsOfASlideStay(t *testing.T) {
	got := merge([]string{"Title", "Same", "Same"}, []string{"Title ", "True", "False", "True", "Same", "Same", " ", "*", "Same"})
	want := []string{"Title", "Same", "Same", "True", "False", "True", "Same"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPackedObjectsAreBounded(t *testing.T) {
	f := cfbtest.Open(t, cfb.Open, 1<<20, cfbtest.Presentation(cfbtest.Deflated(make([]byte, 4<<20))))
	if o := cfb.Objects(f, Objects(f)...); len(o) != 0 {
		t.Errorf("%d objects", len(o))
	}
}

// The texts of a file without a directory are millions at worst: each is told once, and nothing is kept of those that come again.
func TestTextsWithoutADirectory(t *testing.T) {
	rec := func(s string) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte{0, 0, 0xa8, 0x0f}, uint32(len(s))), s...)
	}
	var doc []byte
	for _, s := range []string{"first\r", "*", "second", " first", "", "third\vline"} {
		doc = append(doc, rec(s)...)
	}
	if got := pptFlat(doc); !slices.Equal(got, []string{"first\n\nsecond\n\nthird\nline"}) {
		t.Errorf("%q", got)
	}
	again := bytes.Repeat(rec("again"), 50_000)
	if n := testing.AllocsPerRun(1, func() { pptFlat(again) }); n > 50_000+100 {
		t.Errorf("%.0f allocations for 50,000 texts", n)
	}
}
