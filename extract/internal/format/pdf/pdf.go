// Package pdf reads PDF files page by page: the text layer where it is usable, else recognition.
package pdf

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
)

type file struct {
	doc    *mupdf.Document
	info   doc.Info
	limits doc.Limits
	reader *ocr.Reader
	langs  []string
	// unreadable counts garbled pages that no installed language could read: the document's script
	// is not among them, and trying every page would cost minutes for nothing.
	unreadable int
	// looked counts the pictures that were looked at on pages with text, and seen are their looks.
	looked int
	seen   map[[sha256.Size]byte]bool
	// attached holds the texts of attached files, which follow the document's own pages; nil until later has read them.
	attached *doc.Static
	later    func()
	own      int
	// pictured says that pictures are, or may be, on the page that is being read.
	pictured bool
	// cut says that it needs too much memory to be read as a whole.
	cut bool
}

const maxUnreadable = 2

// Open opens the PDF at path. reader recognises pages without a usable text layer, in langs (tesseract names; none: detected); nil
// leaves such pages as they are. It refuses a file by a *doc.Fail: damaged, encrypted, without pages, or with more than the limit.
func Open(path string, lim doc.Limits, reader *ocr.Reader, langs []string) (doc.Source, error) {
	opened, locked, err := unlock(path)
	if err != nil {
		if errors.Is(err, mupdf.ErrPassword) {
			return nil, doc.Encrypted("PDF")
		}
		return nil, doc.Corrupt("PDF", err)
	}
	n := opened.Pages()
	if n == 0 {
		if d := rebuilt(path); d != nil {
			opened.Close()
			opened, n = d, d.Pages()
		}
	}
	switch {
	case n == 0:
		opened.Close()
		return nil, doc.Failf(doc.CodeNoPages, nil, "The PDF has no pages; check the file in a PDF viewer and upload a complete copy.")
	case n > lim.MaxPages:
		opened.Close()
		return nil, doc.Failf(doc.CodeTooLarge, nil, "The PDF has %d pages, more than the limit of %d; split it or raise the limit (extract.max_pages).", n, lim.MaxPages)
	}
	f := &file{doc: opened, limits: lim, reader: reader, langs: langs,
		info: doc.Info{Format: "pdf", MIME: "application/pdf", Pages: n, Random: true}}
	f.info.Title, f.info.Author = opened.Meta()
	if !lim.Known {
		most := int64(soundBytes)
		if opened.Repaired() {
			most = brokenBytes
		}
		f.advise(inspect(path, most))
	}
	f.attach(locked)
	return f, nil
}

// unlock opens the file with MuPDF; what it cannot unlock by the empty password pdfcpu tries to decrypt. locked says that the files
// attached to it, and only those, need a password.
func unlock(path string) (opened *mupdf.Document, locked bool, err error) {
	if opened = openLost(path); opened != nil {
		return opened, false, nil
	}
	opened, err = mupdf.Open(path)
	if err == nil || !errors.Is(err, mupdf.ErrPassword) {
		return opened, false, err
	}
	plain, failed := decrypt(path)
	if failed != nil {
		if open := attachmentsLocked(path); open != nil {
			return open, true, nil
		}
		return nil, false, err
	}
	// MuPDF holds the file open; its name need not outlive that, and goes with the document where there is a sandbox.
	defer os.Remove(plain)
	opened, err = mupdf.Open(plain)
	return opened, false, err
}

// advise adds what pdfcpu found; nothing of it refuses a file that MuPDF opened.
func (f *file) advise(r report) {
	if f.info.Title == "" {
		f.info.Title = r.title
	}
	if f.info.Author == "" {
		f.info.Author = r.author
	}
	switch {
	case r.damaged():
		f.info.Warn("The PDF is damaged or breaks the PDF standard; text may be missing.")
	case r.pages > 0 && r.pages != f.info.Pages:
		f.info.Warn(fmt.Sprintf("The PDF states %d pages, but %d can be read.", r.pages, f.info.Pages))
	}
}

func cleanMeta(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
}

func (f *file) Info() doc.Info { return f.info }
func (f *file) Close()         { f.doc.Close() }

