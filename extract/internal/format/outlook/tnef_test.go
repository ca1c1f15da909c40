package outlook

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

func tnef(records ...any) []byte {
	b := []byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}
	for i := 0; i+1 < len(records); i += 2 {
		v := records[i+1].([]byte)
		r := make([]byte, 9, 11+len(v))
		r[0] = 1
		cfbtest.Put32(r, 1, records[i].(int))
		cfbtest.Put32(r, 5, len(v))
		b = append(append(b, append(r, v...)...), 0, 0)
	}
	return b
}

func TestTNEF(t *testing.T) {
	prop := func(kind, id int, v []byte) []byte {
		b := make([]byte, 12)
		cfbtest.Put16(b, 0, kind)
		cfbtest.Put16(b, 2, id)
		cfbtest.Put32(b, 4, 1)
		cfbtest.Put32(b, 8, len(v))
		return append(append(b, v...), make([]byte, (4-len(v)%4)%4)...)
	}
	named := make([]byte, 32) // a long named by a number, then its value
	cfbtest.Put16(named, 0, 3)
	cfbtest.Put16(named, 2, 0x8001)
	props := append([]byte{3, 0, 0, 0}, named...)
	props = append(append(props, prop(0x1f, 0x0037, cfbtest.Wide("Größe"))...), prop(0x102, 0x1013, []byte("<p>body</p>"))...)
	m, ok := ReadTNEF(tnef(tnefProperties, props, tnefRendering, []byte{}, tnefTitle, []byte("a.txt\x00"), tnefData, []byte("of a file"), tnefAttachment, append([]byte{1, 0, 0, 0}, prop(0x1f, 0x3707, cfbtest.Wide("long name.txt"))...)))
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
