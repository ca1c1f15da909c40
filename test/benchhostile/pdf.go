package main

import (
	"fmt"
	"io"
	"strings"
)

var pdfKinds = []kind{
	{"pdf one content stream of 3 million letters", "pdf", onePage("[0 0 595 842]", "", lettersOn(3_000_000, 40))},
	{"pdf one content stream of 1.9 million letters", "pdf", onePage("[0 0 595 842]", "", lettersOn(1_900_000, 60))},
	{"pdf one content stream of 500 lines drawn", "pdf", onePage("[0 0 595 842]", "", func(w io.Writer) { repeat(w, "10 10 m 500 800 l S\n", 500) })},
	{"pdf one path of 1,000 points", "pdf", onePage("[0 0 595 842]", "", func(w io.Writer) {
		_, _ = io.WriteString(w, "10 10 m\n")
		repeat(w, "300 800 l 20 30 l\n", 500)
		_, _ = io.WriteString(w, "S\n")
	})},
	{"pdf one string of 60 MB", "pdf", onePage("[0 0 595 842]", "", func(w io.Writer) {
		_, _ = io.WriteString(w, "BT /F1 1 Tf (")
		repeat(w, "x", 60_000_000)
		_, _ = io.WriteString(w, ") Tj ET\n")
	})},
	{"pdf one array of 10 million numbers", "pdf", onePage("[0 0 595 842]", "", func(w io.Writer) {
		_, _ = io.WriteString(w, "BT /F1 1 Tf [")
		repeat(w, "1 2 ", 5_000_000)
		_, _ = io.WriteString(w, "] TJ ET\n")
	})},
	{"pdf page of 14400 pt without text", "pdf", onePage("[0 0 14400 14400]", "", func(w io.Writer) { repeat(w, "0 0 7000 9000 re f\n1 1 1 rg\n", 10) })},
	{"pdf page of 14400 pt with a scan", "pdf", scanned("[0 0 14400 14400]", 14400, 14400, 5000, 5000)},
	{"pdf scan of 100 million pixels", "pdf", scanned("[0 0 595 842]", 595, 842, 10000, 10000)},
	{"pdf inline image of 90 million pixels", "pdf", onePage("[0 0 595 842]", "", func(w io.Writer) {
		_, _ = io.WriteString(w, "q 500 0 0 800 10 10 cm BI /W 9500 /H 9500 /CS /G /BPC 8 ID ")
		repeat(w, "\x80", 9500*9500)
		_, _ = io.WriteString(w, " EI Q\n")
	})},
	{"pdf soft masks in each other", "pdf", softMasks},
	{"pdf forms that call forms", "pdf", formBomb},
	{"pdf shading and pattern", "pdf", patterns},
	{"pdf million objects", "pdf", millionObjects},
	{"pdf 10,000 fonts on a page", "pdf", manyFonts},
	{"pdf 100,000 annotations", "pdf", annotations},
	{"pdf outline and names of 500,000", "pdf", outline},
	{"pdf 5,000 pages of 500 words", "pdf", manyPages},
	{"pdf xref lost, 60 MB", "pdf", noXref},
	{"pdf attached files that unpack to 1 GB", "pdf", attached},
	{"pdf object stream of 100 MB", "pdf", objectStream},
}

// pdf writes objects and their table.
type pdf struct {
	o  *out
	at []int64
}

func newPDF(o *out) *pdf {
	o.printf("%%PDF-1.7\n")
	return &pdf{o: o}
}

// obj writes the next object and gives its number.
func (p *pdf) obj(format string, args ...any) int {
	p.at = append(p.at, p.o.n)
	p.o.printf("%d 0 obj\n"+format+"\nendobj\n", append([]any{len(p.at)}, args...)...)
	return len(p.at)
}

// stream writes a packed stream with more entries in its dictionary.
func (p *pdf) stream(dict string, write func(w io.Writer)) int {
	body := deflated(write)
	return p.obj("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", dict, len(body), body)
}

