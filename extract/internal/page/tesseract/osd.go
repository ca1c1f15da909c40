package tesseract

/*
#cgo LDFLAGS: -ltesseract -lleptonica
#include <stdlib.h>
#include <tesseract/capi.h>
#include <leptonica/allheaders.h>

static int osd_detect(TessBaseAPI *api, unsigned char *pix, int w, int h, int dpi, int *deg, float *oconf, const char **script, float *sconf) {
	TessBaseAPISetImage(api, pix, w, h, 1, w);
	TessBaseAPISetSourceResolution(api, dpi);
	int ok = TessBaseAPIDetectOrientationScript(api, deg, oconf, script, sconf);
	TessBaseAPIClear(api);
	return ok;
}

static void quiet(void) { setMsgSeverity(L_SEVERITY_NONE); }
*/
import "C"

import (
	"image"
	"unsafe"
)

// Orientation is what tesseract's orientation and script detection found.
type Orientation struct {
	Degrees    int // clockwise turn that makes the page upright
	Confidence float64
	Script     string // "Latin", "Cyrillic", "Han" …
	ScriptConf float64
}

// osdEngine is kept: its model is loaded once per process.
type osdEngine struct{ api *C.TessBaseAPI }

func newOSD() *osdEngine {
	api := C.TessBaseAPICreate()
	lang := C.CString("osd")
	defer C.free(unsafe.Pointer(lang))
	if C.TessBaseAPIInit3(api, nil, lang) != 0 {
		C.TessBaseAPIDelete(api)
		return nil
	}
	name, null := C.CString("debug_file"), C.CString("/dev/null")
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(null))
	C.TessBaseAPISetVariable(api, name, null)
	return &osdEngine{api}
}

func (o *osdEngine) detect(img *image.Gray, dpi int) (Orientation, bool) {
	var deg C.int
	var oc, sc C.float
	var script *C.char
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w < 32 || h < 32 || img.Stride != w {
		return Orientation{}, false
	}
	if C.osd_detect(o.api, (*C.uchar)(unsafe.Pointer(&img.Pix[0])), C.int(w), C.int(h), C.int(dpi), &deg, &oc, &script, &sc) == 0 {
		return Orientation{}, false
	}
	// The API says by how much the page is turned, not how to turn it back.
	r := Orientation{Degrees: (360 - int(deg)) % 360, Confidence: float64(oc), ScriptConf: float64(sc)}
	if script != nil {
		r.Script = C.GoString(script)
	}
	return r, true
}

func (o *osdEngine) close() { C.TessBaseAPIDelete(o.api) }

func quiet() { C.quiet() }
