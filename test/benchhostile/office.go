package main

import (
	"fmt"
	"io"
	"strings"
)

var officeKinds = []kind{
	{"docx of 5 million paragraphs", "docx", docx(func(w io.Writer) { repeat(w, "<w:p><w:r><w:t>a</w:t></w:r></w:p>", 5_000_000) })},
	{"docx one paragraph of 2 million runs", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:p>")
		repeat(w, "<w:r><w:t>ab</w:t></w:r>", 1_900_000)
		_, _ = io.WriteString(w, "</w:p>")
	})},
	{"docx row of 1.3 million cells", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:tbl><w:tr>")
		repeat(w, "<w:tc><w:p/></w:tc>", 1_300_000)
		_, _ = io.WriteString(w, "</w:tr></w:tbl><w:p><w:r><w:t>behind it</w:t></w:r></w:p>")
	})},
	{"docx row of 5 million cells", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:tbl><w:tr>")
		repeat(w, "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>", 5_000_000)
		_, _ = io.WriteString(w, "</w:tr></w:tbl>")
	})},
	{"docx table of 600,000 cells", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:tbl>")
		repeat(w, "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>two</w:t></w:r></w:p></w:tc></w:tr>", 300_000)
		_, _ = io.WriteString(w, "</w:tbl>")
	})},
	{"docx one text of 15 MB", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:p><w:r><w:t>")
		repeat(w, "word ", 3_000_000)
		_, _ = io.WriteString(w, "</w:t></w:r></w:p>")
	})},
	{"docx paragraph with a million attributes", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:p")
		for i := range 1_000_000 {
			fmt.Fprintf(w, " a%d=\"\"", i)
		}
		_, _ = io.WriteString(w, "><w:r><w:t>x</w:t></w:r></w:p>")
	})},
	{"docx of a million notes", "docx", zipped(append(docxParts(func(w io.Writer) {
		for i := range 900_000 {
			fmt.Fprintf(w, "<w:p><w:r><w:footnoteReference w:id=\"%d\"/></w:r></w:p>", i)
		}
	}), part{"word/_rels/document.xml.rels", func(w io.Writer) { _, _ = io.WriteString(w, rels("footnotes", "footnotes.xml")) }}, part{"word/footnotes.xml", func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:footnotes xmlns:w=\"w\">")
		for i := range 900_000 {
			fmt.Fprintf(w, "<w:footnote w:id=\"%d\"><w:p><w:r><w:t>a note</w:t></w:r></w:p></w:footnote>", i)
		}
		_, _ = io.WriteString(w, "</w:footnotes>")
	}})...)},
	{"docx with styles of 200 MB", "docx", zipped(append(docxParts(func(w io.Writer) { _, _ = io.WriteString(w, "<w:p><w:r><w:t>a text</w:t></w:r></w:p>") }),
		text("word/_rels/document.xml.rels", rels("styles", "styles.xml")), part{"word/styles.xml", func(w io.Writer) {
			_, _ = io.WriteString(w, "<w:styles xmlns:w=\"w\">")
			for i := range 1_300_000 {
				fmt.Fprintf(w, "<w:style w:type=\"paragraph\" w:styleId=\"s%d\"><w:name w:val=\"heading %d\"/><w:basedOn w:val=\"s%d\"/></w:style>", i, i%6+1, i+1)
			}
			_, _ = io.WriteString(w, "</w:styles>")
		}})...)},
	{"docx with formulas nested and wide", "docx", docx(func(w io.Writer) {
		_, _ = io.WriteString(w, "<w:p><m:oMath>")
		repeat(w, "<m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>", 500_000)
		_, _ = io.WriteString(w, "</m:oMath></w:p>")
	})},
	{"docx with 40 pictures of 81 million pixels", "docx", docxOf(40, func(i int) func(*out) { return pngOf(9000-i, 9000, 8, 6, false) })},
	{"docx of 19,000 parts", "docx", func(o *out) {
		parts := docxParts(func(w io.Writer) { _, _ = io.WriteString(w, "<w:p><w:r><w:t>a text</w:t></w:r></w:p>") })
		for i := range 19_000 {
			parts = append(parts, text(fmt.Sprintf("word/%s/%d.xml", strings.Repeat("long", 60), i), "<a/>"))
		}
		zipped(parts...)(o)
	}},
	{"xlsx of 2 million shared strings", "xlsx", xlsx(func(w io.Writer) {
		for i := range 2_000_000 {
			fmt.Fprintf(w, "<si><t>string %d</t></si>", i)
		}
	}, func(w io.Writer) {
		for i := range 100_000 {
			fmt.Fprintf(w, "<row><c t=\"s\"><v>%d</v></c></row>", i)
		}
	})},
	{"xlsx one shared string, 2 million cells", "xlsx", xlsx(func(w io.Writer) { _, _ = io.WriteString(w, "<si><t>the same words</t></si>") }, func(w io.Writer) {
		repeat(w, "<row>"+strings.Repeat("<c t=\"s\"><v>0</v></c>", 10)+"</row>", 110_000)
	})},
	{"xlsx rows of 16,384 columns", "xlsx", xlsx(nil, func(w io.Writer) {
		for i := range 250 {
			fmt.Fprintf(w, "<row r=\"%d\">", i+1)
			repeat(w, "<c><v>1</v></c>", 16_384)
			_, _ = io.WriteString(w, "</row>")
		}
	})},
	{"xlsx last column of 250 rows", "xlsx", xlsx(nil, func(w io.Writer) {
		for i := range 250 {
			fmt.Fprintf(w, "<row r=\"%d\"><c r=\"%s\"><v>1</v></c></row>", i+1, cellName(16_383, i+1))
		}
	})},
	{"xlsx of a million rows", "xlsx", xlsx(nil, func(w io.Writer) {
		for i := range 1_000_000 {
			fmt.Fprintf(w, "<row r=\"%d\"><c r=\"A%d\"><v>%d</v></c><c><v>0.5</v></c></row>", i+1, i+1, i)
		}
	})},
	{"xlsx one row of 4 million cells", "xlsx", xlsx(nil, func(w io.Writer) {
		_, _ = io.WriteString(w, "<row>")
		repeat(w, "<c r=\"A1\"><v>1</v></c>", 1_900_000)
		_, _ = io.WriteString(w, "</row>")
	})},
	{"xlsx of a million cells on a diagonal", "xlsx", xlsx(nil, func(w io.Writer) {
		for i := range 1_000_000 {
			fmt.Fprintf(w, "<row r=\"%d\"><c r=\"%s\"><v>1</v></c></row>", i+1, cellName(i%16_384, i+1))
		}
	})},
	{"ods of cells on a diagonal", "ods", odf("spreadsheet", func(w io.Writer) {
		_, _ = io.WriteString(w, "<table:table table:name=\"T\">")
		for i := range 400_000 {
			fmt.Fprintf(w, "<table:table-row><table:table-cell table:number-columns-repeated=\"%d\"/><table:table-cell><text:p>v</text:p></table:table-cell></table:table-row>", 1+i%16_383)
		}
		_, _ = io.WriteString(w, "</table:table>")
	})},
	{"docx with 40 pictures of 12 million pixels of dots", "docx", docxOf(40, func(i int) func(*out) { return dotsOf(3460-i, 3460, 4) })},
	{"xlsx of 4,000 sheets", "xlsx", manySheets},
	{"pptx of 10,000 slides", "pptx", pptx(5000, func(w io.Writer) {
		repeat(w, "<p:sp><p:txBody><a:p><a:r><a:t>words on a slide</a:t></a:r></a:p></p:txBody></p:sp>", 100)
	})},
	{"pptx slide of a million shapes", "pptx", pptx(1, func(w io.Writer) {
		repeat(w, "<p:sp><p:txBody><a:p><a:r><a:t>a</a:t></a:r></a:p></p:txBody></p:sp>", 650_000)
	})},
	{"odt of nested spans", "odt", odf("text", func(w io.Writer) {
		for range 40_000 {
			_, _ = io.WriteString(w, "<text:p>"+strings.Repeat("<text:span>", 60)+"a"+strings.Repeat("</text:span>", 60)+"</text:p>")
		}
	})},
	{"odt one paragraph of 3 million spans", "odt", odf("text", func(w io.Writer) {
		_, _ = io.WriteString(w, "<text:p>")
		repeat(w, "<text:span>ab</text:span>", 3_000_000)
		_, _ = io.WriteString(w, "</text:p>")
	})},
	{"odt with spaces by number", "odt", odf("text", func(w io.Writer) {
		_, _ = io.WriteString(w, "<text:p>a")
		repeat(w, "<text:s text:c=\"1000000\"/>", 100_000)
		_, _ = io.WriteString(w, "b</text:p>")
	})},
	{"ods of repeated cells and rows", "ods", odf("spreadsheet", func(w io.Writer) {
		_, _ = io.WriteString(w, "<table:table table:name=\"T\">")
		repeat(w, "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"16000\"><text:p>v</text:p></table:table-cell></table:table-row>", 1000)
		_, _ = io.WriteString(w, "</table:table>")
	})},
	{"ods of 2 million cells", "ods", odf("spreadsheet", func(w io.Writer) {
		_, _ = io.WriteString(w, "<table:table table:name=\"T\">")
		repeat(w, "<table:table-row>"+strings.Repeat("<table:table-cell><text:p>v</text:p></table:table-cell>", 10)+"</table:table-row>", 130_000)
		_, _ = io.WriteString(w, "</table:table>")
	})},
	{"odp of 5,000 pages", "odp", odf("presentation", func(w io.Writer) {
		repeat(w, "<draw:page><draw:frame><draw:text-box><text:p>words</text:p></draw:text-box></draw:frame></draw:page>", 5000)
	})},
	{"fodt of 90 MB", "fodt", func(o *out) {
		o.printf("<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:body><office:text>")
		o.repeat("<text:p>a paragraph with some words</text:p>", 2_000_000)
		o.printf("</office:text></office:body></office:document>")
	}},
	{"epub of 10,000 chapters", "epub", epub(9000, func(w io.Writer) { repeat(w, "<p>a sentence of a chapter</p>", 100) })},
	{"epub of 15 chapters of 60 MB", "epub", epub(15, func(w io.Writer) { repeat(w, "<p>a sentence of a chapter</p>", 60_000_000/29) })},
	{"hwpx of 2 million paragraphs", "hwpx", zipped(text("mimetype", "application/hwp+zip"), text("version.xml", "<v/>"), text("Contents/content.hpf", `<opf:package xmlns:opf="o"><opf:manifest><opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/></opf:manifest><opf:spine><opf:itemref idref="section0"/></opf:spine></opf:package>`),
		part{"Contents/section0.xml", func(w io.Writer) {
			_, _ = io.WriteString(w, "<hs:sec xmlns:hs=\"s\" xmlns:hp=\"p\">")
			repeat(w, "<hp:p><hp:run><hp:t>words</hp:t></hp:run></hp:p>", 1_300_000)
			_, _ = io.WriteString(w, "</hs:sec>")
		}})},
	{"flat opc of 90 MB", "xml", func(o *out) {
		o.printf(`<?xml version="1.0"?><?mso-application progid="Word.Document"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"><pkg:part pkg:name="/_rels/.rels"><pkg:xmlData>%s</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document xmlns:w="w"><w:body>`, rels("officeDocument", "word/document.xml"))
		o.repeat("<w:p><w:r><w:t>a</w:t></w:r></w:p>", 2_500_000)
		o.printf("</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>")
	}},
	{"wordml of 90 MB", "xml", func(o *out) {
		o.printf(`<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>`)
		o.repeat("<w:p><w:r><w:t>a</w:t></w:r></w:p>", 2_500_000)
		o.printf("</w:body></w:wordDocument>")
	}},
}

