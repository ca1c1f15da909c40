package mupdf

/*
#include "bridge.h"

typedef void (bridge_warning)(void *, const char *);
WEAK void fz_set_warning_callback(fz_context *, bridge_warning *, void *);

typedef struct { int failed, padded; } bridge_pictures;

// Of a picture that it cannot decode MuPDF says so in two warnings, and draws it black.
static void bridge_warned(void *user, const char *said) {
	bridge_pictures *p = user;
	if (!strcmp(said, "read error; treating as end of file")) p->failed = 1;
	else if (!strcmp(said, "padding truncated image")) p->padded |= p->failed, p->failed = 0;
}
static bridge_pictures *bridge_watch_pictures(fz_context *ctx) {
	bridge_pictures *p = fz_set_warning_callback ? calloc(1, sizeof *p) : NULL;
	if (p) fz_set_warning_callback(ctx, bridge_warned, p);
	return p;
}
*/
import "C"

import "unsafe"

// pictures notes whether those that are drawn can be decoded.
type pictures struct{ c *C.bridge_pictures }

func (d *Document) watchPictures() { d.pictures.c = C.bridge_watch_pictures(d.cctx()) }

// Undecoded says that a picture that was drawn since it was asked last could not be decoded, or not to its end.
func (d *Document) Undecoded() bool {
	p := d.pictures.c
	if p == nil {
		return false
	}
	yes := p.padded != 0
	p.failed, p.padded = 0, 0
	return yes
}

// free is for when the document is closed.
func (p pictures) free() { C.free(unsafe.Pointer(p.c)) }
