package hwpx

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func p(s string) string { return `<hp:p><hp:run><hp:t>` + s + `</hp:t></hp:run></hp:p>` }

func TestSections(t *testing.T) {
	cell := func(s string) string { return `<hp:tc><hp:subList>` + p(s) + `</hp:subList></hp:tc>` }
	f := formattest.Container(t, map[string]string{
		"mimetype": MIME,
		"Contents/section0.xml": `<hs:sec>` + p("의회는 봄에 다리를 고치기로 했다.") + `<hp:p><hp:run><hp:t>a<hp:tab/>b<hp:lineBreak/>c</hp:t></hp:run></hp:p>` +
			`<hp:p><hp:run><hp:tbl><hp:tr>` + cell("Bridge") + cell("40000") + `</hp:tr><hp:tr>` + cell("Paint") + cell("9000") + `</hp:tr></hp:tbl></hp:run></hp:p></hs:sec>`,
		"Contents/section10.xml": `<hs:sec>` + p("last") + `</hs:sec>`,
		"Contents/section2.xml":  `<hs:sec>` + p("second") + `</hs:sec>`,
		"Contents/content.hpf":   `<opf:package><opf:metadata><opf:title>Minutes</opf:title><opf:meta name="creator" content="text">Ada</opf:meta></opf:metadata></opf:package>`,
	})
	s, err := Open(f)
	got := formattest.Pages(t, s, err)
	for _, want := range []string{"의회는 봄에 다리를 고치기로 했다.", "a\tb\nc", "Bridge\t40000\nPaint\t9000", "second\n\nlast"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if i := s.Info(); i.Title != "Minutes" || i.Author != "Ada" || i.MIME != MIME {
		t.Errorf("%+v", i)
	}
}

func TestEncryptedAndDamaged(t *testing.T) {
	f := formattest.Container(t, map[string]string{"META-INF/manifest.xml": `<m><odf:encryption-data/></m>`, "Contents/section0.xml": "x"})
	if _, err := Open(f); err == nil || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("%v", err)
	}
	f = formattest.Container(t, map[string]string{"Contents/section0.xml": "\x01\x02"})
	if _, err := Open(f); err == nil {
		t.Error("a damaged section opened")
	}
	deep := strings.Repeat("<hp:p><hp:tbl><hp:tr><hp:tc>", 500) + "x"
	f = formattest.Container(t, map[string]string{"Contents/section0.xml": "<hs:sec>" + deep})
	if s, err := Open(f); err == nil {
		_ = s.Info()
	}
}
