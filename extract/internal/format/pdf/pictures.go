package pdf

import (
	"cmp"
	"crypto/sha256"
	"image"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
)

// What a picture on a page with text must be like to be read, in points, and its words to be kept.
const (
	pictureWidth, pictureHeight = 90, 40
	// pictureShare is its least share of the page: icons and logos have less.
	pictureShare = 0.05
	// pictureLabels is how many letters of the page's text may stand on it: with more it is a background, or its words are typed over it.
	pictureLabels = 10
	// pictureLetters and pictureConf are the least letters and confidence: photographs and logos yield a few wrong letters.
	pictureLetters, pictureConf = 12, 0.6
	// picturesMost bounds the pictures of a document that one reader looks at.
	picturesMost = 40
	// pictureLook is the resolution at which a picture is looked at for rows of letters, and known again.
	pictureLook = 110
	// pictureTime bounds the recognition on one page; a picture that was begun is read to its end.
	pictureTime = 30 * time.Second
)

// readPictures adds the words of the pictures on a page with text where these stand. A page with recognised words is an OCR page; its
// confidence counts typed letters as certain.
func (f *file) readPictures(i int, page doc.Page, lines *mupdf.PageLines) doc.Page {
	if f.reader == nil {
		return page
	}
	typed := count(page.Text).letters
	sum, n := float64(typed), typed
	var read []mupdf.Image
	var texts []string
	until := time.Now().Add(pictureTime)
	for _, m := range lines.Images {
		if !worthReading(m, lines) || f.looked >= picturesMost || time.Now().After(until) {
			continue
		}
		f.looked++
		r, ok := f.pictureWords(i, m, lines)
		if !ok {
			continue
		}
		k := count(r.Text).letters
		sum, n = sum+r.Confidence*float64(k), n+k
		read, texts = append(read, m), append(texts, r.Text)
		page.Method, page.Language, page.Confidence = doc.MethodOCR, r.Language, sum/float64(n)
	}
	var words []wordsBehind
	for k, line := range layout.Behind(lines, read) {
		words = append(words, wordsBehind{line, texts[k]})
	}
	return insert(page, words)
}

// wordsBehind are those of a picture, and the line of a page behind which they are read, -1: before all.
type wordsBehind struct {
	line int
	text string
}

// insert puts the words of pictures, in paragraphs of their own, where they are read.
func insert(page doc.Page, words []wordsBehind) doc.Page {
	slices.SortStableFunc(words, func(a, b wordsBehind) int { return cmp.Compare(a.line, b.line) })
	lines := strings.Split(page.Text, "\n")
	for _, w := range slices.Backward(words) {
		at := min(w.line, len(lines)-1) + 1
		more := strings.Split(w.text, "\n")
		if at > 0 {
			more = slices.Insert(more, 0, "")
		}
		if at < len(lines) && lines[at] != "" {
			more = append(more, "")
		}
		lines = slices.Insert(lines, at, more...)
		for i, m := range page.Marks {
			if m.From >= at {
				page.Marks[i].From += len(more)
			}
			if m.To > at {
				page.Marks[i].To += len(more)
			}
		}
	}
	page.Text = strings.Join(lines, "\n")
	return page
}

// worthReading says that a picture is large enough to hold text and has none of the page's text on it.
func worthReading(m mupdf.Image, p *mupdf.PageLines) bool {
	w, h := min(m.X1, p.W)-max(m.X0, 0), min(m.Y1, p.H)-max(m.Y0, 0)
	if w < pictureWidth || h < pictureHeight || w*h < pictureShare*p.W*p.H {
		return false
	}
	on := 0
	for _, l := range p.Lines {
		if x, y := (l.X0+l.X1)/2, (l.Y0+l.Y1)/2; x < m.X0 || x > m.X1 || y < m.Y0 || y > m.Y1 {
			continue
		}
		for _, c := range l.Chars {
			if unicode.IsLetter(c.R) || unicode.IsDigit(c.R) {
				on++
			}
		}
	}
	return on <= pictureLabels
}

// pictureWords recognises one picture, as it is drawn on the page; one that cannot be read takes nothing from its page. The same picture
// on a later page says nothing new.
func (f *file) pictureWords(i int, m mupdf.Image, p *mupdf.PageLines) (ocr.Result, bool) {
	small, err := f.cutOut(i, pictureLook, m, p)
	if err != nil {
		return ocr.Result{}, false
	}
	sum := sha256.Sum256(small.Pix)
	if f.seen[sum] || !ocr.HasRows(small) {
		return ocr.Result{}, false
	}
	if f.seen == nil {
		f.seen = map[[sha256.Size]byte]bool{}
	}
	f.seen[sum] = true
	r, err := f.reader.Page(ocr.Job{
		Render: func(dpi int) (*image.Gray, int, error) {
			g, err := f.cutOut(i, dpi, m, p)
			return g, dpi, err
		},
		Languages: f.langs, Drawn: true,
	})
	return r, err == nil && r.Confidence >= pictureConf && count(r.Text).letters >= pictureLetters
}

// cutOut draws the page at dpi and cuts a picture out of it.
func (f *file) cutOut(i, dpi int, m mupdf.Image, p *mupdf.PageLines) (*image.Gray, error) {
	g, _, err := f.render(i, dpi)
	if err != nil {
		return nil, err
	}
	fx, fy := float64(g.Rect.Dx())/p.W, float64(g.Rect.Dy())/p.H
	box := image.Rect(int(m.X0*fx), int(m.Y0*fy), int(m.X1*fx), int(m.Y1*fy)).Intersect(g.Rect)
	if box.Empty() {
		return nil, mupdf.ErrPage
	}
	out := image.NewGray(image.Rect(0, 0, box.Dx(), box.Dy()))
	for y := range box.Dy() {
		copy(out.Pix[y*out.Stride:][:box.Dx()], g.Pix[(box.Min.Y+y)*g.Stride+box.Min.X:])
	}
	return out, nil
}