// rels are the relationships of a part, given as pairs of type and target.
func rels(pairs ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<Relationship Id="r%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, i/2, pairs[i], pairs[i+1])
	}
	return b.String() + `</Relationships>`
}

// types names the main part.
func types(name, kind string) part {
	return text("[Content_Types].xml", fmt.Sprintf(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>`, name, kind))
}

func docxParts(body func(w io.Writer)) []part {
	return []part{types("word/document.xml", "wordprocessingml.document"), text("_rels/.rels", rels("officeDocument", "word/document.xml")), {"word/document.xml", func(w io.Writer) {
		_, _ = io.WriteString(w, `<w:document xmlns:w="w" xmlns:m="m" xmlns:a="a" xmlns:r="r"><w:body>`)
		body(w)
		_, _ = io.WriteString(w, `</w:body></w:document>`)
	}}}
}

func docx(body func(w io.Writer)) func(*out) { return zipped(docxParts(body)...) }

// docxOf has n pictures.
func docxOf(n int, picture func(i int) func(*out)) func(*out) {
	return func(o *out) {
		pairs := []string{}
		parts := docxParts(func(w io.Writer) {
			for i := range n {
				fmt.Fprintf(w, `<w:p><w:r><w:drawing><a:blip r:embed="r%d"/></w:drawing></w:r></w:p>`, i)
			}
		})
		for i := range n {
			pairs = append(pairs, "image", fmt.Sprintf("media/i%d.png", i))
			parts = append(parts, part{fmt.Sprintf("word/media/i%d.png", i), func(w io.Writer) {
				p := newOut(w)
				picture(i)(p)
				_ = p.Flush()
			}})
		}
		zipped(append(parts, text("word/_rels/document.xml.rels", rels(pairs...)))...)(o)
	}
}

func xlsx(strings, rows func(w io.Writer)) func(*out) {
	parts := []part{types("xl/workbook.xml", "spreadsheetml.sheet"), text("_rels/.rels", rels("officeDocument", "xl/workbook.xml")),
		text("xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>`),
		text("xl/_rels/workbook.xml.rels", rels("worksheet", "worksheets/sheet1.xml", "sharedStrings", "sharedStrings.xml"))}
	if strings != nil {
		parts = append(parts, part{"xl/sharedStrings.xml", func(w io.Writer) {
			_, _ = io.WriteString(w, "<sst>")
			strings(w)
			_, _ = io.WriteString(w, "</sst>")
		}})
	}
	return zipped(append(parts, part{"xl/worksheets/sheet1.xml", func(w io.Writer) {
		_, _ = io.WriteString(w, "<worksheet><sheetData>")
		rows(w)
		_, _ = io.WriteString(w, "</sheetData></worksheet>")
	}})...)
}

