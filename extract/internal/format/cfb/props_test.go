package cfb

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

func TestProperties(t *testing.T) {
	f := cfbtest.Open(t, Open, 64<<20, map[string][]byte{
		"\x05SummaryInformation":         cfbtest.PropertyStream(map[int]string{2: "Jahresbericht \xfcber Wasser", 3: "Lakes", 4: "J. Doe", 5: "lake, river", 6: "draft"}),
		"\x05DocumentSummaryInformation": cfbtest.PropertyStream(map[int]string{2: "Reports"}, map[int]string{0: "Client", 2: "ACME"}),
	})
	p := Properties(f)
	if p.Title != "Jahresbericht über Wasser" || p.Subject != "Lakes" || p.Author != "J. Doe" || p.Keywords != "lake, river" || p.Description != "draft" || p.Category != "Reports" {
		t.Errorf("%+v", p)
	}
	if len(p.Custom) != 1 || p.Custom[0].Name != "Client" || p.Custom[0].Value != "ACME" {
		t.Errorf("custom: %+v", p.Custom)
	}
}

func TestObjects(t *testing.T) {
	native := func(label, data string) []byte {
		b := []byte{0, 0, 0, 0, 2, 0}
		b = append(b, label+"\x00C:\\x\\"+label+"\x00\x00\x00\x03\x00\x05\x00\x00\x00temp\x00"...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
		return append(b, data...)
	}
	f := cfbtest.Open(t, Open, 64<<20, map[string][]byte{
		"ObjectPool/_1/\x01Ole10Native": native("note.txt", "inside"),
		"ObjectPool/_2/Package":         []byte("PK\x03\x04xx"),
		"ObjectPool/_3/WordDocument":    make([]byte, 600),
		"ObjectPool/_4/\x03ObjInfo":     []byte("123456"),
		"MBD01/Workbook":                make([]byte, 600),
		"WordDocument":                  make([]byte, 600),
	})
	got := map[string]string{}
	for _, o := range Objects(f) {
		v := string(o.Data)
		if want := map[string]string{"note.txt": "note.txt"}[o.Name]; o.Label != want {
			t.Errorf("label %q of %q", o.Label, o.Name)
		}
		if o.Storage != nil {
			v = "storage"
		}
		got[o.Name] = v
	}
	want := map[string]string{"note.txt": "inside", "package": "PK\x03\x04xx", "_3": "storage", "MBD01": "storage"}
	if len(got) != len(want) {
		t.Errorf("got %q", got)
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s: %q, want %q", k, got[k], v)
		}
	}
}

func FuzzProperties(f *testing.F) {
	f.Add(cfbtest.PropertyStream(map[int]string{1: "\xe4\x04", 2: "a", 5: "b"}, map[int]string{0: "n", 2: "v"}))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, s := range propertySets(in) {
			for id := range s.names() {
				s.text(id)
			}
			s.text(pidTitle)
		}
		native := append([]byte{0, 0, 0, 0, 2, 0}, in...)
		if o, ok := parseNative(native); ok && len(o.Data) > len(native) {
			t.Fatal("more data than the stream holds")
		}
	})
}

// Labels of files are in a code page that may lack their letters; newer programs write them behind the data once more.
func TestLabelsOfPackages(t *testing.T) {
	field := func(s string) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s }
	wide := func(s string) string {
		b := binary.LittleEndian.AppendUint32(nil, uint32(len(utf16.Encode([]rune(s)))))
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return string(b)
	}
	narrow := "\x02\x00" + "?????.txt\x00" + "C:\\?????.txt\x00" + "\x00\x00\x03\x00" + field("C:\\?????.txt\x00") + field("words")
	for behind, want := range map[string]string{
		wide(`C:\T\Отчёт.txt`) + wide("Отчёт.txt") + wide(`C:\Отчёт.txt`): "Отчёт.txt",
		"":                            "?????.txt",
		wide("") + "\xff\xff\xff\xff": "?????.txt",
		wide("x") + wide("\x01\x02"):  "?????.txt",
	} {
		if o, ok := parsePackage([]byte(narrow + behind)); !ok || o.Label != want || string(o.Data) != "words" {
			t.Errorf("%q: %q, want %q", behind, o.Label, want)
		}
	}
}
