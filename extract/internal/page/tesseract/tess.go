// Package tesseract runs tesseract in this process. The library is loaded when the first page is recognised, and not with the program:
// it brings fifty other libraries, which took most of the time in which a reader starts (docs/adr/0021-recognition-is-loaded-when-needed.md).
package tesseract

// #include <stdlib.h>
// #include "api.h"
import "C"

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// maxSide is the largest picture side tesseract reads; beyond it answers "" without an error.
const maxSide = 32767

// leastDPI is the resolution below which tesseract takes a picture for one without any.
const leastDPI = 70

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
	// Library is the file of tesseract's library.
	Library string

	api   *C.TessBaseAPI
	langs string
	psm   int
	osd   *C.TessBaseAPI
}

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
	PSMColumn = 4 // of lines of varying size
	PSMBlock  = 6
	PSMSparse = 11
)

// Recognize reads a gray picture with the given languages ("eng+deu") and segmentation mode.
func (e *Engine) Recognize(img *image.Gray, dpi int, langs string, psm int) ([]Word, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w > maxSide || h > maxSide {
		return nil, ErrSize
	}
	if w < 3 || h < 3 {
		return nil, nil
	}
	if err := e.prepare(langs, psm); err != nil {
		return nil, err
	}
	img = packed(img)
	defer giveBack(w * h)()
	var list *C.tess_word
	n := int(C.tess_words(e.api, (*C.uchar)(unsafe.Pointer(&img.Pix[0])), C.int(w), C.int(h), C.int(max(dpi, leastDPI)), &list))
	if n < 0 {
		e.discard()
		return nil, ErrEngine
	}
	defer C.tess_free_words(list, C.int(n))
	words := make([]Word, 0, n)
	for _, x := range unsafe.Slice(list, n) {
		if t := strings.TrimSpace(strings.ToValidUTF8(C.GoString(x.text), "")); t != "" {
			words = append(words, Word{X0: int(x.x0), Y0: int(x.y0), X1: int(x.x1), Y1: int(x.y1),
				Block: int(x.block), Par: int(x.paragraph), Line: int(x.line), Text: t, Conf: max(0, min(1, float64(x.confidence)/100))})
		}
	}
	return words, nil
}

// packed is the picture with its rows one after another.
func packed(img *image.Gray) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if img.Stride == w {
		return img
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		copy(out.Pix[y*w:(y+1)*w], img.Pix[y*img.Stride:])
	}
	return out
}

func (e *Engine) prepare(langs string, psm int) error {
	if err := load(e.Library); err != nil {
		return err
	}
	if e.api == nil || langs != e.langs {
		e.discard()
		if e.api = newAPI(langs); e.api == nil {
			return fmt.Errorf("%w: the models of %q cannot be loaded", ErrEngine, langs)
		}
		e.langs, e.psm = langs, -1
	}
	if psm != e.psm {
		// The call for it is lost before the first recognition; the variable is not.
		if !setVariable(e.api, "tessedit_pageseg_mode", strconv.Itoa(psm)) {
			return fmt.Errorf("%w: no segmentation mode %d", ErrEngine, psm)
		}
		e.psm = psm
	}
	return nil
}

func newAPI(langs string) *C.TessBaseAPI {
	name := C.CString(langs)
	defer C.free(unsafe.Pointer(name))
	return C.tess_new(name)
}

func setVariable(api *C.TessBaseAPI, name, value string) bool {
	n, v := C.CString(name), C.CString(value)
	defer C.free(unsafe.Pointer(n))
	defer C.free(unsafe.Pointer(v))
	return C.tess_set(api, n, v) != 0
}

// discard drops the engine of one set of languages.
func (e *Engine) discard() {
	if e.api != nil {
		C.tess_delete(e.api)
		e.api = nil
	}
}

// Close frees the engine.
func (e *Engine) Close() {
	e.discard()
	e.discardOSD()
}
