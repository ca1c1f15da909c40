package ppt97

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
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

// rec is a record of a drawing.
func rec(kind, inst int, container bool, body ...string) string {
	b := make([]byte, 8)
	if container {
		inst = inst<<4 | 15
	} else {
		inst <<= 4
	}
	all := strings.Join(body, "")
	cfbtest.Put16(b, 0, inst)
	cfbtest.Put16(b, 2, kind)
	cfbtest.Put32(b, 4, len(all))
	return string(b) + all
}

// box is a shape at a place, with a text or none.
func box(left, top int, text string) string {
	at := make([]byte, 16)
	cfbtest.Put32(at, 0, left)
	cfbtest.Put32(at, 4, top)
	cfbtest.Put32(at, 8, left+10)
	cfbtest.Put32(at, 12, top+10)
	out := rec(odChildAnchor, 0, false, string(at))
	if text != "" {
		out += rec(0xf00d, 0, true, rec(ptBytes, 0, false, text))
	}
	return rec(odShape, 0, true, out)
}

func TestTables(t *testing.T) {
	group := func(properties string, shapes ...string) string {
		head := rec(odShape, 0, true, rec(odMore, len(properties)/6, false, properties))
		return rec(odGroup, 0, true, head+strings.Join(shapes, ""))
	}
	table := "\x9f\x03\x01\x00\x00\x00"
	cells := []string{box(500, -5, "Paid"), box(0, -5, "Name"), box(0, 30, "Ann"), box(500, 30, "yes"), box(0, 60, "Bob"), box(500, 60, "yes\rin part"), box(0, 60, "")}
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"a table":             {group("\x01\x00\x00\x00\x00\x00"+table, cells...), []string{"Name\tPaid\nAnn\tyes\nBob\tyes in part"}},
		"a group":             {group("\x9f\x03\x00\x00\x00\x00", cells...), []string{"Paid", "Name", "Ann", "yes", "Bob", "yes\nin part"}},
		"more than says":      {rec(odGroup, 0, true, rec(odShape, 0, true, rec(odMore, 900, false, table)), box(0, 0, "a"), box(9, 0, "b")), []string{"a\tb"}},
		"a shape that drifts": {group(table, append(cells[:2:2], rec(odShape, 0, true, rec(0xf00d, 0, true, rec(ptBytes, 0, false, "loose"))))...), []string{"Name\tPaid", "loose"}},
		"a table of nothing":  {group(table), nil},
	} {
		var got []string
		for _, s := range pptTexts([]byte(c.in), 1) {
			got = append(got, strings.ReplaceAll(s, "\x1d", ""))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Cells on a diagonal are no grid of all places.
func TestTableOfScatteredCells(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		b.WriteString(box(i, i, "x"))
	}
	in := rec(odGroup, 0, true, rec(odShape, 0, true, rec(odMore, 1, false, "\x9f\x03\x01\x00\x00\x00")), b.String())
	if got := pptTexts([]byte(in), 1); len(got) != 1 || len(got[0]) > 1<<20 {
		t.Errorf("%d texts, %d bytes", len(got), len(got[0]))
	}
}
