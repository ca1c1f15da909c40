package ocr

import (
	"image"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
	"github.com/aidoc-pipeline/aidoc-agent/test/drawn"
)

// readDrawn reads a drawn page as a picture file and counts the rows that are one line with their fields, to the letter.
func readDrawn(t *testing.T, e *tesseract.Engine, p drawn.Page) (whole int, text string) {
	t.Helper()
	r := &Reader{Engine: e, Installed: []string{"eng"}}
	got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return p.Image, p.DPI, nil }, Anything: true, Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for _, l := range strings.Split(got.Text, "\n") {
		lines[l]++
	}
	for _, row := range p.Rows() {
		if s := strings.Join(row, "\t"); lines[s] > 0 {
			lines[s]--
			whole++
		}
	}
	return whole, got.Text
}

// Pages on which recognition alone fails are read as far as they were when this was written, a row or two less on another engine.
func TestDrawnPagesAreRead(t *testing.T) {
	if tesseract.Library() == "" || testing.Short() {
		t.Skip("Tesseract is not installed, or only short tests were asked for")
	}
	t.Setenv("OMP_THREAD_LIMIT", "1")
	e := &tesseract.Engine{Library: tesseract.Library()}
	defer e.Close()
	for _, c := range []struct {
		kind  string
		seed  uint64
		whole int    // rows read at least
		line  string // one of them
	}{
		{"screened", 1, 13, ""},      // 8 with its dots
		{"receipt", 5, 9, ""},        // 0 as it is, and 0 without the reading as one block
		{"dark-table", 3, 7, ""},     // 0 as it is
		{"black-columns", 5, 12, ""}, // 1
		{"gray-rows", 5, 1, "Total\tPrice\tCount\tWeight"},
		{"dot-matrix", 11, 0, "Gosport\ttools\t316.01\t60,992\t44,134"},            // nothing where its dots were taken for a screen and taken away
		{"listing", 7, 0, "Barnet\tlinen\t25,895\t33,925\t599.78\t13,200\t802.88"}, // a reading of two thirds of the page was taken for the better one
	} {
		k, ok := drawn.ByName(c.kind)
		if !ok {
			t.Fatalf("no kind %s", c.kind)
		}
		p := k.Draw(c.kind, c.seed)
		if n, text := readDrawn(t, e, p); n < c.whole || !strings.Contains(text, c.line) {
			t.Errorf("%s %d: %d of %d rows, want %d and %q:\n%s", c.kind, c.seed, n, len(p.Rows()), c.whole, c.line, text)
		}
	}
}

// Of a page in letters that no installed model knows only the lines are given that are in others, and its language is named.
func TestAPageInLettersThatNoModelKnowsIsNotMadeUp(t *testing.T) {
	if tesseract.Library() == "" || testing.Short() {
		t.Skip("Tesseract is not installed, or only short tests were asked for")
	}
	t.Setenv("OMP_THREAD_LIMIT", "1")
	e := &tesseract.Engine{Library: tesseract.Library()}
	defer e.Close()
	russian := []string{"Городской совет сообщил, что ремонт начнётся весной и продлится", "до осени, когда корабли вернутся с товарами из многих городов.",
		"Их считали каждый вечер писари под лампами у воды, пока другие", "спали. Денег на мосты не осталось, и люди переправлялись на лодках."}
	english := []string{"The council of the harbour agreed that repairs begin in spring", "and will last until autumn when ships return with goods."}
	for name, c := range map[string]struct {
		lines   []string
		missing string
		text    string
	}{
		"Russian":        {russian, "rus", ""},
		"below a head":   {append([]string{"Invoice number 4818 of January 2024"}, russian...), "rus", "Invoice number 4818 of January 2024"},
		"English":        {english, "", strings.Join(english, " ")},
		"some of either": {append(append([]string{}, english...), russian...), "rus", strings.Join(english, " ")},
	} {
		p := drawn.Go().Letter("letter", 1, c.lines)
		r := &Reader{Engine: e, Installed: []string{"eng"}}
		got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return p.Image, p.DPI, nil }, Whole: true})
		if text := strings.Join(strings.Fields(got.Text), " "); err != nil || got.Scan.Missing != c.missing || text != c.text {
			t.Errorf("%s: %q missing, %.2f sure of %q, %v", name, got.Scan.Missing, got.Confidence, got.Text, err)
		}
		if page := got.Page(); c.missing != "" && (page.Method != doc.MethodOCR || page.Confidence > usable || page.Scan.Missing != c.missing) {
			t.Errorf("%s: the page is %+v", name, page)
		}
	}
}
