package ocr

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// set puts a line of words on a page as an engine would report it: em is the size of type in pixels, and
// "|" in text stands for the next of the columns, which are 300 pixels apart.
func set(list []tesseract.Word, block, line, x, base, em int, text string) []tesseract.Word {
	for c, cell := range strings.Split(text, "|") {
		at := x + 300*c
		for _, t := range strings.Fields(cell) {
			h := int(heightShare(t) * float64(em))
			below := 0
			if strings.ContainsAny(t, "gjpqy,") {
				below = em / 5
			}
			w := em * len(t) / 2
			list = append(list, tesseract.Word{X0: at, X1: at + w, Y0: base + below - h, Y1: base + below, Block: block, Par: 1, Line: line, Text: t, Conf: 0.95})
			at += w + em/3
		}
	}
	return list
}

// scanned is a page of 2000 pixels with a running head, a heading, prose and a table.
func scanned() []tesseract.Word {
	w := set(nil, 1, 1, 100, 80, 30, "Annual report of the harbour 17")
	w = set(w, 2, 1, 100, 250, 54, "Traffic of the year")
	for i := range 8 {
		w = set(w, 3, i+1, 100, 350+45*i, 30, "Ships came and went as they had done before and nobody counted them twice")
	}
	for i, r := range []string{"Port|2021|2022", "North|1,204|1,310", "South|998|1,021", "East|2,340|2,118"} {
		w = set(w, 4, i+1, 100, 800+45*i, 30, r)
	}
	return set(w, 5, 1, 900, 1950, 30, "17")
}

func TestARecognisedPageIsMarked(t *testing.T) {
	text, marks := assemble(scanned(), 2000, rules{})
	lines := strings.Split(text, "\n")
	want := map[string]string{
		doc.MarkHeader:  "Annual report of the harbour 17",
		doc.MarkHeading: "Traffic of the year",
		doc.MarkTable:   "Port\t2021\t2022\nNorth\t1,204\t1,310\nSouth\t998\t1,021\nEast\t2,340\t2,118",
		doc.MarkFooter:  "17",
	}
	got := map[string]string{}
	for i, m := range marks {
		if i > 0 && m.From < marks[i-1].From {
			t.Errorf("marks out of order: %+v", marks)
		}
		got[m.Kind] += strings.Join(lines[m.From:m.To], "\n")
	}
	if len(got) != len(want) || len(marks) < 4 {
		t.Fatalf("marks %+v", marks)
	}
	for kind, s := range want {
		if !strings.Contains(got[kind], s) {
			t.Errorf("%s: %q, want %q", kind, got[kind], s)
		}
	}
	plain, none := assemble(scanned(), 0, rules{})
	if len(none) > 0 || strings.Join(strings.Fields(plain), " ") != strings.Join(strings.Fields(text), " ") {
		t.Errorf("marks changed what is read:\n%s\n%s", plain, text)
	}
}

// Larger type counts only where there is running text to compare it with, and where it was read well.
func TestWhatIsNoHeading(t *testing.T) {
	title := set(nil, 1, 1, 100, 250, 54, "Traffic of the year")
	if _, marks := assemble(title, 2000, rules{}); strings.Contains(kinds(marks), doc.MarkHeading) {
		t.Error("a page of one large line has a heading")
	}
	page := scanned()
	for i := range page {
		if page[i].Block == 2 {
			page[i].Conf = 0.4
		}
	}
	if _, marks := assemble(page, 2000, rules{}); strings.Contains(kinds(marks), doc.MarkHeading) {
		t.Error("what was hardly read is a heading")
	}
}

// Two columns of prose that the engine read across are no table.
func TestProseSideBySideIsNoTable(t *testing.T) {
	var w []tesseract.Word
	for i := range 8 {
		w = set(w, 1, i+1, 100, 350+45*i, 16, "ships came and went as before|and nobody counted them twice")
	}
	if _, marks := assemble(w, 2000, rules{}); strings.Contains(kinds(marks), doc.MarkTable) {
		t.Errorf("marks %+v", marks)
	}
}

func kinds(marks []doc.Mark) string {
	var out []string
	for _, m := range marks {
		out = append(out, m.Kind)
	}
	return strings.Join(out, " ")
}

// A form's labels and answers line up like a table, but hold no column of figures.
func TestAFormIsNoTable(t *testing.T) {
	w := set(nil, 1, 1, 100, 300, 30, "Receipt|Payment part|Account")
	for i, r := range []string{"Payable to|Name|Muller", "Street|Lane|Basel", "Town|Area|Chur", "Signed|Date|Anna"} {
		w = set(w, 1, i+2, 100, 345+45*i, 30, r)
	}
	if _, marks := assemble(w, 2000, rules{}); strings.Contains(kinds(marks), doc.MarkTable) {
		t.Errorf("marks %+v", marks)
	}
}

// A table without rules that the engine read column by column comes out by rows; prose in columns stays as it was read.
func TestATableReadByColumnsIsPutTogether(t *testing.T) {
	table := [][]string{{"Port", "North", "South", "East", "West"}, {"2021", "1,204", "998", "2,340", "17"}, {"2022", "1,310", "1,021", "2,118", "21"}}
	w := set(nil, 1, 1, 100, 200, 30, "Ships came and went as they had done before and nobody counted them twice")
	for c, column := range table {
		for i, s := range column {
			w = set(w, 2+c, i+1, 100+400*c, 800+45*i, 30, s)
		}
	}
	w = set(w, 9, 1, 100, 1200, 30, "Ships came and went as they had done before and nobody counted them twice")
	text, marks := assemble(w, 2000, rules{})
	if !strings.Contains(text, "\n\nPort\t2021\t2022\nNorth\t1,204\t1,310\nSouth\t998\t1,021\nEast\t2,340\t2,118\nWest\t17\t21\n\n") || !strings.Contains(kinds(marks), doc.MarkTable) {
		t.Errorf("%q, %+v", text, marks)
	}
	w = nil
	for c := range 2 {
		for i := range 8 {
			w = set(w, 1+c, i+1, 100+900*c, 350+45*i, 30, "ships came in 1821 and nobody counted them")
		}
	}
	text, marks = assemble(w, 2000, rules{})
	if strings.Contains(kinds(marks), doc.MarkTable) || strings.Contains(text, "\t") {
		t.Errorf("columns of prose: %q", text)
	}
}