// end writes the table; root is the number of the catalogue.
func (p *pdf) end(root int) {
	start := p.o.n
	p.o.printf("xref\n0 %d\n0000000000 65535 f \n", len(p.at)+1)
	for _, n := range p.at {
		p.o.printf("%010d 00000 n \n", n)
	}
	p.o.printf("trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(p.at)+1, root, start)
}

// page ends a file that has one page.
func (p *pdf) page(box, resources string, content int, more string) {
	pages := len(p.at) + 3
	page := p.obj("<</Type/Page/Parent %d 0 R/MediaBox%s/Resources<<%s>>/Contents %d 0 R%s>>", pages, box, resources, content, more)
	root := p.obj("<</Type/Catalog/Pages %d 0 R>>", pages)
	p.obj("<</Type/Pages/Count 1/Kids[%d 0 R]>>", page)
	p.end(root)
}

const helvetica = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"

func onePage(box, more string, content func(w io.Writer)) func(*out) {
	return func(o *out) {
		p := newPDF(o)
		c := p.stream("", content)
		p.page(box, helvetica+more, c, "")
	}
}

// lettersOn are n letters in lines of so many.
func lettersOn(n, line int) func(w io.Writer) {
	return func(w io.Writer) {
		_, _ = io.WriteString(w, "BT /F1 6 Tf 0.0001 TL 20 800 Td\n")
		repeat(w, "("+strings.Repeat("lorem ipsum ", line)[:line]+") Tj T*\n", n/line)
		_, _ = io.WriteString(w, "ET\n")
	}
}

func scanned(box string, pw, ph, w, h int) func(*out) {
	return func(o *out) {
		p := newPDF(o)
		img := p.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8", w, h), func(f io.Writer) { letterRows(f, w, h, 3) })
		c := p.stream("", func(f io.Writer) { fmt.Fprintf(f, "q %d 0 0 %d 0 0 cm /I Do Q", pw, ph) })
		p.page(box, fmt.Sprintf("/XObject<</I %d 0 R>>", img), c, "")
	}
}

// letterRows are the rows of a picture with rows of marks as letters are, each pixel of so many samples.
func letterRows(f io.Writer, w, h, samples int) {
	white := make([]byte, w*samples)
	for i := range white {
		white[i] = 255
	}
	marks := append([]byte(nil), white...)
	for x := range w {
		if x%30 < 12 && x/30%6 != 5 {
			for s := range samples {
				marks[x*samples+s] = 0
			}
		}
	}
	for y := range h {
		if y%60 < 22 && y > 60 {
			_, _ = f.Write(marks)
		} else {
			_, _ = f.Write(white)
		}
	}
}

func softMasks(o *out) {
	p := newPDF(o)
	inner := p.stream("/Type/XObject/Subtype/Form/BBox[0 0 3000 3000]/Group<</S/Transparency/CS/DeviceGray>>/Resources<<>>", func(w io.Writer) { _, _ = io.WriteString(w, "0.5 g 0 0 3000 3000 re f") })
	for range 60 {
		inner = p.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 3000 3000]/Group<</S/Transparency/I true/CS/DeviceGray>>/Resources<</XObject<</X %d 0 R>>/ExtGState<</G<</SMask<</S/Luminosity/G %d 0 R>>>>>>>>", inner, inner),
			func(w io.Writer) { _, _ = io.WriteString(w, "/G gs /X Do") })
	}
	c := p.stream("", func(w io.Writer) { _, _ = io.WriteString(w, "/X Do") })
	p.page("[0 0 3000 3000]", fmt.Sprintf("/XObject<</X %d 0 R>>", inner), c, "")
}

