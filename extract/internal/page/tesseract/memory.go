package tesseract

// #include <malloc.h>
import "C"

import "runtime/debug"

const (
	// roomyPicture is the number of pixels above which memory that nobody has a use for goes back before the engine takes several times as
	// much: a page at the usual 200 dots per inch has fewer.
	roomyPicture = 4_000_000
	// largePicture is that beside which the models of orientation and of languages, some 20 MiB each, are not held together.
	largePicture = 16_000_000
)

// giveBack returns what Go and the C library hold of their heaps without a use, before a picture of so many pixels is read. after does so with what
// the engine leaves behind.
func giveBack(pixels int) (after func()) {
	if pixels <= roomyPicture {
		return func() {}
	}
	debug.FreeOSMemory()
	C.malloc_trim(0)
	return func() { C.malloc_trim(0) }
}
