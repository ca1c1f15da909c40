package office

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// fuzzSplit parts the two documents of one fuzz input: a main part and one that it refers to.
const fuzzSplit = "\x00\x00"

// FuzzPackage reads the same hostile XML as the main part, and as everything a main part refers to,
// of each format that is a zip of XML.
func FuzzPackage(f *testing.F) {
	for _, s := range []string{
		`<w:document><w:body><w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>a</w:t><w:footnoteReference w:id="1"/></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>` + fuzzSplit + `<w:numbering><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
		`<workbook><sheets><sheet name="S" r:id="r"/></sheets></workbook>` + fuzzSplit + `<worksheet><sst><si><t>x</t></si></sst><numFmts><numFmt numFmtId="170" formatCode="0.0%"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs><sheetData><row><c r="B7" s="0"><v>1.5</v></c><c t="s"><v>0</v></c></row></sheetData></worksheet>`,
		`<p:presentation><p:sldIdLst><p:sldId r:id="r"/></p:sldIdLst></p:presentation>` + fuzzSplit + `<p:sld><p:sp><p:txBody><a:p><a:pPr lvl="2"/><a:r><a:t>x</a:t></a:r></a:p></p:txBody></p:sp><p:pic><p:blipFill><a:blip r:embed="r"/></p:blipFill></p:pic></p:sld>`,
		`<office:document-content><office:automatic-styles><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="I"/></text:list-style></office:automatic-styles><office:body><office:text><text:list text:style-name="L"><text:list-item><text:p>a<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p></text:list-item></text:list><table:table><table:table-row table:number-rows-repeated="9"><table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="1"/></table:table-row></table:table></office:text></office:body></office:document-content>` + fuzzSplit + `<office:document-styles/>`,
		`<FixedPage><Glyphs OriginX="1" OriginY="2" FontRenderingEmSize="3" UnicodeString="{}a"/></FixedPage>` + fuzzSplit + `<PageContents><Page Name="n"><Rel r:id="r"/></Page><Text>t</Text><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath></PageContents>`,
		`<container><rootfile full-path="main"/></container>` + fuzzSplit + `<package><manifest><item id="1" href="main" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="1"/></spine></package>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, in []byte) {
		main, other := in, in
		for i := 0; i+len(fuzzSplit) <= len(in); i++ {
			if string(in[i:i+len(fuzzSplit)]) == fuzzSplit {
				main, other = in[:i], in[i+len(fuzzSplit):]
				break
			}
		}
		openAll(fuzzParts(main, other))
	})
}

// fuzzParts makes a package whose every relationship leads to other.
func fuzzParts(main, other []byte) map[string][]byte {
	kinds := []string{"worksheet", "sharedStrings", "styles", "slide", "notesSlide", "slideLayout", "slideMaster", "handoutMaster", "comments", "drawing", "chart", "diagramData", "header", "footer", "footnotes", "endnotes", "numbering", "image", "package", "pages", "commentAuthors"}
	var r []string
	for i, k := range kinds {
		r = append(r, string(rune('a'+i)), k, "/other")
	}
	r = append(r, "r", "worksheet", "/other", "r", "slide", "/other")
	return map[string][]byte{
		"main": main, "other": other, "content.xml": main, "styles.xml": other, "meta.xml": other,
		"META-INF/container.xml": main, "META-INF/manifest.xml": other, "docProps/core.xml": other,
		"main.fpage":      main,
		"_rels/main.rels": []byte(rels(r...)), "_rels/other.rels": []byte(rels(r...)),
	}
}

func openAll(parts map[string][]byte) {
	lim := limits
	lim.Embedded = func(string, []byte) string { return "" }
	open := func() *zipx.File { return zipx.Parts(parts, limits.MaxUnpacked) }
	_, _ = OpenDOCX(open(), "main", lim)
	_, _ = OpenXLSX(open(), "main", lim)
	_, _ = OpenPPTX(open(), "main", lim)
	for _, k := range []string{"odt", "ods", "odp"} {
		_, _ = OpenODF(open(), k, "", lim)
	}
	_, _ = OpenEPUB(open(), lim)
	_, _ = OpenVSDX(open(), "main", lim)
	_, _ = OpenXPS(open(), lim)
}