func formBomb(o *out) {
	p := newPDF(o)
	x := p.stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<"+helvetica+">>", func(w io.Writer) { _, _ = io.WriteString(w, "BT /F1 9 Tf 20 500 Td (ten times ten words) Tj ET") })
	for range 5 {
		x = p.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %d 0 R>>>>", x), func(w io.Writer) { repeat(w, "/X Do 1 0 0 1 0.1 0.3 cm\n", 10) })
	}
	c := p.stream("", func(w io.Writer) { _, _ = io.WriteString(w, "/X Do") })
	p.page("[0 0 600 800]", fmt.Sprintf("/XObject<</X %d 0 R>>", x), c, "")
}

func patterns(o *out) {
	p := newPDF(o)
	t := p.stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 8000 8000]/XStep 8000/YStep 8000/Resources<<>>", func(w io.Writer) { repeat(w, "0.2 g 0 0 4000 4000 re f\n", 10) })
	mesh := p.stream("/ShadingType 4/ColorSpace/DeviceRGB/BitsPerCoordinate 32/BitsPerComponent 8/BitsPerFlag 8/Decode[0 3000 0 3000 0 1 0 1 0 1]", func(w io.Writer) { repeat(w, "\x00abcdefgh\x10\x20\x30", 5_000_000) })
	c := p.stream("", func(w io.Writer) { _, _ = io.WriteString(w, "/Pattern cs /P scn 0 0 3000 3000 re f /S sh") })
	p.page("[0 0 3000 3000]", fmt.Sprintf("/Pattern<</P %d 0 R>>/Shading<</S %d 0 R>>", t, mesh), c, "")
}

func millionObjects(o *out) {
	p := newPDF(o)
	for range 1_000_000 {
		p.obj("[1 2 3]")
	}
	c := p.stream("", lettersOn(4000, 40))
	p.page("[0 0 595 842]", helvetica, c, "")
}

func manyFonts(o *out) {
	p := newPDF(o)
	var res, names strings.Builder
	for i := range 10_000 {
		n := p.obj("<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Name/N%d/Encoding<</Type/Encoding/Differences[65/A/B/C]>>/FirstChar 0/LastChar 255/Widths[%s]>>", i, strings.Repeat("500 ", 256))
		fmt.Fprintf(&res, "/F%d %d 0 R", i, n)
		fmt.Fprintf(&names, "/F%d 6 Tf (font number %d) Tj T*\n", i, i)
	}
	c := p.stream("", func(w io.Writer) { _, _ = io.WriteString(w, "BT 0.08 TL 20 800 Td\n"+names.String()+"ET") })
	p.page("[0 0 595 842]", "/Font<<"+res.String()+">>", c, "")
}

func annotations(o *out) {
	p := newPDF(o)
	var list strings.Builder
	for i := range 100_000 {
		n := p.obj("<</Type/Annot/Subtype/FreeText/Rect[10 10 200 40]/DA(/F1 8 Tf)/Contents(%s%d)>>", strings.Repeat("a comment ", 50), i)
		fmt.Fprintf(&list, "%d 0 R ", n)
	}
	c := p.stream("", lettersOn(400, 40))
	p.page("[0 0 595 842]", helvetica, c, "/Annots["+list.String()+"]")
}

func outline(o *out) {
	p := newPDF(o)
	c := p.stream("", lettersOn(400, 40))
	page := p.obj("<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>", helvetica, c)
	p.obj("<</Type/Pages/Count 1/Kids[%d 0 R]>>", page)
	const n = 500_000
	root := p.obj("<</Type/Catalog/Pages 3 0 R/Outlines 5 0 R/Names<</Dests 6 0 R>>>>")
	p.obj("<</Type/Outlines/First 7 0 R/Last %d 0 R/Count %d>>", 6+n, n)
	p.at = append(p.at, p.o.n)
	o.printf("6 0 obj\n<</Names[")
	for i := range n {
		o.printf("(n%d)[2 0 R/Fit]", i)
	}
	o.printf("]>>\nendobj\n")
	for i := range n {
		p.obj("<</Title(chapter %d)/Parent 5 0 R/Next %d 0 R/Dest[2 0 R/Fit]>>", i, 8+i)
	}
	p.end(root)
}