// Page reads page i by the cheapest way that gives its text.
func (f *file) Page(i int) (doc.Page, error) {
	if i >= f.own {
		return f.attachedPage(i - f.own)
	}
	lines, err := f.doc.Lines(i)
	if err != nil && !errors.Is(err, mupdf.ErrPage) {
		return doc.Page{}, pageFail(i, err)
	}
	f.pictured = err != nil || len(lines.Images) > 0
	_ = f.doc.Undecoded() // of the page before
	if err != nil {
		// A page whose text cannot be read may still be drawn.
		lines = &mupdf.PageLines{Noted: true} // as far as is known
	}
	f.cut = lines.Cut
	page, err := f.pageOf(i, lines, err != nil)
	if err != nil {
		return page, err
	}
	page.Unread = f.unread(lines)
	for _, l := range lines.Links {
		page.Links.Add(l.Text, l.Target)
	}
	return page, nil
}

// unread is what of the page that was read could not be read.
func (f *file) unread(lines *mupdf.PageLines) (out []doc.Unread) {
	if f.cut {
		out = append(out, doc.UnreadMemory)
	}
	if lines.Unnoted > 0 {
		out = append(out, doc.UnreadNotes)
	}
	if f.doc.Undecoded() {
		out = append(out, doc.UnreadPicture)
	}
	return out
}

// pageOf makes a page of its lines; broken says that they could not be read.
func (f *file) pageOf(i int, lines *mupdf.PageLines, broken bool) (page doc.Page, err error) {
	text, marks := layout.Page(lines)
	page = doc.Page{Text: text, Method: doc.MethodText, Confidence: 1, Marks: marks}
	q := assess(text, lines)
	switch {
	case q == textNone && lines.Ruled: // recognition would look for letters in every crossing
		page = doc.Page{Method: doc.MethodEmpty, Confidence: 1}
	case q != textGood:
		if page, err = f.recognise(i, text, q, !lines.Noted || broken); err != nil {
			return page, err
		}
		if page.Method == doc.MethodText {
			page.Marks = marks
		}
	default:
		page = f.readPictures(i, page, lines)
	}
	if !lines.Noted {
		return page, nil // and it need not be opened once more
	}
	laid := q == textGood && len(lines.Fields) < mupdf.MaxPlaces
	if notes := f.notes(i, page.Text, laid); notes != "" {
		page.Text = strings.TrimLeft(page.Text+"\n\n"+notes, "\n")
		if page.Method == doc.MethodEmpty {
			page.Method = doc.MethodText
		}
	}
	return page, nil
}

// notes gives form values and comments that are not drawn on the page. laid says that the text has been made of the page's lines, and says what is ticked.
func (f *file) notes(i int, text string, laid bool) string {
	list, _ := f.doc.Notes(i)
	if len(list) == 0 {
		return ""
	}
	have := squash(text)
	laid = laid && strings.Contains(text, layout.Ticked)
	var out []string
	for _, n := range list {
		if n.Field && (n.Button && laid || n.Text == "Off" || n.Author == "") || strings.Contains(have, squash(n.Text)) {
			continue
		}
		switch {
		case n.Field:
			out = append(out, n.Author+": "+n.Text)
		case n.Author != "":
			out = append(out, "> "+n.Author+": "+n.Text)
		default:
			out = append(out, "> "+n.Text)
		}
	}
	return strings.Join(out, "\n")
}

// squash drops white space for comparing.
func squash(s string) string { return strings.Join(strings.Fields(s), "") }

