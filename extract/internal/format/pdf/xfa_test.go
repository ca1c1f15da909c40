package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func stream(data string) string {
	return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(data), data)
}

const formTemplate = `<template xmlns="http://www.xfa.org/schema/xfa-template/3.0/"><subform name="form1"><pageSet><pageArea><draw><value><text>Town hall</text></value></draw></pageArea></pageSet>` +
	`<draw><value><exData contentType="text/html"><body><p>Application for a <b>permit</b></p></body></exData></value></draw>` +
	`<subform><field name="Name"><caption><value><text>Your name:</text></value></caption></field><field name="Age"><caption><value><text>Age</text></value></caption></field>` +
	`<field name="Item"/><field name="Item"/><field name="Seal"><value><image>aGVsbG8=</image></value></field></subform></subform></template>`

const formData = `<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1><Name>Ada &amp; Co</Name><Rows><Item>one</Item><Item>two</Item><Item>three</Item></Rows><Note><body xmlns="http://www.w3.org/1999/xhtml"><p>rich words</p></body></Note></form1></xfa:data></xfa:datasets>`

// A form whose page says "please wait" is read as a person sees it in Acrobat.
func TestFormOfXML(t *testing.T) {
	open := `<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">`
	want := "Town hall\n\nApplication for a permit\n\nYour name: Ada & Co\n\nAge\n\nItem: one\n\nItem: two\n\nItem: three\n\nNote: rich words"
	for name, data := range map[string][]byte{
		"packets":    holding("/NeedsRendering true/AcroForm<</Fields[]/XFA[(preamble) 6 0 R(template) 7 0 R(datasets) 8 0 R(postamble) 9 0 R]>>", "", stream(open), stream(formTemplate), stream(formData), stream("</xdp:xdp>")),
		"one stream": holding("/AcroForm<</XFA 6 0 R>>", "", stream(open+formTemplate+formData+"</xdp:xdp>")),
	} {
		if info, texts := read(t, save(t, data)); len(texts) != 2 || texts[0] != "cover" || texts[1] != want || len(info.Warnings) > 0 {
			t.Errorf("%s: %q %+v", name, texts, info)
		}
	}
}

// Forms that are broken, or shown by the pages, change nothing.
func TestOtherForms(t *testing.T) {
	for name, data := range map[string][]byte{
		"fields on pages": holding("/AcroForm<</Fields[<</T(a)/FT/Tx/V(x)>>]/XFA 6 0 R>>", "", stream(formTemplate+formData)),
		"no XML":          holding("/AcroForm<</XFA[(a) 6 0 R(b)]>>", "", stream("\x00\xff<<<")),
		"no streams":      holding("/AcroForm<</XFA[(a) (b) 7 1 0 R 99 0 R]>>", ""),
		"deep":            holding("/AcroForm<</XFA 6 0 R>>", "", stream("<template>"+strings.Repeat("<subform>", 5000)+"<draw><value><text>x</text></value></draw>")),
	} {
		if _, texts := read(t, save(t, data)); len(texts) != 1 || texts[0] != "cover" {
			t.Errorf("%s: %q", name, texts)
		}
	}
}

func FuzzFormWords(f *testing.F) {
	f.Add([]byte(formTemplate + formData))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s := formWords(data); len(s) > 4*len(data)+100 {
			t.Errorf("%d bytes of text from %d", len(s), len(data))
		}
	})
}

// A field is read where it stands, though the file draws it not; a box that is not ticked says nothing; a comment follows the page.
func TestFieldsAndComments(t *testing.T) {
	data := holding("/AcroForm<</Fields[6 0 R 7 0 R]>>", "/Annots[6 0 R 7 0 R 8 0 R]",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/TU(Your name)/V(Ada Lovelace)/Rect[9 9 90 20]/P 3 0 R>>",
		"<</Type/Annot/Subtype/Widget/FT/Btn/T(agree)/V/Off/AS/Off/Rect[9 40 20 50]/P 3 0 R>>",
		"<</Type/Annot/Subtype/Text/T(Bob)/Contents(Please check the sum.)/Rect[99 99 110 110]/P 3 0 R>>")
	if _, texts := read(t, save(t, data)); texts[0] != "cover\n\nAda Lovelace\n\n> Bob: Please check the sum." {
		t.Errorf("%q", texts)
	}
}

// Fields are drawn after the page, and are read where they are on it.
func TestFieldsAreReadAtTheirLabels(t *testing.T) {
	content := show(50, 100, 12, "Name:") + show(50, 130, 12, "City:") + show(50, 200, 12, "Signed in good faith.")
	widget := func(y int, value string) string {
		return fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/DA(/F1 10 Tf 0 g)/T(n%d)/V(%s)/Rect[120 %d 300 %d]/P 3 0 R>>", y, value, y-4, y+14)
	}
	for _, crop := range []string{"", "/CropBox[20 20 500 800]"} {
		data := formattest.PDF("", "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R]/DR<</Font<</F1 4 0 R>>>>>>>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"+crop+"/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[6 0 R 7 0 R 8 0 R 9 0 R]>>",
			"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content), widget(742, "Ada Lovelace"), widget(712, "London"),
			"<</Type/Annot/Subtype/Widget/Parent 10 0 R/AS/One/Rect[30 640 44 654]/P 3 0 R>>", "<</Type/Annot/Subtype/Widget/Parent 10 0 R/AS/Off/Rect[30 660 44 674]/P 3 0 R>>", "<</FT/Btn/T(vow)/V/Off/Kids[8 0 R 9 0 R]>>")
		if _, texts := read(t, save(t, data)); texts[0] != "Name:\tAda Lovelace\n\nCity:\tLondon\n\n☒ Signed in good faith." {
			t.Errorf("%s: %q", crop, texts)
		}
	}
}
