package iwork

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

func TestIWork09(t *testing.T) {
	cells := `<sf:t sf:ct="0"><sf:ct sfa:s="Item"/></sf:t><sf:t><sf:ct sfa:s="Sum"/></sf:t><sf:t sf:ct="255"><sf:ct><sf:p>Rent</sf:p></sf:ct></sf:t><sf:n sf:v="-775.5"/>` +
		`<sf:d sf:ct="255" sf:cell-date="277862400"/><sf:f><sf:fo/><sf:r><sf:rn sf:v="7"/></sf:r></sf:f>`
	f := formattest.Container(t, map[string]string{"index.xml": `<ls:document><sf:metadata><sf:title><sf:string sfa:string="Money"/></sf:title></sf:metadata><sl:section-prototypes><sf:p>Lorem</sf:p></sl:section-prototypes>` +
		`<ls:workspace ls:workspace-name="Home"><sf:p>Paid<sf:tab/>twice<sf:ghost-text>Lorem</sf:ghost-text></sf:p><sf:tabular-model sf:name="Costs" sf:name-is-visible="true"><sf:grid><sf:datasource>` + cells + `</sf:datasource></sf:grid></sf:tabular-model></ls:workspace></ls:document>`})
	s, err := OpenIWork(f, "numbers", "", formattest.Limits)
	if got, want := formattest.Pages(t, s, err), "# Home\n\nPaid\ttwice\n\nCosts\n\nItem\tSum\nRent\t-775.5\n2009-10-22\t7"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if s.Info().Title != "Money" {
		t.Errorf("title %q", s.Info().Title)
	}
	if _, err := OpenIWork(formattest.Container(t, map[string]string{"index.xml": "\x93\x01\xff"}), "pages", "", formattest.Limits); err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("an encrypted file gave %v", err)
	}
}

// field writes one field of a protocol buffer message.
func pbBytes(num protowire.Number, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), b)
}

func pbNum(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

func pbRef(num protowire.Number, id uint64) []byte { return pbBytes(num, pbNum(1, id)) }

// archiveOf packs objects as an iWork archive: Snappy literals and a copy at the end of each chunk.
func archiveOf(objects ...[]byte) string {
	raw := slices.Concat(objects...)
	packed := protowire.AppendVarint(nil, uint64(len(raw)))
	for len(raw) > 0 {
		n := min(len(raw), 60)
		packed = append(append(packed, byte(n-1)<<2), raw[:n]...)
		raw = raw[n:]
	}
	return string(append([]byte{0, byte(len(packed)), byte(len(packed) >> 8), byte(len(packed) >> 16)}, packed...))
}

func object(id, kind uint64, data []byte) []byte {
	head := slices.Concat(pbNum(1, id), pbBytes(2, slices.Concat(pbNum(1, kind), pbNum(3, uint64(len(data))))))
	return slices.Concat(protowire.AppendVarint(nil, uint64(len(head))), head, data)
}

func iworkArchive() map[string]string {
	cell := func(kind byte, flags uint32, value []byte) []byte {
		b := make([]byte, 12)
		b[0], b[1] = 5, kind
		binary.LittleEndian.PutUint32(b[8:], flags)
		return append(b, value...)
	}
	text := cell(3, 8, binary.LittleEndian.AppendUint32(nil, 1))
	dec := make([]byte, 16)
	dec[0], dec[14], dec[15] = 125, 0x3e, 0x30 // 125 × 10^-1
	cells := slices.Concat(text, cell(2, 1, dec))
	offsets := []byte{0, 0, byte(len(text)), 0, 0xff, 0xff}
	row := slices.Concat(pbNum(1, 0), pbBytes(6, cells), pbBytes(7, offsets))
	return map[string]string{
		"Index/Document.iwa":             archiveOf(object(1, iwaStorage, pbBytes(3, []byte("First\nsecond \ufffcline"))), object(2, iwaModel, slices.Concat(pbBytes(4, slices.Concat(pbBytes(3, pbBytes(1, pbRef(2, 3))), pbRef(4, 4))), pbBytes(8, []byte("Costs"))))),
		"Index/Tables/Tile.iwa":          archiveOf(object(3, iwaTile, pbBytes(5, row))),
		"Index/Tables/DataList.iwa":      archiveOf(object(4, iwaDataList, pbBytes(3, slices.Concat(pbNum(1, 1), pbBytes(3, []byte("Rent")))))),
		"Index/MasterSlide-1.iwa":        archiveOf(object(5, iwaStorage, pbBytes(3, []byte("Title Text")))),
		"Metadata/BuildVersionHistory.x": "",
	}
}

func TestIWorkArchives(t *testing.T) {
	s, err := OpenIWork(formattest.Container(t, iworkArchive()), "pages", "", formattest.Limits)
	if got, want := formattest.Pages(t, s, err), "First\n\nsecond line\n\nCosts\n\nRent\t12.5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	locked := iworkArchive()
	locked["Index/.iwpv2"] = "x"
	if _, err := OpenIWork(formattest.Container(t, locked), "pages", "", formattest.Limits); err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("a protected file gave %v", err)
	}
}

func TestSnappyIsBounded(t *testing.T) {
	for in, want := range map[string]error{
		"\xff\xff\xff\xff\x0f\x00a": zipx.ErrBudget, "\x80\x08\x00a": errSnappy, "\x05\x00a\x01\x02": errSnappy, "\x05\x00a\x01": errSnappy, "": errSnappy,
	} {
		if _, err := unsnap([]byte(in), 1<<20); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", in, err, want)
		}
	}
	if got, err := unsnap([]byte("\x06\x04ab\x01\x02"), 100); err != nil || string(got) != "ababab" {
		t.Errorf("%q %v", got, err)
	}
}

// Many tables may name one list.
func TestWorkOnArchivesIsBounded(t *testing.T) {
	d := iwaFile{objects: map[uint64]iwaObject{1: {kind: iwaDataList, data: make([]byte, 1<<20)}}}
	n := 0
	for range 1000 {
		if d.object(1, iwaDataList) != nil {
			n++
		}
	}
	if n != maxIWAWork>>20 {
		t.Errorf("%d times", n)
	}
}

func FuzzIWork(f *testing.F) {
	a := iworkArchive()
	f.Add([]byte(a["Index/Document.iwa"]), []byte(a["Index/Tables/Tile.iwa"]))
	f.Fuzz(func(t *testing.T, doc, tile []byte) {
		left := int64(1 << 20)
		raw, _ := unpackIWA(doc, &left)
		d := iwaFile{objects: map[uint64]iwaObject{}}
		d.read("a", raw)
		d.read("b", doc)
		d.read("c", tile)
		for _, id := range d.order {
			iwaText(d.objects[id].data)
			d.table(d.objects[id].data)
		}
		_, _ = OpenIWork(zipx.Parts(map[string][]byte{"index.xml": doc}, 1<<20), "numbers", "", formattest.Limits)
	})
}
