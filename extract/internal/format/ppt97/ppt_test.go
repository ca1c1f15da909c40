package ppt97

import (
	"bytes"
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