func manyPages(o *out) {
	p := newPDF(o)
	const n = 5000
	root := p.obj("<</Type/Catalog/Pages 2 0 R>>")
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", 3+2*i)
	}
	p.obj("<</Type/Pages/Count %d/Kids[%s]>>", n, kids.String())
	for i := range n {
		p.obj("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>", helvetica, 4+2*i)
		p.stream("", func(w io.Writer) {
			fmt.Fprintf(w, "BT /F1 10 Tf 13 TL 60 800 Td (page %d) Tj T*\n", i)
			repeat(w, "(seven words that say nothing at all) Tj T*\n", 55)
			_, _ = io.WriteString(w, "ET")
		})
	}
	p.end(root)
}

func noXref(o *out) {
	o.printf("%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents 4 0 R>>endobj\n", helvetica)
	o.printf("4 0 obj<</Length 44>>stream\nBT /F1 12 Tf 50 700 Td (what is left) Tj ET\nendstream endobj\n")
	for i := range 1_500_000 {
		o.printf("%d 0 obj<</A(some) /B %d 0 R>>endobj\n", i+5, i+4)
	}
}

func attached(o *out) {
	p := newPDF(o)
	var names strings.Builder
	for i := range 25 {
		f := p.stream("/Type/EmbeddedFile", func(w io.Writer) { repeat(w, "forty million letters in a file\n", 40_000_000/32) })
		fmt.Fprintf(&names, "(f%d.txt)<</Type/Filespec/F(f%d.txt)/EF<</F %d 0 R>>>>", i, i, f)
	}
	c := p.stream("", lettersOn(400, 40))
	n := len(p.at)
	page := p.obj("<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>", n+2, helvetica, c)
	p.obj("<</Type/Pages/Count 1/Kids[%d 0 R]>>", page)
	p.end(p.obj("<</Type/Catalog/Pages %d 0 R/Names<</EmbeddedFiles<</Names[%s]>>>>>>", n+2, names.String()))
}

// objectStream keeps the page's dictionary behind 100 MB of others, in one packed stream.
func objectStream(o *out) {
	p := newPDF(o)
	const n = 100_000
	filler := "[(" + strings.Repeat("x", 990) + ")] "
	var index strings.Builder
	for i := range n {
		fmt.Fprintf(&index, "%d %d ", 10+i, i*len(filler))
	}
	fmt.Fprintf(&index, "%d %d ", 10+n, n*len(filler))
	content := p.stream("", lettersOn(400, 40))
	packed := p.stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d", n+1, index.Len()), func(w io.Writer) {
		_, _ = io.WriteString(w, index.String())
		repeat(w, filler, n)
		fmt.Fprintf(w, "<</Type/Page/Parent 4 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>", helvetica, content)
	})
	root := p.obj("<</Type/Catalog/Pages 4 0 R>>")
	p.obj("<</Type/Pages/Count 1/Kids[%d 0 R]>>", 10+n)
	start := o.n
	var table strings.Builder
	entry := func(kind byte, at, more int64) {
		table.Write([]byte{kind, byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at), byte(more >> 16), byte(more >> 8), byte(more)})
	}
	entry(0, 0, 0)
	for _, at := range p.at {
		entry(1, at, 0)
	}
	entry(1, start, 0)
	for range 4 { // 6 to 9
		entry(0, 0, 0)
	}
	for i := range n + 1 {
		entry(2, int64(packed), int64(i))
	}
	p.stream(fmt.Sprintf("/Type/XRef/Size %d/W[1 4 3]/Root %d 0 R", 11+n, root), func(w io.Writer) { _, _ = io.WriteString(w, table.String()) })
	o.printf("startxref\n%d\n%%%%EOF\n", start)
}