func manySheets(o *out) {
	const n = 4000
	var book strings.Builder
	pairs := []string{}
	parts := []part{types("xl/workbook.xml", "spreadsheetml.sheet"), text("_rels/.rels", rels("officeDocument", "xl/workbook.xml"))}
	book.WriteString(`<workbook xmlns:r="r"><sheets>`)
	for i := range n {
		fmt.Fprintf(&book, `<sheet name="S%d" sheetId="%d" r:id="r%d"/>`, i, i+1, i)
		pairs = append(pairs, "worksheet", fmt.Sprintf("worksheets/s%d.xml", i))
		parts = append(parts, text(fmt.Sprintf("xl/worksheets/s%d.xml", i), "<worksheet><sheetData>"+strings.Repeat("<row><c><v>1</v></c><c><v>2</v></c></row>", 200)+"</sheetData></worksheet>"))
	}
	zipped(append(parts, text("xl/workbook.xml", book.String()+`</sheets></workbook>`), text("xl/_rels/workbook.xml.rels", rels(pairs...)))...)(o)
}

func pptx(n int, shapes func(w io.Writer)) func(*out) {
	return func(o *out) {
		var deck strings.Builder
		pairs := []string{}
		parts := []part{types("ppt/presentation.xml", "presentationml.presentation"), text("_rels/.rels", rels("officeDocument", "ppt/presentation.xml"))}
		deck.WriteString(`<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>`)
		for i := range n {
			fmt.Fprintf(&deck, `<p:sldId id="%d" r:id="r%d"/>`, 256+i, i)
			pairs = append(pairs, "slide", fmt.Sprintf("slides/slide%d.xml", i+1))
			parts = append(parts, part{fmt.Sprintf("ppt/slides/slide%d.xml", i+1), func(w io.Writer) {
				_, _ = io.WriteString(w, `<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>`)
				shapes(w)
				_, _ = io.WriteString(w, `</p:spTree></p:cSld></p:sld>`)
			}})
		}
		zipped(append(parts, text("ppt/presentation.xml", deck.String()+`</p:sldIdLst></p:presentation>`), text("ppt/_rels/presentation.xml.rels", rels(pairs...)))...)(o)
	}
}

