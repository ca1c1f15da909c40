// Package tesseract runs one tesseract engine in this process through gosseract, and asks tesseract
// itself for orientation and script, which gosseract does not offer.
package tesseract

import (
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/otiai10/gosseract/v2"
)

// maxSide is the largest picture side tesseract reads; beyond it answers "" without an error.
const maxSide = 32767

var (
	ErrSize   = errors.New("picture too large for tesseract")
	ErrEngine = errors.New("tesseract failed")
)

// Word is one recognised word with its place in pixels and its confidence 0..1.
type Word struct {
	X0, Y0, X1, Y1   int
	Block, Par, Line int
	Text             string
	Conf             float64
}

// Engine is the one tesseract of this process. It is not safe for concurrent use.
type Engine struct {
	client *gosseract.Client
	langs  string
	psm    int
	osd    *osdEngine
}

// Version of the linked tesseract.
func Version() string { return gosseract.Version() }

// DataDir is where the language files are.
func DataDir() string {
	if d := os.Getenv("TESSDATA_PREFIX"); d != "" {
		return d
	}
	for _, d := range []string{"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata"} {
		if m, _ := filepath.Glob(filepath.Join(d, "*.traineddata")); len(m) > 0 {
			return d
		}
	}
	return ""
}

// Languages lists the installed language files, "osd" included, in order.
func Languages() []string {
	m, _ := filepath.Glob(filepath.Join(DataDir(), "*.traineddata"))
	out := make([]string, 0, len(m))
	for _, p := range m {
		out = append(out, strings.TrimSuffix(filepath.Base(p), ".traineddata"))
	}
	slices.Sort(out)
	return out
}

// Page segmentation modes used here.
const (
	PSMAuto   = 3
	PSMSparse = 11
)

// Recognize reads a gray picture with the given languages ("eng+deu") and segmentation mode.
func (e *Engine) Recognize(img *image.Gray, dpi int, langs string, psm int) ([]Word, error) {
	b := img.Rect
	if b.Dx() > maxSide || b.Dy() > maxSide {
		return nil, ErrSize
	}
	if b.Dx() < 3 || b.Dy() < 3 {
		return nil, nil
	}
	if err := e.prepare(langs, psm); err != nil {
		return nil, err
	}
	// A BMP is the one format that neither costs time to pack nor passes the JPEG and PNG
	// libraries, of which this process may hold two versions.
	if err := e.client.SetImageFromBytes(bmp(img, dpi)); err != nil {
		e.discard()
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	boxes, err := e.client.GetBoundingBoxesVerbose()
	if err != nil {
		e.discard()
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	words := make([]Word, 0, len(boxes))
	for _, x := range boxes {
		t := strings.TrimSpace(strings.ToValidUTF8(x.Word, ""))
		if t == "" {
			continue
		}
		words = append(words, Word{X0: x.Box.Min.X, Y0: x.Box.Min.Y, X1: x.Box.Max.X, Y1: x.Box.Max.Y,
			Block: x.BlockNum, Par: x.ParNum, Line: x.LineNum, Text: t, Conf: math.Max(0, math.Min(1, x.Confidence/100))})
	}
	return words, nil
}

// Orient detects orientation and script; ok is false when the page does not say.
func (e *Engine) Orient(img *image.Gray, dpi int) (Orientation, bool) {
	if e.osd == nil {
		if !slices.Contains(Languages(), "osd") {
			return Orientation{}, false
		}
		quiet()
		if e.osd = newOSD(); e.osd == nil {
			return Orientation{}, false
		}
	}
	return e.osd.detect(img, dpi)
}

func (e *Engine) prepare(langs string, psm int) error {
	if e.client == nil {
		quiet()
		e.client = gosseract.NewClient()
		e.langs, e.psm = "", -1
		e.client.Variables["debug_file"] = os.DevNull
	}
	if langs != e.langs {
		if err := e.client.SetLanguage(strings.Split(langs, "+")...); err != nil {
			return fmt.Errorf("%w: %w", ErrEngine, err)
		}
		e.langs = langs
		e.psm = -1
	}
	if psm != e.psm {
		// SetPageSegMode before the first recognition is lost; the variable is not.
		if err := e.client.SetVariable("tessedit_pageseg_mode", strconv.Itoa(psm)); err != nil {
			return fmt.Errorf("%w: %w", ErrEngine, err)
		}
		e.psm = psm
	}
	return nil
}

// discard drops a client after an error: a reused one answers "" or crashes.
func (e *Engine) discard() {
	if e.client != nil {
		_ = e.client.Close()
		e.client = nil
	}
}

// Close frees the engine.
func (e *Engine) Close() {
	e.discard()
	if e.osd != nil {
		e.osd.close()
		e.osd = nil
	}
}
