package ole

import "testing"

func FuzzFile(f *testing.F) {
	f.Add(compound(wordFile(wordPara{text: "one", list: 1}, wordPara{text: "head", style: 1}, wordPara{text: "cell", end: 7})))
	f.Add(compound(map[string][]byte{"Workbook": []byte(biff), "\x05SummaryInformation": propertyStream(map[int]string{2: "t"})}))
	f.Add(compound(map[string][]byte{"PowerPoint Document": []byte("\x0f\x00\xe8\x03\x0c\x00\x00\x00\x00\x00\xa8\x0f\x04\x00\x00\x00text"), "Current User": make([]byte, 20)}))
	f.Add(compound(presentation(deflated(compound(wordFile(wordPara{text: "embedded"}))))))
	f.Add(compound(map[string][]byte{"__substg1.0_0037001F": wide("subject"), "__attach_version1.0_#0/__substg1.0_37010102": []byte("data")}))
	f.Add(compound(agileFile([]byte("PK content"), 10)))
	f.Add(compound(standardFile([]byte("PK content"))))
	f.Fuzz(func(t *testing.T, in []byte) {
		o, err := Open(in, 1<<20)
		if err != nil {
			return
		}
		_, _ = Word(o)
		_, _ = Excel(o)
		_, _ = PowerPoint(o)
		ReadMessage(o)
		Properties(o)
		Objects(o)
		Unlock(o)
	})
}

const biff = "\x09\x08\x10\x00\x00\x06\x05\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00\xfc\x00\x0c\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00a"

// A chart drawn on a sheet keeps a copy of its numbers in a stream inside the sheet's.
func TestChartsDoNotOverwriteCells(t *testing.T) {
	bof := "\x09\x08\x10\x00\x00\x06\x10\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00"
	number := func(hi byte) string {
		return "\x03\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + string([]byte{hi})
	}
	eof := "\x0a\x00\x00\x00"
	sheets, err := Biff([]byte(bof + number(0x40) + bof + number(0x41) + eof + eof))
	if err != nil || len(sheets) != 1 || sheets[0].Rows[0][0] != "2" {
		t.Errorf("%+v %v", sheets, err)
	}
}

func FuzzBiff(f *testing.F) {
	f.Add([]byte(biff))
	f.Fuzz(func(t *testing.T, in []byte) { _, _ = Biff(in) })
}

func FuzzWordText(f *testing.F) {
	f.Add("a\x13b\x14c\x15\x07\x07\r")
	f.Fuzz(func(t *testing.T, in string) { WordText(in) })
}

func TestWordText(t *testing.T) {
	for in, want := range map[string]string{
		"a\rb": "a\n\nb",
		"see \x13 HYPERLINK \"u\" \x14the page\x15 now":                      "see the page now",
		"in \x13 EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 10(とうきょう),東京)\x15 now": "in 東京 (とうきょう) now",
		"\x13 PAGE \x15x":                  "x",
		"c1\x07c2\x07\x07d1\x07d2\x07\x07": "c1\tc2\nd1\td2",
		"non\x1ebreaking\x1f hyphen":       "non-breaking hyphen",
	} {
		if got := WordText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