func odf(kind string, body func(w io.Writer)) func(*out) {
	const ns = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"`
	return zipped(text("mimetype", "application/vnd.oasis.opendocument."+kind), part{"content.xml", func(w io.Writer) {
		fmt.Fprintf(w, `<office:document-content %s><office:body><office:%s>`, ns, kind)
		body(w)
		fmt.Fprintf(w, `</office:%s></office:body></office:document-content>`, kind)
	}})
}

func epub(n int, chapter func(w io.Writer)) func(*out) {
	return func(o *out) {
		var items, spine strings.Builder
		parts := []part{text("mimetype", "application/epub+zip"), text("META-INF/container.xml", `<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>`)}
		for i := range n {
			fmt.Fprintf(&items, `<item id="c%d" href="c%d.xhtml" media-type="application/xhtml+xml"/>`, i, i)
			fmt.Fprintf(&spine, `<itemref idref="c%d"/>`, i)
			parts = append(parts, part{fmt.Sprintf("c%d.xhtml", i), func(w io.Writer) {
				_, _ = io.WriteString(w, "<html><body>")
				chapter(w)
				_, _ = io.WriteString(w, "</body></html>")
			}})
		}
		zipped(append(parts, text("c.opf", "<package><manifest>"+items.String()+"</manifest><spine>"+spine.String()+"</spine></package>"))...)(o)
	}
}
