package tesseract

// #include "api.h"
import "C"

import (
	"image"
	"slices"
	"unsafe"
)

// Orientation is what tesseract's orientation and script detection found.
type Orientation struct {
	Degrees    int // clockwise turn that makes the page upright
	Confidence float64
	Script     string // "Latin", "Cyrillic", "Han" …
	ScriptConf float64
}

// osdModel is the name of its model.
const osdModel = "osd"

// leastSide is the picture side below which nothing is to be seen.
const leastSide = 32

// Orient detects orientation and script; ok is false when the page does not say.
func (e *Engine) Orient(img *image.Gray, dpi int) (o Orientation, ok bool) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w < leastSide || h < leastSide || img.Stride != w {
		return o, false
	}
	defer giveBack(w * h)()
	if w*h > largePicture { // one model at a time beside such a picture
		e.discard()
		defer e.discardOSD()
	}
	if e.osd == nil { // it is kept: its model is loaded once per process, or for each large picture
		if !slices.Contains(Languages(), osdModel) || load(e.Library) != nil {
			return o, false
		}
		if e.osd = newAPI(osdModel); e.osd == nil {
			return o, false
		}
	}
	var found C.tess_orientation
	if C.tess_orient(e.osd, (*C.uchar)(unsafe.Pointer(&img.Pix[0])), C.int(w), C.int(h), C.int(dpi), &found) == 0 {
		return o, false
	}
	// The API says by how much the page is turned, not how to turn it back.
	o = Orientation{Degrees: (360 - int(found.degrees)) % 360, Confidence: float64(found.confidence), ScriptConf: float64(found.script_confidence)}
	if found.script != nil {
		o.Script = C.GoString(found.script)
	}
	return o, true
}

func (e *Engine) discardOSD() {
	if e.osd != nil {
		C.tess_delete(e.osd)
		e.osd = nil
	}
}
