package detect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func packed(t testing.TB, parts ...string) string { return string(formattest.Zip(t, parts...)) }

func TestFileByContent(t *testing.T) {
	word := []string{"[Content_Types].xml", "<Types/>", "_rels/.rels", `<Relationships><Relationship Type="http://x/officeDocument" Target="strange/main.xml"/></Relationships>`, "strange/main.xml", "<w:document/>"}
	for _, c := range []struct{ name, file, content, want string }{
		{"word with the wrong name", "a.xlsx", packed(t, word...), "docx"},
		{"word without a name", "", packed(t, word...), "docx"},
		{"word cut off", "a.docx", packed(t, append(word, "z", string(make([]byte, 9000)))...)[:480], "docx"},
		{"main part lost", "a.docx", packed(t, "[Content_Types].xml", "<Types/>", "word/styles.xml", "<w:styles/>"), "badzip"},
		{"archive", "a.zip", packed(t, "a.txt", "x"), Archive},
		{"archive that begins with a PDF", "a.zip", "PK\x03\x04" + strings.Repeat("\x00", 26) + "%PDF-1.4 ", "badzip"},
		{"tar that begins with a PDF", "a.tar", "a.pdf" + strings.Repeat("\x00", 252) + "ustar\x0000" + strings.Repeat("\x00", 248) + "%PDF-1.4 ", Archive},
		{"bzip2", "a.bz2", "BZh91AY&SY\x00\x00", Archive},
		{"a text about bzip2", "a.txt", "BZh is how it begins", "txt"},
		{"7z", "a.7z", "7z\xbc\xaf\x27\x1c\x00\x04", ""},
		{"xz", "a.xz", "\xfd7zXZ\x00\x00\x04", ""},
		{"excel", "a", packed(t, "xl/workbook.xml", "<workbook/>"), "xlsx"},
		{"writer template", "a", packed(t, "mimetype", "application/vnd.oasis.opendocument.text-template"), "odt"},
		{"book", "a", packed(t, "META-INF/container.xml", "<container/>"), "epub"},
		{"pdf behind junk", "a.txt", "junk\n%PDF-1.4\n", "pdf"},
		{"rtf named doc", "a.doc", `{\rtf1 x}`, "rtf"},
		{"rtf behind line ends", "a.doc", "\r\n {\\rtf1 x}", "rtf"},
		{"rtf behind a byte order mark", "a", "\xef\xbb\xbf{\\rtf1 x}", "rtf"},
		{"rtf behind zeros", "a", "\x00\x00{\\rtf1 x}", "rtf"},
		{"rtf without its first group", "a.rtf", `\pard\plain\fs24 The council agreed.\par`, "rtf"},
		{"rtf without its first group or name", "a.txt", `{\fonttbl{\f0 Arial;}}\pard\plain\f0\fs24 The council agreed.\par`, "rtf"},
		{"TeX", "a.tex", `\documentclass{article}\begin{document}\par \f1 x\end{document}`, "txt"},
		{"a text about RTF", "a.txt", `In RTF \pard ends a paragraph and {\fonttbl holds fonts; \f0 and \fs24 choose one.`, "txt"},
		{"a text named rtf", "a.rtf", "The council agreed. See C:\\par and \\pard.", "txt"},
		{"bmp", "a", "BM\xff\xff\xff\xffjunk\x36\x00\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x18\x00", "bmp"},
		{"a text that begins like one", "a.txt", "BM stands for a bitmap, which this text is not.", "txt"},
		{"html named xls", "a.xls", "<html><body><table></table></body></html>", "html"},
		{"html by name", "a.html", "no tags at all", "html"},
		{"csv", "a.csv", "a,b\n1,2\n", "csv"},
		{"mail", "a.txt", "From: a@b\nTo: c@d\nSubject: x\n\nbody", "eml"},
		{"word 2003", "a.doc", `<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>`, "wordml"},
		{"flat writer", "a.fodt", `<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text"/>`, "fodt"},
		{"xml", "a.xml", `<?xml version="1.0"?><data><x>1</x></data>`, "xml"},
		{"a feed", "a.xml", "<?xml version=\"1.0\"?>\n<!-- <html> -->\n<?xml-stylesheet href=\"x\"?><rdf:RDF><channel><title>News</title></channel></rdf:RDF>", "xml"},
		{"a web page of XML", "a.xml", `<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><title>News</title></html>`, "html"},
		{"utf-32", "a.csv", "\x00\x00\xfe\xff\x00\x00\x00a\x00\x00\x00,\x00\x00\x00b", "csv"},
		{"utf-32 without a mark", "a.txt", "<\x00\x00\x00h\x00\x00\x00t\x00\x00\x00m\x00\x00\x00l\x00\x00\x00>\x00\x00\x00", "html"},
		{"numbers of four bytes", "a.bin", "\x01\x00\x00\x00\x02\x00\x00\x00A\x00\x00\x00\x03\x00\x00\x00", ""},
		{"korean between control characters", "a.txt", "\x1b$)C\x0e<v\x0f \x0e<v\x0f \x0e<v\x0f", "txt"},
		{"telephone picture", "a.jpg", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"},
		{"AVIF, which is HEIF too", "a.heic", "\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", ""},
		{"video", "a.heic", "\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", ""},
		{"utf-16", "a.txt", "\xff\xfeh\x00i\x00", "txt"},
		{"utf-16 of Cyrillic without a mark", "a.txt", strings.Repeat(" \x040\x044\x040\x04 \x00", 20), "txt"},
		{"visio", "a", packed(t, "_rels/.rels", `<Relationships><Relationship Type="http://schemas.microsoft.com/visio/2010/relationships/document" Target="visio/document.xml"/></Relationships>`, "visio/document.xml", "<VisioDocument/>"), "vsdx"},
		{"xps", "a", packed(t, "_rels/.rels", "<Relationships/>", "FixedDocSeq.fdseq", "<x/>", "Documents/1/FixedDoc.fdoc", "<x/>"), "xps"},
		{"binary workbook", "a", packed(t, "_rels/.rels", `<Relationships><Relationship Type="http://x/officeDocument" Target="xl/workbook.bin"/></Relationships>`, "xl/workbook.bin", "\x83\x01\x00"), "xlsb"},
		{"keynote 09", "a", packed(t, "index.apxl", "<key:presentation/>"), "key"},
		{"numbers", "a.numbers", packed(t, "Index/Document.iwa", "x"), "numbers"},
		{"winmail.dat", "winmail.dat", "\x78\x9f\x3e\x22\x01\x00", "tnef"},
		{"wordperfect", "a.wpd", "\xffWPC\x95\x06", ""},
		{"djvu", "a.djvu", "AT&TFORM\x00\x00\x10\x00DJVM", ""},
		{"postscript", "a.ps", "%!PS-Adobe-3.0\n%%Title: Minutes\n(words) show\n", ""},
		{"percent signs", "a.txt", "%!PS is how PostScript begins.\n", "txt"},
		{"metafile", "a.wmf", "\xd7\xcd\xc6\x9a\x00\x00\x00\x00", ""},
		{"lotus", "a.wk4", "\x00\x00\x1a\x00\x02\x10\x04\x00", ""},
		{"a part of an archive", "a.7z.002", "\x00\x01\x02\x03\xfe\x8f\x07", ""},
		{"an LZH archive", "a.lzh", "\x16\x00-lh5-\x00\x01", ""},
		{"packed", "a.gz", "\x1f\x8b\x08\x00", Archive},
		{"program", "a.txt", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07", ""},
	} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		k, err := File(path, c.file)
		if err != nil || k.Format != c.want {
			t.Errorf("%s: %+v %v, want %q", c.name, k, err, c.want)
		}
		if c.name == "djvu" && k.Label != "a DjVu document" {
			t.Errorf("%s: called %s", c.name, k.Label)
		}
		if c.name == "a part of an archive" && k.Label != "one part of an archive" {
			t.Errorf("%s: called %s", c.name, k.Label)
		}
		if k.Format == "" && k.Label == "" {
			t.Errorf("%s: refused without a name for it", c.name)
		}
	}
}

func TestLabelsSayWhatToDo(t *testing.T) {
	for mime, want := range map[string][2]string{
		"image/x-icns": {"an icon", convert}, "image/fits": {"a picture of a kind that is not read (FITS)", convert}, "audio/mpeg": {"a sound file", ""},
		"application/gzip": {"compressed with gzip", unpack}, "application/octet-stream": {"of an unknown binary type", ""}, "application/x-new; v=1": {"of type application/x-new", ""},
	} {
		if what, advice := label(mime); what != want[0] || advice != want[1] {
			t.Errorf("%s: %q %q", mime, what, advice)
		}
	}
}
