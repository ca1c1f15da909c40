package ole

import (
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"
)

// propertyStream writes one section with narrow strings; names of user-defined ones follow.
func propertyStream(sections ...map[int]string) []byte {
	b := make([]byte, 28+20*len(sections))
	put16(b, 0, 0xfffe)
	put32(b, 24, len(sections))
	for i, s := range sections {
		put32(b, 28+20*i+16, len(b))
		var ids []int
		for id := range 32 {
			if _, ok := s[id]; ok {
				ids = append(ids, id)
			}
		}
		sec := make([]byte, 8+8*len(ids))
		put32(sec, 4, len(ids))
		for k, id := range ids {
			put32(sec, 8+8*k, id)
			put32(sec, 12+8*k, len(sec))
			if id == pidDictionary {
				name := s[id] + "\x00"
				e := make([]byte, 12)
				put32(e, 0, 1)
				put32(e, 4, 2)
				put32(e, 8, len(name))
				sec = append(append(sec, e...), name...)
				continue
			}
			v := s[id] + "\x00"
			e := make([]byte, 8)
			put32(e, 0, 0x1e)
			put32(e, 4, len(v))
			sec = append(append(sec, e...), v...)
		}
		b = append(b, sec...)
	}
	return b
}

func TestProperties(t *testing.T) {
	f := openCompound(t, map[string][]byte{
		"\x05SummaryInformation":         propertyStream(map[int]string{2: "Jahresbericht \xfcber Wasser", 3: "Lakes", 4: "J. Doe", 5: "lake, river", 6: "draft"}),
		"\x05DocumentSummaryInformation": propertyStream(map[int]string{2: "Reports"}, map[int]string{0: "Client", 2: "ACME"}),
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
		b = le.AppendUint32(b, uint32(len(data)))
		return append(b, data...)
	}
	f := openCompound(t, map[string][]byte{
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
	f.Add(propertyStream(map[int]string{1: "\xe4\x04", 2: "a", 5: "b"}, map[int]string{0: "n", 2: "v"}))
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

// Old messages hold bytes; which code page they are in a property says, or nothing does.
func TestMessagesOfOtherCodePages(t *testing.T) {
	body, _ := traditionalchinese.Big5.NewEncoder().Bytes([]byte("這是一個中文檔案,裡面有一些句子。"))
	cyrillic, _ := charmap.Windows1251.NewEncoder().Bytes([]byte("Добрый день"))
	props := make([]byte, 48)
	put32(props, 32, 0x3fde0003)
	put32(props, 40, 1251)
	for name, c := range map[string]struct {
		streams map[string][]byte
		want    string
	}{
		"guessed": {map[string][]byte{"__substg1.0_1000001E": body}, "這是一個中文檔案,裡面有一些句子。"},
		"stated":  {map[string][]byte{"__substg1.0_1000001E": cyrillic, "__properties_version1.0": props}, "Добрый день"},
	} {
		if got := ReadMessage(openCompound(t, c.streams)).Body; got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func tnef(records ...any) []byte {
	b := []byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}
	for i := 0; i+1 < len(records); i += 2 {
		v := records[i+1].([]byte)
		r := make([]byte, 9, 11+len(v))
		r[0] = 1
		put32(r, 1, records[i].(int))
		put32(r, 5, len(v))
		b = append(append(b, append(r, v...)...), 0, 0)
	}
	return b
}

func TestTNEF(t *testing.T) {
	prop := func(kind, id int, v []byte) []byte {
		b := make([]byte, 12)
		put16(b, 0, kind)
		put16(b, 2, id)
		put32(b, 4, 1)
		put32(b, 8, len(v))
		return append(append(b, v...), make([]byte, (4-len(v)%4)%4)...)
	}
	named := make([]byte, 32) // a long named by a number, then its value
	put16(named, 0, 3)
	put16(named, 2, 0x8001)
	props := append([]byte{3, 0, 0, 0}, named...)
	props = append(append(props, prop(0x1f, 0x0037, wide("Größe"))...), prop(0x102, 0x1013, []byte("<p>body</p>"))...)
	m, ok := ReadTNEF(tnef(tnefProperties, props, tnefRendering, []byte{}, tnefTitle, []byte("a.txt\x00"), tnefData, []byte("of a file"), tnefAttachment, append([]byte{1, 0, 0, 0}, prop(0x1f, 0x3707, wide("long name.txt"))...)))
	if !ok || m.Subject != "Größe" || string(m.HTML) != "<p>body</p>" || len(m.Attachments) != 1 || m.Attachments[0].Name != "long name.txt" || string(m.Attachments[0].Data) != "of a file" {
		t.Errorf("%+v %v", m, ok)
	}
	if _, ok := ReadTNEF([]byte("other bytes")); ok {
		t.Error("other content was accepted")
	}
	many := []any{}
	for range 2 * maxTNEFFiles {
		many = append(many, tnefRendering, []byte{})
	}
	if m, _ := ReadTNEF(tnef(many...)); len(m.Attachments) != maxTNEFFiles {
		t.Errorf("%d attachments", len(m.Attachments))
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add(tnef(tnefProperties, []byte{1, 0, 0, 0, 0x1f, 0x10, 0x37, 0, 1, 0, 0, 0, 2, 0, 0, 0, 'a', 0}, tnefTitle, []byte("a")))
	f.Fuzz(func(t *testing.T, in []byte) { ReadTNEF(append([]byte{0x78, 0x9f, 0x3e, 0x22, 0, 0}, in...)) })
}
