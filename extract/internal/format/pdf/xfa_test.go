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

// What a form shows is read: the words of a choice, ticks, no password, nothing hidden that nobody filled in.
func TestFormOfXMLAsItIsShown(t *testing.T) {
	field := func(name, caption, inner string) string {
		return fmt.Sprintf(`<field name="%s"><caption><value><text>%s</text></value></caption>%s</field>`, name, caption, inner)
	}
	box := `<ui><checkButton/></ui>`
	template := `<template><subform>` + field("land", "Country", `<ui><choiceList/></ui><items><text>Germany</text><text>France</text></items><items save="1" presence="hidden"><text>de</text><text>fr</text></items>`) +
		field("tea", "With tea", box+`<items><text>yes</text><text>no</text></items>`) + field("milk", "With milk", box) + field("rum", "With rum", box) +
		`<exclGroup name="pay">` + field("a", "Cash", box+`<items><text>cash</text></items>`) + field("b", "Card", box+`<items><text>card</text></items>`) + `</exclGroup>` +
		field("pin", "PIN", `<ui><passwordEdit/></ui>`) + strings.Replace(field("ghost", "Never seen", ""), "<field", `<field presence="hidden"`, 1) +
		strings.Replace(field("extra", "Extra", ""), "<field", `<field presence="hidden"`, 1) + `<draw presence="invisible"><value><text>nor this</text></value></draw></subform></template>`
	const data = `<datasets><data><f><land>fr</land><tea>yes</tea><milk>0</milk><rum>1</rum><pay>card</pay><pin>4711</pin><extra>Filled in</extra></f></data></datasets>`
	const want = "Country: France\n\n☒ With tea\n\nWith milk\n\n☒ With rum\n\nCash\n\n☒ Card\n\nPIN\n\nExtra: Filled in"
	if got := formWords([]byte(template + data)); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A form that only Acrobat shows and of which nothing can be read says what to do.
func TestAFormThatCannotBeReadSaysSo(t *testing.T) {
	info, _ := read(t, save(t, holding("/NeedsRendering true/AcroForm<</Fields[]/XFA[(a) 6 0 R(b)]>>", "", stream("\x00\xff<<<"))))
	if len(info.Warnings) != 1 || !strings.Contains(info.Warnings[0], "print it into a new PDF") {
		t.Errorf("%q", info.Warnings)
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
	data := holding("/AcroForm<</Fields[6 0 R 7 0 R]>>", "/Annots[6 0 R 7 0 R 8 0 R 9 0 R]",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/TU(Your name)/V(Ada Lovelace)/Rect[9 9 90 20]/P 3 0 R>>",
		"<</Type/Annot/Subtype/Widget/FT/Btn/T(agree)/V/Off/AS/Off/Rect[9 40 20 50]/P 3 0 R>>",
		"<</Type/Annot/Subtype/Text/T(Bob)/Contents(Please check the sum.)/Rect[99 99 110 110]/P 3 0 R>>",
		"<</Type/Annot/Subtype/Text/F 2/T(Eve)/Contents(Say that all is well.)/Rect[99 199 110 210]/P 3 0 R>>")
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

// formPDF is a page with fields, each the rest of a widget's dictionary; object 6 is the first of them.
func formPDF(content, form string, more []string, fields ...string) []byte {
	list := ""
	for i := range fields {
		fields[i] = "<</Type/Annot/Subtype/Widget/DA(/F1 10 Tf 0 g)/P 3 0 R" + fields[i] + ">>"
		list += fmt.Sprintf("%d 0 R ", 6+i)
	}
	return formattest.PDF("", append(append([]string{"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[" + list + "]/DR<</Font<</F1 4 0 R>>>>" + form + ">>>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[" + list + "]>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content)}, fields...), more...)...)
}

// What no viewer shows is not read: passwords, though the writer has drawn one, and hidden fields and comments. What is shown of a choice are its
// words, not its value; a box is ticked by its own state or by the value of a field above it, and a tick is said once.
func TestFieldsAreReadAsTheyAreShown(t *testing.T) {
	drawn := "/AP<</N %d 0 R>>"
	appearance := func(text string) string {
		content := "BT /F1 10 Tf 2 4 Td (" + text + ") Tj ET"
		return fmt.Sprintf("<</Type/XObject/Subtype/Form/BBox[0 0 180 18]/Resources<</Font<</F1 4 0 R>>>>/Length %d>>stream\n%s\nendstream", len(content), content)
	}
	content := show(50, 100, 12, "Password:") + show(50, 130, 12, "Country:") + show(50, 160, 12, "Born:") + show(50, 190, 12, "Profession:") + show(70, 220, 12, "I agree.") + show(70, 250, 12, "I object.")
	for _, need := range []string{"", "/NeedAppearances true"} {
		data := formPDF(content, need, []string{"<</FT/Btn/T(top)/V/Yes/Kids[14 0 R]>>", "<</Parent 13 0 R/T(sub)/Kids[10 0 R]>>", appearance("open sesame"), appearance("France")},
			"/FT/Tx/Ff 8192/T(secret)/V(open sesame)/Rect[120 738 300 756]"+fmt.Sprintf(drawn, 15),
			"/FT/Ch/Ff 131072/T(land)/V(fr)/Opt[[(de)(Germany)][(fr)(France)][(France)(Elsewhere)]]/Rect[120 708 300 726]"+fmt.Sprintf(drawn, 16),
			"/FT/Tx/F 2/T(born)/V(never seen)/Rect[120 678 300 696]",
			"/FT/Tx/F 32/T(work)/V(nor this)/Rect[120 648 300 666]",
			"/Parent 14 0 R/Rect[50 620 62 632]",
			"/FT/Btn/T(vow)/V/No/AS/Off/Rect[50 590 62 602]",
			"/FT/Tx/F 4/T(left)/V(printed, of course)/Rect[300 100 500 118]")
		const want = "Password:\n\nCountry:\tFrance\n\nBorn:\n\nProfession:\n\n☒ I agree.\n\nI object.\n\nprinted, of course"
		if _, texts := read(t, save(t, data)); texts[0] != want {
			t.Errorf("%s:\ngot  %q\nwant %q", need, texts[0], want)
		}
	}
}