// recognise reads the drawn page and decides between that and the text layer. bare says that no notes are known to be on it.
func (f *file) recognise(i int, text string, q textQuality, bare bool) (doc.Page, error) {
	if q == textNone && f.blank(i) {
		return doc.Page{Method: doc.MethodEmpty, Confidence: 1}, nil
	}
	if f.reader == nil {
		return textPage(text), nil
	}
	if q == textGarbled && f.unreadable >= maxUnreadable {
		return textPage(text), nil
	}
	if text != "" && !f.reader.Reads(text) {
		return textPage(text), nil // no model for this script: recognising would take minutes and give noise
	}
	r, err := f.reader.Page(ocr.Job{
		Render:    func(dpi int) (*image.Gray, int, error) { return f.render(i, dpi) },
		Languages: f.langs,
		Drawn:     q == textGarbled,
		Whole:     bare,
	})
	if err != nil {
		if strings.TrimSpace(text) != "" && q != textGarbled || f.cut {
			return textPage(text), nil // of a page that was cut it is said what is missing
		}
		return doc.Page{}, pageFail(i, err)
	}
	if q == textGarbled && r.Confidence < 0.5 {
		f.unreadable++
	}
	if better(r, text, q) {
		return r.Page(), nil
	}
	page := textPage(text)
	page.Scan.Missing = r.Scan.Missing
	return page, nil
}

func textPage(text string) doc.Page {
	if text == "" {
		return doc.Page{Method: doc.MethodEmpty, Confidence: 1}
	}
	return doc.Page{Text: text, Method: doc.MethodText, Confidence: 1}
}

const (
	// drawnPixels bounds a drawing, for recognition takes some twenty bytes a pixel: A3 at 300 dpi, A1 at 170.
	drawnPixels = 24_000_000
	// drawnSide keeps clear of the 32,767 pixels at which recognition gives nothing.
	drawnSide = 20_000
	// drawnLeast is the resolution, in dots per inch, below which no letter is left.
	drawnLeast = 18
)

// render draws the page at dpi, or as finely as the limits allow.
func (f *file) render(i, dpi int) (*image.Gray, int, error) {
	w, h, err := f.doc.Size(i)
	if err != nil {
		return nil, 0, err
	}
	finest := min(72*math.Sqrt(float64(min(drawnPixels, f.limits.MaxPixels))/(w*h)), 72*drawnSide/max(w, h))
	if d := min(float64(dpi), math.Floor(finest)); d >= drawnLeast {
		return f.draw(i, d)
	}
	return nil, 0, mupdf.ErrTooLarge
}

// draw draws a page at dpi. Of one without pictures that takes much memory it is its layers, each of which takes as much as the drawing: such a
// page is drawn more coarsely, and at last as far as there is memory for it. Pictures take what they take.
func (f *file) draw(i int, dpi float64) (*image.Gray, int, error) {
	g, err := f.doc.Gray(i, dpi, f.limits.MaxPixels)
	for errors.Is(err, mupdf.ErrMemory) && !f.pictured && dpi > drawnLeast {
		dpi = max(dpi/2, drawnLeast)
		g, err = f.doc.Gray(i, dpi, f.limits.MaxPixels)
	}
	if errors.Is(err, mupdf.ErrMemory) {
		if f.reader != nil {
			f.reader.Rest()
		}
		var cut bool
		if g, cut, err = f.doc.GrayPart(i, dpi, f.limits.MaxPixels); cut && f.pictured && !f.cut {
			g, err = f.doc.GrayAnyway(i, dpi, f.limits.MaxPixels)
		} else {
			f.cut = f.cut || cut
		}
	}
	return g, int(dpi), err
}

// blank looks at a small drawing of the page for any ink.
func (f *file) blank(i int) bool {
	g, _, err := f.render(i, 40)
	if err != nil {
		return false
	}
	dark := 0
	for _, p := range g.Pix {
		if p < 200 {
			dark++
		}
	}
	return dark*20000 < len(g.Pix)
}

func pageFail(i int, err error) error {
	var said *doc.Fail
	if errors.As(err, &said) {
		return said
	}
	if errors.Is(err, mupdf.ErrMemory) {
		return doc.Failf(doc.CodeTooLarge, err, "Page %d needs more memory to be read than any page for people; print the document into a new PDF and upload that.", i+1)
	}
	if errors.Is(err, mupdf.ErrTooLarge) {
		return doc.Failf(doc.CodeTooLarge, err, "Page %d is larger than the limits allow; print the document on smaller pages and upload that.", i+1)
	}
	return doc.Failf(doc.CodeCorrupt, err, "Page %d is damaged and cannot be read; open the document in its program, save it again and upload the new copy.", i+1)
}
