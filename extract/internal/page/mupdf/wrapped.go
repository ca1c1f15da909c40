package mupdf

// Calls within MuPDF that another way is taken for, where it costs less: lex.c and glyphs.c. The linker puts ours before them
// (docs/adr/0037-what-mupdf-is-spared.md).

/*
#cgo linux LDFLAGS: -Wl,--wrap=pdf_lex -Wl,--wrap=fz_bound_glyph -Wl,--wrap=pdf_load_pattern -Wl,--wrap=pdf_load_type3_font
#cgo linux LDFLAGS: -Wl,--wrap=fz_new_font_from_memory -Wl,--wrap=FT_New_Memory_Face -Wl,--wrap=FT_Get_Advance -Wl,--wrap=FT_Get_Name_Index
#include "bridge.h"

long bridge_tokens_differ(fz_context *, const unsigned char *, size_t, int, long *);
int bridge_letters_differ(fz_context *, const char *, int *);
void bridge_plainly(int);
*/
import "C"

import "unsafe"

// For tests, which cannot call C.

// tokensDiffer compares our scanner with MuPDF's on data, of which it gets so many bytes at a time: how many bytes were read up to the first difference, -1 where there is
// none, and how many tokens there were.
func (d *Document) tokensDiffer(data []byte, step int) (at, tokens int) {
	var n C.long
	p := C.CBytes(data)
	defer C.free(p)
	at = int(C.bridge_tokens_differ(d.cctx(), (*C.uchar)(p), C.size_t(len(data)), C.int(step), &n))
	return at, int(n)
}

// lettersDiffer compares names and widths of the letters of a built-in font with FreeType's own answers: how many differ, of how many letters.
func (d *Document) lettersDiffer(font string) (wrong, letters int) {
	var n C.int
	name := C.CString(font)
	defer C.free(unsafe.Pointer(name))
	wrong = int(C.bridge_letters_differ(d.cctx(), name, &n))
	return wrong, int(n)
}

// plainly has MuPDF ask for the size of each letter, as it does by itself.
func plainly(yes bool) { C.bridge_plainly(C.int(truth(yes))) }
