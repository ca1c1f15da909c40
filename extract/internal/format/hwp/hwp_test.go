package hwp

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// rec writes a record.
func rec(tag, level int, data ...[]byte) []byte {
	all := bytes.Join(data, nil)
	size := min(len(all), 0xfff)
	b := binary.LittleEndian.AppendUint32(nil, uint32(tag|level<<10|size<<20))
	if size == 0xfff {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(all)))
	}
	return append(b, all...)
}

func u16(v ...int) []byte {
	var b []byte
	for _, n := range v {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	return b
}

func u32(v ...int) []byte {
	var b []byte
	for _, n := range v {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

func counted(s string) []byte { return append(u16(len(cfbtest.Wide(s))/2), cfbtest.Wide(s)...) }

// id is the name of a control as files have it.
func id(s string) []byte { return []byte{s[3], s[2], s[1], s[0]} }

// at is the place of a control in a paragraph's text.
func at(char int, name string) []byte {
	return bytes.Join([][]byte{u16(char), id(name), make([]byte, 8), u16(char)}, nil)
}

// para writes a paragraph at a level; shape and breaks are what its header says.
func para(level, shape, breaks int, text ...[]byte) []byte {
	head := make([]byte, 22)
	cfbtest.Put16(head, 8, shape)
	head[11] = byte(breaks)
	return append(rec(tagParaHeader, level, head), rec(tagParaText, level+1, append(text, u16(13))...)...)
}

func list(level int, more ...[]byte) []byte {
	return rec(tagList, level, append([][]byte{u16(1, 0), u32(0)}, more...)...)
}

func cell(level, column, row int, text string) []byte {
	return append(list(level, u16(column, row, 1, 1)), para(level, 0, 0, cfbtest.Wide(text))...)
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, 6)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func header(version, flags int) []byte {
	b := make([]byte, 256)
	copy(b, signature)
	cfbtest.Put32(b, 32, version)
	cfbtest.Put32(b, 36, flags)
	return b
}

const version5 = 5<<24 | 1<<8

// info has a numbering of two levels, shapes of an outline, a list and bullets, and one picture.
func info() []byte {
	number := func(format int, mark string) []byte {
		return bytes.Join([][]byte{u32(format << 5), u16(0, 0), u32(0), counted(mark)}, nil)
	}
	numbering := number(0, "^1.") // 1.
	numbering = append(numbering, number(8, "^2)")...)
	for range 5 {
		numbering = append(numbering, number(0, "^n")...)
	}
	numbering = append(numbering, u16(0)...)
	numbering = append(numbering, u32(3, 1, 1, 1, 1, 1, 1)...)
	shape := func(head, level, list int) []byte {
		b := make([]byte, 42)
		cfbtest.Put32(b, 0, head<<23|level<<25)
		cfbtest.Put16(b, 30, list)
		return rec(tagParaShape, 1, b)
	}
	return bytes.Join([][]byte{
		rec(tagBinData, 1, u16(binEmbedded, 1), counted("png")),
		rec(tagBinData, 1, u16(binObject, 2), counted("OLE")),
		rec(tagNumbering, 1, numbering),
		shape(0, 0, 0), shape(headNumber, 0, 1), shape(headNumber, 1, 1), shape(headNumber, 2, 1), shape(headBullet, 0, 1), shape(headOutline, 0, 0),
	}, nil)
}

// body is a section with everything that is read.
func body() []byte {
	wide := cfbtest.Wide
	ctrl := func(level int, name string, data ...[]byte) []byte {
		return rec(tagCtrl, level, append([][]byte{id(name)}, data...)...)
	}
	story := func(level int, text string) []byte {
		return append(list(level+1), para(level+1, 0, 0, wide(text))...)
	}
	picture := make([]byte, 73)
	cfbtest.Put16(picture, 71, 1)
	return bytes.Join([][]byte{
		para(0, 0, 0, at(2, "secd"), at(16, "head"), wide("다리 공사")),
		ctrl(1, "secd", u32(0), u16(0, 0, 0), u32(0), u16(1)),
		ctrl(1, "head", u32(0)), story(1, "Council"),
		para(0, 0, 0, wide("The bridge"), at(17, "fn  "), wide(" is old;"), u16(9, 0, 0, 0, 0, 0, 0, 9), wide("see"), u16(10), wide("below"), u16(24), wide("x"), u16(30), at(11, "eqed"), wide("end.")),
		ctrl(1, "fn  ", u32(1)), append(list(2), append(para(2, 0, 0, at(18, "atno"), wide("built in 1931")), ctrl(3, "atno", u32(1), u16(1, 0, 0, ')'))...)...),
		ctrl(1, "eqed", u32(0)), rec(tagEquation, 2, u32(0), counted("a over b")),
		para(0, 1, 0, wide("repair")), para(0, 2, 0, wide("pay")), para(0, 3, 0, wide("path")), para(0, 1, 0, wide("open")), para(0, 4, 0, wide("bullet")), para(0, 5, 0, wide("outline")),
		para(0, 0, 4, wide("Costs"), at(11, "tbl ")),
		ctrl(1, "tbl ", u32(0)), list(2), para(2, 0, 0, wide("표 "), at(18, "atno")), ctrl(3, "atno", u32(4), u16(7, 0, 0, '.')),
		rec(tagTable, 2, u32(0), u16(3, 2)), cell(2, 0, 0, "Bridge"), cell(2, 1, 0, "40000"), cell(2, 0, 1, "Paint"), cell(2, 1, 1, "9000"), cell(2, 1, 2, "merged"),
		para(0, 0, 0, at(11, "gso "), at(23, "tdut"), at(23, "tcps"), at(15, "tcmt"), at(16, "foot")),
		ctrl(1, "gso "), rec(0x4c, 2, make([]byte, 4)), list(3), para(3, 0, 0, wide("in a box")), rec(tagPicture, 3, picture),
		ctrl(1, "tdut", counted("漢字"), counted("한자")), ctrl(1, "tcps", counted("①")),
		ctrl(1, "tcmt"), story(1, "check this"), ctrl(1, "foot", u32(0)), story(1, "page foot"),
		para(0, 0, 0, at(11, "gso ")),
		ctrl(1, "gso "), rec(tagTextArt, 3, make([]byte, 32), counted("Word art")),
	}, nil)
}

func document(flags int, sections ...[]byte) map[string][]byte {
	pack := func(b []byte) []byte {
		if flags&flagPacked != 0 {
			return packed(b)
		}
		return b
	}
	out := map[string][]byte{"FileHeader": header(version5, flags), "DocInfo": pack(info())}
	for i, s := range sections {
		out[fmt.Sprintf("BodyText/Section%d", i)] = pack(s)
	}
	out["BinData/BIN0001.png"] = pack(bytes.Repeat([]byte("picture "), 200))
	out["BinData/BIN0002.OLE"] = pack(append(u32(9), "workbook"...))
	out["\x05HwpSummaryInformation"] = cfbtest.PropertyStream(map[int]string{2: "Minutes", 4: "Ada"})
	return out
}

func open(t testing.TB, streams map[string][]byte, lim doc.Limits) (doc.Source, error) {
	t.Helper()
	return Open(cfbtest.Open(t, cfb.Open, lim.MaxUnpacked, streams), lim)
}

const want = "Council\n\n다리 공사\n\nThe bridge[1] is old;\tsee\nbelow-x a over b end.\n\n3. repair\n\n가) pay\n\n3.가.1 path\n\n4. open\n\n- bullet\n\n5. outline"

const wantRest = "Costs\n\n표 7.\n\nBridge\t40000\nPaint\t9000\n\tmerged\n\n漢字(한자)①\n\nin a box\n\nWord art\n\n[1] built in 1931\n\n> check this"

func TestDocument(t *testing.T) {
	for _, flags := range []int{0, flagPacked} {
		lim := formattest.Limits
		lim.Embedded = func(name string, data []byte) string { return name + ": " + string(data) }
		s, err := open(t, document(flags, body(), para(0, 0, 0, cfbtest.Wide("the second section"))), lim)
		got := formattest.Pages(t, s, err)
		for _, w := range []string{want, wantRest, "the second section\n\npage foot", "# object 1\n\nobject 1: workbook"} {
			if !strings.Contains(got, w) {
				t.Errorf("flags %d: %q is missing in\n%q", flags, w, got)
			}
		}
		i := s.Info()
		if i.Title != "Minutes" || i.Author != "Ada" || i.MIME != MIME || i.Format != "hwp" || i.Pages < 3 || len(i.Warnings) > 0 {
			t.Errorf("%+v", i)
		}
		if p := s.(*doc.Static).Pictures; len(p) != 1 || p[0].Page != 1 || !bytes.HasPrefix(p[0].Data, []byte("picture ")) {
			t.Errorf("%d pictures", len(p))
		}
	}
}

// hidden writes a stream as documents for distribution have it.
func hidden(b []byte, seed uint32) []byte {
	keys := make([]byte, seeds)
	binary.LittleEndian.PutUint32(keys, seed)
	key := []byte("sixteen bytes :)")
	copy(keys[4+seed&15:], key)
	state, n, mask := seed, 0, byte(0)
	rand := func() uint32 { state = state*214013 + 2531011; return state >> 16 & 0x7fff }
	for i := range keys {
		if n == 0 {
			mask, n = byte(rand()), int(rand()&15)+1
		}
		if n--; i >= 4 {
			keys[i] ^= mask
		}
	}
	c, _ := aes.NewCipher(key)
	b = append(packed(b), make([]byte, 16)...)
	b = b[:len(b)&^15]
	for i := 0; i < len(b); i += 16 {
		c.Encrypt(b[i:], b[i:])
	}
	return append(rec(tagDistribute, 0, keys), b...)
}

func TestDocumentForDistribution(t *testing.T) {
	streams := document(flagPacked | flagDistributed)
	streams["BodyText/Section0"] = packed(para(0, 0, 0, cfbtest.Wide("only a notice")))
	streams["ViewText/Section0"] = hidden(body(), 0x12345678)
	s, err := open(t, streams, formattest.Limits)
	if got := formattest.Pages(t, s, err); !strings.Contains(got, want) || strings.Contains(got, "only a notice") {
		t.Errorf("%q", got)
	}
	streams["ViewText/Section0"] = []byte("short")
	if _, err := open(t, streams, formattest.Limits); code(err) != doc.CodeCorrupt {
		t.Errorf("%v", err)
	}
}

func code(err error) doc.Code {
	if f := (*doc.Fail)(nil); errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func TestRefusals(t *testing.T) {
	large := para(0, 0, 0, bytes.Repeat(cfbtest.Wide("가"), 1<<20))
	for name, c := range map[string]struct {
		change func(map[string][]byte)
		want   doc.Code
	}{
		"password":         {func(m map[string][]byte) { m["FileHeader"] = header(version5, flagPassword) }, doc.CodeEncrypted},
		"rights":           {func(m map[string][]byte) { m["FileHeader"] = header(version5, 1<<4) }, doc.CodeEncrypted},
		"a newer version":  {func(m map[string][]byte) { m["FileHeader"] = header(6<<24, 0) }, doc.CodeUnsupportedType},
		"no body":          {func(m map[string][]byte) { delete(m, "BodyText/Section0") }, doc.CodeCorrupt},
		"a damaged body":   {func(m map[string][]byte) { m["BodyText/Section0"] = bytes.Repeat([]byte{0xff}, 300) }, doc.CodeCorrupt},
		"too many pages":   {func(m map[string][]byte) { m["BodyText/Section0"] = packed(bytes.Repeat(large, 7)) }, doc.CodeTooLarge},
		"unpacks to a lot": {func(m map[string][]byte) { m["BodyText/Section0"] = packed(rec(0x3ff, 0, make([]byte, 17<<20))) }, doc.CodeTooLarge},
	} {
		streams := document(flagPacked, body())
		c.change(streams)
		if _, err := open(t, streams, formattest.Limits); code(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// What is there of a document that was cut off is read.
func TestCutOff(t *testing.T) {
	streams := document(0, append(para(0, 0, 0, cfbtest.Wide("whole")), para(0, 0, 0, cfbtest.Wide("a part of it"))[:50]...))
	s, err := open(t, streams, formattest.Limits)
	if got := formattest.Pages(t, s, err); !strings.Contains(got, "whole\n\na par") || len(s.Info().Warnings) != 1 {
		t.Errorf("%q %v", got, s.Info().Warnings)
	}
}

// So is a paragraph that is longer than any, and it is said.
func TestLongParagraph(t *testing.T) {
	lim := formattest.Limits
	lim.MaxUnpacked = 64 << 20
	s, err := open(t, document(flagPacked, para(0, 0, 0, cfbtest.Wide(strings.Repeat("a", maxRecord/2+10))), para(0, 0, 0, cfbtest.Wide("the end"))), lim)
	if got := formattest.Pages(t, s, err); !strings.Contains(got, "the end") || len(s.Info().Warnings) != 1 {
		t.Errorf("%d bytes, %v", len(got), s.Info().Warnings)
	}
}

// Lists in lists without end, cells at places that do not exist, marks without end.
func TestBounds(t *testing.T) {
	var deep []byte
	for l := 0; l < 1000; l += 2 {
		deep = append(deep, para(l, 0, 0, at(11, "tbl "))...)
		deep = append(deep, rec(tagCtrl, l+1, id("tbl "))...)
		deep = append(deep, rec(tagTable, l+2, u32(0), u16(0xffff, 0xffff))...)
		deep = append(deep, cell(l+2, 0xffff, 0xffff, "x")...)
	}
	var wide []byte
	wide = append(wide, para(0, 0, 0, at(11, "tbl "))...)
	wide = append(wide, rec(tagCtrl, 1, id("tbl "))...)
	wide = append(wide, rec(tagTable, 2, u32(0), u16(0xffff, 0xffff))...)
	for i := range 20000 {
		wide = append(wide, cell(2, 0xffff, i, "x")...)
	}
	for name, b := range map[string][]byte{"deep": deep, "wide": wide} {
		s, err := open(t, document(0, b), formattest.Limits)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if n := len(formattest.Pages(t, s, err)); n > 4<<20 {
			t.Errorf("%s: %d bytes of text", name, n)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, flags := range []int{0, flagPacked, flagDistributed} {
		streams := document(flags, body())
		streams["ViewText/Section0"] = hidden(body(), 7)
		f.Add(cfbtest.File(streams))
	}
	f.Fuzz(func(_ *testing.T, in []byte) {
		c, err := cfb.Open(in, 4<<20)
		if err != nil {
			return
		}
		lim := formattest.Limits
		lim.Embedded = func(string, []byte) string { return "" }
		if s, err := Open(c, lim); err == nil {
			for i := range s.Info().Pages {
				_, _ = s.Page(i)
			}
		}
	})
}

// FuzzSection reads what a packed file hides from a fuzzer.
func FuzzSection(f *testing.F) {
	f.Add(body(), info())
	f.Fuzz(func(_ *testing.T, section, info []byte) {
		streams := map[string][]byte{"FileHeader": header(version5, 0), "DocInfo": info, "BodyText/Section0": section}
		c, err := cfb.Open(cfbtest.File(streams), 4<<20)
		if err != nil {
			return
		}
		_, _ = Open(c, formattest.Limits)
	})
}
