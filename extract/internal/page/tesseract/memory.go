package tesseract

// #include <malloc.h>
import "C"

import "runtime/debug"

const (
	// roomyPicture is the number of pixels above which memory that nobody has a use for goes back before the engine takes several times as
	// much: a page at the usual 200 dots per inch has fewer.
	roomyPicture = 4_000_000
	// largePicture is that above which the model of orientation is dropped after use, which takes some 30 MiB.
	largePicture = 16_000_000
)

// giveBack returns what Go and the C library hold of their heaps without a use, before a picture of so many pixels is read.
func giveBack(pixels int) {
	if pixels > roomyPicture {
		debug.FreeOSMemory()
		C.malloc_trim(0)
	}
}
